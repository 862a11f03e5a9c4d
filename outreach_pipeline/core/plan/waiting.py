"""Contacts that nobody has written to yet, over the days of a forecast.

Belongs here: from when they may be written to, and when their verification grows too old. Does not: who is given a place
(forecast).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

_CAPPED = ("unverified", "catch_all")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Contacts of a campaign that nobody has written to yet.

    Attributes:
        due_on: the first date whose plan may have them; None: they cannot be written to, as things stand.
        unverified_from: the first date for whose plan their verification is too old to count; None: it does not age.
    """

    campaign_id: int
    due_on: date | None
    verification: str
    contacts: int
    unverified_from: date | None = None


class Part(NamedTuple):
    """Contacts that wait alike."""

    campaign_id: int
    verification: str
    unverified_from: date | None


class WaitingContacts:
    """How many may be written to by now, in expectation."""

    def __init__(self, waiting: Sequence[Waiting]) -> None:
        self._coming = [(each, each.due_on) for each in waiting if each.due_on is not None]
        self._due: dict[Part, float] = defaultdict(float)

    def begin_day(self, day: date) -> None:
        """Let those join who may be written to from this day on, and count as unverified whose verification has aged."""
        for each, due_on in self._coming:
            if due_on <= day:
                self._due[Part(each.campaign_id, each.verification, each.unverified_from)] += each.contacts
        self._coming = [(each, due_on) for each, due_on in self._coming if due_on > day]
        for part in [part for part in self._due if part.unverified_from is not None and part.unverified_from <= day]:
            self._due[Part(part.campaign_id, "unverified", None)] += self._due.pop(part)

    def supply(self, campaign_id: int, campaign_ids: Collection[int], unsure: Mapping[str, float]) -> dict[Part, float]:
        """Return how many of a campaign may be written to today, if it gets the places.

        Args:
            campaign_id: whose.
            campaign_ids: the campaigns among which the caps of unsure addresses are parted, by how many each has.
            unsure: verification -> how many more of them the day allows.
        """
        found = {part: count for part, count in self._due.items() if part.campaign_id == campaign_id}
        for kind in _CAPPED:
            wanted = sum(
                count
                for part, count in self._due.items()
                if part.verification == kind and part.campaign_id in campaign_ids
            )
            ratio = min(1.0, max(0.0, unsure[kind]) / wanted) if wanted > 0 else 1.0
            found |= {part: count * ratio for part, count in found.items() if part.verification == kind}
        return found

    def take(self, given: float, supply: Mapping[Part, float], unsure: dict[str, float]) -> None:
        """Take so many out of a supply, of each part alike, and off what the day allows of unsure ones."""
        total = sum(supply.values())
        for part, count in supply.items():
            taken = given * count / total if total else 0.0
            self._due[part] -= taken
            if part.verification in unsure:
                unsure[part.verification] -= taken
