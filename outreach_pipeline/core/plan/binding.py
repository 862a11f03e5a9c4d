"""Which cap binds a mailbox once the day is planned.

Belongs here: caps that mailboxes share and that the plan has used up. Does not: the caps themselves (capacity).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from outreach_pipeline.core.plan.capacity import CapTerm

# Terms of a cap that mailboxes share.
SHARED_TERMS = frozenset({"tenant", "sending_domain", "provider_account"})
# What keeps a mailbox from more where no cap does.
DEMAND = "demand"


class PlannedBatch(Protocol):
    """A mailbox's day after planning; see core.plan.plan.Batch."""

    @property
    def capacity(self) -> int: ...  # noqa: D102 (the class says it)
    @property
    def already_sent(self) -> int: ...  # noqa: D102
    @property
    def planned(self) -> int: ...  # noqa: D102
    @property
    def cap_terms(self) -> Sequence[CapTerm]: ...  # noqa: D102


def used_up(batches: Iterable[PlannedBatch]) -> frozenset[tuple[str, str]]:
    """Return term and detail of each shared cap of which the plan leaves nothing; the detail tells one from another."""
    planned: Counter[tuple[str, str]] = Counter()
    left: dict[tuple[str, str], int] = {}
    for batch in batches:
        for term in batch.cap_terms:
            if term.term in SHARED_TERMS:
                key = (term.term, term.detail)
                planned[key] += batch.planned
                left[key] = term.messages_per_day - batch.already_sent
    return frozenset(key for key, count in left.items() if planned[key] >= count)


def binding(batch: PlannedBatch, full: frozenset[tuple[str, str]]) -> CapTerm:
    """Return the term that keeps a mailbox from more.

    It is the least one. Where that leaves places it is a shared cap that is used up, and if there is none no cap at all, but
    demand: there was nobody else whom the mailbox could write to.

    Args:
        batch: with at least one term, the least first.
        full: as ``used_up`` returns it, of all batches of the date.
    """
    if batch.already_sent + batch.planned < batch.capacity:
        messages = batch.already_sent + batch.planned
        demand = CapTerm(DEMAND, messages, "nobody else could be written to from it")
        return next((term for term in batch.cap_terms if (term.term, term.detail) in full), demand)
    return batch.cap_terms[0]
