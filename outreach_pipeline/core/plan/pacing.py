"""When each message of a mailbox starts.

Belongs here: spreading a mailbox's messages over their windows at its minimum gap, those to one site apart. Does not: the
windows themselves (calendar). Instants are integer milliseconds since 1970 in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from outreach_pipeline.core.plan.calendar import Window
from outreach_pipeline.core.plan.capacity import LAST_START

# So often one message makes room for another before the order that always fits is taken.
_MOST_MOVES = 64


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

    The messages cut the time from the first to the last possible start into equal parts, each at the phase in its part, so that
    mailboxes of different phases do not write at the same moments; the messages to one site lie evenly among the others. Where
    windows, places or the gap do not let a message start there, it starts as near to it as they let it, and those before and
    after it are parted evenly anew. Then the jitter moves each as far as its neighbours leave room.

    Args:
        jobs: the messages.
        free_at: from when each place of the mailbox is free, ascending; at least as many as jobs.
        free_until: after which instant the last message, the one before it and so on may not start; empty: whenever.
        gap: least distance between two starts, milliseconds.
        jitter: how far chance moves a start at most, milliseconds.
        spread: all start within so many milliseconds of the first, if they can; None: over their whole windows.
        phase: where in its part each message lies, in [0, 1).
    """
    by_window = _by_window(jobs, phase)
    ordered = [job for group in by_window for job in group]
    late: list[Job] = []
    earliest, ends = _earliest(ordered, free_at, gap), _ends(ordered, free_until)
    while (failing := _first_late(earliest, ends)) is not None:
        victim = max(range(failing + 1), key=lambda number: ordered[number].rank)
        late.append(ordered.pop(victim))
        earliest, ends = _earliest(ordered, free_at, gap), _ends(ordered, free_until)
    if not ordered:
        return [], late
    if late:
        lost = {job.position for job in late}
        by_window = [kept for group in by_window if (kept := [job for job in group if job.position not in lost])]
    until = None if spread is None else earliest[0] + spread
    wishes = _wishes(by_window, starts=free_at[0], until=until, phase=phase)
    if len(by_window) > 1 and (mixed := _mixed(wishes, free_at=free_at, free_until=free_until, gap=gap)) is not None:
        wishes, earliest, ends = mixed
        ordered = [wish.job for wish in wishes]
    latest = _latest(ends, gap)
    if until is not None:
        # As far as the gap lets them.
        least = [until - (len(ordered) - 1 - number) * gap for number in range(len(ordered))]
        latest = [max(first, min(last, by)) for first, last, by in zip(earliest, latest, least, strict=True)]
    starts = _evenly(*_inner(wishes, earliest, latest, gap=gap))
    return list(zip(ordered, _moved(ordered, starts, earliest, latest, gap=gap, jitter=jitter), strict=True)), late


def _by_window(jobs: Sequence[Job], phase: float) -> list[list[Job]]:
    """Part jobs by their windows, those that end first first; in one window those to a site lie evenly among the others.

    Mailboxes of different phases have a site at different places of their order.
    """
    of_window: dict[Window, list[Job]] = {}
    for job in sorted(jobs, key=attrgetter("rank")):
        of_window.setdefault(job.window, []).append(job)
    return [_apart(of_window[window], phase) for window in sorted(of_window, key=lambda each: (each.ends, each.starts))]


def _apart(group: Sequence[Job], phase: float) -> list[Job]:
    of_site: dict[int, list[Job]] = {}
    for job in group:
        of_site.setdefault(job.site, []).append(job)
    placed = [
        ((number + (phase_of(nth) + phase - 0.5) % 1) / len(same), job.rank, job)
        for nth, same in enumerate(of_site.values())
        for number, job in enumerate(same)
    ]
    # No two jobs have one rank, so jobs themselves are never compared.
    return [job for *_, job in sorted(placed)]


class _Wish(NamedTuple):
    """Where a message would lie if it had only the others of its window beside it, and between which bounds it is to stay.

    These leave the phase's part free at both ends of its window, so that nothing starts at a window's first or last moment
    because others press it there.
    """

    at: float
    rank: int
    low: int
    high: int
    job: Job


