"""Which mailbox of a campaign's pool writes next to a recipient site.

Belongs here: deficit-weighted round robin and the few random assignments. Does not: caps (the caller says which mailbox may
still take a message).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf

import numpy as np

from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.inputs import MailboxInput

ELSEWHERE = ""


class Rotation:
    """The rotation of one campaign on one date.

    At each site the mailbox with the least (messages + 1/2) / weight comes next: every mailbox stays within one message of
    its share by weight (Webster's method; Sainte-Laguë), as long as it may take messages at all. Sites with few candidates
    and no weights of their own rotate as one, so that the work does not grow with the number of small sites.
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
        self._own_sites = weighted | set(own_sites) | {site for site, size in site_sizes.items() if size >= len(pool)}
        self._heaps: dict[str, list[tuple[float, float, int, float, int]]] = {}
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
        heap = self._heaps.get(key)
        if heap is None:
            heap = self._heaps[key] = self._heap(key)
        passed_over = []
        found = None
        while heap and found is None:
            _, tie, place, weight, count = heap[0]
            if may_take(place):
                heapq.heapreplace(heap, ((count + 1.5) / weight, tie, place, weight, count + 1))
                found = place
            else:
                refused = heapq.heappop(heap)
                if others_may is not None and others_may(place):
                    passed_over.append(refused)
        for refused in passed_over:
            heapq.heappush(heap, refused)
        return found

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

    def _heap(self, site: str) -> list[tuple[float, float, int, float, int]]:
        ids = np.array([mailbox.id for mailbox in self._pool], dtype=np.int64)
        # Ties fall differently at each site, else the first mailbox would get the first message everywhere.
        ties = uniform(seed_of(self._seed, site), ids)
        heap = [
            (0.5 / weight, float(tie), self._places[mailbox.id], weight, 0)
            for mailbox, tie in zip(self._pool, ties, strict=True)
            if (weight := weight_at(mailbox, site)) > 0
        ]
        heapq.heapify(heap)
        return heap


def weight_at(mailbox: MailboxInput, site: str) -> float:
    """Return the rotation weight of a mailbox at a site: its health times its weight there, or everywhere else."""
    return mailbox.health_ratio * mailbox.site_weights.get(site, mailbox.weight_ratio)
