"""What explain says of a date that was planned stays what it was: what happened later is no cause of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.suppress import suppress, suppress_everywhere

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
LATER = NOW + timedelta(days=10)
ANN = "ann@example.com"
FIRST = "c000@company000.example"


def answer(firm: Any, address: str, day: date = TODAY) -> tuple[str, str]:
    found = explain_contact(firm.installation, firm.tenant, address, day, now=LATER)
    return found["reason"], found["answers"][0]["detail"]


def opt_out(firm: Any, address: str) -> None:
    with firm.installation.database.tenant(firm.tenant.id) as transaction:
        suppress(transaction, scope="address", value=address, reason="manual", origin="test", now=LATER)


@pytest.mark.parametrize("others", [4, 80])
def test_who_opted_out_later_is_told_what_the_plan_had(make_firm, others):
    # Ann is read, or is not.
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 1})
    firm.crowd(others)
    firm.contacts(ANN)
    firm.plan()
    before = answer(firm, ANN)
    assert before[0] == "no_capacity"
    opt_out(firm, ANN)
    assert answer(firm, ANN) == (
        "no_capacity",
        f"{before[1]} Later, on 2026-12-04 05:00 UTC, the enrollment was stopped: suppressed_manual.",
    )
    firm.plan(date(2026, 12, 4), now=LATER)
    assert answer(firm, ANN, date(2026, 12, 4)) == (
        "suppressed_manual",
        "The enrollment is stopped since 2026-12-04 05:00 UTC: suppressed_manual.",
    )


def test_what_the_operator_suppressed_later_is_no_cause_and_is_told(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 1})
    firm.crowd(80)
    firm.contacts(ANN)
    firm.plan()
    with firm.installation.database.operator() as transaction:
        suppress_everywhere(transaction, scope="domain", value="example.com", reason="a court's order", now=LATER)
    reason, detail = answer(firm, ANN)
    assert reason == "no_capacity"
    assert detail.endswith(" Later, on 2026-12-04 05:00 UTC, it was suppressed: domain example.com (a court's order).")
    firm.plan(date(2026, 12, 4), now=LATER)
    assert answer(firm, ANN, date(2026, 12, 4))[0] == "suppressed"


def test_a_campaign_or_a_list_that_was_paused_later_is_no_cause(make_firm):
    firm = make_firm(boxes=["ann-box"], policy={"messages_per_day_per_mailbox": 1})
    firm.crowd(80)
    firm.plan()
    last = "c079@company079.example"
    firm.run("update outreach.campaigns set state = 'paused'")
    firm.run("update outreach.contact_lists set state = 'paused'")
    assert answer(firm, last)[0] == "no_capacity"
    firm.plan(date(2026, 12, 4), now=LATER)
    assert answer(firm, last, date(2026, 12, 4))[0] == "campaign_paused"


def test_a_sequence_that_was_sent_on_or_ended_later_was_not_due_yet(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(FIRST)
    firm.plan()

    def send(day: date, *, step: int) -> None:
        firm.run(
            "update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at"
            " where state = 'planned' and plan_date = %s", day
        )  # fmt: skip
        firm.run(
            "update outreach.enrollments set next_step = %s, due_on = %s::date + 2, last_sent_at = %s,"
            " mailbox_id = (select id from outreach.mailboxes), state = case when %s = 3 then 'finished' else 'active' end",
            step, day, datetime.combine(day, NOW.timetz()) + timedelta(hours=5), step,
        )  # fmt: skip

    send(TODAY, step=2)
    tomorrow = TODAY + timedelta(days=1)
    firm.plan(tomorrow, now=NOW + timedelta(days=1))
    due = ("not_due", "The wait of the step, in working days, is not over. Step 2 is due on 2026-11-26.")
    assert answer(firm, FIRST, tomorrow) == due
    firm.plan(TODAY + timedelta(days=2), now=NOW + timedelta(days=2))
    send(TODAY + timedelta(days=2), step=3)
    firm.plan(TODAY + timedelta(days=3), now=NOW + timedelta(days=3))
    assert answer(firm, FIRST, tomorrow) == due
    found = explain_contact(firm.installation, firm.tenant, FIRST, tomorrow, now=LATER)
    assert found["answers"][0]["step"] == 2
    assert answer(firm, FIRST, TODAY + timedelta(days=3))[0] == "finished"


def test_a_sequence_that_was_stopped_later_was_not_due_yet(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(FIRST)
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-26', mailbox_id = (select id from outreach.mailboxes)"
    )
    firm.plan()
    firm.run(
        "update outreach.enrollments set state = 'stopped', stop_reason = 'mailbox_unavailable', stopped_at = %s", LATER
    )
    assert answer(firm, FIRST) == (
        "not_due",
        (
            "The wait of the step, in working days, is not over. Step 2 is due on 2026-11-26. "
            "Later, on 2026-12-04 05:00 UTC, the enrollment was stopped: mailbox_unavailable."
        ),
    )


def test_of_messages_that_were_taken_back_the_latest_answers(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    firm.run("update outreach.messages set state = 'cancelled', reason = 'enrollment_paused'")
    assert answer(firm, ANN)[0] == "enrollment_paused"
    firm.plan(now=NOW + timedelta(minutes=1))
    assert answer(firm, ANN)[0] == "planned"
    firm.run("update outreach.mailboxes set lifecycle = 'quarantined'")
    firm.plan(now=NOW + timedelta(minutes=2))
    reason, detail = answer(firm, ANN)
    assert reason == "no_mailbox"
    assert "had been planned for" in detail


def test_a_thread_that_has_moved_since_is_told_with_the_mailbox_that_it_had(make_firm):
    firm = make_firm(boxes=["ann-box", "bob-box"])
    firm.contacts(ANN)
    first, second = (row[0] for row in firm.run("select id from outreach.mailboxes order by id"))
    firm.run("update outreach.enrollments set next_step = 2, due_on = '2026-11-23', mailbox_id = %s", first)
    firm.run("update outreach.mailboxes set paused_until = 'infinity', paused_reason = 'down' where id = %s", first)
    firm.plan()
    before = answer(firm, ANN)
    assert before[0] == "mailbox_unavailable"
    assert "ann-box@acme-mail.example, active, paused without an end: down." in before[1]
    firm.run("update outreach.enrollments set mailbox_id = %s", second)
    assert answer(firm, ANN) == before


def test_a_message_that_an_opt_out_cancelled_says_what_suppresses_the_contact(make_firm):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN)
    firm.plan()
    opt_out(firm, ANN)
    reason, detail = answer(firm, ANN)
    assert reason == "suppressed_manual"
    assert detail.endswith(f" Suppressed now: address {ANN} (manual, 2026-12-04).")
