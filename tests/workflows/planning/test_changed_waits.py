"""A step whose wait has changed keeps those who wait for it waiting by the new one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.workflows.explain_contact import explain_contact
from tests.workflows.planning.test_forecast import send_all

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
STEP = {"subject": "Hello", "text": "Hello"}


@pytest.mark.parametrize(
    "wait_days, due_on", [(1, TODAY + timedelta(days=1)), (5, date(2026, 12, 1)), (2, date(2026, 11, 26))]
)
def test_a_changed_wait_counts_from_the_last_mail(make_firm, wait_days, due_on):
    firm = make_firm()
    firm.crowd(3)
    firm.plan()
    send_all(firm, TODAY)
    before = firm.run("select due_on from outreach.enrollments")
    steps = [{**STEP, "step": 1, "wait_days": 0}, {**STEP, "step": 2, "wait_days": wait_days}]
    firm.configure(campaigns=[{"steps": steps}])
    assert firm.run("select due_on from outreach.enrollments") == [(TODAY + timedelta(days=wait_days),)] * 3
    assert (before == firm.run("select due_on from outreach.enrollments")) == (wait_days == 2)
    for number in range(1, 8):
        day = TODAY + timedelta(days=number)
        planned = firm.plan(day, now=NOW + timedelta(days=number)).summary["follow_ups"]
        assert planned == (3 if day == due_on else 0), day
        if planned:
            break


def test_an_answer_for_a_planned_date_knows_the_wait_of_its_plan(make_firm):
    firm = make_firm()
    firm.crowd(1)
    firm.plan()
    send_all(firm, TODAY)

    def wait(days: int) -> None:
        firm.configure(
            campaigns=[{"steps": [{**STEP, "step": 1, "wait_days": 0}, {**STEP, "step": 2, "wait_days": days}]}]
        )

    wait(3)
    tomorrow, morning = TODAY + timedelta(days=1), NOW + timedelta(days=1)
    firm.plan(tomorrow, now=morning)
    wait(1)
    answer = explain_contact(firm.installation, firm.tenant, "c000@company000.example", tomorrow, now=morning)
    assert (answer["reason"], answer["answers"][0]["step"]) == ("not_due", 2)
    assert "Step 2 is due on 2026-11-27." in answer["sentences"][0]


def test_first_steps_keep_their_date(make_firm):
    firm = make_firm()
    firm.crowd(3)
    before = firm.run("select due_on from outreach.enrollments")
    firm.configure(campaigns=[{"steps": [{**STEP, "step": 1, "wait_days": 4}]}])
    assert firm.run("select due_on from outreach.enrollments") == before
