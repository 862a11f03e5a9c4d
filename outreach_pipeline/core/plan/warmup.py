"""Warm-up: how many messages a mailbox may send on its n-th day of real sending.

Belongs here: the preset curves with their sources, and how days are counted. Does not: the other terms of a cap (capacity).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

# Messages a day on the 1st, 2nd, … day of real sending; the last value stands for all days after.
PRESETS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "warmbly": tuple(range(10, 51, 5)),
        "instantly": tuple(range(2, 31, 2)),
        "deepsyte": tuple(round(5 + 35 * day / 89) for day in range(90)),
    }
)
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "warmbly": "Warmbly: 10 a day, 5 more each day up to 50",
        "instantly": "Instantly's help: 2 more each day; 30 a day recommended",
        "deepsyte": "DeepSyte's help: 5 to 40 over 90 days, linear",
    }
)
# Idle for so long, a mailbox warms up anew. Source: Amazon SES and SendGrid on dedicated addresses.
IDLE_DAYS = 30


def warmup_day(sent_on: Sequence[date], *, days_before: int, plan_date: date) -> int:
    """Return which day of real sending ``plan_date`` is, from 1.

    Args:
        sent_on: the local dates with at least one real send, in any order; those from ``plan_date`` on do not count.
        days_before: days of real sending before the platform knew the mailbox.
        plan_date: the day that is planned.
    """
    days = sorted(day for day in set(sent_on) if day < plan_date)
    if not days:
        return days_before + 1
    counted = days_before
    previous = days[0]
    for day in (*days, plan_date):
        if day - previous > timedelta(days=IDLE_DAYS):
            counted = 0
        counted += 1
        previous = day
    return counted


def allowed(curve: Sequence[int], day: int) -> int:
    """Return the messages a day of a curve on a day of sending, counted from 1."""
    return curve[min(day, len(curve)) - 1]
