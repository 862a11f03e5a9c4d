"""From when, and until when, the places of a cap may be used: of one mailbox, or of many that share it.

Belongs here: the places of a cap whose messages count for 24 hours, and handing out those that mailboxes share. Does not:
the caps themselves (capacity) or when exactly a message goes (pacing). Instants are epoch milliseconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

DAY = 24 * 3600 * 1000
# When a place is free again that stays taken for the whole date.
NEVER = 1 << 62

Instants = npt.NDArray[np.int64]


class Share(NamedTuple):
    """From when, and until when, a mailbox's messages may start: see ``pacing.pace`` for both."""

    free_at: tuple[int, ...]
    free_until: tuple[int, ...]

    def within(self, other: Share) -> Share:
        """Return when as many messages as the other has may start if both are to be kept."""
        free_at = tuple(map(max, self.free_at, other.free_at))
        if not self.free_until or not other.free_until:
            return Share(free_at, (self.free_until or other.free_until)[: len(free_at)])
        return Share(free_at, tuple(map(min, self.free_until, other.free_until)))


def places_from(free_again: Sequence[int] | Instants, *, starts: int, cap: int, most: int) -> tuple[int, ...]:
    """Return from when each place that is left may be used, ascending, of ``most`` places.

    At no instant more than ``cap`` messages stand, if a message takes a place each and starts no earlier than that is free.

    Args:
        free_again: when each place that is taken is free again, ascending.
        starts: the first instant at which anything may be sent.
        cap: how many places there are.
        most: how many of them are free before the date is over.
    """
    standing = free_again[bisect_right(free_again, starts) :]
    free_now = cap - len(standing)
    released = standing[max(0, -free_now) :][:most]
    return ((starts,) * min(most, max(0, free_now)) + tuple(map(int, released)))[:most]


def places_until(
    free_again: Sequence[int] | Instants, later: Sequence[int] | Instants, *, cap: int, most: int, ends: int
) -> tuple[int, ...]:
    """Return until when the last message, the one before it and so on may start, of ``most``; empty: whenever.

    Messages of later dates that stand already count too: at the instant of each of them no more than ``cap`` lie in the 24
    hours before it. So all but a few of the date's have to start 24 h before it at the latest.

    Args:
        free_again: as in ``places_from``.
        later: when the messages of later dates go, ascending.
        cap: how many places there are.
        most: how many messages the date may have at most.
        ends: when the date ends.
    """
    if not len(later):
        return ()
    at = np.asarray(later, dtype=np.int64)
    standing = len(free_again) - np.searchsorted(np.asarray(free_again, dtype=np.int64), at, side="right")
    # The messages from this one on, counted from the last, do not fit between.
    first = np.maximum(0, cap - np.arange(1, len(at) + 1) - standing)
    until = np.full(most, ends, dtype=np.int64)
    binds = first < most
    np.minimum.at(until, first[binds], at[binds] - DAY)
    return tuple(np.minimum.accumulate(until).tolist())


def fitting(free_at: Sequence[int], free_until: Sequence[int]) -> int:
    """Return how many of the places can be used if the first of them is free before the last may start, and so on."""
    if not free_until:
        return len(free_at)
    starts, until = np.array(free_at, dtype=np.int64), np.array(free_until, dtype=np.int64)
    # With fewer messages each may start later: where so many fit, fewer do too.
    fits, too_many = 0, len(starts) + 1
    while too_many - fits > 1:
        count = (fits + too_many) // 2
        if (starts[:count] <= until[:count][::-1]).all():
            fits = count
        else:
            too_many = count
    return fits


def usable(free_at: Sequence[int], *, gap: int, last: int) -> int:
    """Return how many of the places can be used at a gap between two starts, of which the last is at ``last`` at the latest."""
    at, count = free_at[0] - gap if free_at else 0, 0
    for free in free_at:
        at = max(free, at + gap)
        if at > last:
            break
        count += 1
    return count


def hand_out(
    free_at: Sequence[int],
    free_until: Sequence[int],
    *,
    places: npt.NDArray[np.int64],
    window_starts: Instants,
    window_ends: Instants,
    phases: npt.NDArray[np.float64],
) -> dict[int, Share]:
    """Hand the places of a shared cap out to its messages: a place each, the first to those whose windows end first.

    Among messages of one window each mailbox gets some of the early places and some of the late ones.

    Args:
        free_at: of the cap, ascending; at least as many as messages.
        free_until: of the cap: of the last message, the one before it and so on; empty: whenever.
        places: of each message that counts against the cap, the index of its mailbox.
        window_starts: of each message.
        window_ends: of each message.
        phases: of each mailbox, which decides who comes first.
    """
    count = len(places)
    if not count:
        return {}
    by_mailbox = np.lexsort((window_starts, window_ends, places))
    keys = np.stack((places[by_mailbox], window_ends[by_mailbox], window_starts[by_mailbox]))
    # Of equal keys, which lie together: the number within them, and how many there are.
    is_first = np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)]
    run = np.cumsum(is_first) - 1
    firsts = np.flatnonzero(is_first)
    sizes = np.diff(np.r_[firsts, count])
    fraction = (np.arange(count) - firsts[run] + phases[keys[0]]) / sizes[run]
    order = np.lexsort((keys[0], fraction, keys[2], keys[1]))
    first = np.array(free_at[:count], dtype=np.int64)
    last = np.array(free_until[:count][::-1], dtype=np.int64)
    owners = keys[0][order]
    grouped = np.argsort(owners, kind="stable")
    names, starts = np.unique(owners[grouped], return_index=True)
    return {
        name: Share(tuple(first[of].tolist()), tuple(last[of][::-1].tolist()) if len(last) else ())
        for name, of in zip(names.tolist(), np.split(grouped, starts[1:]), strict=True)
    }
