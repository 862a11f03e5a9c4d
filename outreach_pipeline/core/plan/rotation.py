"""Which mailbox of a campaign's pool writes next to a recipient site.

Belongs here: deficit-weighted round robin and the few random assignments. Does not: caps (the caller says which mailbox may
still take a message).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from math import inf

import numpy as np

from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.inputs import MailboxInput

ELSEWHERE = ""
# Sums of weights are exact so far.
_EXACT = 1e-9
# Below so many messages of the heaviest mailbox, rounding at a site is more than a few hundredths of its share.
_MIDDLING = 16
# A mailbox's next message: when its turn comes, its messages for its weight, a tie's decision, its index, its weight, its
# messages so far.
_Turn = tuple[float, float, float, int, float, int]


class _Turns:
    """The turns of mailboxes that share messages by weight: of those who are not ahead, who falls behind first comes next.

    With n messages given and weights of W together, who has c is not ahead if c / weight < (n + 1) / W, and falls behind at
    (c + 1) / weight; of two at once the one with the least c / weight comes first. So nobody is ever a whole message off its
    share of those that were given. A mailbox that drops out takes its weight and its messages along. Source: earliest eligible
    virtual deadline first (Stoica and Abdel-Wahab, 1995).
    """

    def __init__(self, turns: Iterable[tuple[float, int, float]]) -> None:
        """Begin with (tie, place, weight) of each."""
        self._waiting: list[_Turn] = [(0.0, 0.0, *turn, 0) for turn in turns]
        heapq.heapify(self._waiting)
        # Those that are not ahead, by when they fall behind.
        self._ready: list[_Turn] = []
        self._weight = sum(turn[4] for turn in self._waiting)
        self._given = 0
        # By when the next two messages of each are due, once somebody asks for it.
        self._due: list[float] = []

    def next(self) -> _Turn | None:
        """Take out whose turn it is; whoever takes turns out gives each back or drops it."""
        self._let_in()
        if self._ready:
            return heapq.heappop(self._ready)
        # Nobody else may: whoever is ahead the least.
        return heapq.heappop(self._waiting) if self._waiting else None

    def next_of(self, had: Mapping[int, int], *, most: int) -> _Turn | None:
        """Take out, of those who are not ahead, who has had the least elsewhere, as far as nobody falls behind by that.

        Args:
            had: place -> messages elsewhere.
            most: messages that there may be at all.
        """
        self._let_in()
        if not self._ready:
            return self.next()
        if not self._due:
            self._due = sorted(by for turn in chain(self._ready, self._waiting) for by in _next_two(turn))
        best = self._least(had, inf)
        # Those before the one that is taken out come a message later: before the first for which that is too late nobody is
        # passed over. A third message of one of them would come into it only where weights differ widely.
        number = self._given + 2 - _EXACT
        for by in self._due:
            if by >= best[0] or by * self._weight > most + _EXACT:
                break
            if by * self._weight < number:
                best = self._least(had, by)
                break
            number += 1
        self._ready.remove(best)
        heapq.heapify(self._ready)
        return best

    def _least(self, had: Mapping[int, int], latest: float) -> _Turn:
        may = (turn for turn in self._ready if turn[0] <= latest)
        return min(may, key=lambda turn: ((had.get(turn[3], 0) + 0.5) / turn[4], turn), default=self._ready[0])

    def _let_in(self) -> None:
        """Move those who are not ahead any more to where they may come next."""
        while self._waiting and self._waiting[0][0] * self._weight < self._given + 1:
            _, had, tie, place, weight, count = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, ((count + 1) / weight, had, tie, place, weight, count))

    def give(self, turn: _Turn) -> int:
        """Count a message of a turn that was taken out; returns its place."""
        *_, tie, place, weight, count = turn
        self._given += 1
        had = (count + 1) / weight
        if self._due:
            del self._due[bisect_left(self._due, had)]
            insort(self._due, (count + 3) / weight)
        heapq.heappush(self._waiting, (had, had, tie, place, weight, count + 1))
        return place

    def put_back(self, turn: _Turn) -> None:
        """Leave a turn as it was before it was taken out."""
        _, had, tie, place, weight, count = turn
        heapq.heappush(self._waiting, (had, had, tie, place, weight, count))

    def drop(self, turn: _Turn) -> None:
        """Let a mailbox that was taken out have no turn any more."""
        *_, weight, count = turn
        self._weight -= weight
        self._given -= count
        for by in _next_two(turn) if self._due else ():
            del self._due[bisect_left(self._due, by)]


def _next_two(turn: _Turn) -> tuple[float, float]:
    *_, weight, count = turn
    return (count + 1) / weight, (count + 2) / weight


class Rotation:
    """The rotation of one campaign on one date.

    At each site every mailbox stays within one message of its share by weight, as long as it may take messages at all. Sites
    of which no mailbox's share is more than one message, and that have no weights of their own, rotate as one, so that the
    heaviest mailbox does not come first at each of them; at none of them does a mailbox write twice while others may. At
    those of which it is a few messages, who has had the least at all of them comes first as far as no share is passed, so
    that what is rounded at each does not add up.
    """

    def __init__(
        self,
        pool: Sequence[MailboxInput],
        *,
        places: Mapping[int, int],
        site_sizes: Mapping[str, int],
        healthy: Collection[int],
        own_sites: Collection[str] = (),
        seed: str,
    ) -> None:
        """Prepare a rotation.

        Args:
            pool: the campaign's mailboxes.
            places: mailbox id -> its index, which ``may_take`` and the answers use.
            site_sizes: site -> how many candidates it has today.
            healthy: ids of the mailboxes that may take random assignments.
            own_sites: sites that rotate apart whatever their size.
            seed: decides ties and random choices.
        """
        self._pool = pool
        self._places = places
        self._seed = seed
        weighted = {site for mailbox in pool for site in mailbox.site_weights}
        weights = [weight_at(mailbox, ELSEWHERE) for mailbox in pool]
        most = sum(weights) / max(weights, default=1.0) if any(weights) else 0.0
        large = {site for site, size in site_sizes.items() if size >= most}
        self._own_sites = weighted | set(own_sites) | large
        self._middling = {site: site_sizes[site] for site in large - weighted if site_sizes[site] < _MIDDLING * most}
        # Middling site -> its size; place -> messages at all of them.
        self._had = Counter[int]()
        # Small site -> who has written there.
        self._has_written = {site: set[int]() for site, size in site_sizes.items() if 1 < size < most}
        self._turns: dict[str, _Turns] = {}
        self._by_place = {places[mailbox.id]: mailbox for mailbox in pool}
        self._again: dict[str, dict[int, int]] = {}
        self._healthy = [mailbox for mailbox in pool if mailbox.id in healthy]
        self._healthy_at: dict[str, list[MailboxInput]] = {}

    def choose(
        self, site: str, may_take: Callable[[int], bool], *, others_may: Callable[[int], bool] | None = None
    ) -> int | None:
        """Return the index of the mailbox that writes next to a site, or None if none may.

        A mailbox that may not take a message is left out there for the rest of the day: caps only fill up.

        Args:
            site: the recipient's.
            may_take: tells whether a mailbox, by its index, may take the message.
            others_may: tells whether one that may not is to stay, as what is refused is this message alone; None: never.
        """
        key = self._key(site)
        turns = self._turns.get(key)
        if turns is None:
            turns = self._turns[key] = self._begin(key)
        has_written = self._has_written.get(site) if key == ELSEWHERE else None
        set_aside: list[_Turn] = []
        ahead: list[_Turn] = []
        found = None
        size = self._middling.get(site, 0)
        next_turn = partial(turns.next_of, self._had, most=size) if size else turns.next
        while found is None and (turn := next_turn()) is not None:
            place = turn[3]
            if has_written is not None and place in has_written:
                ahead.append(turn)
            elif may_take(place):
                found = turn
            elif others_may is not None and others_may(place):
                set_aside.append(turn)
            else:
                turns.drop(turn)
        if found is None and (found := next((turn for turn in ahead if may_take(turn[3])), None)) is not None:
            ahead.remove(found)
        for turn in (*set_aside, *ahead):
            turns.put_back(turn)
        if found is None:
            return None
        if has_written is not None:
            has_written.add(found[3])
        self._had[found[3]] += size > 0
        return turns.give(found)

    def choose_again(self, site: str, places: Sequence[int]) -> int | None:
        """Return which of some mailboxes writes to a site once the rotation is over, or None if none may.

        The places that were given here before come round by weight too; those that the rotation gave do not count again,
        as its mailboxes are where they are because of them.
        """
        given = self._again.setdefault(site, {})
        best: tuple[float, int] | None = None
        for place in places:
            weight = weight_at(self._by_place[place], site) if place in self._by_place else 0.0
            if weight > 0:
                best = min(best or (inf, 0), ((given.get(place, 0) + 0.5) / weight, place))
        if best is None:
            return None
        given[best[1]] = given.get(best[1], 0) + 1
        return best[1]

    def choose_at_random(
        self,
        site: str,
        may_take: Callable[[int], bool],
        chance: float,
        *,
        others_may: Callable[[int], bool] | None = None,
    ) -> int | None:
        """Return the index of a healthy mailbox picked by a number in [0, 1), each as likely as the other, or None.

        Whom it leaves out there for the rest of the day is as in ``choose``: one that is full at a site stays elsewhere.
        """
        key = self._key(site)
        left = self._healthy_at.get(key)
        if left is None:
            left = self._healthy_at[key] = self._healthy.copy()
        if others_may is not None:
            left = [mailbox for mailbox in left if others_may(self._places[mailbox.id])]
        while left:
            number = int(chance * len(left))
            mailbox = left[number]
            place = self._places[mailbox.id]
            if may_take(place):
                return place if weight_at(mailbox, site) > 0 else None
            left[number] = left[-1]
            left.pop()
        return None

    def _key(self, site: str) -> str:
        return site if site in self._own_sites else ELSEWHERE

    def _begin(self, site: str) -> _Turns:
        ids = np.array([mailbox.id for mailbox in self._pool], dtype=np.int64)
        # Ties fall differently at each site, else the first mailbox would get the first message everywhere.
        ties = uniform(seed_of(self._seed, site), ids)
        return _Turns(
            (float(tie), self._places[mailbox.id], weight)
            for mailbox, tie in zip(self._pool, ties, strict=True)
            if (weight := weight_at(mailbox, site)) > 0
        )


def weight_at(mailbox: MailboxInput, site: str) -> float:
    """Return the rotation weight of a mailbox at a site: its health times its weight there, or everywhere else."""
    return mailbox.health_ratio * mailbox.site_weights.get(site, mailbox.weight_ratio)
