"""How an installation stands: messages by state, what is due, mailboxes by lifecycle, waiting work, a tenant at a time.

Belongs here: the counts that a person looks at first. Does not: rates and their judgement (marts, checks).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from outreach_pipeline.core.plan.calendar import local_date
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.shaping import standing


def status(installation: Installation, tenant: Tenant | None = None, *, now: datetime) -> dict[str, Any]:
    """Return the counts of one tenant or all, as JSON values but for times.

    Returns:
        ``now`` and ``tenants``: a list with ``tenant``, ``state``, ``messages`` (state -> count), ``queue`` (due_now,
        due_later, next_due_at), ``held_plans`` (plan_date, held_reason, messages that wait for it; of today and later), ``mailboxes`` (a row a lifecycle, with oldest_synced_at), ``campaigns``, ``work``
        (inbound, webhooks, open_alerts, contacts, suppressions), ``alerts`` (open ones, but for those that only
        inform: severity, title, detail, raised_at), ``rules`` (what shaping rules hold now). Beside them ``breakers`` of hosts that fail and ``site_rules``, which are everybody's.
    """
    with installation.database.operator() as transaction:
        breakers = transaction.rows("shaping/open_breakers")
        site_rules = standing(transaction, now=now)
    tenants = [_of_tenant(installation, each, now) for each in _chosen(installation, tenant)]
    return {"now": now, "tenants": tenants, "breakers": breakers, "site_rules": site_rules}


def _chosen(installation: Installation, tenant: Tenant | None) -> list[Tenant]:
    return [tenant] if tenant else installation.tenants()


def _of_tenant(installation: Installation, tenant: Tenant, now: datetime) -> dict[str, Any]:
    with installation.database.tenant(tenant.id) as transaction:
        return {
            "tenant": tenant.slug,
            "state": tenant.state,
            "messages": {row["state"]: row["message_count"] for row in transaction.rows("config/status_messages")},
            "queue": transaction.rows("config/status_queue", now=now)[0],
            "held_plans": transaction.rows("config/status_held_plans", today=local_date(tenant.time_zone, now)),
            "mailboxes": transaction.rows("config/status_mailboxes", now=now),
            "campaigns": transaction.rows("config/status_campaigns"),
            "work": transaction.rows("config/status_work")[0],
            "alerts": transaction.rows("watch/open_alerts"),
            "rules": standing(transaction, now=now),
        }
