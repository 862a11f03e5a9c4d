"""Who is asked again when somebody's place comes free for want of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.plan.inputs import MailboxInput, PlanInputs
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.core.plan.policy import SendingPolicy

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
DAY = 20_781
# In India, where the windows of both end half an hour after noon in Berlin, one of them finds no time at an hour's gap.
INDIA = {"zone": "Asia/Kolkata"}
BOX = MailboxInput(id=1, sending_domain_id=1, sending_domain="acme.example")
POLICY = {
    "messages_per_day_per_mailbox": 5,
    "counts_by": "calendar_day",
    "minimum_gap_seconds": 3600,
    "jitter_seconds": 0,
    "random_assignment_ratio": 0,
}


@pytest.mark.parametrize(
    "policy, alike",
    [
        ({"messages_per_day_per_company": 1}, {"company": "two"}),
        ({"unverified_per_day": 1}, {"verification": "unverified"}),
        ({"catch_all_per_day": 1}, {"verification": "catch_all"}),
        ({"messages_per_day_per_site": {"two.example": 1}}, {"site": "two.example"}),
        ({}, {"contact_id": 77}),
    ],
)
def test_whom_a_cap_refused_is_asked_again_when_its_place_comes_free(
    make_inputs: Callable[..., PlanInputs], policy: dict[str, object], alike: dict[str, object]
) -> None:
    people = [INDIA, {**INDIA, **alike}, {**alike}]
    decided = plan(make_inputs([BOX], people, policy=SendingPolicy(**{**POLICY, **policy}), now=NOON))
    assert [str(decided.reason(position)) for position in range(3)] == ["planned", "gap_full", "planned"]


def test_a_follow_up_gets_the_place_that_another_loses_for_want_of_time(make_inputs: Callable[..., PlanInputs]) -> None:
    thread = {"step_number": 2, "thread_mailbox_id": 1}
    people = [
        {**INDIA, **thread, "due_on": DAY - 3},
        {**INDIA, **thread, "due_on": DAY - 2},
        {**thread, "due_on": DAY - 1},
    ]
    policy = SendingPolicy(**{**POLICY, "messages_per_day_per_mailbox": 2})
    decided = plan(make_inputs([BOX], people, policy=policy, now=NOON))
    assert [str(decided.reason(position)) for position in range(3)] == ["planned", "gap_full", "planned"]