def _wishes(by_window: Sequence[Sequence[Job]], *, starts: int, until: int | None, phase: float) -> list[_Wish]:
    """Return the wishes of jobs, in their order; nothing starts before ``starts``, nor after ``until`` if that can be."""
    first = max(starts, min(group[0].window.starts for group in by_window))
    last = max(group[0].window.ends for group in by_window) - LAST_START
    whole = ((last if until is None else min(last, until)) - first) / sum(map(len, by_window))
    found = []
    for group in by_window:
        opens, closes = max(group[0].window.starts, starts), group[0].window.ends - LAST_START
        length = (closes if until is None else min(closes, until)) - opens
        part = max(0.0, length / len(group))
        free = min(whole, part)
        low, high = int(opens + phase * free), int(opens + length - (1 - phase) * free)
        found += [_Wish(opens + part * (number + phase), job.rank, low, high, job) for number, job in enumerate(group)]
    return found


def _mixed(
    wishes: Sequence[_Wish], *, free_at: Sequence[int], free_until: Sequence[int], gap: int
) -> tuple[list[_Wish], list[int], list[int]] | None:
    """Order jobs of several windows as they would like to lie; who has time left makes room for who has none.

    Returns:
        The order with its earliest starts and its last instants; None if it finds none in which all of them fit.
    """
    found = sorted(wishes)
    for _ in range(_MOST_MOVES):
        jobs = [wish.job for wish in found]
        earliest, ends = _earliest(jobs, free_at, gap), _ends(jobs, free_until)
        failing = _first_late(earliest, ends)
        if failing is None:
            return found, earliest, ends
        closes = jobs[failing].window.ends
        before = next((number for number in range(failing - 1, -1, -1) if jobs[number].window.ends > closes), None)
        if before is None:
            return None
        found.insert(failing, found.pop(before))
    return None


def _inner(
    wishes: Sequence[_Wish], earliest: Sequence[int], latest: Sequence[int], *, gap: int
) -> tuple[list[int], list[int]]:
    """Return the wished bounds as far as they are possible; both rise by the gap at least."""
    low: list[int] = []
    high: list[int] = []
    before = earliest[0] - gap
    for wish, first, last in zip(wishes, earliest, latest, strict=True):
        before = min(max(wish.low, first, before + gap), last)
        low.append(before)
    after = latest[-1] + gap
    for wish, least, last in zip(reversed(wishes), reversed(low), reversed(latest), strict=True):
        after = max(min(wish.high, after - gap, last), least)
        high.append(after)
    return low, high[::-1]


def _evenly(earliest: Sequence[int], latest: Sequence[int]) -> list[int]:
    """Return starts from the first's earliest to the last's latest in equal steps, bent where a step would pass a bound.

    The worst one is put on its bound and both sides are cut anew. Bounds rise by the gap at least, and so do the steps: one
    that is pushed up makes the steps before it longer, and those after it end where they can be reached; and so downward.
    """
    starts = [earliest[0]] * len(earliest)
    starts[-1] = latest[-1] if len(latest) > 1 else starts[-1]
    parts = [(0, len(starts) - 1)]
    while parts:
        low, high = parts.pop()
        if high - low < 2:  # nothing lies between
            continue
        step = (starts[high] - starts[low]) / (high - low)
        worst, by = 0, 0
        for number in range(low + 1, high):
            start = starts[number] = starts[low] + int(step * (number - low))
            off = max(earliest[number] - start, start - latest[number])
            if off > by:
                worst, by = number, off
        if by:
            starts[worst] = min(max(starts[worst], earliest[worst]), latest[worst])
            parts += ((low, worst), (worst, high))
    return starts


def _moved(
    ordered: Sequence[Job],
    starts: Sequence[int],
    earliest: Sequence[int],
    latest: Sequence[int],
    *,
    gap: int,
    jitter: int,
) -> list[int]:
    """Move each start by its chance, no further than half of what the steps before and after it have beside the gap."""
    moved: list[int] = []
    last = -gap
    room = [after - before - gap for before, after in pairwise(starts)]
    for job, start, least, most, before, after in zip(
        ordered, starts, earliest, latest, (jitter, *room), (*room, jitter), strict=True
    ):
        by = int((job.chance - 0.5) * min(jitter, before, after))
        last = max(min(max(start + by, least), most), last + gap)
        moved.append(last)
    return moved


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
