"""Holds a written plan against what must never happen, by questions of its own; a failed blocking check holds the plan.

Belongs here: the checks of one date and tenant. Does not: planning (workflows.plan_day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from outreach_pipeline.workflows.installation import Installation, Tenant


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A check: its name, what it promises, the query that finds what breaks it, and whether a finding holds the plan."""

    name: str
    promise: str
    query: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What breaks a check, in a sentence without addresses."""

    check: str
    detail: str


PLAN_CHECKS = (
    PlanCheck(
        "no_cap_passed", "No mailbox has more messages on the date than its cap.", "plan/check_caps", blocks=True
    ),
    PlanCheck(
        "no_contact_twice", "No contact is written to twice on the date.", "plan/check_contacts_twice", blocks=True
    ),
    PlanCheck(
        "nobody_suppressed", "No planned message goes to a suppressed address.", "plan/check_suppressed", blocks=True
    ),
    PlanCheck(
        "inside_the_window", "Every planned message is due inside its window.", "plan/check_windows", blocks=True
    ),
    PlanCheck(
        "not_empty_without_reason",
        "A plan without messages says why there are none.",
        "plan/check_empty",
        blocks=False,
    ),
)


def check_plan(installation: Installation, tenant: Tenant, plan_date: date, *, now: datetime) -> list[Finding]:
    """Check one plan. If a blocking check finds something the plan is held: nothing more of it is sent until it is replanned.

    Args:
        installation: the installation.
        tenant: the tenant.
        plan_date: the tenant's local date.
        now: aware, UTC.
    """
    findings = []
    with installation.database.tenant(tenant.id) as transaction:
        for check in PLAN_CHECKS:
            findings += [
                Finding(check.name, detail) for detail in transaction.values(check.query, plan_date=plan_date, now=now)
            ]
        blocking = {check.name for check in PLAN_CHECKS if check.blocks}
        if held := sorted({finding.check for finding in findings} & blocking):
            transaction.run("plan/hold", plan_date=plan_date, reason=f"check failed: {', '.join(held)}")
    return findings
