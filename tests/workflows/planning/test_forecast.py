"""A forecast from the tables, held against days that are really planned."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.forecast import DEFAULT_DROP_OUT, Outcome, Thread
from outreach_pipeline.core.plan.waiting import Waiting
from outreach_pipeline.workflows.forecast import forecast_tenant, read_forecast_inputs
from outreach_pipeline.workflows.plan_day import plan_day

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")


def send_all(firm, day: date) -> None:
    """Let everything that is planned for a date go out, as the sender would note it."""
    firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at"
             " where state = 'planned' and plan_date = %s", day)  # fmt: skip
    firm.run(
        "update outreach.enrollments as e set next_step = 2, mailbox_id = m.mailbox_id, due_on = m.plan_date + 2,"
        " state = case when m.step_number = 2 then 'finished' else 'active' end"
        " from outreach.messages as m where m.enrollment_id = e.id and m.plan_date = %s and m.state = 'sent'",
        day,
    )


def test_days_that_are_planned_and_sent_come_out_as_forecast(make_firm):
    firm = make_firm(
        boxes=["ann", {"name": "bob", "warmup_curve": "mine", "warmup_days_before": 0}],
        warmup_curves={"mine": [2, 4, 6, 8]},
    )
    firm.crowd(70)
    expected = forecast_tenant(firm.installation, firm.tenant, days=9, now=NOW).forecast.days
    for number, day in enumerate(expected):
        outcome = firm.plan(day.date, now=NOW + timedelta(days=number))
        assert (day.capacity > 0) == (day.date.isoweekday() < 6)
        assert day.new == pytest.approx(outcome.summary["new"], abs=2), day.date
        # Nobody drops out of the days that are planned here, and the forecast lets a few go.
        follow_ups = outcome.summary["follow_ups"]
        assert follow_ups * (1 - DEFAULT_DROP_OUT["first"]) - 1 <= day.follow_ups <= follow_ups + 1, day.date
        send_all(firm, day.date)
    reached = firm.run("select count(*) from outreach.messages where step_number = 1 and state = 'sent'")[0][0]
    assert expected[-1].reached == pytest.approx(reached, rel=0.05)


def test_the_state_is_read_as_it_stands_and_nothing_is_written(make_firm):
    firm = make_firm(boxes=["ann"])
    firm.contacts(
        *(f"c{number}@company{number}.example" for number in range(4)),
        {"address": "u@unsure.example", "verification": "unverified"},
        {"address": "x@invalid.example", "verification": "invalid"},
        {"address": "f@france.example", "jurisdiction": "FR"},
        {"address": "n@nobasis.example", "lawful_basis": ""},
        "stop@a.example", "who@suppressed.example", "away@b.example", "sent@c.example",
    )  # fmt: skip
    firm.run(
        "insert into outreach.suppressions (tenant_id, scope, value, reason) select t.id, v.scope, v.value, 'stop'"
        " from outreach.tenants as t, (values ('address', 'stop@a.example'), ('domain', 'suppressed.example')) v (scope, value)"
    )
    firm.run("update outreach.contacts set out_until = '2026-12-01' where address = 'away@b.example'")
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', mailbox_id = (select id from outreach.mailboxes)"
        " where contact_id = (select id from outreach.contacts where address = 'sent@c.example')"
    )
    firm.run("update outreach.contacts set verified_at = '2026-11-25 02:30+00'")
    before = firm.run("select * from outreach.enrollments order by id")
    found = read_forecast_inputs(firm.installation, firm.tenant, now=NOW)
    campaign, box = found.facts.campaigns[0].id, found.facts.mailboxes[0].id
    # 180 days later, at half past four in the morning in Berlin, before the day is planned at five.
    aged = date(2027, 5, 24)
    assert set(found.waiting) == {
        Waiting(campaign, TODAY, "valid", 4, aged),
        Waiting(campaign, TODAY, "unverified", 1),
        Waiting(campaign, date(2026, 12, 1), "valid", 1, aged),
        Waiting(campaign, None, "invalid", 1),
        Waiting(campaign, None, "valid", 4),
    }
    assert found.threads == (Thread(campaign, 2, box, date(2026, 11, 26), 1),)
    assert firm.run("select * from outreach.enrollments order by id") == before


def test_what_the_last_weeks_have_shown_is_counted_when_it_is_ripe(make_firm):
    firm = make_firm(boxes=["ann"])
    firm.crowd(6)
    firm.plan()
    send_all(firm, TODAY)
    firm.run(
        "insert into outreach.events (tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, bounce_class)"
        " select m.tenant_id, v.kind, 'imap', v.kind || m.id, m.to_address, now(), m.id, v.bounce_class"
        " from (select row_number() over (order by id) as n, * from outreach.messages) as m"
        " join (values (1, 'reply', null), (2, 'bounced', 'hard'), (3, 'bounced', 'soft'), (4, 'auto_reply', null))"
        " as v (n, kind, bounce_class) on v.n = m.n"
    )
    read = [read_forecast_inputs(firm.installation, firm.tenant, now=NOW + timedelta(days=days)) for days in (1, 4, 40)]
    campaign = read[0].facts.campaigns[0].id
    assert [each.outcomes for each in read] == [(), (Outcome(campaign, 1, 6, 2),), ()]


def test_a_contract_is_reckoned_with_on_request_and_numbers_are_bounded(make_firm):
    firm = make_firm(boxes=["ann"])
    firm.crowd(3)
    result = forecast_tenant(firm.installation, firm.tenant, days=1, contacts_per_month=100, now=NOW)
    assert result.need is not None
    assert (result.need.working_days, result.need.messages_per_mailbox) == (22, 220)
    assert forecast_tenant(firm.installation, firm.tenant, days=1, now=NOW).need is None
    for wrong in ({"days": 0}, {"days": 367}, {"days": 1, "contacts_per_month": 0}):
        with pytest.raises(UsageError):
            forecast_tenant(firm.installation, firm.tenant, now=NOW, **wrong)


def sent_yesterday(firm) -> None:
    """Plan and send the day before, as everything was then."""
    yesterday = TODAY - timedelta(days=1)
    firm.plan(yesterday, now=NOW - timedelta(days=1))
    send_all(firm, yesterday)


OLD = "update outreach.contacts set verified_at = '2026-01-01'"
HOLD = "update outreach.contact_lists set canary_hold_seconds = 172800, canary_contacts = 4"
TAKEN = (
    "update outreach.messages set state = 'sent', sending_at = '2026-11-24 04:00+00', sent_at = '2026-11-24 04:00+00'"
    " where id in (select min(id) from outreach.messages)"
)
ADVANCE = (
    "update outreach.enrollments as e set next_step = 2, mailbox_id = m.mailbox_id, due_on = m.plan_date + 2"
    " from outreach.messages as m where m.enrollment_id = e.id and m.state = 'sent'"
)
CURVES = {"warmup_curves": {"mine": [2, 4, 6]}, "boxes": [{"name": "ann", "warmup_curve": "mine"}, "bob"]}

# what it is about -> (what the configuration has, what has happened, new contacts that are expected of the day)
WORLDS = {
    "plain": ({}, [], 10),
    "the canary of a list goes at once": ({}, [HOLD], 4),
    "what was verified long ago counts as unverified": ({"policy": {"unverified_per_day": 3}}, [OLD], 3),
    "what the day has taken of unsure ones": ({"policy": {"unverified_per_day": 3}}, [OLD, "plan", TAKEN, ADVANCE], 2),
    "warm-up has gone on yesterday": (CURVES, ["yesterday"], 14),
    "a mailbox is out": ({"boxes": ["ann", "bob"]}, ["update outreach.mailboxes set lifecycle = 'resting' where id = 1"], 10),
}  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_the_first_day_is_what_planning_it_gives(make_firm, world):
    sections, events, new = WORLDS[world]
    firm = make_firm(**{"boxes": ["ann"], **sections})
    firm.contacts(*(f"c{number}@company{number}.example" for number in range(60)), now=NOW - timedelta(days=1))
    for event in events:
        if event == "yesterday":
            sent_yesterday(firm)
        elif event == "plan":
            firm.plan()
        else:
            firm.run(event)
    (day,) = forecast_tenant(firm.installation, firm.tenant, days=1, now=NOW).forecast.days
    planned = firm.plan(dry_run=True).summary
    assert (round(day.new), round(day.follow_ups), day.capacity) == (
        planned["new"], planned["follow_ups"], planned["capacity_left"],
    )  # fmt: skip
    assert planned["new"] == new


ONE_STEP = {"steps": [{"step": 1, "subject": "Hello", "text": "Hello"}]}


def test_the_others_of_a_list_follow_when_its_hold_is_over_at_the_hour_of_planning(make_firm):
    firm = make_firm(boxes=["ann"], campaigns=[ONE_STEP])
    firm.crowd(30)
    firm.run("update outreach.contact_lists set canary_hold_seconds = 64800, canary_contacts = 14")
    found = read_forecast_inputs(firm.installation, firm.tenant, now=NOW)
    assert [(each.due_on, each.contacts) for each in found.waiting] == [(TODAY, 30)]
    expected = forecast_tenant(firm.installation, firm.tenant, days=4, now=NOW).forecast.days
    # Ten a day: on the second the canary is complete by 17:00, and its hold over at eleven of the third, planned at five.
    assert [round(day.new) for day in expected] == [10, 4, 0, 10]
    for number, day in enumerate(expected):
        date_, now = TODAY + timedelta(days=number), NOW + timedelta(days=number)
        assert firm.plan(date_, now=now).summary["new"] == round(day.new)
        send_all(firm, date_)
    firm.run("update outreach.contact_lists set hold_until = '2026-11-25 10:00+01'")
    known = read_forecast_inputs(firm.installation, firm.tenant, now=NOW)
    assert known.waiting[-1].due_on == date(2026, 11, 26)


def test_verifications_age_during_a_forecast_as_they_do_for_the_planner(make_firm):
    firm = make_firm(boxes=["ann"], campaigns=[ONE_STEP], policy={"verification_days": 30, "unverified_per_day": 2})
    firm.crowd(60)
    firm.run("update outreach.contacts set verified_at = '2026-10-26 12:00+01'")
    expected = forecast_tenant(firm.installation, firm.tenant, days=4, now=NOW).forecast.days
    assert [round(day.new) for day in expected] == [10, 10, 2, 2]
    for number, day in enumerate(expected):
        outcome = firm.plan(day.date, now=NOW + timedelta(days=number))
        assert outcome.summary["new"] == round(day.new)
        send_all(firm, day.date)


def mixed(count: int, *verifications: str, prefix: str = "c") -> list[dict[str, str]]:
    """Return people of as many companies whose verifications take turns."""
    return [
        {
            "address": f"{prefix}{number:03}@{prefix}{number:03}.example",
            "verification": verifications[number % len(verifications)],
        }
        for number in range(count)
    ]


def new_by_campaign(firm, day: date) -> list[int]:
    """Plan a day as of its morning, let it go out, and return the new contacts of each campaign."""
    outcome = firm.plan(day, now=NOW + timedelta(days=(day - TODAY).days))
    assert not outcome.is_held
    rows = firm.run(
        "select (select count(*) from outreach.messages as m where m.campaign_id = c.id and m.plan_date = %s"
        " and m.step_number = 1 and m.state = 'planned') from outreach.campaigns as c order by c.id",
        day,
    )
    send_all(firm, day)
    return [count for (count,) in rows]


def test_unsure_contacts_go_in_their_order_and_up_to_their_cap_as_the_planner_takes_them(make_firm):
    firm = make_firm(boxes=["ann"], campaigns=[ONE_STEP],
                     policy={"messages_per_day_per_mailbox": 20, "unverified_per_day": 10})  # fmt: skip
    firm.contacts(*mixed(200, "valid", "unverified"))
    found = forecast_tenant(firm.installation, firm.tenant, days=15, now=NOW).forecast
    assert [round(day.new) for day in found.days] == [20, 20, 20, 20, 0, 0, 20, 20, 20, 20, 20, 0, 0, 20, 0]
    assert [new_by_campaign(firm, day.date) for day in found.days] == [[round(day.new)] for day in found.days]
    assert found.campaigns[0].all_reached_on == date(2026, 12, 7)


# what it is about -> (policy, campaigns, people of each)
CROWDS = {
    "both caps of two campaigns, by shares": (
        {"unverified_per_day": 7, "catch_all_per_day": 3},
        [{}, {"slug": "autumn", "share": 3}],
        [mixed(90, "unverified", "valid", "catch_all"), mixed(120, "valid", "unverified", "unverified", prefix="d")],
    ),
    "the higher priority takes what the caps allow": (
        {"unverified_per_day": 12},
        [{"priority": 50}, {"slug": "autumn", "priority": 200}],
        [mixed(80, "unverified", "valid"), mixed(60, "unverified", "unverified", "valid", prefix="d")],
    ),
    "a long row of unsure ones before those that are sure": (
        {"unverified_per_day": 5},
        [{}, {"slug": "autumn"}],
        [mixed(40, "unverified") + mixed(100, "valid", prefix="e"), mixed(70, "valid", "catch_all", prefix="d")],
    ),
    "a cap that all mailboxes share is parted by the shares too": (
        {"messages_per_day": 12, "unverified_per_day": 4},
        [{}, {"slug": "autumn", "share": 2}],
        [mixed(40, "valid", "unverified"), mixed(60, "valid", prefix="d")],
    ),
    "pools that overlap in one mailbox": (
        {"unverified_per_day": 9},
        [{"mailboxes": ["ann@acme-mail.example"]}, {"slug": "autumn"}],
        [mixed(80, "valid", "valid", "unverified"), mixed(140, "valid", "unverified", prefix="d")],
    ),
    "pools that overlap, by shares": (
        {},
        [{"mailboxes": ["ann@acme-mail.example"], "share": 2}, {"slug": "autumn"}],
        [mixed(100, "valid"), mixed(140, "valid", prefix="d")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("crowd", CROWDS)
def test_campaigns_share_the_caps_of_unsure_contacts_as_they_do_for_the_planner(make_firm, crowd):
    policy, campaigns, people = CROWDS[crowd]
    firm = make_firm(boxes=["ann", "bob"], policy=policy, campaigns=[{**ONE_STEP, **each} for each in campaigns])
    for campaign, each in zip(("spring", "autumn"), people, strict=True):
        firm.contacts(*each, campaign=campaign)
    expected = forecast_tenant(firm.installation, firm.tenant, days=10, now=NOW).forecast
    planned = [new_by_campaign(firm, day.date) for day in expected.days]
    slugs = [each["slug"] for each in ({"slug": "spring", **each} for each in campaigns)]
    by_slug = {each.slug: each for each in expected.campaigns}
    for place, slug in enumerate(slugs):
        assert by_slug[slug].new_by_day == pytest.approx([counts[place] for counts in planned], abs=1), slug
    assert [day.new for day in expected.days] == pytest.approx([sum(counts) for counts in planned], abs=1)
    assert sum(sum(counts) for counts in planned) > 80


ACCOUNT = {"name": "one", "provider": "generic", "messages_per_day": 10}


def two_tenants(make_firm, *, acme: dict | None = None, birch: dict | None = None, **policy):
    """Make acme and birch, each with a mailbox in an account of ten messages a day and a hundred contacts of one step."""
    policy = {"messages_per_day_per_mailbox": 20, **policy}
    firm = make_firm(accounts=[ACCOUNT], campaigns=[ONE_STEP], policy=policy,
                     boxes=[{"name": "ann", "provider_account": "one", **(acme or {})}])  # fmt: skip
    firm.configure(slug="birch", accounts=[ACCOUNT], campaigns=[ONE_STEP], policy=policy,
                   boxes=[{"name": "bea", "provider_account": "one", **(birch or {})}])  # fmt: skip
    for slug in ("acme", "birch"):
        firm.contacts(*mixed(100, "valid", prefix=slug), slug=slug)
    return firm


def plan_both(firm, day: date) -> dict[str, int]:
    """Plan a day of both tenants, acme first, let it go out, and return the new contacts of each."""
    new = {}
    for slug in ("acme", "birch"):
        tenant = firm.installation.tenants(slug)[0]
        outcome = plan_day(firm.installation, tenant, day, now=NOW + timedelta(days=(day - TODAY).days))
        assert not outcome.is_held
        new[slug] = outcome.summary["new"]
    send_all(firm, day)
    return new


def forecasts(firm, *, days: int, now: datetime) -> dict:
    return {
        slug: forecast_tenant(firm.installation, firm.installation.tenants(slug)[0], days=days, now=now).forecast
        for slug in ("acme", "birch")
    }


# In rolling days a place of the account that is free again late in the window may be left without a message.
@pytest.mark.parametrize("counts_by, off", [("calendar_day", 0), ("rolling_24h", 1)])
@pytest.mark.parametrize("own_cap, each", [(None, {"acme": 10, "birch": 0}), (4, {"acme": 4, "birch": 6})])
def test_an_account_that_tenants_share_is_forecast_as_they_will_plan_it(make_firm, counts_by, off, own_cap, each):
    firm = two_tenants(make_firm, acme={"messages_per_day": own_cap} if own_cap else {}, counts_by=counts_by)
    assert plan_both(firm, TODAY) == each
    expected = forecasts(firm, days=8, now=NOW + timedelta(days=1))
    for number in range(8):
        days = {slug: expected[slug].days[number] for slug in expected}
        planned = plan_both(firm, days["acme"].date)
        assert {slug: round(day.new) for slug, day in days.items()} == pytest.approx(planned, abs=off)
        assert {slug: round(day.new) for slug, day in days.items()} in (each, {"acme": 0, "birch": 0})
        assert sum(day.capacity for day in days.values()) <= 10
    (told,) = expected["birch"].shared_accounts
    assert (told.name, told.messages_per_day, told.other_mailboxes) == ("one", 10, 1)
    assert (told.others_per_day, told.others_on_first_day) == (each["acme"], 0)


def test_a_forecast_says_of_what_it_may_not_be_the_only_one_to_count_on(make_firm):
    firm = two_tenants(make_firm)
    before = forecasts(firm, days=2, now=NOW)
    for found in before.values():
        assert [day.capacity for day in found.days] == [10, 10]
        (told,) = found.shared_accounts
        assert (told.other_mailboxes, told.others_per_day) == (1, 0)
        assert told.explanation == (
            "Of 10 messages a day, 0 are taken to be those of other tenants, which had 0 on 2026-11-23 and have 0 on 2026-11-24"
            " (mailboxes of theirs: 1). What they will need beyond that is not known, and whoever plans first takes what is"
            " left: their forecasts may count on the same places."
        )
    firm.plan()
    after = forecasts(firm, days=2, now=NOW)
    assert [[day.capacity for day in after[slug].days] for slug in ("acme", "birch")] == [[10, 10], [0, 0]]
    assert (after["birch"].shared_accounts[0].others_on_first_day, after["acme"].shared_accounts[0].others_per_day) == (
        10,
        0,
    )


def test_what_others_had_on_the_last_working_day_is_counted_for_them_alone(make_firm):
    firm = two_tenants(make_firm, acme={"messages_per_day": 3}, birch={"messages_per_day": 2})
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert plan_both(firm, friday) == {"acme": 3, "birch": 2}
    # By hand from birch's mailbox, of which the provider counts one more on Friday.
    firm.run(
        "insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state)"
        " select tenant_id, id, 'x', 1, 'out', '2026-11-27 15:00+01', 'processed'"
        " from outreach.mailboxes where address like 'bea@%%'"
    )
    firm.run("update outreach.mailboxes set lifecycle = 'retired' where address like 'ann@%%'")
    found = forecasts(firm, days=1, now=NOW + timedelta(days=(monday - TODAY).days))
    others = {slug: each.shared_accounts[0] for slug, each in found.items()}
    assert (others["acme"].others_per_day, others["acme"].other_mailboxes) == (3, 1)
    assert (others["birch"].others_per_day, others["birch"].other_mailboxes) == (3, 0)
    assert "which had 3 on 2026-11-27 and have 0 on 2026-11-30" in others["acme"].explanation


def test_an_account_of_ones_own_is_not_told_of_and_a_contract_leaves_others_their_part(make_firm):
    firm = two_tenants(make_firm, acme={"messages_per_day": 4})
    plan_both(firm, TODAY)
    tomorrow = NOW + timedelta(days=1)
    birch = firm.installation.tenants("birch")[0]
    need = forecast_tenant(firm.installation, birch, days=1, contacts_per_month=500, now=tomorrow).need
    assert need is not None
    assert need.fleet_messages == 6 * need.working_days
    firm.run("update outreach.mailboxes set provider_account_id = null where address like 'ann@%%'")
    alone = forecast_tenant(firm.installation, birch, days=2, now=tomorrow).forecast
    assert (alone.shared_accounts, [day.capacity for day in alone.days]) == ((), [10, 10])
