"""Which days wait for a plan, and what becomes of days that are over.

Belongs here: the questions that schedules ask of all tenants. Does not: planning itself (workflows.plan_day).
"""

from __future__ import annotations

from datetime import date, datetime

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.plan.calendar import local_date
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.list_holds import begin_holds


def due_plans(installation: Installation, *, now: datetime) -> list[tuple[Tenant, date]]:
    """Return the active tenants past their local ``plan_at`` whose local date has no real plan yet, with that date.

    A date that is planned is planned again while new contacts of it are to be written to from a mailbox that is out now
    (paused, in no state that sends, or blocked at the recipient's site), or from a list that is paused: the new plan gives
    them to others and names no such mailbox, so that it is asked for once. Follow-ups ask for no plan; they wait.
    """
    tenants = {tenant.slug: tenant for tenant in installation.tenants()}
    with installation.database.operator() as transaction:
        past = transaction.rows("plan/due_tenants", now=now)
    due = []
    for row in past:
        tenant = tenants[row["slug"]]
        with installation.database.tenant(tenant.id) as transaction:
            existing = transaction.rows("plan/plan_of_date", plan_date=row["plan_date"])
            is_planned = bool(existing) and existing[0]["mode"] == "real"
            is_due = not is_planned or transaction.value("plan/has_lost_mailboxes", plan_date=row["plan_date"], now=now)
        if is_due:
            due.append((tenant, row["plan_date"]))
    return due


def close_days(installation: Installation, *, now: datetime, tenant: Tenant | None = None) -> int:
    """Close the past days of a tenant, or of all, and return how many messages were cancelled; see ``close_days_of``."""
    closed = 0
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            closed += close_days_of(transaction, each, now=now)
    return closed


def close_days_of(transaction: Transaction, tenant: Tenant, *, now: datetime) -> int:
    """Cancel what is planned or deferred past its window or date (``day_over``) and return how many messages that were.

    Their enrollments are demanded again by the next plan. Of lists whose canary has gone out the hold begins.
    """
    begin_holds(transaction, tenant, now=now)
    return transaction.run("plan/close_days", now=now, today=local_date(tenant.time_zone, now))
