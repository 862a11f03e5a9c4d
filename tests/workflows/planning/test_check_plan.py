"""A plan is checked before anyone can see it; each level of caps, each fault of time, holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.core.errors import PermanentError
from outreach_pipeline.workflows.check_plan import check_plan
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.lanes import due_send_lanes
from outreach_pipeline.workflows.plan_day import plan_day

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
GOOGLE = "google_workspace"


def due(firm) -> int:
    lanes = due_send_lanes(firm.installation, now=NOW + timedelta(hours=6), horizon_seconds=36_000)
    return sum(lane.due_count for lane in lanes)


def test_a_plan_that_breaks_a_check_is_held_from_its_first_moment(make_firm):
    firm = make_firm()
    firm.crowd(3)
    # Whatever the planner decides, the rows come out wrong.
    firm.run(
        "create function public.spoil() returns trigger language plpgsql as"
        " $$ begin new.scheduled_at := new.window_ends_at; return new; end $$"
    )
    firm.run("create trigger spoil before insert on outreach.messages for each row execute function public.spoil()")
    outcome = firm.plan()
    assert outcome.is_held
    assert {finding.check for finding in outcome.findings} == {"inside_the_window"}
    assert firm.plan_state() == [("held", "check failed: inside_the_window")]
    assert due(firm) == 0
    again = firm.plan()
    assert (again.changed, again.findings) == (False, outcome.findings)

    firm.run("drop trigger spoil on outreach.messages")
    mended = firm.plan(now=NOW + timedelta(minutes=1))
    assert (mended.changed, mended.findings) == (True, ())
    assert firm.plan_state() == [("ready", None)]
    assert due(firm) == 3


def test_a_plan_of_which_rows_are_missing_is_not_written(make_firm):
    firm = make_firm()
    firm.crowd(3)
    firm.run(
        "create function public.swallow() returns trigger language plpgsql as $$ begin"
        " return case when new.to_address like 'c001%%' then null else new end; end $$"
    )
    firm.run("create trigger swallow before insert on outreach.messages for each row execute function public.swallow()")
    with pytest.raises(
        PermanentError, match=r"Of the 3 messages that acme is to send on 2026-11-24 the database took 2"
    ):
        firm.plan()
    assert firm.run("select count(*) from outreach.messages") == [(0,)]
    assert firm.plan_state() == []


def test_a_good_plan_is_released_and_twice_changes_nothing(make_firm):
    firm = make_firm()
    firm.crowd(3)
    assert firm.plan().findings == ()
    before = firm.run("select * from outreach.plans")
    assert not firm.plan().changed
    assert firm.run("select * from outreach.plans") == before
    assert firm.plan_state() == [("ready", None)]


def test_dates_without_a_real_plan_have_nothing_to_find(make_firm):
    firm = make_firm()
    yesterday = TODAY - timedelta(days=1)
    assert check_plan(firm.installation, firm.tenant, yesterday, now=NOW) == []
    assert firm.plan(yesterday).findings == ()
    assert check_plan(firm.installation, firm.tenant, yesterday, now=NOW) == []
    assert firm.plan_state() == [("ready", None)]


class OptOutWhileKeeping(Blobs):
    """Somebody opts out in the middle of the planning, once: between the reading of contacts and the writing of the plan."""

    def __init__(self, url: str, opt_out: Any) -> None:
        super().__init__(url)
        self._opt_outs = [opt_out]

    def put(self, tenant_id: UUID, content: bytes) -> str:
        while self._opt_outs:
            self._opt_outs.pop()()
        return super().put(tenant_id, content)


def test_who_opts_out_while_the_day_is_planned_is_left_out_and_the_day_goes_on(make_firm):
    firm = make_firm()
    firm.crowd(3)

    def opt_out() -> None:
        firm.run(
            "insert into outreach.suppressions (tenant_id, scope, value, reason)"
            " select id, 'address', 'c001@company001.example', 'unsubscribe' from outreach.tenants"
        )

    blobs = OptOutWhileKeeping(firm.installation.settings.blobs, opt_out)
    outcome = plan_day(replace(firm.installation, blobs=blobs), firm.tenant, TODAY, now=NOW)
    assert (outcome.planned, outcome.findings) == (2, ())
    assert outcome.summary["excluded"] == {"suppressed": 1}
    assert firm.plan_state() == [("ready", None)]


LEVELS = {
    "sending domain": (
        "update outreach.messages set mailbox_id = (select min(id) from outreach.mailboxes)",
        "has 5 messages and a cap of 4",
    ),
    "company": (
        "update outreach.messages set company_domain = 'company000.example'",
        "gets 5 messages and its cap is 2",
    ),
    "site": (
        f"update outreach.messages set recipient_site = '{GOOGLE}'",
        f"site {GOOGLE} gets 5 messages and its cap is 3",
    ),
    "contact list": (
        "update outreach.enrollments set contact_list_id = (select max(id) from outreach.contact_lists)",
        "is on hold: 5 of it are planned and its canary has 2",
    ),
}


@pytest.mark.parametrize("level", LEVELS)
def test_a_cap_is_held_at_the_level_of_the(make_firm, level):
    firm = make_firm(
        policy={"messages_per_day_per_site": {GOOGLE: 3}},
        domains=[{"messages_per_day": 4}, {"domain": "two.example", "link_host": "go.two.example"}],
        boxes=["ann", {"name": "bob", "domain": "two.example"}],
    )
    firm.crowd(3)
    firm.contacts("c3@company3.example", "c4@company4.example")
    firm.run(
        "update outreach.contact_lists set canary_hold_seconds = 3600, canary_contacts = 2"
        " where id = (select max(id) from outreach.contact_lists)"
    )
    assert firm.plan().findings == ()
    statement, sentence = LEVELS[level]
    firm.run(statement)
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert {finding.check for finding in findings} == {"no_cap_passed"}
    assert any(f.detail.startswith(level) and f.detail.endswith(sentence) for f in findings)


DOUBLED = (
    "insert into outreach.messages (tenant_id, kind, state, mailbox_id, plan_date, to_address, company_domain,"
    " recipient_site, scheduled_at, window_ends_at, message_id)"
    " select tenant_id, 'test', state, mailbox_id, plan_date, to_address, company_domain || '.test', recipient_site,"
    " scheduled_at, window_ends_at, message_id || 'test' from outreach.messages"
)


@pytest.mark.parametrize(
    "policy, box, change, sentence",
    [
        (
            {"catch_all_per_day": 3},
            {},
            "update outreach.contacts set verification = 'catch_all'",
            "new contacts with catch_all addresses get 4 messages and a cap of 3",
        ),
        (
            {"unverified_per_day": 3},
            {},
            # Verified, but longer ago than counts.
            "update outreach.contacts set verified_at = '2026-01-01'",
            "new contacts with unverified addresses get 4 messages and a cap of 3",
        ),
        # The planner's own numbers are spoiled together with what it plans.
        (
            {},
            {"messages_per_day": 4},
            DOUBLED,
            "mailbox ann@acme-mail.example has 8 messages and a cap of 4",
        ),
        (
            {},
            {"warmup_curve": "mine", "warmup_days_before": 2},
            DOUBLED,
            "mailbox ann@acme-mail.example has 8 messages and a cap of 6",
        ),
        (
            {},
            {"warmup_curve": "mine", "warmup_days_before": 0},
            f"update outreach.messages set recipient_site = '{GOOGLE}'",
            f"mailbox ann@acme-mail.example has 4 messages to {GOOGLE}, where its warm-up allows 2",
        ),
    ],
)
def test_a_cap_is_asked_of_the_rows_and_not_of_the_planner(make_firm, policy, box, change, sentence):
    firm = make_firm(policy=policy, boxes=[{"name": "ann", **box}], warmup_curves={"mine": [2, 4, 6]})
    if box.get("warmup_days_before") == 0:
        # Warm as a whole, new at the providers.
        firm.run(
            "insert into outreach.warmup_progress (tenant_id, mailbox_id, recipient_site, days, last_on, counts_before)"
            " select tenant_id, id, '', 9, %s, true from outreach.mailboxes", TODAY - timedelta(days=1),
        )  # fmt: skip
    firm.crowd(4)
    assert (firm.plan().planned, firm.plan().findings) == (4, ())
    firm.run("update outreach.send_batches set capacity = 99, cap_terms = '[]'")
    firm.run(change)
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert [finding.detail for finding in findings] == [sentence]
    assert firm.plan_state() == [("held", "check failed: no_cap_passed")]


def test_the_caps_of_mailbox_tenant_and_account_are_held(make_firm):
    firm = make_firm(
        policy={"messages_per_day": 12},
        accounts=[{"name": "one", "provider": "generic", "messages_per_day": 14}],
        boxes=[{"name": "ann", "provider_account": "one"}],
    )
    firm.crowd(5)
    assert firm.plan().findings == ()
    found = []
    for _ in range(4):
        firm.copy(3)
        findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
        assert {finding.check for finding in findings} <= {"no_cap_passed"}
        found.append([finding.detail.split(" has ")[0].rstrip(" 0123456789") for finding in findings])
    box = "mailbox ann@acme-mail.example"
    assert found == [[], [box], [box, "the tenant"], [box, "the tenant", "provider account"]]


BY_HAND = {
    "mailbox": ({"policy": {"messages_per_day_per_mailbox": 6}}, "mailbox ann@acme-mail.example has 8 messages"),
    "24 hours": (
        {"policy": {"messages_per_day_per_mailbox": 6, "counts_by": "rolling_24h"}},
        "mailbox ann@acme-mail.example has more messages than its cap of 6 in the 24 hours before",
    ),
    "sending domain": ({"domains": [{"messages_per_day": 6}]}, "sending domain acme-mail.example has 8 messages"),
    "tenant": ({"policy": {"messages_per_day": 6}}, "the tenant has 8 messages"),
    "provider account": (
        {
            "accounts": [{"name": "one", "provider": "generic", "messages_per_day": 6}],
            "boxes": [{"name": "ann", "provider_account": "one"}],
        },
        "has 8 messages and a cap of 6",
    ),
}


@pytest.mark.parametrize("level", BY_HAND)
def test_what_people_sent_by_hand_counts_when_the_cap_is_checked_of_the(make_firm, level):
    parts, sentence = BY_HAND[level]
    firm = make_firm(**parts)
    firm.crowd(5)
    assert (firm.plan().planned, firm.plan().findings) == (5, ())
    mail = (
        "insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state)"
        " select b.tenant_id, b.id, n::text, 1, 'out', %s, 'processed'"
        " from outreach.mailboxes as b, generate_series(%s::integer, %s::integer) as n"
    )
    # After the planning: no fault of the plan. Before it: three that the planner did not see.
    firm.run(mail, NOW + timedelta(hours=1), 1, 5)
    assert check_plan(firm.installation, firm.tenant, TODAY, now=NOW + timedelta(hours=2)) == []
    firm.run(mail, NOW - timedelta(minutes=1), 6, 8)
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert any(sentence in finding.detail for finding in findings)


def test_what_other_tenants_take_of_an_account_counts(make_firm):
    account = {"name": "one", "provider": "generic", "messages_per_day": 14}
    firm = make_firm(accounts=[account], boxes=[{"name": "ann", "provider_account": "one"}])
    firm.configure(slug="birch", accounts=[account], boxes=[{"name": "bea", "provider_account": "one"}])
    firm.crowd(8)
    assert firm.plan().planned == 8
    birch = firm.installation.tenants("birch")[0]
    firm.contacts(*(f"b{number}@else{number}.example" for number in range(9)), slug="birch")
    outcome = plan_day(firm.installation, birch, TODAY, now=NOW)
    assert (outcome.planned, outcome.findings) == (6, ())
    firm.run("update outreach.messages set state = 'deferred' where tenant_id = %s", birch.id)
    firm.copy(1)
    (finding,) = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert finding.detail.endswith("has 15 messages and a cap of 14")


FAULTS_OF_TIME = {
    "before the window": ("scheduled_at = '2026-11-24 07:59+00'", "is outside 09:00-17:00 in Europe/Berlin"),
    "on another date": (
        "scheduled_at = '2026-11-25 09:00+00', window_ends_at = '2026-11-25 16:00+00'",
        "is not on 2026",
    ),
    "until after the window": ("window_ends_at = '2026-11-24 16:30+00'", "may start until 16:30 UTC"),
    "when the window is over": ("scheduled_at = window_ends_at", "start after their window"),
}


@pytest.mark.parametrize("fault", FAULTS_OF_TIME)
def test_a_message_does_not_start(make_firm, fault):
    firm = make_firm()
    firm.crowd(2)
    firm.plan()
    change, sentence = FAULTS_OF_TIME[fault]
    firm.run(f"update outreach.messages set {change} where id = (select max(id) from outreach.messages)")
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert {finding.check for finding in findings} == {"inside_the_window"}
    assert any(sentence in finding.detail for finding in findings)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ("time_zone = 'Asia/Tokyo'", "outside 09:00-17:00 in Asia/Tokyo"),
        ("time_zone = 'Europe/Berlin', country = 'US'", "is on a public holiday there"),
    ],
)
def test_the_windows_of_recipients_are_judged_by_their_own_clock_and_holidays(make_firm, change, sentence):
    firm = make_firm(policy={"window_starts": "10:00"} if "US" in change else {})
    firm.crowd(2)
    # Thanksgiving in the United States.
    thursday = TODAY + timedelta(days=2)
    assert firm.plan(thursday).planned == 2
    firm.run(f"update outreach.contacts set {change}")
    findings = check_plan(firm.installation, firm.tenant, thursday, now=NOW)
    assert any(sentence in finding.detail for finding in findings)
    assert not any("@" in finding.detail for finding in findings)


def test_holidays_of_the_recipients_region_count_for_the_plan_and_for_its_check(make_firm):
    firm = make_firm()
    # Epiphany, a Wednesday: a holiday in Bavaria and none in Berlin.
    epiphany, now = date(2027, 1, 6), datetime(2027, 1, 6, 5, tzinfo=UTC)
    for name, region in (("ann", "Bayern"), ("bob", "DE-BE"), ("cid", "somewhere")):
        firm.contacts({"address": f"{name}@{name}.example", "country": "DE", "region": region}, now=now)
    outcome = firm.plan(epiphany, now=now)
    assert (outcome.summary["excluded"], outcome.findings) == ({"not_working_day": 1}, ())
    (sentence,) = explain_contact(firm.installation, firm.tenant, "ann@ann.example", epiphany, now=now)["sentences"]
    assert sentence.endswith("2027-01-06 is Epiphany in DE-BY.")
    firm.run("update outreach.contacts set region = 'BY' where address like 'bob@%'")
    assert any("is on a public holiday there" in finding.detail
               for finding in check_plan(firm.installation, firm.tenant, epiphany, now=now))  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_nights_on_which_the_clocks_change_pass(make_firm, day):
    firm = make_firm(
        policy={
            "working_days": [1, 2, 3, 4, 5, 6, 7],
            "window_starts": "01:30",
            "window_ends": "03:30",
            "minimum_gap_seconds": 60,
        }
    )
    now = datetime(day.year, day.month, day.day - 1, 5, tzinfo=UTC)
    firm.contacts(*(f"c{number}@night{number}.example" for number in range(9)), now=now)
    outcome = firm.plan(day, now=now)
    assert (outcome.planned, outcome.findings) == (9, ())
