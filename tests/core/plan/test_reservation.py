from __future__ import annotations

from collections.abc import Callable
from datetime import date

from outreach_pipeline.core.plan.calendar import day_number
from outreach_pipeline.core.plan.inputs import CampaignInput, StepInput
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.reservation import Coming, reserved_days

# A Tuesday.
TODAY = date(2026, 11, 24)
POLICIES = {"default": SendingPolicy()}


def steps(*waits: int) -> tuple[StepInput, ...]:
    return tuple(StepInput(number, wait, (("a", 1.0),)) for number, wait in enumerate(waits, start=1))


def test_every_step_to_come_holds_its_day_in_working_days(make_campaign: Callable[..., CampaignInput]) -> None:
    campaign = make_campaign(1, (1,), steps=steps(0, 3, 2))
    # Sent on Tuesday, due three working days later on Friday, and two after that on Tuesday.
    coming = [Coming(7, 1, 2, day_number(date(2026, 11, 27)), 5), Coming(7, 1, 3, day_number(date(2026, 11, 28)), 2)]
    assert reserved_days(coming, [campaign], POLICIES, plan_date=TODAY) == {
        7: {"2026-11-27": 5, "2026-11-30": 2, "2026-12-01": 5}
    }


def test_a_paused_campaign_and_a_day_that_is_over_hold_nothing(make_campaign: Callable[..., CampaignInput]) -> None:
    running, paused = make_campaign(1, (1,), steps=steps(0, 3)), make_campaign(2, (1,), is_active=False)
    coming = [Coming(7, 1, 2, day_number(date(2026, 11, 20)), 5), Coming(7, 2, 2, day_number(date(2026, 11, 27)), 5)]
    assert reserved_days(coming, [running, paused], POLICIES, plan_date=TODAY) == {7: {}}
