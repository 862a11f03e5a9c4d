"""Contacts that a plan did not read, since more are due than its mailboxes have places: each is told its own cause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from outreach_pipeline.core.plan.inputs import COLUMNS, Candidates
from outreach_pipeline.workflows.explain import explain_day
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.plan_day import about_to_plan, decide
from outreach_pipeline.workflows.plan_inputs import Reader

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
BEFORE = NOW - timedelta(days=1)
ANN = "ann@example.com"
ONE_PLACE = {"messages_per_day_per_mailbox": 1}

SET_ANN = "update outreach.contacts set {} where address = 'ann@example.com'"
OF_ANN = "(select max(id) from outreach.contact_lists)"
LATER = "2026-11-26 09:00+01"
SUPPRESS = (
    "insert into outreach.suppressions (tenant_id, scope, value, reason, created_at)"
    " select id, '{}', '{}', 'manual', '{}' from outreach.tenants"
)

# reason -> (the policy, what has happened to Ann, what the answer says besides)
CASES: dict[str, tuple[dict[str, Any], list[str], str]] = {
    "suppressed": ({}, [SUPPRESS.format("domain", "example.com", BEFORE)], "Suppressed: domain example.com (manual,"),
    "invalid_address": ({}, [SET_ANN.format("verification = 'invalid'")], ""),
    "no_mail_domain": (
        {},
        [
            (
                "insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
                " values ('example.com', 'example.com', 'no_mail', now(), now())"
            )
        ],
        "",
    ),
    "left_company": ({}, [SET_ANN.format(f"left_company_at = '{BEFORE}'")], ""),
    "no_lawful_basis": ({}, [SET_ANN.format("lawful_basis = 'contract'")], "Its lawful basis is contract."),
    "jurisdiction_not_accepted": ({}, [SET_ANN.format("jurisdiction = 'FR'")], "Its jurisdiction is FR."),
    "list_paused": (
        {},
        [f"update outreach.contact_lists set state = 'paused', paused_reason = 'bounces' where id = {OF_ANN}"],
        "bounces",
    ),
    "list_canary_hold": (
        {},
        [f"update outreach.contact_lists set canary_hold_seconds = 1, hold_until = '{LATER}' where id = {OF_ANN}"],
        "after the last of it: as is known now, from 2026-11-26 09:00 in Europe/Berlin on.",
    ),
    "out_of_office": ({}, [SET_ANN.format("out_until = '2026-12-01'")], "Back on 2026-12-01."),
    "not_working_day": ({"working_days": [1, 3, 4, 5]}, [], "Tuesday is no working day of the policy."),
    "outside_window": (
        {"window_starts": "00:10", "window_ends": "04:00"},
        [],
        "Its window is 00:10-04:00 in Europe/Berlin.",
    ),
    "no_mailbox": ({}, ["update outreach.mailboxes set paused_until = 'infinity'"], "may send 0 that day"),
    "no_capacity": ({}, [], "may send 1 that day, 0 had gone out and 1 is planned; it is bound by policy."),
}


@pytest.mark.parametrize("reason", CASES)
def test_who_was_not_read_is_judged_by_the_rules_of_all(make_firm, reason):
    policy, statements, detail = CASES[reason]
    firm = make_firm(boxes=["ann-box"], policy={**ONE_PLACE, **policy})
    firm.crowd(80)
    firm.contacts(ANN)
    for statement in statements:
        firm.run(statement)
    before = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    outcome = firm.plan()
    assert outcome.summary["excluded"]["not_read"] > 0
    after = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert (before["reason"], after["reason"]) == (reason, reason)
    (sentence,) = after["sentences"]
    assert detail in sentence


def test_who_was_not_read_lacks_what_those_before_it_lacked(make_firm):
    firm = make_firm(boxes=["ann-box"], policy=ONE_PLACE)
    firm.crowd(80)
    firm.contacts(ANN)
    # On the day of their second step the only place belongs to a follow-up.
    firm.run(
        "update outreach.enrollments set next_step = 2, mailbox_id = (select id from outreach.mailboxes),"
        " due_on = '2026-11-26' where id = (select min(id) from outreach.enrollments)"
    )
    firm.plan()
    assert explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)["reason"] == "follow_ups_reserved"


@pytest.mark.parametrize(
    "policy, columns, reason",
    [
        ({"messages_per_day_per_site": {"example.com": 1}}, {}, "site_cap"),
        ({"unverified_per_day": 0}, {"verification": "unverified"}, "unverified_cap"),
        ({"catch_all_per_day": 0}, {"verification": "catch_all"}, "catch_all_cap"),
        ({"messages_per_day_per_site": {"example.com": 2}, "unverified_per_day": 1}, {}, "no_capacity"),
    ],
)
def test_who_was_not_read_is_told_a_cap_that_the_plan_has_filled(make_firm, policy, columns, reason):
    firm = make_firm(boxes=["ann-box"], policy={**ONE_PLACE, **policy})
    firm.contacts({"address": "first@example.com"}, *(f"c{number}@company{number}.example" for number in range(80)))
    firm.contacts({"address": ANN, **columns})
    assert firm.plan().summary["excluded"]["not_read"] > 0
    answer = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert answer["reason"] == reason


@pytest.mark.parametrize("sent", [False, True])
def test_who_was_not_read_is_told_that_the_plan_has_filled_the_cap_of_the_company(make_firm, sent):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 2})
    firm.contacts("first@one.example", "second@sub.one.example", "third@two.example")
    firm.crowd(80)
    firm.contacts("late@one.example", "late@two.example", "late@gmail.com")
    firm.plan()
    planned = firm.run("select to_address from outreach.messages order by 1")
    assert planned == [("first@one.example",), ("second@sub.one.example",)]
    if sent:
        firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
        firm.run(
            "update outreach.enrollments set next_step = 2 where id in (select enrollment_id from outreach.messages)"
        )

    def reason(address: str) -> str:
        return str(explain_contact(firm.installation, firm.tenant, address, TODAY, now=NOW)["reason"])

    assert reason("late@one.example") == "company_cap"
    assert (reason("late@two.example"), reason("late@gmail.com")) == ("no_capacity", "no_capacity")


@pytest.mark.parametrize("table", ["suppressions", "operator_suppressions"])
def test_an_opt_out_under_another_tag_is_told_of_who_was_not_read(make_firm, table):
    firm = make_firm(boxes=["ann-box"], policy=ONE_PLACE)
    firm.crowd(80)
    firm.contacts("zed+other@example.com")
    statement = SUPPRESS.format("address", "zed@example.com", BEFORE)
    if table == "operator_suppressions":
        statement = (
            "insert into outreach.operator_suppressions (scope, value, reason, created_at)"
            f" values ('address', 'zed@example.com', 'manual', '{BEFORE}')"
        )
    firm.run(statement)
    firm.plan()
    told = explain_contact(firm.installation, firm.tenant, "zed+other@example.com", TODAY, now=NOW)
    assert told["reason"] == "suppressed"
    assert "address zed@example.com" in told["sentences"][0]


def test_a_sequence_that_ended_after_the_plan_still_kept_another_back_then(make_firm):
    firm = make_firm(boxes=["ann-box"], policy=ONE_PLACE, campaigns=[{}, {"slug": "autumn", "priority": 50}])
    firm.crowd(80)
    firm.contacts(ANN)
    firm.contacts(*(f"d{number:03}@firm{number:03}.example" for number in range(80)), campaign="autumn")
    firm.contacts(ANN, campaign="autumn")
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', last_sent_at = '2026-11-10',"
        " mailbox_id = (select id from outreach.mailboxes)"
        " where campaign_id = (select id from outreach.campaigns where slug = 'spring')"
        f" and contact_id = (select id from outreach.contacts where address = '{ANN}')"
    )

    def autumn() -> dict[str, Any]:
        found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
        return next(each for each in found["answers"] if each["campaign"] == "autumn")

    firm.plan()
    told = autumn()
    assert told["reason"] == "other_campaign"
    firm.run(
        "update outreach.enrollments set state = 'stopped', stop_reason = 'replied', stopped_at = %s where next_step = 2",
        NOW + timedelta(hours=8),
    )
    assert autumn() == told


def test_another_message_to_who_was_not_read_is_told(make_firm):
    firm = make_firm(boxes=["ann-box"], policy=ONE_PLACE, campaigns=[{}, {"slug": "autumn", "priority": 200}])
    firm.crowd(80)
    firm.contacts(ANN)
    firm.contacts(ANN, campaign="autumn")
    firm.plan()

    def spring(day: date) -> dict[str, Any]:
        found = explain_contact(firm.installation, firm.tenant, ANN, day, now=NOW)
        return next(each for each in found["answers"] if each["campaign"] == "spring")

    assert spring(TODAY)["reason"] == "contact_busy"
    assert "Step 1 of autumn from ann-box@acme-mail.example is planned: 2026-11-24" in spring(TODAY)["detail"]
    firm.run("update outreach.messages set created_at = %s", NOW)
    firm.plan(TODAY + timedelta(days=1))
    assert spring(TODAY + timedelta(days=1))["reason"] == "contact_busy"
    firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', last_sent_at = '2026-11-24 09:30+01'"
        " where campaign_id = (select id from outreach.campaigns where slug = 'autumn')"
    )
    firm.plan(TODAY + timedelta(days=1), now=NOW + timedelta(days=1))
    told = spring(TODAY + timedelta(days=1))
    assert told["reason"] == "other_campaign"
    assert (
        "Step 2 of autumn is due on 2026-11-26. A first mail of another campaign may go from 2026-12-03"
        in told["detail"]
    )
    # What is sent later is no cause of what was planned before.
    later = datetime.fromisoformat("2026-11-26T09:00:00+01:00")
    firm.run(
        "insert into outreach.send_batches select tenant_id, mailbox_id, %s, mode, capacity, already_sent, planned, cap_terms,"
        " planned_at from outreach.send_batches limit 1", later.date(),
    )  # fmt: skip
    firm.run(
        "insert into outreach.messages (tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, campaign_id, contact_id,"
        " contact_list_id, step_number, variant, to_address, company_domain, recipient_site, scheduled_at, window_ends_at,"
        " message_id, sending_at, sent_at, created_at)"
        " select tenant_id, kind, state, mailbox_id, %s, enrollment_id, campaign_id, contact_id, contact_list_id, 2, variant,"
        " to_address, company_domain, recipient_site, %s, %s, 'two', %s, %s, %s from outreach.messages where to_address = %s",
        later.date(), later, later + timedelta(hours=1), later, later, later, ANN,
    )  # fmt: skip
    firm.run(
        "update outreach.enrollments set next_step = 3, state = 'finished', last_sent_at = %s"
        " where campaign_id = (select id from outreach.campaigns where slug = 'autumn')", later
    )  # fmt: skip
    assert spring(TODAY + timedelta(days=1)) == told


def columns_of(each: Candidates) -> dict[str, Any]:
    """Return a single candidate's columns with words for codes; what the company gets is no rule of one contact."""
    words = {"site", "zone", "country", "jurisdiction", "lawful_basis", "verification"}
    found = {name: getattr(each, name)[0] for name in COLUMNS if name not in {"company", "company_taken"}}
    return {name: each.word(int(value)) if name in words else value for name, value in found.items()}


