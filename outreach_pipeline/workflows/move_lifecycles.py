"""Moves mailboxes between the states of their lifecycle by what their matured sends have shown.

Belongs here: reading the counts, writing the moves with their evidence and the log. Does not: the rules (core.plan.lifecycle)
or a person's own moves (workflows.fleet), which stand until they are cleared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import local_date
from outreach_pipeline.core.plan.lifecycle import WINDOW_DAYS, Counts, MailboxState, Move, next_move
from outreach_pipeline.core.plan.warmup import Progress, day_of_curve
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.warmup_progress import ALL_SITES, read_progress

AUTHOR = "rules"


@dataclass(frozen=True, slots=True)
class LifecycleMove:
    """A move that was made: tenant's slug, mailbox, from where to where, and the rule."""

    tenant: str
    address: str
    before: str
    after: str
    rule: str


def move_lifecycles(installation: Installation, *, now: datetime, tenant: Tenant | None = None) -> list[LifecycleMove]:
    """Move the mailboxes of a tenant, or of all, and return the moves; the same ``now`` twice moves nothing more.

    Without marts only time moves mailboxes: the end of a rest, of a warm-up.

    Args:
        installation: where.
        now: business time, aware.
        tenant: whose; None: everybody's.
    """
    moves = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            moves += _move(transaction, each, now)
    return moves


def _move(transaction: Transaction, tenant: Tenant, now: datetime) -> list[LifecycleMove]:
    today = local_date(tenant.time_zone, now)
    counts: dict[int, Counts] = {}
    if transaction.value("learn/marts_are_built"):
        for row in transaction.rows("learn/lifecycle_counts", since=today - timedelta(days=WINDOW_DAYS)):
            blocks, complaints = (
                (row["block_trials"], row["blocks"]),
                (row["complaint_trials"], row["complaints"]),
            )
            counts[row["mailbox_id"]] = Counts(blocks, complaints)
    progress = read_progress(transaction)
    found: dict[int, tuple[str, str, Move]] = {}
    for row in transaction.rows("learn/lifecycle_mailboxes"):
        day = day_of_curve(
            progress.get((row["id"], ALL_SITES), Progress()), days_before=row["warmup_days_before"], plan_date=today
        )
        state = MailboxState(
            Lifecycle(row["lifecycle"]),
            row["lifecycle_since"],
            row["lifecycle_evidence"],
            is_on_curve=day <= row["curve_days"],
        )
        move = next_move(state, counts.get(row["id"], Counts()), now=now)
        if move is not None:
            found[row["id"]] = (row["address"], row["lifecycle"], move)
    rows = [
        {"mailbox_id": mailbox, "moved_from": before, "moved_to": move.to, "evidence": move.evidence}
        for mailbox, (_, before, move) in found.items()
    ]
    moved = set(transaction.values("learn/move_lifecycles", rows=json.dumps(rows), now=now)) if rows else set()
    made = [(address, before, move) for mailbox, (address, before, move) in found.items() if mailbox in moved]
    log = [
        {
            "action": "lifecycle",
            "subject": f"mailbox {address}",
            "detail": {"from": before, "to": move.to, **move.evidence},
        }
        for address, before, move in made
    ]
    if log:
        transaction.run("config/audit", author=AUTHOR, rows=json.dumps(log))
    return [
        LifecycleMove(tenant.slug, address, before, str(move.to), move.evidence["rule"])
        for address, before, move in made
    ]
