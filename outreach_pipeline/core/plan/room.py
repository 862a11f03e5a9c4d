"""What is left of a forecast's day while places are given out, in fractions of messages.

Belongs here: the caps of mailboxes and those that they share, and what a window holds. Does not: who is given the places (forecast).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from outreach_pipeline.core.plan.calendar import Window
from outreach_pipeline.core.plan.capacity import Capacity, earliest_start, fits_in, gap_of
from outreach_pipeline.core.plan.inputs import MailboxInput, PlanFacts
from outreach_pipeline.core.plan.shared_caps import Group, members_of

Floats = npt.NDArray[np.float64]


class Room:
    """A day's caps; ``left``, ``own_per_day`` and ``sent`` have a number for each mailbox."""

    def __init__(
        self, mailboxes: Sequence[MailboxInput], each: Sequence[Capacity], groups: Sequence[Group], *, is_open: bool
    ) -> None:
        self.left = np.array([capacity.left for capacity in each], dtype=np.float64) * is_open
        self.own_per_day = np.array([capacity.own_per_day for capacity in each], dtype=np.float64)
        self.sent = np.zeros(len(each))
        members = members_of(mailboxes)
        self._groups = [
            (np.array(members.get((group.kind, group.id), ()), dtype=np.intp), [float(group.left)]) for group in groups
        ]

    def take(self, wanted: Floats) -> Floats:
        """Take as much of what is wanted as the caps leave; where a shared cap is short, all that share it get less alike."""
        given: Floats = np.minimum(wanted, self.left)
        for members, left in self._groups:
            total = float(given[members].sum())
            if total > left[0]:
                given[members] *= max(0.0, left[0]) / total
        self.give_back(-given)
        return given

    def take_together(self, wanted: Mapping[int, Floats]) -> dict[int, Floats]:
        """Take what several want at once, so that nobody comes first: each gets the same part of a mailbox's places."""
        total = sum(wanted.values(), np.zeros(len(self.left)))
        part = np.divide(self.take(total), total, out=np.zeros(len(self.left)), where=total > 0)
        return {key: each * part for key, each in wanted.items()}

    def give_back(self, places: Floats) -> None:
        """Free places that were taken and not used."""
        for members, left in self._groups:
            left[0] += float(places[members].sum())
        self.left += places
        self.sent -= places


def held_by(facts: PlanFacts, window: Window | None) -> Floats:
    """Return how many messages a campaign's window of the day holds at each mailbox, at the mailbox's gap."""
    if window is None:
        return np.zeros(len(facts.mailboxes))
    fits = [
        fits_in(window, starts=earliest_start(facts, mailbox), gap=gap_of(facts.policies[mailbox.policy]))
        for mailbox in facts.mailboxes
    ]
    return np.array(fits, dtype=np.float64)
