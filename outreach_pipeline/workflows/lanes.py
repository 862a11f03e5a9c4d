"""What waits to be done over all tenants: ids and counts only, for sensors and health pages.

Belongs here: the questions of those who schedule. Does not: doing the work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach_pipeline.workflows.installation import Installation


@dataclass(frozen=True, slots=True)
class DueLane:
    """A lane with due messages (or leases that have run out)."""

    lane: int
    due_count: int
    next_due_at: datetime


@dataclass(frozen=True, slots=True)
class DueSyncLane:
    """A lane with mailboxes that have not been read for too long."""

    lane: int
    mailbox_count: int
    oldest_synced_at: datetime | None


@dataclass(frozen=True, slots=True)
class SyncLane:
    """How far reading a lane is behind: mailboxes that are due, that fail, and the longest time since one that does not was read."""

    lane: int
    mailbox_count: int
    due_count: int
    failing_count: int
    oldest_synced_at: datetime | None
    lag_seconds: float


def due_send_lanes(installation: Installation, *, now: datetime, horizon_seconds: float) -> list[DueLane]:
    """Return the lanes in which something is due before ``now`` (UTC) plus the horizon."""
    with installation.database.operator() as transaction:
        return transaction.all("send/due_lanes", DueLane, now=now, horizon_seconds=horizon_seconds)


def held_messages(installation: Installation, *, now: datetime, horizon_seconds: float) -> dict[str, int]:
    """Return how many messages are due by then and may not go, by the code of what keeps them."""
    with installation.database.operator() as transaction:
        rows = transaction.rows("send/held", now=now, horizon_seconds=horizon_seconds)
    return {row["cause"]: row["message_count"] for row in rows}


def due_sync_lanes(installation: Installation, *, now: datetime, every_seconds: float) -> list[DueSyncLane]:
    """Return the lanes with mailboxes that were not read (nor tried in vain) for ``every_seconds``."""
    with installation.database.operator() as transaction:
        return transaction.all("receive/due_lanes", DueSyncLane, synced_before=now - timedelta(seconds=every_seconds))


def sync_lanes(installation: Installation, *, now: datetime) -> list[SyncLane]:
    """Return how far the reading of each lane is behind at ``now`` (UTC)."""
    every = timedelta(seconds=installation.settings.sync_every_seconds)
    with installation.database.operator() as transaction:
        return transaction.all("receive/sync_lanes", SyncLane, now=now, synced_before=now - every)


def tenants_of_lanes(installation: Installation) -> dict[int, list[str]]:
    """Return the slugs of the tenants that have mailboxes in each lane, in order."""
    slugs = {tenant.id: tenant.slug for tenant in installation.tenants()}
    found: dict[int, list[str]] = defaultdict(list)
    with installation.database.operator() as transaction:
        for row in transaction.rows("lanes"):
            if row["tenant_id"] in slugs:
                found[row["lane"]].append(slugs[row["tenant_id"]])
    return {lane: sorted(each) for lane, each in found.items()}


def waiting_work(installation: Installation) -> Counter[str]:
    """Return how many new mails (``inbound``) and deliveries (``webhook``) wait, over all tenants."""
    with installation.database.operator() as transaction:
        rows = transaction.rows("receive/waiting_work")
    waiting: Counter[str] = Counter()
    for row in rows:
        waiting[row["kind"]] += row["waiting_count"]
    return waiting
