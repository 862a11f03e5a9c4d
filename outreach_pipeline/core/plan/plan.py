"""The day's plan of one tenant: from inputs to who writes to whom and when. Pure and deterministic.

Belongs here: the order of the steps and the plan's type. Does not: the steps themselves (capacity, demand, admission,
rotation, pacing), reading inputs or writing rows (workflows.plan_day).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from pydantic_core import to_json

from outreach_pipeline.core.plan.admission import Admission, Assignment
from outreach_pipeline.core.plan.calendar import Window, milliseconds, sending_window
from outreach_pipeline.core.plan.capacity import CapTerm, capacities, gap_of, total_left
from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.demand import Codes, Windows, exclusions, windows_of
from outreach_pipeline.core.plan.inputs import PlanInputs
from outreach_pipeline.core.plan.pacing import Job, pace
from outreach_pipeline.core.plan.reasons import CODES, REASONS, Reason
from outreach_pipeline.core.plan.summary import summarise


@dataclass(frozen=True, slots=True)
class Batch:
    """A mailbox's day: what it may send (``capacity``, the ``already_sent`` included), what is planned, and every term."""

    mailbox_id: int
    capacity: int
    already_sent: int
    planned: int
    cap_terms: tuple[CapTerm, ...]


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """One message of the plan; instants are epoch milliseconds, ``position`` is the candidate's."""

    position: int
    enrollment_id: int
    step_number: int
    mailbox_id: int
    variant: str
    is_random: bool
    scheduled_at: int
    window_ends_at: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's plan: a batch for every mailbox, the messages by mailbox and time, and the reason code of each candidate.

    ``hungry`` are campaigns that could take more contacts than were read for them: with more, the plan would be another.
    """

    batches: tuple[Batch, ...]
    messages: tuple[PlannedMessage, ...]
    codes: Codes
    summary: dict[str, Any]
    hungry: frozenset[int] = frozenset()

    def reason(self, position: int) -> Reason:
        """Return the reason of a candidate."""
        return REASONS[int(self.codes[position])]

    def to_bytes(self) -> bytes:
        """Return the plan as JSON; the same inputs give the same bytes."""
        return to_json(
            {
                "batches": self.batches,
                "messages": self.messages,
                "reasons": self.codes.tolist(),
                "summary": self.summary,
            }
        )


def plan(inputs: PlanInputs) -> Plan:
    """Decide the day of one tenant."""
    facts = inputs.facts
    windows = windows_of(inputs)
    per_mailbox, groups = capacities(facts, windows.span or _span_of_tenant(inputs))
    available = frozenset(each.mailbox_id for each in per_mailbox if each.is_available)
    codes = exclusions(inputs, windows, available=available)
    admission = Admission(inputs, codes, capacities=per_mailbox, groups=groups)
    assignments = admission.run()
    messages = _paced(inputs, codes, assignments, free_at=[each.free_at for each in per_mailbox], windows=windows)
    planned = Counter(message.mailbox_id for message in messages)
    batches = tuple(
        Batch(each.mailbox_id, each.capacity, each.already_sent, planned[each.mailbox_id], each.terms)
        for each in per_mailbox
    )
    summary = summarise(
        inputs,
        codes,
        available=available,
        left=total_left(facts, per_mailbox, groups),
        random=sum(message.is_random for message in messages),
    )
    return Plan(batches, messages, codes, summary, frozenset(admission.hungry))


def _span_of_tenant(inputs: PlanInputs) -> Window | None:
    """Return the tenant's own window, by which capacity is judged while no candidate has one."""
    facts = inputs.facts
    window = sending_window(
        facts.policy,
        plan_date=facts.plan_date,
        tenant_zone=facts.time_zone,
        zone=None,
        country=None,
        not_before=milliseconds(facts.now),
    )
    return window if isinstance(window, Window) else None


def _paced(
    inputs: PlanInputs,
    codes: Codes,
    assignments: Sequence[Assignment],
    *,
    free_at: Sequence[Sequence[int]],
    windows: Windows,
) -> tuple[PlannedMessage, ...]:
    """Give every assignment its time; one that fits nowhere loses its place, and its code says so."""
    facts, candidates = inputs.facts, inputs.candidates
    chance = uniform(seed_of(facts.tenant_id, facts.plan_date, "jitter"), candidates.enrollment_id).tolist()
    enrollments, steps = candidates.enrollment_id.tolist(), candidates.step_number.tolist()
    variant_of = _variants(inputs)
    by_place: dict[int, list[Job]] = {}
    random = {each.position for each in assignments if each.is_random}
    for rank, each in enumerate(assignments):
        job = Job(each.position, rank, windows.of(each.position), chance[each.position])
        by_place.setdefault(each.place, []).append(job)
    messages: list[PlannedMessage] = []
    for place, mailbox in enumerate(facts.mailboxes):
        policy = facts.policies[mailbox.policy]
        paced, late = pace(
            by_place.get(place, []),
            free_at=free_at[place],
            gap=gap_of(policy),
            jitter=int(policy.jitter_seconds * 1000),
            spread=None if policy.spread_seconds is None else int(policy.spread_seconds * 1000),
        )
        for job in late:
            codes[job.position] = CODES[Reason.GAP_FULL]
        messages.extend(
            PlannedMessage(
                position=job.position,
                enrollment_id=enrollments[job.position],
                step_number=steps[job.position],
                mailbox_id=mailbox.id,
                variant=variant_of(job.position),
                is_random=job.position in random,
                scheduled_at=start,
                window_ends_at=job.window.ends,
            )
            for job, start in paced
        )
    return tuple(messages)


def _variants(inputs: PlanInputs) -> Callable[[int], str]:
    """Return what gives a candidate its step's variant: by the shares, and the same whenever it is asked."""
    candidates = inputs.candidates
    chance = uniform(seed_of(inputs.facts.tenant_id, "variant"), candidates.enrollment_id * 64 + candidates.step_number)
    keys = list(zip(candidates.campaign_id.tolist(), candidates.step_number.tolist(), strict=True))
    bounds = {
        (campaign.id, step.step_number): (
            np.cumsum([share for _, share in step.variants]),
            [name for name, _ in step.variants],
        )
        for campaign in inputs.facts.campaigns
        for step in campaign.steps
    }

    def variant_of(position: int) -> str:
        edges, names = bounds[keys[position]]
        if len(names) == 1:
            return names[0]
        return names[min(int(np.searchsorted(edges, chance[position] * edges[-1], side="right")), len(names) - 1)]

    return variant_of


def instant(milliseconds_: int) -> datetime:
    """Return epoch milliseconds as an aware instant in UTC."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)
