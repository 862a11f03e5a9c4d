"""The waterfall from demand to plan as steps that can be shown.

Belongs here: the order of the steps. Does not: counting (summary) or drawing (pictures).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach_pipeline.core.plan.reasons import SENTENCES, Reason


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a waterfall.

    Attributes:
        name: ``demand``, a reason code, or ``planned``.
        count: contacts that stop here; of the first and the last step, all that are there.
        left: contacts that go on.
        sentence: what the reason says, for people.
    """

    name: str
    count: int
    left: int
    sentence: str


def waterfall(counts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a summary, or of one of its campaigns or sites, in the order in which reasons are asked.

    Args:
        counts: ``demand``, ``planned`` and ``excluded`` (reason -> count), see core.plan.summary.
    """
    left = int(counts.get("demand", 0))
    steps = [Step("demand", left, left, "Enrollments whose step may be due.")]
    excluded = counts.get("excluded", {})
    for reason in Reason:
        if count := int(excluded.get(reason, 0)):
            left -= count
            steps.append(Step(str(reason), count, left, SENTENCES[reason]))
    planned = int(counts.get("planned", 0))
    return (*steps, Step("planned", planned, planned, SENTENCES[Reason.PLANNED]))
