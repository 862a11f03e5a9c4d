"""Warm-up: how many messages a mailbox may send on its n-th day of real sending.

Belongs here: the preset curves with their sources, and how days are counted. Does not: the other terms of a cap (capacity).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailbox has come on its curve, as a whole or at one site.

    Attributes:
        days: days of real sending that count.
        last_on: the last local date with a real send; None: there was none.
        counts_before: whether the days before the platform knew the mailbox still count.
    """

    days: int = 0
    last_on: date | None = None
    counts_before: bool = True


def advance(progress: Progress, sent_on: date, *, is_healthy: bool) -> Progress:
    """Return the progress after a date with a real send; a date that is not later than the last one changes nothing.

    While its health is low a mailbox stays where it is on its curve; after idling it starts anew.
    """
    if progress.last_on is not None and sent_on <= progress.last_on:
        return progress
    if _has_idled(progress, sent_on):
        progress = Progress(counts_before=False)
    return Progress(progress.days + is_healthy, sent_on, progress.counts_before)


def day_of_curve(progress: Progress, *, days_before: int, plan_date: date) -> int:
    """Return which day of its curve ``plan_date`` is for a mailbox, from 1.

    Args:
        progress: after all dates before ``plan_date``.
        days_before: days of real sending before the platform knew the mailbox.
        plan_date: the local date that is planned.
    """
    if _has_idled(progress, plan_date):
        return 1
    return progress.days + 1 + (days_before if progress.counts_before else 0)


def first_day_at_a_site(whole: Progress, *, days_before: int, plan_date: date) -> int:
    """Return which day of its curve ``plan_date`` is for a mailbox at a site where it has not sent yet, from 1.

    Args:
        whole: the mailbox's progress at all sites: once it has started anew, the days before do not count anywhere.
        days_before: days of real sending before the platform knew the mailbox.
        plan_date: the local date that is planned.
    """
    return day_of_curve(replace(whole, days=0), days_before=days_before, plan_date=plan_date)


def idle_days(progress: Progress, plan_date: date) -> int:
    """Return the days since the last real send where ``plan_date`` starts the curve anew for them, else 0."""
    if progress.last_on is None or not _has_idled(progress, plan_date):
        return 0
    return (plan_date - progress.last_on).days


def _has_idled(progress: Progress, day: date) -> bool:
    return progress.last_on is not None and day - progress.last_on > timedelta(days=IDLE_DAYS)


def allowed(curve: Sequence[int], day: int) -> int:
    """Return the messages a day of a curve on a day of sending, counted from 1."""
    return curve[min(day, len(curve)) - 1]
