"""The canary of a new contact list: how many of it may be written to before the others, and when its hold begins.

Belongs here: counting what has gone out of a list on hold. Does not: whom the canary is made of (core.plan.admission), or the
days of a forecast (core.plan.waiting).
"""

from __future__ import annotations

from datetime import date, datetime

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.plan.calendar import after_working_time
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.waiting import ListHold
from outreach_pipeline.workflows.installation import Tenant


def canaries(transaction: Transaction, *, plan_date: date, hold_at: datetime) -> dict[int, int]:
    """Return list on hold -> how many of its new contacts a plan of the date may write to; 0 once its canary is complete.

    Args:
        transaction: a tenant's.
        plan_date: messages that stand ``planned`` for it do not count: the plan gives their places anew.
        hold_at: lists whose hold is over by then are not on hold; aware.
    """
    rows = transaction.rows("plan/canaries", plan_date=plan_date, hold_at=hold_at)
    return {row["list_id"]: row["contacts_left"] for row in rows}


def holds_to_begin(transaction: Transaction, *, plan_date: date, now: datetime) -> tuple[ListHold, ...]:
    """Return the lists whose canary has not gone out yet, as planning the date would find them."""
    return tuple(
        ListHold(
            row["list_id"],
            row["campaign_id"],
            contacts_left=row["contacts_left"],
            hold_seconds=row["hold_seconds"],
            last_on=row["last_on"],
            plan_at=row["plan_at"],
        )
        for row in transaction.rows("plan/canaries", plan_date=plan_date, hold_at=now)
        if row["hold_until"] is None
    )


def begin_holds(transaction: Transaction, tenant: Tenant, *, now: datetime) -> None:
    """Let the holds begin of lists whose canary has gone out: of its policy's working days each hour counts."""
    for row in transaction.rows("plan/canaries", plan_date=date.min, hold_at=now):
        if row["hold_until"] is None and row["gone_at"] is not None:
            hold_until = after_working_time(
                SendingPolicy.model_validate(row["policy"]),
                row["gone_at"],
                seconds=row["hold_seconds"],
                time_zone=tenant.time_zone,
            )
            transaction.run("plan/write_hold", list_id=row["list_id"], hold_until=hold_until)
