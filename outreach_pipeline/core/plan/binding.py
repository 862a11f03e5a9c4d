"""Which cap binds a mailbox once the day is planned.

Belongs here: caps that mailboxes share and that the plan has used up. Does not: the caps themselves (capacity).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from outreach_pipeline.core.plan.capacity import CapTerm
from outreach_pipeline.core.plan.reasons import Reason

# Terms of a cap that mailboxes share.
SHARED_TERMS = frozenset({"tenant", "sending_domain", "provider_account"})
# What keeps a mailbox from more where no cap does.
DEMAND = "demand"
# What does where others wait, but a first mail's follow-ups would come on days that are full.
RESERVED = str(Reason.FOLLOW_UPS_RESERVED)


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


def full_later(summary: Mapping[str, Any], campaigns: Iterable[str]) -> tuple[str, ...]:
    """Return which of some campaigns, by slug, have contacts that wait for days with room for their follow-ups."""
    counts: Mapping[str, Any] = summary.get("campaigns", {})
    return tuple(slug for slug in campaigns if counts.get(slug, {}).get("excluded", {}).get(RESERVED))


def binding(batch: PlannedBatch, full: frozenset[tuple[str, str]], *, waiting: Collection[str] = ()) -> CapTerm:
    """Return the term that keeps a mailbox from more.

    It is the least one. Where that leaves places it is a shared cap that is used up. If there is none it is the days to come,
    where they have no room for follow-ups of ``waiting``; else no cap at all, but demand: there was nobody else whom the
    mailbox could write to.

    Args:
        batch: with at least one term, the least first.
        full: as ``used_up`` returns it, of all batches of the date.
        waiting: of the mailbox's campaigns those that ``full_later`` returns.
    """
    messages = batch.already_sent + batch.planned
    if messages >= batch.capacity:
        return batch.cap_terms[0]
    if shared := next((term for term in batch.cap_terms if (term.term, term.detail) in full), None):
        return shared
    if waiting:
        told = f"contacts of {', '.join(waiting)} wait for days that have room for their follow-ups"
        return CapTerm(RESERVED, messages, told)
    return CapTerm(DEMAND, messages, "nobody else could be written to from it")
