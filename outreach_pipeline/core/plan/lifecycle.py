"""When a mailbox is watched, rests or comes back: the rules as data, and the evidence of each move.

Belongs here: from counts of matured sends to a move. Does not: what a state allows (capacity), counting (the dbt project) or
writing (workflows.move_lifecycles). Hard bounces take no part: they describe the contact list, not the sender.

A rate counts by the lower end of its interval, so that no mailbox is stopped for what chance alone can do: at thirty sends a
day raw rates are noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Literal

from outreach_pipeline.core.model import Lifecycle

# Matured sends of so many days count.
WINDOW_DAYS = 28
# A mailbox that comes back, or is watched, stays so at least for this long. Source: Google lifts its measures after seven
# days in a row below its limit.
PROBATION_DAYS = 7
# Fewer matured sends than this tell nothing, neither for nor against. Source: WarmySender judges after 50 sends.
LEAST_SENDS = 50
# One-sided 90 %.
_NORMAL = 1.2816
_RANK = {Lifecycle.OBSERVED: 1, Lifecycle.RESTING: 2, Lifecycle.QUARANTINED: 3}
_NO_COUNT = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """What moves a mailbox down.

    Attributes:
        name: stands in the evidence.
        measure: blocks of delivery attempts, or complaints of deliveries where complaints are observed.
        ratio: applies from here on, judged by the lower end of the rate's interval.
        least_trials: fewer sends are not judged.
        least_bad: fewer bad ones neither, so that no single person's click stops a mailbox.
        moves_to: the state.
        days: for how long at least.
        source: where the number is from.
    """

    name: str
    measure: Literal["blocks", "complaints"]
    ratio: float
    least_trials: int
    least_bad: float
    moves_to: Lifecycle
    days: int
    source: str


# The harshest first; the first that applies stands.
RULES: tuple[Rule, ...] = (
    Rule(
        "complaints_very_high", "complaints", 0.003, 100, 3, Lifecycle.QUARANTINED, 30,
        "Warmbly blocks for 30 days at 0.30 %; Google's limit is 0.30 %",
    ),
    Rule(
        "complaints_high", "complaints", 0.001, 100, 2, Lifecycle.QUARANTINED, 7,
        "Warmbly quarantines for 7 days at 0.10 %; Amazon SES reviews at 0.1 %",
    ),
    Rule(
        "blocks_very_high", "blocks", 0.10, LEAST_SENDS, 5, Lifecycle.QUARANTINED, 7,
        "Amazon SES pauses, and Warmbly blocks, at 10 %",
    ),
    Rule(
        "blocks_high", "blocks", 0.05, LEAST_SENDS, 3, Lifecycle.RESTING, 1,
        "WarmySender rests for 24 hours at 5 %; Amazon SES reviews at 5 %",
    ),
    Rule(
        "complaints_seen", "complaints", 0.0003, 100, 1, Lifecycle.OBSERVED, PROBATION_DAYS,
        "Warmbly watches, with less volume, from 0.03 %",
    ),
    Rule(
        "blocks_rising", "blocks", 0.02, LEAST_SENDS, 2, Lifecycle.OBSERVED, PROBATION_DAYS,
        "Woodpecker pauses at 2 % over 28 days",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Trials and bad ones among a mailbox's matured sends of the window; a burst of blocks counts once an hour."""

    blocks: tuple[float, float] = _NO_COUNT
    complaints: tuple[float, float] = _NO_COUNT


@dataclass(frozen=True, slots=True)
class MailboxState:
    """Where a mailbox stands.

    Attributes:
        since: when it came into its state; aware.
        evidence: what was noted then. ``set_by`` means that a person did it, whose word stands until it is cleared.
        is_on_curve: whether its warm-up curve still rises.
    """

    lifecycle: Lifecycle
    since: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
    is_on_curve: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A move to a state, and its evidence: what JSON can hold."""

    to: Lifecycle
    evidence: dict[str, Any]


def interval(trials: float, bad: float) -> tuple[float, float]:
    """Return the two ends of a rate's interval, each one-sided 90 %, in [0, 1].

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927.
    """
    if trials <= 0:
        return 0.0, 1.0
    ratio, square = min(1.0, bad / trials), _NORMAL**2 / trials
    centre = (ratio + square / 2) / (1 + square)
    half = sqrt(ratio * (1 - ratio) * square + square * square / 4) / (1 + square)
    return max(0.0, centre - half), min(1.0, centre + half)


def next_move(state: MailboxState, counts: Counts, *, now: datetime) -> Move | None:
    """Return the move that a mailbox is to make now, or None.

    Args:
        state: where it stands.
        counts: of its matured sends; after a return only those since then (``counts_from`` of its evidence).
        now: aware.
    """
    if state.lifecycle is Lifecycle.RETIRED or "set_by" in state.evidence:
        return None
    rule = _worst(counts)
    rank = _RANK.get(state.lifecycle, 0)
    if rule is not None and _RANK[rule.moves_to] > rank:
        return Move(rule.moves_to, _evidence_of(rule, counts, state, now))
    if not state.lifecycle.sends:
        return _on_probation(state, now) if now >= _until(state) else None
    if state.lifecycle is Lifecycle.OBSERVED:
        is_well = rule is None and now >= _until(state) and counts.blocks[0] >= LEAST_SENDS
        reason, detail = "recovered", {"trials": counts.blocks[0], "bad": counts.blocks[1]}
    else:
        is_well = _sending(state) is not state.lifecycle
        reason, detail = ("on_its_curve" if state.is_on_curve else "warmed_up"), {}
    return Move(_sending(state), _noted(state, reason, **detail)) if is_well else None


def _worst(counts: Counts) -> Rule | None:
    for rule in RULES:
        trials, bad = getattr(counts, rule.measure)
        if trials >= rule.least_trials and bad >= rule.least_bad and interval(trials, bad)[0] >= rule.ratio:
            return rule
    return None


def _sending(state: MailboxState) -> Lifecycle:
    return Lifecycle.WARMING if state.is_on_curve else Lifecycle.ACTIVE


def _until(state: MailboxState) -> datetime:
    noted = state.evidence.get("until")
    if isinstance(noted, str):
        return datetime.fromisoformat(noted)
    days = 1 if state.lifecycle is Lifecycle.RESTING else PROBATION_DAYS
    return state.since + timedelta(days=days)


def _on_probation(state: MailboxState, now: datetime) -> Move:
    """Let a mailbox come back under observation; what it was stopped for counts no more."""
    until = now + timedelta(days=PROBATION_DAYS)
    evidence = _noted(state, "probation", until=until.isoformat(), counts_from=now.date().isoformat())
    return Move(Lifecycle.OBSERVED, evidence)


def _evidence_of(rule: Rule, counts: Counts, state: MailboxState, now: datetime) -> dict[str, Any]:
    trials, bad = getattr(counts, rule.measure)
    low, high = interval(trials, bad)
    return _noted(
        state,
        rule.name,
        measure=rule.measure,
        trials=round(trials, 2),
        bad=round(bad, 2),
        low_ratio=round(low, 6),
        high_ratio=round(high, 6),
        limit_ratio=rule.ratio,
        source=rule.source,
        until=(now + timedelta(days=rule.days)).isoformat(),
    )


def _noted(state: MailboxState, reason: str, **detail: Any) -> dict[str, Any]:
    """Return evidence; from when on sends count is kept from move to move."""
    kept = {name: state.evidence[name] for name in ("counts_from",) if name in state.evidence}
    return {"rule": reason, "from": str(state.lifecycle), **kept, **detail}
