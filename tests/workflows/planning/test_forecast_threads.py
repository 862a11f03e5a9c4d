"""A forecast expects the follow-ups that can go, and no others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.workflows.forecast import forecast_tenant
from tests.workflows.planning.conftest import POLICY
from tests.workflows.planning.test_forecast import send_all

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")


@pytest.mark.parametrize(
    "change, due",
    [
        ("update outreach.contact_lists set state = 'paused'", {}),
        ("update outreach.contacts set out_until = '2026-11-26' where id % 2 = 0", {TODAY: 5, date(2026, 11, 26): 5}),
        ("update outreach.contacts set left_company_at = now() where id % 2 = 0", {TODAY: 5}),
        ("update outreach.contacts set jurisdiction = 'FR' where id % 2 = 0", {TODAY: 5}),
        (
            (
                "insert into outreach.operator_suppressions (scope, value, reason)"
                " select 'address', address, 'manual' from outreach.contacts where id % 2 = 0"
            ),
            {TODAY: 5},
        ),
    ],
)
def test_follow_ups_that_cannot_go_are_not_expected(make_firm, change, due):
    firm = make_firm(boxes=["ann"])
    people = [f"c{number}@company{number}.example" for number in range(10)]
    firm.contacts(*people, now=NOW - timedelta(days=4))
    firm.plan(TODAY - timedelta(days=4), now=NOW - timedelta(days=4))
    send_all(firm, TODAY - timedelta(days=4))
    assert firm.plan(dry_run=True).summary["follow_ups"] == 10
    firm.run(change)
    expected = forecast_tenant(firm.installation, firm.tenant, days=4, now=NOW).forecast.days
    assert {day.date: day.follow_ups for day in expected if day.follow_ups > 0} == pytest.approx(due)
    assert firm.plan().summary["follow_ups"] == due.get(TODAY, 0)


@pytest.mark.parametrize("state", ["deferred", "claimed", "sending", "outcome_unknown"])
def test_what_is_on_its_way_is_not_expected_again(make_firm, state):
    firm = make_firm(boxes=["ann"])
    people = [f"c{number}@company{number}.example" for number in range(8)]
    firm.contacts(*people, now=NOW - timedelta(days=4))
    firm.plan(TODAY - timedelta(days=4), now=NOW - timedelta(days=4))
    send_all(firm, TODAY - timedelta(days=4))
    firm.contacts(*(f"d{number}@firm{number}.example" for number in range(4)))
    firm.plan()
    # One follow-up and one first mail, whose own follow-up is still to come; of a mailbox only one is ever under way.
    steps = (2,) if state == "sending" else (1, 2)
    for step in steps:
        firm.run(
            "update outreach.messages set state = %s, sending_at = case when %s in ('sending', 'outcome_unknown') then %s::timestamptz end"
            " where id = (select min(id) from outreach.messages where step_number = %s and state = 'planned')",
            state, state, NOW, step,
        )  # fmt: skip
    later = NOW + timedelta(hours=1)
    first, *_, last = forecast_tenant(firm.installation, firm.tenant, days=3, now=later).forecast.days
    planned = firm.plan(now=later, dry_run=True)
    # Ten places a day, of which those have theirs.
    assert (first.follow_ups, planned.summary["follow_ups"]) == (pytest.approx(7), 7)
    assert (round(first.new), planned.planned - 7) == (3 - len(steps), 3 - len(steps))
    assert last.follow_ups > 1


def test_what_is_planned_for_a_later_date_is_expected_then(make_firm):
    firm = make_firm(boxes=["ann"], policy={"messages_per_day_per_mailbox": 3})
    firm.crowd(9)
    before = forecast_tenant(firm.installation, firm.tenant, days=9, now=NOW).forecast
    firm.plan(TODAY + timedelta(days=1))
    after = forecast_tenant(firm.installation, firm.tenant, days=9, now=NOW).forecast
    assert [round(day.reached, 6) for day in after.days] == pytest.approx([day.reached for day in before.days])
    assert [round(day.follow_ups, 6) for day in after.days] == pytest.approx([day.follow_ups for day in before.days])
    (old,), (new,) = before.campaigns, after.campaigns
    assert (new.all_reached_on, new.reached) == (old.all_reached_on, pytest.approx(old.reached))
    assert old.all_reached_on is not None


def test_what_is_planned_for_a_later_date_uses_up_its_caps_of_unsure_addresses(make_firm):
    firm = make_firm(boxes=["ann"], policy={"unverified_per_day": 2, "catch_all_per_day": 1, "verification_days": 30})
    firm.contacts(*({"address": f"u{n}@u{n}.example", "verification": "unverified"} for n in range(8)))
    firm.contacts(*({"address": f"k{n}@k{n}.example", "verification": "catch_all"} for n in range(4)))
    before = forecast_tenant(firm.installation, firm.tenant, days=5, now=NOW).forecast.days
    assert [round(day.new) for day in before] == [3, 3, 3, 3, 0]
    assert firm.plan(TODAY + timedelta(days=1)).summary["new"] == 3
    after = forecast_tenant(firm.installation, firm.tenant, days=5, now=NOW).forecast.days
    assert [round(day.new) for day in after] == [3, 3, 3, 3, 0]


def test_a_campaign_reaches_no_more_than_its_own_window_holds(make_firm):
    narrow = {"window_starts": "09:00", "window_ends": "09:30"}
    firm = make_firm(
        boxes=["ann"],
        policies={"default": {**POLICY, "minimum_gap_seconds": 3600}, "narrow": narrow},
        campaigns=[{"policy": "narrow", "priority": 200}, {"slug": "wide"}],
    )
    firm.crowd(20)
    firm.contacts(*(f"d{number}@firm{number}.example" for number in range(4)), campaign="wide")
    (day, *_) = forecast_tenant(firm.installation, firm.tenant, days=3, now=NOW).forecast.days
    summary = firm.plan().summary
    planned = {slug: counts["planned"] for slug, counts in summary["campaigns"].items()}
    assert planned == {"spring": 1, "wide": 4}
    assert day.new == pytest.approx(5)
