"""The day's plan of one tenant: from inputs to who writes to whom and when. Pure and deterministic.

Belongs here: the order of the steps and the plan's type. Does not: the steps themselves (capacity, demand, admission,
rotation, pacing), reading inputs or writing rows (workflows.plan_day).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic_core import to_json

from outreach_pipeline.core.plan.admission import Admission
from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, milliseconds, sending_window
from outreach_pipeline.core.plan.canaries import hold_back
from outreach_pipeline.core.plan.capacity import (
    Capacity,
    CapTerm,
    capacities,
    earliest_start,
    gap_of,
    start_unpaused,
    total_left,
)
from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.demand import Codes, Windows, due_days, exclusions, windows_of
from outreach_pipeline.core.plan.inputs import DEFAULT_POLICY, Ints, MailboxInput, PlanFacts, PlanInputs
from outreach_pipeline.core.plan.pacing import Job, pace, phase_of
from outreach_pipeline.core.plan.reasons import REASONS, Reason
from outreach_pipeline.core.plan.rolling import Share, hand_out
from outreach_pipeline.core.plan.shared_caps import Group, members_of
from outreach_pipeline.core.plan.summary import summarise

# How often who found no time at a mailbox is offered another.
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """A mailbox's day: what it may send (``capacity``, the ``already_sent`` included), what is planned, and every term."""

    mailbox_id: int
    capacity: int
    already_sent: int
    planned: int
    cap_terms: tuple[CapTerm, ...]


class PlannedMessage(NamedTuple):
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
        """Return the plan as JSON, its messages as ``columns`` and ``rows``; the same inputs give the same bytes."""
        return to_json(
            {
                "batches": self.batches,
                "messages": {"columns": PlannedMessage._fields, "rows": self.messages},
                "reasons": self.codes.tolist(),
                "summary": self.summary,
            }
        )


def plan(inputs: PlanInputs) -> Plan:
    """Decide the day of one tenant."""
    facts = inputs.facts
    windows = windows_of(inputs)
    due = due_days(inputs)
    per_mailbox, groups = capacities(facts, windows.span or _span_of_tenant(inputs))
    available = frozenset(each.mailbox_id for each in per_mailbox if each.is_available)
    codes = exclusions(inputs, windows, due=due, available=available)
    admission = Admission(inputs, codes, capacities=per_mailbox, groups=groups, windows=windows, due=due)
    admission.run()
    starts = _starts(inputs, admission, per_mailbox, groups, windows=windows)
    messages = _messages(inputs, admission, starts, windows=windows)
    batches = tuple(
        Batch(each.mailbox_id, each.capacity, each.already_sent, len(of_place), each.terms)
        for each, of_place in zip(per_mailbox, starts, strict=True)
    )
    hold_back(inputs, codes)
    summary = summarise(
        inputs,
        codes,
        left=total_left(facts, per_mailbox, groups),
        random=len(admission.random),
    )
    return Plan(batches, messages, codes, summary, frozenset(admission.hungry))


def _span_of_tenant(inputs: PlanInputs) -> Window:
    """Return the windows in the tenant's own zone, by which capacity is judged while no candidate has one; empty: all over."""
    facts = inputs.facts
    names = {DEFAULT_POLICY, *(campaign.policy for campaign in facts.campaigns if campaign.is_active)}
    windows = [
        sending_window(
            facts.policies[name],
            plan_date=facts.plan_date,
            tenant_zone=facts.time_zone,
            zone=None,
            country=None,
            not_before=milliseconds(facts.now),
        )
        for name in names
    ]
    open_ones = [window for window in windows if isinstance(window, Window)]
    ends = day_of_tenant(facts.time_zone, facts.plan_date).ends
    return Window(
        min((window.starts for window in open_ones), default=ends),
        max((window.ends for window in open_ones), default=ends),
    )


