"""Plans placement probes: one message a day and mailbox to another opted-in mailbox, to see in which folder it lands.

A probe counts against the mailbox's cap, opens nothing, moves nothing and counts as no engagement. Off unless a policy sets
probes_per_day_per_mailbox. Belongs here: who probes whom. Does not: sending (workflows.send_email sends probes like all).
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.installation import Installation, Tenant


def plan_probes(installation: Installation, tenant: Tenant, *, now: datetime) -> int:
    """Plan today's probes of a tenant; twice is once.

    Args:
        installation: the installation.
        tenant: the tenant; the date is its local one.
        now: aware, UTC; probes are due at once.

    Returns:
        How many were added.
    """
    zone = ZoneInfo(tenant.time_zone)
    plan_date = now.astimezone(zone).date()
    day_ends = datetime.combine(plan_date + timedelta(days=1), time(), zone)
    with installation.database.tenant(tenant.id) as transaction:
        pairs = transaction.rows("send/probe_pairs", plan_date=plan_date)
        by_mailbox: dict[int, list[dict[str, object]]] = {}
        for pair in pairs:
            by_mailbox.setdefault(pair["mailbox_id"], []).append(pair)
        probes = []
        for mailbox_id, targets in sorted(by_mailbox.items()):
            # Each day another target, so that every pair has its turn.
            target = targets[(plan_date.toordinal() + mailbox_id) % len(targets)]
            key = f"{mailbox_id}/{target['to_mailbox_id']}/{plan_date}/1"
            probes.append(
                {
                    "mailbox_id": mailbox_id,
                    "to_mailbox_id": target["to_mailbox_id"],
                    "to_address": target["to_address"],
                    "message_id": message_id(
                        tenant_id=tenant.id, kind="probe", key=key, domain=str(target["sending_domain"])
                    ),
                }
            )
        return transaction.run(
            "send/add_probes", probes=json.dumps(probes), plan_date=plan_date, now=now, window_ends_at=day_ends
        )
