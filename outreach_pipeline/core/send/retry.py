"""When a deferred message is tried again, and when it is given up.

Belongs here: the schedule. Does not: what a reply means (core.receive.reasons).
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from outreach_pipeline.core.plan.policy import SendingPolicy


def retry_at(policy: SendingPolicy, *, attempt: int, now: datetime, seed: int) -> datetime | None:
    """Return when to try again: twice as long each time, up to the policy's longest, give or take a tenth.

    Args:
        policy: first_retry_seconds, longest_retry_seconds, give_up_after_attempts.
        attempt: how often it was tried so far, from 1.
        now: aware, UTC.
        seed: the message's id: the same message and attempt get the same jitter.

    Returns:
        An aware time, or None when it is given up.
    """
    if attempt >= policy.give_up_after_attempts:
        return None
    wait_seconds = min(policy.first_retry_seconds * 2 ** (attempt - 1), policy.longest_retry_seconds)
    jitter = random.Random(seed * 1_000 + attempt).uniform(0.9, 1.1)  # noqa: S311  spreads retries, guards nothing
    return now + timedelta(seconds=wait_seconds * jitter)
