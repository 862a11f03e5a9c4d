"""When each message of a mailbox starts.

Belongs here: spreading a mailbox's messages over their windows at its minimum gap, those to one site apart. Does not: the
windows themselves (calendar). Instants are integer milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from outreach_pipeline.core.plan.calendar import Window
from outreach_pipeline.core.plan.capacity import LAST_START


class Job(NamedTuple):
    """A message that needs a time: its position among the candidates, its window, and its chance in [0, 1) for jitter.

    Jobs with the lower rank are kept when not all fit; those with the same site code are kept apart.
    """

    position: int
    rank: int
    window: Window
    chance: float
    site: int = 0


def phase_of(number: int) -> float:
    """Return the number-th of phases in [0, 1) that lie evenly however many there are; the first is 1/2.

    Source: the additive recurrence of the golden ratio, the sequence of lowest discrepancy in one dimension.
    """
    return (0.5 + number * 0.6180339887498949) % 1


def pace(
    jobs: Sequence[Job],
    *,
    free_at: Sequence[int],
    free_until: Sequence[int] = (),
    gap: int,
    jitter: int,
    spread: int | None,
    phase: float = 0.5,
) -> tuple[list[tuple[Job, int]], list[Job]]:
    """Give each message of one mailbox its start, and return those with their starts, and those that do not fit.

    The earliest possible starts E and the latest possible ones L both keep the gap, so E + f (L - E) keeps it too for any
    fractions f in [0, 1] that do not fall. The fractions are those that cut a window into equal parts, one a message, which
    starts at the phase in its part and is then moved by the jitter. So mailboxes of different phases do not write at the
    same moments; in a mailbox the messages to one site lie evenly among the others.

    Args:
        jobs: the messages.
        free_at: from when each place of the mailbox is free, ascending; at least as many as jobs.
        free_until: after which instant the last message, the one before it and so on may not start; empty: whenever.
        gap: least distance between two starts, milliseconds.
        jitter: how far chance moves a start at most, milliseconds.
        spread: all start within so many milliseconds of the first, if they can; None: over their whole windows.
        phase: where in its part each message lies, in [0, 1).
    """
    ordered = _apart(jobs, phase)
    late: list[Job] = []
    earliest, ends = _earliest(ordered, free_at, gap), _ends(ordered, free_until)
    while (failing := _first_late(earliest, ends)) is not None:
        victim = max(range(failing + 1), key=lambda number: ordered[number].rank)
        late.append(ordered.pop(victim))
        earliest, ends = _earliest(ordered, free_at, gap), _ends(ordered, free_until)
    if not ordered:
        return [], late
    latest = _latest(ends, gap)
    if spread is not None:
        end = earliest[0] + spread
        size = len(ordered)
        latest = [
            max(e, min(la, end - (size - 1 - n) * gap)) for n, (e, la) in enumerate(zip(earliest, latest, strict=True))
        ]
    step = _step(earliest, latest, gap)
    start_of_first = phase * (1 - step * (len(ordered) - 1))
    starts: list[int] = []
    for number, job in enumerate(ordered):
        slack = latest[number] - earliest[number]
        moved = min(step, jitter / slack) if slack else 0.0
        fraction = start_of_first + number * step + (job.chance - 0.5) * moved
        start = earliest[number] + int(min(1.0, max(0.0, fraction)) * slack)
        starts.append(max(start, starts[-1] + gap) if starts else start)
    return list(zip(ordered, starts, strict=True)), late


def _apart(jobs: Sequence[Job], phase: float) -> list[Job]:
    """Order jobs by their windows, and in one window so that those to a site lie evenly among those to others.

    Mailboxes of different phases have a site at different places of their order.
    """
    # Nearly always there is one window.
    of_window: dict[Window, list[Job]] = {}
    for job in sorted(jobs, key=attrgetter("rank")):
        of_window.setdefault(job.window, []).append(job)
    ordered: list[Job] = []
    for window in sorted(of_window, key=lambda each: (each.ends, each.starts)):
        group = of_window[window]
        of_site: dict[int, list[Job]] = {}
        for job in group:
            of_site.setdefault(job.site, []).append(job)
        placed = [
            ((number + (phase_of(nth) + phase - 0.5) % 1) / len(same), job.rank, job)
            for nth, same in enumerate(of_site.values())
            for number, job in enumerate(same)
        ]
        # No two jobs have one rank, so jobs themselves are never compared.
        ordered += [job for *_, job in sorted(placed)]
    return ordered


def _step(earliest: Sequence[int], latest: Sequence[int], gap: int) -> float:
    """Return by how much the fraction grows from job to job, so that all parts of the day are as long as each other.

    Of ``n`` parts of ``slack + (n - 1) * gap`` together each holds a job and the gap, and what it has beside the gap is the
    step. Where no part is longer than a gap the jobs keep the gap and move as one.
    """
    count = len(earliest)
    slack = min(last - first for first, last in zip(earliest, latest, strict=True))
    return (slack - gap) / count / slack if slack > gap else 0.0


def _earliest(jobs: Sequence[Job], free_at: Sequence[int], gap: int) -> list[int]:
    starts: list[int] = []
    for job, free in zip(jobs, free_at, strict=False):
        start = max(job.window.starts, free)
        starts.append(max(start, starts[-1] + gap) if starts else start)
    return starts


def _ends(jobs: Sequence[Job], free_until: Sequence[int]) -> list[int]:
    """Return the last instant at which each job may start, whatever the others do."""
    ends = [job.window.ends - LAST_START for job in jobs]
    return ends if not free_until else list(map(min, ends, free_until[len(jobs) - 1 :: -1]))


def _latest(ends: Sequence[int], gap: int) -> list[int]:
    starts: list[int] = []
    for start in reversed(ends):
        starts.append(min(start, starts[-1] - gap) if starts else start)
    return starts[::-1]


def _first_late(earliest: Sequence[int], ends: Sequence[int]) -> int | None:
    """Return the number of the first job whose earliest start is too late, or None."""
    for number, (first, last) in enumerate(zip(earliest, ends, strict=True)):
        if first > last:
            return number
    return None
