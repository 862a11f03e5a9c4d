"""What explain says besides the reason: the facts behind it, what holds it back, and which plan of the date answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.due_days import close_days
from outreach_pipeline.workflows.explain import explain_day, explain_mailbox
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.fleet import pause_campaign
from outreach_pipeline.workflows.status import status

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
ANN = "ann@example.com"

SET = "update outreach.{} set {} where address = 'ann@example.com'"
ENROLLED = "update outreach.enrollments set {} where contact_id = (select id from outreach.contacts where address = 'ann@example.com')"
OTHERS = [f"c{number}@company{number}.example" for number in range(3)]
PAUSE_BOXES = "update outreach.mailboxes set paused_until = 'infinity', paused_reason = 'new DNS'"


def test_a_held_plan_is_told_of_the_contact_and_of_the_mailbox_and_in_the_status(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    for found in (
        explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW),
        explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW),
    ):
        assert (found["state"], found["held_reason"]) == ("ready", None)
        assert "held" not in " ".join(found["sentences"])
    assert status(firm.installation, firm.tenant, now=NOW)["tenants"][0]["held_plans"] == []
    firm.run(
        "insert into outreach.suppressions (tenant_id, scope, value, reason)"
        " select id, 'address', 'stop@example.com', 'manual' from outreach.tenants"
    )
    firm.run("update outreach.messages set to_address = 'stop@example.com'")
    assert firm.plan().is_held
    for found in (
        explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW),
        explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW),
    ):
        assert (found["state"], found["held_reason"]) == ("held", "check failed: nobody_suppressed")
        assert found["sentences"][-1].endswith(
            "The plan of 2026-11-24 is held (check failed: nobody_suppressed): nothing of it goes out until the date is planned "
            "again, by `outreach plan --tenant acme --date 2026-11-24`, which says what the check found."
        )
    assert status(firm.installation, firm.tenant, now=NOW)["tenants"][0]["held_plans"] == [
        {"plan_date": TODAY, "held_reason": "check failed: nobody_suppressed", "messages": 1}
    ]


def test_a_plan_of_the_evening_does_not_replace_the_mornings_reason(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 3})
    firm.contacts(*OTHERS, ANN)
    firm.plan()
    firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
    firm.plan(now=NOW + timedelta(hours=11, minutes=30))
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW + timedelta(hours=12))
    assert found["reason"] == "no_capacity"
    assert "0 had gone out and 3 are planned" in found["sentences"][0]
    assert found["sentences"][0].endswith(" Planned again at 17:30, of what was left of the day: outside_window.")


def test_a_message_that_a_later_plan_took_back_is_told(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    firm.run(SET.format("contacts", "left_company_at = now()"))
    firm.plan(now=NOW + timedelta(hours=6))
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW + timedelta(hours=7))
    assert found["reason"] == "left_company"
    assert "Step 1 from ann-box@acme-mail.example had been planned for " in found["sentences"][0]


def test_who_came_after_the_first_plan_is_answered_by_the_later_one(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.crowd(1)
    firm.plan()
    firm.contacts({"address": ANN, "jurisdiction": "FR"}, now=NOW + timedelta(hours=5))
    firm.run(ENROLLED.format("enrolled_at = %s"), NOW + timedelta(hours=5))
    firm.plan(now=NOW + timedelta(hours=6))
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW + timedelta(hours=7))
    assert found["reason"] == "jurisdiction_not_accepted"


def test_a_verification_that_has_grown_old_is_told(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"unverified_per_day": 0, "verification_days": 90})
    firm.contacts(ANN)
    firm.run(SET.format("contacts", "verified_at = '2026-08-01'"))
    firm.plan()
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert found["reason"] == "unverified_cap"
    assert found["sentences"][0].endswith(
        "It was verified as valid on 2026-08-01, and after 90 days (verification_days) that counts as unverified: "
        "0 a day (unverified_per_day)."
    )


def test_a_pause_is_told_with_its_reason_and_its_end(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.run("update outreach.mailboxes set paused_until = '2026-11-30 08:00+00', paused_reason = 'new DNS'")
    firm.plan()
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)["sentences"]
    assert "Now it is paused until 2026-11-30 09:00 in Europe/Berlin: new DNS." in told
    firm.run(PAUSE_BOXES)
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)["sentences"]
    assert "Now it is paused without an end: new DNS." in told
    firm.run("update outreach.mailboxes set paused_until = '2026-11-20 08:00+00'")
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)["sentences"]
    assert not [each for each in told if "it is paused" in each]


def test_of_several_enrollments_the_one_that_decided_speaks_and_each_is_listed(make_firm):
    firm = make_firm(
        boxes=["ann-box"], campaigns=[{"priority": 200, "accepted_jurisdictions": ["FR"]}, {"slug": "autumn"}]
    )
    firm.contacts(ANN)
    firm.contacts(ANN, campaign="autumn")
    firm.plan()
    for state in ("planned", "sent"):
        firm.run("update outreach.messages set state = %s, sending_at = scheduled_at, sent_at = scheduled_at", state)
        found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
        assert found["reason"] == state
        assert [(each["campaign"], each["reason"]) for each in found["answers"]] == [
            ("spring", "jurisdiction_not_accepted"),
            ("autumn", state),
        ]
    firm.run("update outreach.messages set state = 'cancelled', reason = 'suppressed_stop'")
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert found["reason"] == "jurisdiction_not_accepted"


def test_counts_agree_and_zones_have_their_name(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 2}, time_zone="Pacific/Niue")
    firm.contacts(ANN)
    firm.plan(now=NOW + timedelta(hours=8))
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)["sentences"]
    assert "1 is planned." in told
    assert told[-1] == "1 place stays empty. No more contacts of spring were due."
    (sentence,) = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)["sentences"]
    assert sentence.endswith(" in Pacific/Niue.")


def test_a_date_that_cannot_be_planned_yet_is_refused(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    with pytest.raises(UsageError, match="2099-01-01 is too far ahead for acme, where it is 2026-11-24"):
        explain_contact(firm.installation, firm.tenant, ANN, date(2099, 1, 1), now=NOW)


@pytest.mark.parametrize("licences, is_told", [(None, True), (5, False)])
def test_an_account_whose_licences_are_not_known_is_told_to_cap_nothing(make_firm, licences, is_told):
    account = {"name": "office", "provider": "microsoft_365", "licences": licences}
    firm = make_firm(
        boxes=[{"name": "ann-box", "provider_account": "office"}],
        accounts=[{name: value for name, value in account.items() if value is not None}],
    )
    firm.plan()
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    sentence = (
        "Its provider account office (microsoft_365) caps nothing, as how many licences it has is not known: "
        "set `licences` or `messages_per_day` of the account."
    )
    assert (sentence in told["sentences"]) is is_told
    assert any(term["term"] == "provider_account" for term in told["cap_terms"]) is not is_told


def test_what_else_is_written_to_a_contact_is_named_with_its_date_and_state(make_firm):
    firm = make_firm(boxes=["ann-box"], campaigns=[{"priority": 200}, {"slug": "autumn"}])
    firm.contacts(ANN)
    firm.contacts(ANN, campaign="autumn")

    def details(day: date, now: datetime) -> dict[str, str]:
        found = explain_contact(firm.installation, firm.tenant, ANN, day, now=now)
        return {each["campaign"]: f"{each['reason']}: {each['detail']}" for each in found["answers"]}

    tomorrow = TODAY + timedelta(days=1)
    assert "Step 1 of spring is planned: 2026-11-24 " in details(TODAY, NOW)["autumn"]
    firm.plan()
    firm.run("update outreach.messages set scheduled_at = '2026-11-24 09:30+01'")
    assert details(TODAY, NOW)["autumn"].endswith(
        "Step 1 of spring from ann-box@acme-mail.example is planned: 2026-11-24 09:30. The contact may be written to from "
        "2026-12-01 09:30, 7 days after that, on at the earliest."
    )
    firm.plan(tomorrow)
    assert details(tomorrow, NOW)["spring"] == (
        "already_planned: A message of this step exists already. Step 1 of spring from ann-box@acme-mail.example is planned: "
        "2026-11-24 09:30. If its day ends without it, the step is demanded again."
    )
    firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
    assert "is sent: 2026-11-24 09:30. A step is sent once." in details(tomorrow, NOW)["spring"]
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', last_sent_at = '2026-11-24 09:30+01'"
        " where campaign_id = (select id from outreach.campaigns where slug = 'spring')"
    )
    firm.plan(tomorrow, now=NOW + timedelta(days=1))
    assert details(tomorrow, NOW + timedelta(days=1))["autumn"].endswith(
        "Step 1 of spring from ann-box@acme-mail.example is sent: 2026-11-24 09:30. Step 2 of spring is due on 2026-11-26. "
        "A first mail of another campaign may go from 2026-12-03 on at the earliest."
    )
    firm.run("update outreach.enrollments set due_on = '2026-11-20', last_sent_at = '2026-11-10' where next_step = 2")
    firm.plan(tomorrow, now=NOW + timedelta(days=1))
    assert details(tomorrow, NOW + timedelta(days=1))["autumn"].endswith(
        "Step 2 of spring is due since 2026-11-20 and not sent. A first mail of another campaign may go from 2026-12-02 on at "
        "the earliest."
    )


def test_a_reply_keeps_a_contact_busy_for_its_day_alone(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    firm.copy(1, kind="'reply'", enrollment_id="null", company_domain="company_domain")
    firm.run("delete from outreach.messages where kind = 'campaign'")
    firm.plan(now=NOW + timedelta(minutes=1))
    (sentence,) = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)["sentences"]
    assert "contact_busy" in sentence
    assert "A reply from ann-box@acme-mail.example is planned: 2026-11-24" in sentence
    assert "The contact may be written to from 2026-11-25 on at the earliest." in sentence


# reason -> (what has happened to Ann, what happens after the plan, what the answer says then as before)
LATER = {
    "jurisdiction_not_accepted": (
        SET.format("contacts", "jurisdiction = 'FR'"),
        SET.format("contacts", "jurisdiction = 'DE'"),
        "Its jurisdiction is FR.",
    ),
    "no_lawful_basis": (
        SET.format("contacts", "lawful_basis = 'contract'"),
        SET.format("contacts", "lawful_basis = 'consent'"),
        "Its lawful basis is contract.",
    ),
    "out_of_office": (
        SET.format("contacts", "out_until = '2026-12-01'"),
        SET.format("contacts", "out_until = null"),
        "Back on 2026-12-01.",
    ),
    "mailbox_unavailable": (
        "update outreach.mailboxes set lifecycle = 'resting'",
        "update outreach.mailboxes set lifecycle = 'active'",
        "The thread's mailbox is ann-box@acme-mail.example, resting.",
    ),
    "mailbox at 0": (
        "update outreach.mailboxes set messages_per_day = 0",
        "update outreach.mailboxes set messages_per_day = null",
        "ann-box@acme-mail.example, active. It may send nothing that day: set to 0 for this mailbox.",
    ),
}


@pytest.mark.parametrize("reason", LATER)
def test_the_facts_of_an_answer_are_those_of_its_plan(make_firm, reason):
    before, after, detail = LATER[reason]
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    if "mailbox" in reason:
        reason = "mailbox_unavailable"
        firm.run(
            ENROLLED.format("next_step = 2, due_on = '2026-11-24', mailbox_id = (select id from outreach.mailboxes)")
        )
    firm.run(before)
    firm.plan()
    told = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert (told["reason"], detail in told["sentences"][0]) == (reason, True)
    firm.run(after)
    assert explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW + timedelta(days=1)) == told


def test_a_mailbox_with_places_that_its_contacts_cannot_have_is_not_told_to_lack_demand(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 2})
    firm.contacts(*OTHERS, ANN)
    # On the day of their second step both places belong to others' follow-ups.
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', mailbox_id ="
        " (select id from outreach.mailboxes) where contact_id in (select id from outreach.contacts order by id limit 2)"
    )
    firm.plan()
    told = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert told["reason"] == "follow_ups_reserved"
    assert "belong to follow-ups on the days on which its own would come: 2 of 2 on 2026-11-26." in told["sentences"][0]
    (row,) = explain_day(firm.installation, [firm.tenant], TODAY)["mailboxes"]
    assert (row["empty"], row["bound_by"]) == (2, "follow_ups_reserved")
    box = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    assert box["sentences"][-1] == (
        "2 places stay empty: contacts of spring wait for days that have room for their follow-ups."
    )


@pytest.mark.parametrize(
    "pause, now_is, was",
    [
        ("update outreach.campaigns set state = 'paused'", "its campaign is paused", "its campaign was paused"),
        (
            "update outreach.mailboxes set paused_until = '9999-01-01', paused_reason = 'password'",
            "its mailbox is paused",
            "its mailbox was paused",
        ),
        ("update outreach.mailboxes set lifecycle = 'resting'", "its mailbox is resting", "its mailbox was resting"),
        (
            "insert into outreach.paused_sites (site, reason, paused_by, paused_at) values ('company000.example', 'storm', 'ann', now())",
            "its recipient's site is paused",
            "its recipient's site was paused",
        ),
        ("update outreach.tenants set state = 'paused'", "the tenant is paused", "the tenant was paused"),
        (
            (
                "insert into outreach.operator_suppressions (scope, value, reason)"
                " values ('address', 'c000@company000.example', 'manual')"
            ),
            "its recipient is suppressed",
            "its recipient was suppressed",
        ),
    ],
)
def test_what_a_message_waits_for_is_told_while_it_waits_and_after_its_day(make_firm, pause, now_is, was):
    firm = make_firm()
    firm.crowd(1)
    firm.plan()
    firm.run(pause)
    for table in ("tenants", "campaigns"):
        firm.run(f"update outreach.{table} set state_since = %s", NOW)
    firm.run("update outreach.mailboxes set paused_since = %s, lifecycle_since = %s", NOW, NOW)
    for table in ("suppressions", "operator_suppressions"):
        firm.run(f"update outreach.{table} set created_at = %s", NOW)
    firm.run("update outreach.paused_sites set paused_at = %s", NOW)
    later = NOW + timedelta(hours=6)
    (sentence,) = told(firm, "c000@company000.example", now=later)["sentences"]
    assert sentence.endswith(f"Now {now_is}.")
    close_days(firm.installation, now=NOW + timedelta(days=1))
    answer = told(firm, "c000@company000.example", now=NOW + timedelta(days=1))
    assert answer["reason"] == "day_over"
    assert answer["sentences"][0].endswith(f"then cancelled: its day was over (day_over), as {was}.")


def test_a_pause_that_is_over_is_told_no_more(make_firm):
    firm = make_firm()
    firm.crowd(1)
    firm.plan()
    firm.run("update outreach.mailboxes set paused_until = %s", NOW + timedelta(hours=7))
    address = "c000@company000.example"
    assert "Now its mailbox is paused." in told(firm, address, now=NOW + timedelta(hours=6))["sentences"][0]
    assert "paused" not in told(firm, address, now=NOW + timedelta(hours=8))["sentences"][0]
    close_days(firm.installation, now=NOW + timedelta(days=1))
    assert "paused" not in told(firm, address, now=NOW + timedelta(days=1))["sentences"][0]


def test_a_pause_that_ends_within_the_day_is_told_of_the_mailbox_and_of_those_who_lack_its_time(make_firm):
    firm = make_firm(policy={"minimum_gap_seconds": 600})
    firm.run("update outreach.mailboxes set paused_until = '2026-11-24 15:30+00'")
    firm.crowd(12)
    firm.plan()
    (sentence, *_) = explain_mailbox(firm.installation, firm.tenant, "ann@acme-mail.example", TODAY, now=NOW)[
        "sentences"
    ]
    assert "the mailbox is paused until 16:30, and the day holds 3 after that at 600 s between them" in sentence
    answer = explain_contact(firm.installation, firm.tenant, "c011@company011.example", TODAY, now=NOW)
    assert answer["reason"] == "mailbox_paused"
    assert "paused for a part of the day" in answer["sentences"][0]
    assert "it is bound by paused." in answer["sentences"][0]


def test_a_message_that_nothing_forbids_and_nobody_sent_says_so(make_firm):
    firm = make_firm()
    firm.crowd(1)
    firm.plan()
    address = "c000@company000.example"
    assert "Its time has passed" not in told(firm, address, now=NOW)["sentences"][0]
    assert "Its time has passed: it waits for a rate, or no sender runs." in told(
        firm, address, now=NOW + timedelta(hours=12)
    )["sentences"][0]  # fmt: skip
    close_days(firm.installation, now=NOW + timedelta(days=1))
    (sentence,) = told(firm, address, now=NOW + timedelta(days=1))["sentences"]
    assert sentence.endswith("its day was over before a rate or a sender let it go (day_over).")


def told(firm, address: str, *, now: datetime) -> dict:
    return explain_contact(firm.installation, firm.tenant, address, TODAY, now=now)


def test_a_pause_that_began_after_the_window_had_closed_kept_nothing(make_firm):
    firm = make_firm()
    firm.crowd(1)
    firm.plan()
    tomorrow = NOW + timedelta(days=1)
    pause_campaign(firm.installation, firm.tenant, "spring", paused=True, reason="", author="ann", now=tomorrow)
    close_days(firm.installation, now=tomorrow + timedelta(hours=1))
    (sentence,) = told(firm, "c000@company000.example", now=tomorrow + timedelta(hours=2))["sentences"]
    assert sentence.endswith("its day was over before a rate or a sender let it go (day_over).")