def test_a_candidate_is_read_alone_as_it_is_among_all(make_firm):
    firm = make_firm(boxes=["ann-box"], campaigns=[{"priority": 200}, {"slug": "autumn"}])
    firm.contacts(
        "plain@a.example",
        {"address": "zoned@b.example", "time_zone": "America/New_York", "country": "DE", "region": "BY"},
        {"address": "no@basis.example", "lawful_basis": "", "jurisdiction": ""},
        {"address": "old@c.example", "verification": "catch_all"},
        {"address": "bad@d.example", "verification": "invalid"},
        "free@gmail.com", "stop@e.example", "stop+other@e.example", "stop@sub.domain.example", "all@f.example", "all@op.example",
        "left@g.example", "out@h.example", "none@nomail.example", "known@site.example",
        *(f"{state}@state.example" for state in ("sent", "failed", "deferred", "claimed", "outcome_unknown", "planned")),
    )  # fmt: skip
    firm.crowd(4)
    firm.run("update outreach.contacts set verified_at = '2026-01-01' where address = 'old@c.example'")
    firm.run("update outreach.contacts set left_company_at = %s where address = 'left@g.example'", BEFORE)
    firm.run("update outreach.contacts set out_until = '2026-12-01' where address = 'out@h.example'")
    for scope, value in (("address", "stop@e.example"), ("domain", "domain.example")):
        firm.run(SUPPRESS.format(scope, value, BEFORE))
    firm.run(
        "insert into outreach.operator_suppressions (scope, value, reason, created_at)"
        " values ('address', 'all@f.example', 'x', %s), ('domain', 'op.example', 'x', %s)", BEFORE, BEFORE
    )  # fmt: skip
    firm.run(
        "insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at) values"
        " ('nomail.example', 'nomail.example', 'no_mail', now(), now()), ('site.example', 'google', 'resolved', now(), now())"
    )
    firm.run("update outreach.contact_lists set canary_hold_seconds = 172800, canary_contacts = 2 where row_count = 4")
    # What autumn has for six of them: states of a message for the date, and a sequence under way.
    firm.plan()
    firm.run(
        "delete from outreach.messages where to_address not like '%%@state.example' and to_address not like 'c00%%'"
    )
    firm.contacts(
        *(row[0] for row in firm.run("select to_address from outreach.messages order by id")), campaign="autumn"
    )
    for state in ("sent", "failed", "deferred", "claimed", "outcome_unknown"):
        firm.run(
            "update outreach.messages set state = %s, sending_at = case when %s in ('sent', 'outcome_unknown')"
            " then scheduled_at end where to_address = %s", state, state, f"{state}@state.example"
        )  # fmt: skip
    firm.run(
        "update outreach.enrollments as e set next_step = 2, due_on = '2026-11-25', last_sent_at = '2026-11-24 04:00+00'"
        " from outreach.messages as m where m.enrollment_id = e.id and m.to_address in"
        " (select address from outreach.contacts order by id limit 17)"
    )
    firm.run(
        "update outreach.contact_lists set state = 'paused' where id = (select max(id) from outreach.contact_lists)"
    )
    tomorrow = TODAY + timedelta(days=1)
    seen = set()
    for day in (TODAY, tomorrow):
        with firm.installation.database.tenant(firm.tenant.id) as transaction:
            reader = Reader(transaction, firm.tenant, day, NOW)
            with about_to_plan(reader) as facts:
                inputs, decided = decide(reader, facts)
                for position, enrollment in enumerate(inputs.candidates.enrollment_id.tolist()):
                    alone, _ = reader.candidate(enrollment, facts, known_until=datetime.max.replace(tzinfo=UTC))
                    assert columns_of(alone) == columns_of(inputs.candidates.at(position))
                    seen.add(str(decided.reason(position)))
    assert seen >= {
        "suppressed", "invalid_address", "no_mail_domain", "left_company", "no_lawful_basis", "already_planned",
        "contact_busy", "other_campaign", "list_paused", "list_canary_hold", "out_of_office", "planned",
    }  # fmt: skip


