"""Whom the canary of a new list keeps waiting, whatever else they lack.

Belongs here: the reason of those who would not be of the canary even if there were places for all. Does not: how many the
canary has left (the facts), or who gets a place (admission).
"""

from __future__ import annotations

import numpy as np

from outreach_pipeline.core.plan.demand import Codes
from outreach_pipeline.core.plan.inputs import PlanInputs
from outreach_pipeline.core.plan.reasons import CODES, PLACELESS, Reason

_HELD = CODES[Reason.LIST_CANARY_HOLD]
# Who lacks nothing but a place is of the canary as soon as there is one, and nobody after it is.
_PLACELESS = np.array(sorted(CODES[each] for each in PLACELESS | {Reason.NO_MAILBOX}), dtype=np.int64)


def claimed_canary(inputs: PlanInputs, codes: Codes, list_id: int) -> int:
    """Return how many of a list's canary a plan has written to, or would have if there had been places."""
    first_steps = _first_steps(inputs, list_id)
    return int((codes[first_steps] == CODES[Reason.PLANNED]).sum() + np.isin(codes[first_steps], _PLACELESS).sum())


def hold_back(inputs: PlanInputs, codes: Codes) -> None:
    """Give those their true reason who come after the last of a canary: ``codes``, of a plan that is made, is written to."""
    for list_id, canary in inputs.facts.canaries.items():
        first_steps = _first_steps(inputs, list_id)
        left = max(canary - int((codes[first_steps] == CODES[Reason.PLANNED]).sum()), 0)
        placeless = first_steps[np.isin(codes[first_steps], _PLACELESS)]
        if len(placeless) > left:
            after = first_steps[first_steps >= placeless[left]]
            codes[after[codes[after] > _HELD]] = _HELD


def _first_steps(inputs: PlanInputs, list_id: int) -> np.ndarray:
    candidates = inputs.candidates
    return np.flatnonzero((candidates.contact_list_id == list_id) & (candidates.step_number == 1))
