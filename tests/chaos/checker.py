"""Joins what the mail servers took with what the ledger says, after everybody has ended and recovery has run.

Belongs here: the verdict, from plain data. Does not: reading either side (world). It shares no code with the product, so
that an error of the product is not one of its judge too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import combinations

_TAKEN = {"sent", "presumed_sent", "outcome_unknown"}
_FINAL = {"sent", "presumed_sent", "failed", "cancelled"}
_IN_FLIGHT = {"claimed", "sending"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A line of the truth log: written and on disk before the server's 250. ``at`` is in Unix seconds."""

    message_id: str
    mailbox: str
    to_address: str
    at: float


@dataclass(frozen=True, slots=True)
class OnWire:
    """A message's conversation as the proxy saw it, in Unix seconds; ``data_at`` None: DATA was never said."""

    mailbox: str
    to_address: str
    rcpt_at: float
    data_at: float | None
    ended_at: float


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the ledger with what has to follow from its state.

    Attributes:
        id: its holder's name in ``leases`` ends with it.
        next_step: of its sequence; its own step is 1.
        sent_events: how many events ``sent`` it has.
        is_dead: whether a server has called the address unknown, for good.
        is_suppressed: whether the address is suppressed.
        lease_outlives: whether its lease ends later than a lease lasts.
    """

    id: int
    message_id: str
    mailbox: str
    to_address: str
    state: str
    reason: str | None = None
    next_step: int = 1
    sent_events: int = 0
    is_dead: bool = False
    is_suppressed: bool = False
    lease_outlives: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be in flight to a domain, and at which rate: ``burst`` at once, then one each ``interval_seconds``."""

    domain: str
    in_flight: int
    interval_seconds: float = 0.0
    burst: int = 1


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one cell.

    Attributes:
        accepted: the truth log.
        wire: the proxy's notes.
        rows: the ledger at the end.
        holders: message ids of what is left in ``leases``.
        opt_outs: address -> when the opt-out was committed, in Unix seconds.
        limits: those that were set.
        leases_ended_at: when leases were ended; who was in flight before counts as dead from then on.
        late: how many messages the faults may have delayed between claim and server.
        jitter_seconds: how far times at the server may lie off the times of the claims.
        unfenced: what a sender did that had lost its lease.
    """

    accepted: Sequence[Accepted]
    wire: Sequence[OnWire]
    rows: Sequence[Row]
    holders: Sequence[int] = ()
    opt_outs: Mapping[str, float] = field(default_factory=dict)
    limits: Sequence[Limit] = ()
    leases_ended_at: Sequence[float] = ()
    late: int = 1
    jitter_seconds: float = 0.5
    unfenced: Sequence[str] = ()


@dataclass(slots=True)
class Findings:
    """One sentence a violation. ``limits_passed`` also holds sends begun after an opt-out and finishes past a lease."""

    sent_twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stuck_leases: list[str] = field(default_factory=list)
    limits_passed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def __iter__(self) -> Iterator[str]:
        for each in fields(self):
            yield from (f"{each.name}: {text}" for text in getattr(self, each.name))


def check(history: History) -> Findings:
    """Return every violation of a history."""
    return Findings(
        sent_twice=list(_sent_twice(history.accepted)),
        lost=list(_lost(history)),
        stuck_leases=list(_stuck(history)),
        limits_passed=[
            *_too_many_in_flight(history),
            *_too_fast(history),
            *_begun_after_opt_out(history),
            *history.unfenced,
        ],
    )


def _sent_twice(accepted: Sequence[Accepted]) -> Iterator[str]:
    for what, counts in (
        ("Message-ID", Counter(each.message_id for each in accepted)),
        ("address", Counter(each.to_address for each in accepted)),
    ):
        yield from (f"{what} {name} was accepted {count} times" for name, count in counts.items() if count > 1)


def _lost(history: History) -> Iterator[str]:
    rows = {row.message_id: row for row in history.rows}
    taken = {each.message_id for each in history.accepted}
    for each in history.accepted:
        row = rows.get(each.message_id)
        if row is None:
            yield f"{each.to_address}: accepted, and not in the ledger"
        elif row.state not in _TAKEN:
            yield f"{each.to_address}: accepted, and {row.state} ({row.reason}) in the ledger"
    for row in history.rows:
        yield from _not_accounted_for(row, was_accepted=row.message_id in taken)


def _not_accounted_for(row: Row, *, was_accepted: bool) -> Iterator[str]:
    wrongs = {
        f"{row.state} at the end": row.state not in _FINAL,
        "sent in the ledger, and never accepted": row.state == "sent" and not was_accepted,
        f"sent, with {row.sent_events} events of it": row.state == "sent" and row.sent_events != 1,
        f"{row.state}, and its sequence stands at step {row.next_step}": (
            row.state in {"sent", "presumed_sent"} and row.next_step != 2
        ),
        "cancelled without a reason": row.state == "cancelled" and not row.reason,
        f"given up ({row.reason}) for a fault that was over": row.state == "cancelled" and not row.is_suppressed,
        f"failed ({row.reason}), and its server never refused it for good": row.state == "failed" and not row.is_dead,
        "dead, and not suppressed": row.state == "failed" and not row.is_suppressed,
    }
    yield from (f"{row.to_address}: {wrong}" for wrong, is_so in wrongs.items() if is_so)


def _stuck(history: History) -> Iterator[str]:
    in_flight = {row.id for row in history.rows if row.state in _IN_FLIGHT}
    for holder in history.holders:
        if holder not in in_flight:
            yield f"message {holder} holds a place in flight, and is not"
    for row in history.rows:
        if row.state in _IN_FLIGHT:
            yield f"{row.to_address}: still {row.state} after its lease and recovery"
        if row.lease_outlives:
            yield f"{row.to_address}: its lease ends later than a lease lasts"


def _too_many_in_flight(history: History) -> Iterator[str]:
    spans = [(each, *_span(each, history.leases_ended_at)) for each in history.wire if each.data_at is not None]
    for one, other in combinations(spans, 2):
        if one[0].mailbox == other[0].mailbox and _overlap(one, other):
            yield f"{one[0].mailbox} had {one[0].to_address} and {other[0].to_address} in flight at once"
    for limit in history.limits:
        here = [each for each in spans if each[0].to_address.endswith(f"@{limit.domain}") and each[1] < each[2]]
        for each in here:
            # The most are in flight at some message's first moment.
            count = sum(other[1] <= each[1] < other[2] for other in here)
            if count > limit.in_flight:
                yield f"{count} messages were in flight to {limit.domain} at once, and {limit.in_flight} may be"


def _span(each: OnWire, leases_ended_at: Iterable[float]) -> tuple[float, float]:
    # Whoever was at RCPT when leases ended does not count from then on, and not at all if DATA came only later.
    return each.data_at or 0.0, min([each.ended_at, *(moment for moment in leases_ended_at if moment > each.rcpt_at)])


def _overlap(one: tuple[OnWire, float, float], other: tuple[OnWire, float, float]) -> bool:
    return max(one[1], other[1]) < min(one[2], other[2])


def _too_fast(history: History) -> Iterator[str]:
    times: dict[str, list[float]] = defaultdict(list)
    for each in sorted(history.accepted, key=lambda line: line.at):
        times[each.to_address.partition("@")[2]].append(each.at)
    for limit in history.limits:
        here = times[limit.domain]
        for first, last in combinations(range(len(here)), 2):
            # What a fault has delayed was claimed earlier, and may come close upon others.
            free = limit.burst + history.late
            least = (last - first + 1 - free) * limit.interval_seconds - history.jitter_seconds
            if here[last] - here[first] < least:
                yield (
                    f"{last - first + 1} messages reached {limit.domain} within {here[last] - here[first]:.2f} s, and"
                    f" {least:.2f} s are the least"
                )
                break


def _begun_after_opt_out(history: History) -> Iterator[str]:
    committed = history.opt_outs
    for each in history.wire:
        # A send begins after the reply to RCPT: whose RCPT came after the opt-out cannot have begun before it.
        if each.data_at is not None and each.rcpt_at > committed.get(each.to_address, float("inf")):
            yield f"{each.to_address}: begun after its opt-out was committed"