def test_the_waterfall_names_those_that_were_not_read_apart(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"canary_contacts": 5, "canary_hold_seconds": 172_800})
    firm.crowd(300)
    summary = firm.plan().summary
    # Ten places: 63 are read, of whom the canary may be written to.
    assert (summary["demand"], summary["planned"], summary["excluded"]) == (300, 5, {"list_canary_hold": 295})
    firm.run("update outreach.mailboxes set messages_per_day = 3")
    summary = firm.plan(now=NOW + timedelta(minutes=1)).summary
    # Two places are lacking for the canary; the others would wait though there were more.
    assert summary["excluded"] == {"no_capacity": 2, "list_canary_hold": 49, "not_read": 246}
    found = explain_day(firm.installation, [firm.tenant], TODAY)
    assert [(step.name, step.count) for step in found["tenants"][0]["waterfall"]][-2:] == [
        ("not_read", 246),
        ("planned", 3),
    ]
    (campaign,) = found["campaigns"]
    assert campaign["excluded"]["not_read"] == 246
    assert sum(row["demand"] for row in found["sites"]) == 300
    assert found["sites"][0] == {
        "tenant": "acme", "site": "(not read)", "demand": 246, "planned": 0, "excluded": {"not_read": 246},
    }  # fmt: skip
    last = explain_contact(firm.installation, firm.tenant, "c299@company299.example", TODAY, now=NOW)
    assert last["reason"] == "list_canary_hold"
