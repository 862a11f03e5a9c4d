"""Contacts that nobody has written to yet, over the days of a forecast.

Belongs here: from when they may be written to, when their verification grows too old, the canaries of new lists, and whose
turn it is. Does not: how many places a campaign is given (forecast).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from typing import NamedTuple
from zoneinfo import ZoneInfo

from outreach_pipeline.core.plan.calendar import after_working_time
from outreach_pipeline.core.plan.inputs import PlanFacts

_CAPPED = ("unverified", "catch_all")
# Less than that of a contact is nobody.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Waiting:
    """Contacts of a campaign that nobody has written to yet, alike and next to each other in the planner's order.

    Attributes:
        due_on: the first date whose plan may have them; None: they cannot be written to, as things stand.
        unverified_from: the first date for whose plan their verification is too old to count; None: it does not age.
        list_id: their list, if its hold is to begin.
    """

    campaign_id: int
    due_on: date | None
    verification: str
    contacts: int
    unverified_from: date | None = None
    list_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListHold:
    """A list whose hold begins once its canary has gone out.

    Attributes:
        contacts_left: how many of its contacts are still to be written to before.
        hold_seconds: the others follow so long after, those of working days counted.
        last_on: the last date whose plan has one of the canary already; None: there is none.
        plan_at: local time at which the tenant's days are planned.
    """

    list_id: int
    campaign_id: int
    contacts_left: int
    hold_seconds: int
    last_on: date | None
    plan_at: time

    def over_on(self, facts: PlanFacts) -> date:
        """Return the first date whose plan may have the others, if the last of the canary goes out on the facts' date."""
        campaign = next(each for each in facts.campaigns if each.id == self.campaign_id)
        policy, zone = facts.policies[campaign.policy], ZoneInfo(facts.time_zone)
        closes = datetime.combine(max(facts.plan_date, self.last_on or facts.plan_date), policy.window_ends, zone)
        over = after_working_time(
            policy, closes.astimezone(UTC), seconds=self.hold_seconds, time_zone=facts.time_zone
        ).astimezone(zone)
        return over.date() + timedelta(days=int(over.time() > self.plan_at))


class Places(NamedTuple):
    """Places that a campaign may fill: how many messages, its share, and what the day has given it before."""

    messages: float
    share: float
    given: float


# Whose caps count for a contact: the kind of unsure address, and the list on hold.
_Kind = tuple[str, int | None]


class WaitingContacts:
    """Each campaign's contacts in the planner's order, parted by the caps of unsure addresses and canaries that count for them.

    So a contact whose cap is used up holds up nobody behind it and costs nothing to pass over.
    """

    def __init__(self, waiting: Sequence[Waiting], holds: Sequence[ListHold] = ()) -> None:
        """Queue contacts: those of each campaign stand in the order in which the planner reads them."""
        # List on hold -> how many of it may be written to, and once its canary has gone out, when its hold is over.
        self._canaries = {each.list_id: float(each.contacts_left) for each in holds}
        self._holds = list(holds)
        self._over_on: dict[int, date] = {}
        self._runs = waiting
        self._left = [float(each.contacts) for each in waiting]
        self._kinds: list[_Kind] = [
            (each.verification if each.verification in _CAPPED else "", each.list_id) for each in waiting
        ]
        coming = [(each.due_on, place) for place, each in enumerate(waiting) if each.due_on is not None]
        aging = [
            (each.unverified_from, place) for place, each in enumerate(waiting) if each.unverified_from is not None
        ]
        self._coming, self._aging = sorted(coming, reverse=True), sorted(aging, reverse=True)
        # Campaign -> kind -> heap of places in ``waiting``. One that has aged stays in the old heap, and no longer counts.
        self._queues: dict[int, dict[_Kind, list[int]]] = defaultdict(lambda: defaultdict(list))

    def begin_day(self, day: date) -> None:
        """Let those join who may be written to from this day on, and count as unverified whose verification has aged."""
        for list_id in [each for each, over_on in self._over_on.items() if over_on <= day]:
            self._canaries[list_id] = inf
        while self._coming and self._coming[-1][0] <= day:
            self._join(self._coming.pop()[1])
        while self._aging and self._aging[-1][0] <= day:
            _, place = self._aging.pop()
            self._kinds[place] = ("unverified", self._runs[place].list_id)
            # Whoever is still to come joins as what it is then.
            if (due_on := self._runs[place].due_on) is not None and due_on <= day:
                self._join(place)

    def end_day(self, facts: PlanFacts) -> None:
        """Let the holds begin of lists whose canary the facts' date has completed."""
        for hold in self._holds:
            if hold.list_id not in self._over_on and self._canaries[hold.list_id] <= _NOTHING:
                self._over_on[hold.list_id] = hold.over_on(facts)

    def _join(self, place: int) -> None:
        heapq.heappush(self._queues[self._runs[place].campaign_id][self._kinds[place]], place)

    def has_any(self, campaign_id: int, unsure: Mapping[str, float]) -> bool:
        """Tell whether anybody of a campaign may be written to; ``unsure`` as in ``take``."""
        return self._first(campaign_id, unsure) is not None

    def take(self, places: Mapping[int, Places], unsure: dict[str, float]) -> dict[int, float]:
        """Fill places as the planner does: campaigns by turns, each with the first of its contacts that no cap refuses.

        Args:
            places: campaign id -> what it may fill.
            unsure: verification -> how many more of them the day allows, over all campaigns; counted down.

        Returns:
            Campaign id -> places that were filled.
        """
        taken = dict.fromkeys(places, 0.0)
        turns = [((each.given + 0.5) / each.share, campaign_id) for campaign_id, each in places.items()]
        heapq.heapify(turns)
        while turns:
            _, campaign_id = turns[0]
            messages, share, given = places[campaign_id]
            wanted = messages - taken[campaign_id]
            place = self._first(campaign_id, unsure) if wanted > _NOTHING else None
            if place is None:
                heapq.heappop(turns)
                continue
            count = min(wanted, self._left[place])
            # Only for what campaigns share does it matter that they go by turns.
            kind, list_id = self._kinds[place]
            if kind in unsure:
                count = min(count, 1.0, unsure[kind])
            if list_id is not None:
                count = min(count, self._canaries[list_id])
                self._canaries[list_id] -= count
            if kind in unsure:
                unsure[kind] -= count
            self._left[place] -= count
            taken[campaign_id] += count
            heapq.heapreplace(turns, ((given + taken[campaign_id] + 0.5) / share, campaign_id))
        return taken

    def _first(self, campaign_id: int, unsure: Mapping[str, float]) -> int | None:
        found = None
        for kind, heap in self._queues[campaign_id].items():
            if unsure.get(kind[0], inf) <= _NOTHING or self._left_of(kind[1]) <= _NOTHING:
                continue
            while heap and (self._left[heap[0]] <= _NOTHING or self._kinds[heap[0]] != kind):
                heapq.heappop(heap)
            if heap and (found is None or heap[0] < found):
                found = heap[0]
        return found

    def _left_of(self, list_id: int | None) -> float:
        return inf if list_id is None else self._canaries[list_id]
