"""Who asks for places, and in which order: the queues of campaigns, and what is known of each candidate before.

Belongs here: the state of a queue, and what is the same for a candidate whoever gets the places. Does not: giving them
(admission).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from outreach_pipeline.core.plan.inputs import CampaignInput, Ints, PlanInputs
from outreach_pipeline.core.plan.reasons import Reason
from outreach_pipeline.core.plan.rotation import Rotation


class Given(NamedTuple):
    """Who holds a place, in the order in which places were given: the positions of candidates, the indexes of mailboxes."""

    positions: Ints
    places: Ints


@dataclass(slots=True)
class Queue:
    """The new contacts of one campaign, in their order, and what it was given so far."""

    campaign: CampaignInput
    positions: list[int]
    pool: list[int]
    later: tuple[int, ...]
    rotation: Rotation
    next: int = 0
    admitted: int = 0
    # Site and the days of the steps after it -> why no mailbox of the pool may write it any more: caps only fill up.
    closed: dict[tuple[str, tuple[int, ...]], Reason] = field(default_factory=dict)
    # In a round of second chances: who is still to be asked, and the same by the end of the window too.
    waiting: Iterator[int] = field(default_factory=lambda: iter(()))
    closed_again: dict[tuple[str, tuple[int, ...], int], Reason] = field(default_factory=dict)


def occurs_again(numbers: Ints) -> npt.NDArray[np.bool_]:
    """Tell of each number whether it stands elsewhere too: of a great many contacts hardly any does."""
    _, first, times = np.unique(numbers, return_inverse=True, return_counts=True)
    return np.asarray(times[first] > 1)


def later_of(inputs: PlanInputs, later: Mapping[tuple[int, int], tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return for each candidate the days on which its next steps would follow."""
    candidates = inputs.candidates
    keys = zip(candidates.campaign_id.tolist(), candidates.step_number.tolist(), strict=True)
    return [later.get(key, ()) for key in keys]
