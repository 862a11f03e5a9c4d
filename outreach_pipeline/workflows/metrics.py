"""Counts over all tenants, through functions that give ids and counts only.

Belongs here: reading them, as the role metrics or app. Does not: any format (gateway) or judgement (core.watch.health).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.core.watch.health import Lag
from outreach_pipeline.workflows.lanes import SyncLane

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MessageCount:
    """Messages of a tenant in one state."""

    tenant: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class EventCount:
    """Events of a tenant of one kind and bounce class ('' for none)."""

    tenant: str
    kind: str
    bounce_class: str
    count: int


@dataclass(frozen=True, slots=True)
class MailboxCount:
    """Mailboxes of a tenant in one lifecycle."""

    tenant: str
    lifecycle: str
    count: int


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """What waits to be processed for a tenant: kind is inbound or webhook."""

    tenant: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class LaneCount:
    """Messages due now in a send lane."""

    lane: int
    count: int


@dataclass(frozen=True, slots=True)
class BreakerState:
    """A submission server that fails: state open or half_open, and failures in a row."""

    host: str
    state: str
    consecutive_failures: int


@dataclass(frozen=True, slots=True)
class InboundCount:
    """Mail that came to a tenant in seven days: understood, unclassified though it answers us, and none of ours."""

    tenant: str
    understood_count: int
    unclassified_count: int
    unrelated_count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted, as of ``counted_at``; ``messages`` of plan dates from yesterday to tomorrow in UTC."""

    counted_at: datetime
    messages: list[MessageCount]
    events: list[EventCount]
    mailboxes: list[MailboxCount]
    waiting: list[WaitingCount]
    lanes: list[LaneCount]
    lags: list[Lag]
    breakers: list[BreakerState] = field(default_factory=list)
    sync_lanes: list[SyncLane] = field(default_factory=list)
    inbound: list[InboundCount] = field(default_factory=list)


def read_lags(database: Database, *, now: datetime) -> list[Lag]:
    """Return how long work of each kind has been waiting."""
    with database.operator() as transaction:
        return transaction.all("watch/work_lag", Lag, now=now)


def count(database: Database, *, now: datetime) -> Counts:
    """Count everything, in one transaction.

    Args:
        database: of the role metrics, or app.
        now: aware; events are those of the 24 hours before it.
    """
    with database.operator() as transaction:
        return Counts(
            counted_at=now,
            messages=transaction.all(
                "watch/count_messages", MessageCount, from_date=(now - _ONE_DAY).date(), to_date=(now + _ONE_DAY).date()
            ),
            events=transaction.all("watch/count_events", EventCount, since=now - _ONE_DAY, until=now),
            mailboxes=transaction.all("watch/count_mailboxes", MailboxCount),
            waiting=transaction.all("watch/count_waiting", WaitingCount),
            lanes=transaction.all("watch/count_due_lanes", LaneCount, now=now),
            lags=transaction.all("watch/work_lag", Lag, now=now),
            breakers=transaction.all("watch/breakers", BreakerState),
            sync_lanes=transaction.all("receive/sync_lanes", SyncLane, now=now, synced_before=now),
            inbound=transaction.all("watch/count_inbound", InboundCount, since=now - 7 * _ONE_DAY),
        )
