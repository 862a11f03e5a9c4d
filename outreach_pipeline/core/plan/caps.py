"""The counters of a day: what is left of each mailbox, of the caps that mailboxes share, and of the recipients' caps.

Belongs here: counting up and down. Does not: where the caps come from (capacity) or who asks for a place (admission).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from outreach_pipeline.core.plan.capacity import Capacity, site_caps
from outreach_pipeline.core.plan.inputs import PlanFacts
from outreach_pipeline.core.plan.shared_caps import Group, groups_of


@dataclass(slots=True)
class SenderCaps:
    """What is left on the senders' side; places are indexes of ``PlanFacts.mailboxes``, days indexes of ``days``.

    Attributes:
        left: place -> messages.
        groups: place -> the indexes of the caps that it shares.
        group_left: shared cap -> messages.
        site_left: place -> site -> messages, for the sites at which the mailbox is still warming up.
        reserved: place -> day -> follow-ups that are to go out then.
        own_per_day: place -> what the mailbox by itself may send a day.
        full_until: place -> windows that end by this instant hold no more messages of it; epoch milliseconds.
        days: ISO date -> day.
    """

    left: list[int]
    groups: list[list[int]]
    group_left: list[int]
    site_left: list[dict[str, int]]
    reserved: list[list[int]]
    own_per_day: list[int]
    full_until: list[int]
    days: dict[str, int]

    def has_place(self, place: int) -> bool:
        """Tell whether a mailbox and all the caps that it shares have room for one message."""
        if self.left[place] <= 0:
            return False
        for group in self.groups[place]:  # noqa: SIM110 (a generator here is half of the planner's time)
            if self.group_left[group] <= 0:
                return False
        return True

    def has_room_later(self, place: int, later: tuple[int, ...]) -> bool:
        """Tell whether a mailbox has room for follow-ups on some days."""
        reserved, cap = self.reserved[place], self.own_per_day[place]
        for day in later:  # noqa: SIM110 (the same)
            if reserved[day] >= cap:
                return False
        return True

    def is_warm_at(self, place: int, site: str) -> bool:
        """Tell whether a mailbox's ramp at a site has room for one message."""
        return self.site_left[place].get(site, 1) > 0

    def taker(self, site: str, later: tuple[int, ...]) -> Callable[[int], bool]:
        """Return what tells whether a place may take one more message to a site, with follow-ups on some days."""
        left, groups, group_left, own = self.left, self.groups, self.group_left, self.own_per_day
        reserved, site_left = self.reserved, self.site_left

        def may_take(place: int) -> bool:
            if left[place] <= 0 or site_left[place].get(site, 1) <= 0:
                return False
            for group in groups[place]:
                if group_left[group] <= 0:
                    return False
            row, cap = reserved[place], own[place]
            for day in later:  # noqa: SIM110 (the same)
                if row[day] >= cap:
                    return False
            return True

        return may_take

    def count(self, place: int, site: str, later: tuple[int, ...], messages: int) -> None:
        """Count a message to a site and its follow-ups up (1) or down again (-1)."""
        self.left[place] -= messages
        for group in self.groups[place]:
            self.group_left[group] -= messages
        if site in self.site_left[place]:
            self.site_left[place][site] -= messages
        row = self.reserved[place]
        for day in later:
            row[day] += messages


def sender_caps(
    facts: PlanFacts, capacities: list[Capacity], groups: list[Group], *, days: Collection[str]
) -> SenderCaps:
    """Return the counters of a day at its start; ``days`` are the ISO dates on which follow-ups may come."""
    index = {(group.kind, group.id): number for number, group in enumerate(groups)}
    numbers = {day: number for number, day in enumerate(sorted(days))}
    return SenderCaps(
        left=[each.left for each in capacities],
        groups=[[index[key] for key in groups_of(mailbox) if key in index] for mailbox in facts.mailboxes],
        group_left=[group.left for group in groups],
        site_left=[site_caps(mailbox) for mailbox in facts.mailboxes],
        reserved=[[mailbox.reserved.get(day, 0) for day in numbers] for mailbox in facts.mailboxes],
        own_per_day=[each.own_per_day for each in capacities],
        full_until=[0] * len(capacities),
        days=numbers,
    )


@dataclass(slots=True)
class RecipientCaps:
    """What was given away on the recipients' side: by company's number and site's code, by contact, and by verification.

    ``canaries`` is what is left to that of each list on hold.
    Of contacts only those that stand in several candidates are kept.
    """

    companies: list[int]
    sites: Counter[int]
    unverified: int
    catch_all: int
    canaries: dict[int, int]
    contacts: set[int] = field(default_factory=set)


def recipient_caps(facts: PlanFacts, code_of: Mapping[str, int], *, companies: int) -> RecipientCaps:
    """Return the counters at the day's start, for companies of numbers below ``companies``: what the date holds counts."""
    return RecipientCaps(
        companies=[0] * companies,
        sites=Counter({code_of.get(site, -1): count for site, count in facts.taken_by_site.items()}),
        unverified=facts.taken_unverified,
        catch_all=facts.taken_catch_all,
        canaries=dict(facts.canaries),
    )