def _starts(
    inputs: PlanInputs,
    admission: Admission,
    per_mailbox: Sequence[Capacity],
    groups: Sequence[Group],
    *,
    windows: Windows,
) -> list[list[tuple[int, int]]]:
    """Return for each place its positions with their starts, by time.

    Who fits nowhere at a mailbox loses the place there and may get another; after a few rounds the rest goes without.
    """
    facts, candidates = inputs.facts, inputs.candidates
    chance = uniform(seed_of(facts.tenant_id, facts.plan_date, "jitter"), candidates.enrollment_id)
    starts: list[list[tuple[int, int]]] = [[] for _ in facts.mailboxes]
    shares: dict[int, Share] = {}
    changed = set(range(len(starts)))
    for _ in range(_ROUNDS):
        before, shares = shares, _shares(inputs, admission, per_mailbox, groups, windows=windows)
        changed |= {place for place, share in shares.items() if before.get(place) != share}
        given = admission.given
        rank = np.argsort(given.places, kind="stable")
        bounds = np.searchsorted(given.places[rank], np.arange(len(starts) + 1)).tolist()
        # In the order of the places, so that a mailbox's jobs are made side by side of what lies side by side.
        positions = given.positions[rank]
        of_job = (positions, rank, windows.number[positions], chance[positions], candidates.site[positions])
        late: dict[int, Reason] = {}
        for place in sorted(changed):
            part = slice(bounds[place], bounds[place + 1])
            of_place = [
                Job(position, number, windows.at(window), by_chance, site)
                for position, number, window, by_chance, site in zip(
                    *(column[part].tolist() for column in of_job), strict=True
                )
            ]
            policy = facts.policies[facts.mailboxes[place].policy]
            capacity = per_mailbox[place]
            share = shares.get(place, Share(capacity.free_at, capacity.free_until))
            paced, lost = pace(
                of_place,
                free_at=share.free_at,
                free_until=share.free_until,
                gap=gap_of(policy),
                jitter=int(policy.jitter_seconds * 1000),
                spread=None if policy.spread_seconds is None else int(policy.spread_seconds * 1000),
                phase=phase_of(place),
            )
            starts[place] = [(job.position, start) for job, start in paced]
            late |= _why_late(facts, facts.mailboxes[place], of_place, lost)
        if not late:
            break
        changed = admission.retry(late)
    else:
        # The places that the last round gave have no time yet.
        held = {position for of_place in starts for position, _ in of_place}
        admission.give_up([position for position in admission.given.positions.tolist() if position not in held])
    return starts


def _why_late(facts: PlanFacts, mailbox: MailboxInput, jobs: Sequence[Job], lost: Sequence[Job]) -> dict[int, Reason]:
    """Return what took the time of each that does not fit: the gap alone, a pause, or places that are not free all day."""
    if not lost:
        return {}
    why = {job.position: Reason.PLACES_FREE_LATE for job in lost}
    gap = gap_of(facts.policies[mailbox.policy])
    for starts, reason in (
        (earliest_start(facts, mailbox), Reason.MAILBOX_PAUSED),
        (start_unpaused(facts, mailbox), Reason.GAP_FULL),
    ):
        _, without = pace(jobs, free_at=(starts,) * len(jobs), gap=gap, jitter=0, spread=None)
        why |= {job.position: reason for job in without if job.position in why}
    return why


