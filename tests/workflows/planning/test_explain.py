"""Every reason code that a contact can meet, each in a case made by hand, and the terms that bind a mailbox."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.reasons import SENTENCES, Reason
from outreach_pipeline.workflows.explain import explain_day, explain_mailbox
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.fleet import MailboxSettings, list_mailboxes, set_mailboxes

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
ANN = "ann@example.com"

SET = "update outreach.{} set {} where address = 'ann@example.com'"
ENROLLED = "update outreach.enrollments set {} where contact_id = (select id from outreach.contacts where address = 'ann@example.com')"
THREAD = ENROLLED.format("next_step = 2, mailbox_id = (select min(id) from outreach.mailboxes), due_on = '{}'")
OTHERS = [f"c{number}@company{number}.example" for number in range(3)]
PAUSE_BOXES = "update outreach.mailboxes set paused_until = 'infinity', paused_reason = 'new DNS'"

# reason -> (what the configuration has, who is imported before Ann, what happens then, what the answer says besides)
CASES = {
    "planned": ({}, [], [], "Step 1 from ann-box@acme-mail.example is planned"),
    "campaign_paused": ({}, [], ["update outreach.campaigns set state = 'paused'"], ""),
    "no_step": ({}, [], [THREAD.format(TODAY), "delete from outreach.campaign_steps where step_number = 2"], ""),
    "suppressed": (
        {},
        [],
        [("insert into outreach.suppressions (tenant_id, scope, value, reason)"
         " select id, 'domain', 'example.com', 'manual' from outreach.tenants")],
        "Suppressed: domain example.com (manual,",
    ),
    "invalid_address": ({}, [], [SET.format("contacts", "verification = 'invalid'")], ""),
    "no_mail_domain": (
        {},
        [],
        [("insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
         " values ('example.com', 'example.com', 'no_mail', now(), now())")],
        "",
    ),
    "left_company": ({}, [], [SET.format("contacts", "left_company_at = now()")], ""),
    "no_lawful_basis": ({}, [], [SET.format("contacts", "lawful_basis = 'contract'")], "Its lawful basis is contract."),
    "jurisdiction_not_accepted": ({}, [], [SET.format("contacts", "jurisdiction = null")], "Its jurisdiction is unknown."),
    "list_paused": ({}, [], ["update outreach.contact_lists set state = 'paused', paused_reason = 'bounces'"], "bounces"),
    "list_canary_hold": (
        {},
        OTHERS,
        ["update outreach.contact_lists set canary_hold_seconds = 172800, canary_contacts = 3"],
        "Of the canary of 3, 0 had gone out or were on their way before this plan; the others follow 48 hours of working days",
    ),
    "out_of_office": ({}, [], [SET.format("contacts", "out_until = '2026-12-01'")], "Back on 2026-12-01."),
    "not_due": ({}, [], [THREAD.format("2026-11-27")], "Step 2 is due on 2026-11-27."),
    "mailbox_unavailable": (
        {},
        [],
        [THREAD.format(TODAY), PAUSE_BOXES],
        "The thread's mailbox is ann-box@acme-mail.example, active, paused without an end: new DNS.",
    ),
    "not_working_day": ({"policy": {"working_days": [1, 3, 4, 5]}}, [], [], "Its window is 09:00-17:00 in Europe/Berlin."),
    "outside_window": (
        {"policy": {"window_starts": "00:10", "window_ends": "04:00"}}, [], [], "Its window is 00:10-04:00 in Europe/Berlin."
    ),
    "unverified_cap": (
        {"policy": {"unverified_per_day": 0}},
        [],
        [SET.format("contacts", "verification = 'unverified'")],
        "It is unverified: 0 a day (unverified_per_day).",
    ),
    "catch_all_cap": (
        {"policy": {"catch_all_per_day": 0}},
        [],
        [SET.format("contacts", "verification = 'catch_all', verified_at = '2026-11-20'")],
        "It is catch_all: 0 a day (catch_all_per_day).",
    ),
    "company_cap": ({}, ["bob@example.com", "cid@example.com"], [], "The company is example.com."),
    "site_cap": ({"policy": {"messages_per_day_per_site": {"example.com": 0}}}, [], [], "example.com may get 0 a day."),
    "no_mailbox": ({}, [], [PAUSE_BOXES], "The campaign's mailbox may send 0 that day"),
    "no_capacity": (
        {"policy": {"messages_per_day_per_mailbox": 3}},
        OTHERS,
        [],
        "The campaign's mailbox may send 3 that day, 0 had gone out and 3 are planned; it is bound by policy.",
    ),
    "follow_ups_reserved": (
        {"policy": {"messages_per_day_per_mailbox": 1}},
        OTHERS[:1],
        [("update outreach.enrollments set next_step = 2, mailbox_id = (select id from outreach.mailboxes),"
         " due_on = '2026-11-26' where contact_id <> (select id from outreach.contacts where address = 'ann@example.com')")],
        "may send 1 that day",
    ),
    "mailbox_paused": (
        {"policy": {"minimum_gap_seconds": 3000}},
        OTHERS,
        ["update outreach.mailboxes set paused_until = '2026-11-24 15:20+00'"],
        "it is bound by paused.",
    ),
    "gap_full": (
        {"policy": {"window_starts": "06:00", "window_ends": "07:00", "minimum_gap_seconds": 3000}},
        OTHERS,
        [],
        "it is bound by gap.",
    ),
    "places_free_late": (
        {"policy": {"counts_by": "rolling_24h", "messages_per_day_per_mailbox": 3}},
        OTHERS,
        [("insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state)"
          " select b.tenant_id, b.id, n::text, 1, 'out', '2026-11-23 15:59+00', 'processed'"
          " from outreach.mailboxes as b, generate_series(1, 3) as n")],
        "it is bound by rolling_24h. 1 of its 3 places come free in time: 3 were used less than 24 hours before, the first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", CASES)
def test_why_ann_is_or_is_not_written_to(make_firm, reason):
    sections, others, statements, detail = CASES[reason]
    firm = make_firm(boxes=["ann-box"], **sections)
    firm.run("update outreach.mailboxes set lifecycle = 'active'")
    firm.contacts(*others, ANN)
    for statement in statements:
        firm.run(statement)
    before = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert firm.run("select count(*) from outreach.messages") == [(0,)]
    firm.plan()
    after = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert (before["reason"], after["reason"]) == (reason, reason)
    (sentence,) = after["sentences"]
    assert sentence.startswith(f"{ANN}, spring, 2026-11-24: {reason}.")
    assert detail in sentence


def test_a_contact_that_another_campaign_writes_to_is_busy_and_one_planned_elsewhere_has_its_message(make_firm):
    firm = make_firm(boxes=["ann-box"], campaigns=[{"priority": 200}, {"slug": "autumn"}])
    firm.contacts(ANN)
    firm.contacts(ANN, campaign="autumn")
    firm.plan()
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert {each["campaign"]: each["reason"] for each in found["answers"]} == {
        "spring": "planned",
        "autumn": "contact_busy",
    }
    firm.plan(TODAY + timedelta(days=1))
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY + timedelta(days=1), now=NOW)
    assert {each["campaign"]: each["reason"] for each in found["answers"]} == {
        "spring": "already_planned",
        "autumn": "contact_busy",
    }


def test_every_reason_has_a_case_and_a_sentence():
    # The first two have their own tests here, the others in the planner's own or beside; the last two are counts.
    apart = {
        Reason.ALREADY_PLANNED,
        Reason.CONTACT_BUSY,
        Reason.SITE_WARM_UP,
        Reason.OTHER_CAMPAIGN,
        Reason.ENROLLMENT_PAUSED,
        Reason.NOT_READ,
    }
    known = {each for each in Reason if each in CASES}
    assert {each for each in Reason if each not in apart} == known
    assert all(SENTENCES[each].endswith(".") for each in Reason)


def test_who_is_not_even_read_is_told_the_true_cause(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 1})
    # More are due before Ann than the pool can serve, so that the plan has not read her.
    firm.crowd(230)
    firm.contacts(ANN)
    firm.plan()
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert found["reason"] == "no_capacity"
    assert "1 is planned; it is bound by policy." in found["sentences"][0]
    firm.run(PAUSE_BOXES)
    outcome = firm.plan(now=NOW + timedelta(hours=1))
    assert outcome.summary["excluded"] == {"no_mailbox": 50, "not_read": 181}
    found = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert found["reason"] == "no_mailbox"
    assert "may send 0 that day, 0 had gone out and 0 are planned; it is bound by paused." in found["sentences"][0]


def test_what_happened_after_the_plan_answers_too(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    firm.run("update outreach.messages set state = 'cancelled', reason = 'suppressed_stop'")
    assert explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)["reason"] == "suppressed_stop"
    firm.contacts("late@example.com", now=NOW + timedelta(hours=2))
    firm.run("update outreach.enrollments set enrolled_at = %s where id = (select max(id) from outreach.enrollments)",
             NOW + timedelta(hours=2))  # fmt: skip
    found = explain_contact(firm.installation, firm.tenant, "late@example.com", TODAY, now=NOW)
    assert found["reason"] == "not_enrolled"


BINDING = {
    "policy": ({}, {}, "policy 'default' allows 10 a day and mailbox"),
    "mailbox": ({}, {"messages_per_day": 7}, "set to 7 for this mailbox"),
    "warm_up": (
        {},
        {"warmup_curve": "mine", "warmup_days_before": 1},
        "day 2 of curve 'mine' allows 4 x health 1.00 = 4",
    ),
    "tenant": ({"policy": {"messages_per_day": 3}}, {}, "the tenant may send 3 a day over all its mailboxes"),
    "sending_domain": ({"domains": [{"messages_per_day": 2}]}, {}, "acme-mail.example may send 2 a day over all"),
    "provider_account": (
        {"accounts": [{"name": "one", "provider": "generic", "messages_per_day": 5}]},
        {"provider_account": "one"},
        "one may send 5 a day",
    ),
    "receive_only": ({}, {"receive_only": True}, "the mailbox only receives"),
    "gap": ({"policy": {"minimum_gap_seconds": 7200}}, {}, "the rest of the day holds 4 at 7200 s between them"),
}


@pytest.mark.parametrize("term", BINDING)
def test_why_a_mailbox_has_this_many_and_not_more(make_firm, term):
    sections, box, detail = BINDING[term]
    firm = make_firm(boxes=[{"name": "ann-box", **box}], warmup_curves={"mine": [2, 4, 6]}, **sections)
    firm.crowd(12)
    outcome = firm.plan()
    found = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    assert found["cap_terms"][0]["term"] == term
    assert found["planned"] == outcome.planned == found["capacity"] == found["cap_terms"][0]["messages_per_day"]
    instead = "" if term == "policy" else " and not 10"
    assert found["sentences"][0].startswith(
        f"ann-box@acme-mail.example may send {found['capacity']} on 2026-11-24{instead}: "
    )
    assert detail in found["sentences"][0]


def test_the_lifecycle_is_told_with_whoever_moved_it_and_why(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.crowd(3)
    found = list_mailboxes(firm.installation, firm.tenant, filters={}, now=NOW)
    resting = MailboxSettings(lifecycle=Lifecycle.RESTING, reason="new DNS")
    set_mailboxes(firm.installation, found, resting, author="kim", now=NOW)
    firm.plan()
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    assert told["sentences"][0].endswith("may send 0 on 2026-11-24 and not 10: the mailbox is resting.")
    assert "Now it is resting since 2026-11-24, set by kim: new DNS." in told["sentences"]
    assert (told["lifecycle"], told["lifecycle_evidence"]["reason"]) == ("resting", "new DNS")
    set_mailboxes(
        firm.installation, found, MailboxSettings(clears_lifecycle=True), author="lee", now=NOW + timedelta(days=2)
    )
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    assert (
        "Now it is resting since 2026-11-24, set by kim: new DNS. lee gave it back to the rules on 2026-11-26: they decide again "
        "from the next evaluation on, and until then it stays as it is."
    ) in told["sentences"]
    firm.run(
        "update outreach.mailboxes set lifecycle_evidence = %s",
        json.dumps({"rule": "blocks_high", "measure": "blocks", "trials": 80, "bad": 9, "low_ratio": 0.0737,
                    "limit_ratio": 0.05, "source": "WarmySender"}),
    )  # fmt: skip
    told = explain_mailbox(firm.installation, firm.tenant, "ann-box@acme-mail.example", TODAY, now=NOW)
    assert (
        "Now it is resting since 2026-11-24 by the rule blocks_high: 9 blocks in 80, that is 7.37% or more, "
        "and the limit is 5.00% (WarmySender)."
    ) in told["sentences"]


SHARED = {
    "tenant": ({"policy": {"messages_per_day": 13}}, {}, "the tenant may send 13 a day over all its mailboxes"),
    "sending_domain": ({"domains": [{"messages_per_day": 13}]}, {}, "acme-mail.example may send 13 a day over all"),
    "provider_account": (
        {"accounts": [{"name": "one", "provider": "generic", "messages_per_day": 13}]},
        {"provider_account": "one"},
        "one may send 13 a day",
    ),
}


@pytest.mark.parametrize("term", SHARED)
def test_places_that_a_shared_cap_leaves_empty_name_it_as_the_cause(make_firm, term):
    sections, box, detail = SHARED[term]
    firm = make_firm(boxes=[{"name": name, **box} for name in ("ann", "bob")], **sections)
    firm.contacts(*(f"c{number}@company{number}.example" for number in range(20)), ANN)
    assert firm.plan().planned == 13
    rows = explain_day(firm.installation, [firm.tenant], TODAY)["mailboxes"]
    assert [row["capacity"] for row in rows] == [10, 10]
    assert sum(row["empty"] for row in rows) == 7
    for row in rows:
        assert row["bound_by"] == (term if row["empty"] else "policy")
        sentences = explain_mailbox(firm.installation, firm.tenant, row["mailbox"], TODAY, now=NOW)["sentences"]
        if row["empty"]:
            assert sentences[-1].startswith(f"{row['empty']} places stay empty: {detail}")
            assert sentences[-1].endswith("and the plan uses up the rest.")
    (sentence,) = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)["sentences"]
    assert f"by {term}" in sentence
    assert "The campaign's 2 mailboxes may send 13 that day, 0 had gone out and 13 are planned; " in sentence


@pytest.mark.parametrize(
    "state, planned, ending",
    [
        ("active", 6, " No more contacts of spring were due."),
        ("paused", 0, " Contacts of spring that could have begun with it and were not planned: 6 campaign_paused."),
    ],
)
def test_places_that_stay_empty_for_want_of_demand_are_no_cap_s_doing(make_firm, state, planned, ending):
    account = {"name": "one", "provider": "generic", "messages_per_day": 9}
    firm = make_firm(
        boxes=[{"name": name, "provider_account": "one"} for name in ("ann", "bob")],
        accounts=[account],
    )
    firm.crowd(6)
    firm.run("update outreach.campaigns set state = %s", state)
    assert firm.plan().planned == planned
    for row in explain_day(firm.installation, [firm.tenant], TODAY)["mailboxes"]:
        assert (row["capacity"], row["bound_by"]) == (9, "demand")
        sentences = explain_mailbox(firm.installation, firm.tenant, row["mailbox"], TODAY, now=NOW)["sentences"]
        assert sentences[0].endswith(
            "may send 9 on 2026-11-24 and not 10: one may send 9 a day (the account's own limit), 0 are taken."
        )
        assert sentences[-1] == f"{9 - planned // 2} places stay empty.{ending}"


def test_a_date_as_a_whole_shows_the_waterfall_by_tenant_campaign_mailbox_and_site(make_firm):
    firm = make_firm(
        boxes=["ann", {"name": "bob", "messages_per_day": 4}],
        campaigns=[{}, {"slug": "autumn", "accepted_jurisdictions": ["FR"]}],
    )
    firm.configure(slug="birch")
    firm.crowd(20)
    firm.contacts("a@else.example", campaign="autumn")
    outcome = firm.plan()
    found = explain_day(firm.installation, firm.installation.tenants(), TODAY)
    acme, birch = found["tenants"]
    assert (acme["demand"], acme["planned"], acme["excluded"]) == (
        21,
        14,
        {"jurisdiction_not_accepted": 1, "no_capacity": 6},
    )
    assert [(step.name, step.count, step.left) for step in acme["waterfall"]] == [
        ("demand", 21, 21),
        ("jurisdiction_not_accepted", 1, 20),
        ("no_capacity", 6, 14),
        ("planned", 14, 14),
    ]
    assert (acme["state"], acme["input_sha256"]) == ("ready", outcome.input_sha256)
    assert (birch["tenant"], birch["mode"]) == ("birch", None)
    assert [(row["campaign"], row["demand"], row["planned"]) for row in found["campaigns"]] == [
        ("spring", 20, 14),
        ("autumn", 1, 0),
    ]
    assert [(row["mailbox"], row["capacity"], row["planned"], row["bound_by"]) for row in found["mailboxes"]] == [
        ("ann@acme-mail.example", 10, 10, "policy"),
        ("bob@acme-mail.example", 4, 4, "mailbox"),
    ]
    assert sum(row["demand"] for row in found["sites"]) == 21
    assert sum(row["planned"] for row in found["sites"]) == 14
