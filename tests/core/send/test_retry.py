"""When a message is tried again."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.retry import retry_at

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
policies = st.builds(
    SendingPolicy,
    first_retry_seconds=st.floats(0.001, 86400),
    longest_retry_seconds=st.floats(0.001, 86400),
    give_up_after_attempts=st.integers(1, 40),
)
seeds = st.integers(0, 2**62)


def schedule(policy: SendingPolicy, seed: int) -> list[timedelta]:
    waits = []
    for attempt in range(1, policy.give_up_after_attempts + 1):
        again = retry_at(policy, attempt=attempt, now=NOW, seed=seed)
        if again is None:
            break
        waits.append(again - NOW)
    return waits


@given(policy=policies, seed=seeds)
def test_it_is_tried_as_often_as_the_policy_says(policy, seed):
    assert len(schedule(policy, seed)) == policy.give_up_after_attempts - 1
    assert retry_at(policy, attempt=policy.give_up_after_attempts, now=NOW, seed=seed) is None
    assert retry_at(policy, attempt=policy.give_up_after_attempts + 7, now=NOW, seed=seed) is None


@given(policy=policies, seed=seeds)
def test_waits_lie_between_the_first_and_the_longest(policy, seed):
    least = timedelta(seconds=0.9 * min(policy.first_retry_seconds, policy.longest_retry_seconds))
    most = timedelta(seconds=1.1 * policy.longest_retry_seconds)
    tick = timedelta(microseconds=1)
    assert all(least - tick <= wait <= most + tick for wait in schedule(policy, seed))


@given(policy=policies, seed=seeds)
def test_waits_grow_until_they_are_the_longest(policy, seed):
    waits = schedule(policy, seed)
    for number, (earlier, later) in enumerate(itertools.pairwise(waits), start=1):
        doubled = policy.first_retry_seconds * 2**number <= policy.longest_retry_seconds
        assert later > earlier if doubled else later >= earlier * 0.8


@given(policy=policies, seed=seeds)
def test_the_same_message_waits_the_same_time(policy, seed):
    assert schedule(policy, seed) == schedule(policy, seed)


def test_messages_that_failed_together_do_not_come_back_together():
    policy = SendingPolicy()
    assert len({retry_at(policy, attempt=1, now=NOW, seed=seed) for seed in range(50)}) > 40