def _shares(
    inputs: PlanInputs,
    admission: Admission,
    per_mailbox: Sequence[Capacity],
    groups: Sequence[Group],
    *,
    windows: Windows,
) -> dict[int, Share]:
    """Return for each place when its messages may start, where the places of a cap that it shares are not free all day."""
    facts = inputs.facts
    starts = max(day_of_tenant(facts.time_zone, facts.plan_date).starts, milliseconds(facts.now))
    late = [group for group in groups if group.free_until or (group.free_at and group.free_at[-1] > starts)]
    if not late:
        return {}
    shares: dict[int, Share] = {}
    members = members_of(facts.mailboxes)
    phases = np.array([phase_of(place) for place in range(len(per_mailbox))])
    places, window_starts, window_ends = _given(admission, windows)
    by_place = np.argsort(places, kind="stable")
    of_place = np.split(by_place, np.searchsorted(places[by_place], np.arange(1, len(per_mailbox))))
    for group in late:
        counts = np.concatenate(
            [of_place[place] for place in members.get((group.kind, group.id), ())] or [by_place[:0]]
        )
        if not group.free_until and (not len(counts) or group.free_at[len(counts) - 1] <= starts):
            continue
        handed = hand_out(
            group.free_at,
            group.free_until,
            places=places[counts],
            window_starts=window_starts[counts],
            window_ends=window_ends[counts],
            phases=phases,
        )
        for place, share in handed.items():
            capacity = per_mailbox[place]
            both = shares.get(place, Share(capacity.free_at, capacity.free_until))
            shares[place] = both.within(share)
    return shares


def _given(admission: Admission, windows: Windows) -> tuple[Ints, Ints, Ints]:
    """Return of each place that was given the index of its mailbox, and when the window of its message starts and ends."""
    positions, places = admission.given
    bounds = windows.bounds[windows.number[positions]]
    return places, bounds[:, 0], bounds[:, 1]


def _messages(
    inputs: PlanInputs, admission: Admission, starts: Sequence[Sequence[tuple[int, int]]], *, windows: Windows
) -> tuple[PlannedMessage, ...]:
    candidates = inputs.candidates
    paced = np.array([pair for of_place in starts for pair in of_place], dtype=np.int64).reshape(-1, 2)
    positions = paced[:, 0]
    mailboxes = np.array([mailbox.id for mailbox in inputs.facts.mailboxes], dtype=np.int64)
    columns = (
        positions,
        candidates.enrollment_id[positions],
        candidates.step_number[positions],
        np.repeat(mailboxes, [len(of_place) for of_place in starts]),
        _variants(inputs)[positions],
        np.isin(positions, list(admission.random)),
        paced[:, 1],
        windows.bounds[windows.number[positions], 1],
    )
    return tuple(map(PlannedMessage._make, zip(*(column.tolist() for column in columns), strict=True)))


def _variants(inputs: PlanInputs) -> npt.NDArray[np.object_]:
    """Return each candidate's variant of its step: by the shares, and the same whenever it is asked."""
    candidates = inputs.candidates
    seed = seed_of(inputs.facts.tenant_id, "variant")
    chance = uniform(seed, candidates.enrollment_id * 64 + candidates.step_number)
    variants = np.full(len(candidates), "", dtype=object)
    for campaign in inputs.facts.campaigns:
        positions = inputs.positions_of(campaign.id)
        for step in campaign.steps:
            of_step = positions[candidates.step_number[positions] == step.step_number]
            names = np.array([name for name, _ in step.variants], dtype=object)
            edges = np.cumsum([share for _, share in step.variants])
            chosen = np.searchsorted(edges, chance[of_step] * edges[-1], side="right")
            variants[of_step] = names[np.minimum(chosen, len(names) - 1)]
    return variants


def instant(milliseconds_: int) -> datetime:
    """Return epoch milliseconds as an aware instant in UTC."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)


def pool_capacity(inputs: PlanInputs, mailbox_ids: Collection[int]) -> int:
    """Return what some mailboxes together may send on the date: shared caps count once, what had gone out is included."""
    facts = inputs.facts
    per_mailbox, groups = capacities(facts, windows_of(inputs).span or _span_of_tenant(inputs))
    pool = [pair for pair in zip(facts.mailboxes, per_mailbox, strict=True) if pair[0].id in mailbox_ids]
    mailboxes = tuple(mailbox for mailbox, _ in pool)
    left = total_left(replace(facts, mailboxes=mailboxes), [each for _, each in pool], groups)
    return left + sum(each.already_sent for _, each in pool)
