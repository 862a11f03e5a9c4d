"""What is told before a date is planned is what planning it does, also where that ends or moves sequences."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.forecast import forecast_tenant

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
ANN = "ann@example.com"


@pytest.mark.parametrize(
    "fate, demand, told",
    [
        ("ends", 3, "mailbox_unavailable"),
        # With her new thread.
        ("moves", 4, "planned"),
    ],
)
def test_the_day_on_which_a_sequence_has_waited_long_enough(make_firm, fate, demand, told):
    firm = make_firm(boxes=["ann-box", "bob"], policy={"waited_follow_up": fate})
    firm.contacts(ANN)
    firm.crowd(3)
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-10', mailbox_id = (select min(id) from outreach.mailboxes)"
        " where contact_id = (select id from outreach.contacts where address = 'ann@example.com')"
    )
    firm.run("update outreach.mailboxes set lifecycle = 'resting' where address like 'ann-box@%%'")
    rows = firm.run("select * from outreach.enrollments order by id")
    before = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    dry = firm.plan(dry_run=True).summary
    (day,) = forecast_tenant(firm.installation, firm.tenant, days=1, now=NOW).forecast.days
    assert firm.run("select * from outreach.enrollments order by id") == rows
    real = firm.plan().summary
    after = explain_contact(firm.installation, firm.tenant, ANN, TODAY, now=NOW)
    assert {name: real[name] for name in dry} == dry
    assert (dry["demand"], before["reason"], after["reason"]) == (demand, told, told)
    assert (round(day.new), day.capacity) == (real["new"], real["capacity_left"])
    if fate == "ends":
        assert before["answers"][0]["detail"] == (
            "Planning the date ends its sequence: the mailbox of its thread has been out for longer than a follow-up waits."
        )
        assert after["answers"][0]["detail"] == (
            "The enrollment is stopped since 2026-11-24 05:00 UTC: mailbox_unavailable."
        )


@pytest.mark.parametrize(
    "change, ends",
    [
        ("", True),
        ("update outreach.contacts set out_until = '2026-11-23'", False),
        ("update outreach.contacts set out_until = '2026-12-10'", False),
        # Its mailbox could send on the last day that was planned, or long ago.
        ("update outreach.send_batches set plan_date = '2026-11-23'", False),
        ("update outreach.send_batches set plan_date = '2026-11-11'", True),
        ("update outreach.send_batches set plan_date = '2026-11-23', capacity = 0", True),
    ],
)
def test_a_sequence_waits_for_its_mailbox_from_when_that_was_out(make_firm, change, ends):
    firm = make_firm(boxes=["ann-box"])
    firm.contacts(ANN, now=NOW - timedelta(days=1))
    firm.plan(TODAY - timedelta(days=1), now=NOW - timedelta(days=1))
    firm.run("delete from outreach.messages")
    if "send_batches" not in change:
        firm.run("delete from outreach.send_batches")
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-10', mailbox_id = (select id from outreach.mailboxes)"
    )
    firm.run("update outreach.mailboxes set lifecycle = 'resting'")
    firm.run(change or "select 1")
    firm.plan()
    state = firm.run("select state, stop_reason from outreach.enrollments")
    assert state == [("stopped", "mailbox_unavailable") if ends else ("active", None)]
