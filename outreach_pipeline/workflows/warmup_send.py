"""Plans placement probes: one message a day and mailbox to another opted-in mailbox, to see in which folder it lands.

A probe counts against every cap that a campaign message of its mailbox counts against, and takes no place of the plan's; it
opens nothing, moves nothing and counts as no engagement. Off unless a policy sets probes_per_day_per_mailbox. Belongs here: who
probes whom. Does not: who has room for it (core.plan.probes), sending (workflows.send_email sends probes like all).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach_pipeline.core.plan.calendar import day_of_tenant, local_date
from outreach_pipeline.core.plan.probes import with_planned, with_room
from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_inputs import Reader, account_rolls


def plan_probes(installation: Installation, tenant: Tenant, *, now: datetime) -> int:
    """Plan today's probes of a tenant, as far as its caps leave room beside its plan; twice is once, and without a plan nothing.

    Args:
        installation: the installation.
        tenant: the tenant; the date is its local one.
        now: aware, UTC; probes are due at once.

    Returns:
        How many were added.
    """
    zone = ZoneInfo(tenant.time_zone)
    plan_date = local_date(tenant.time_zone, now)
    day_ends = datetime.combine(plan_date + timedelta(days=1), time(), zone)
    with installation.database.tenant(tenant.id) as transaction:
        # As a plan does: neither sees half of the other.
        transaction.value("plan/lock_tenant")
        by_mailbox: dict[int, list[dict[str, object]]] = {}
        for pair in transaction.rows("send/probe_pairs", plan_date=plan_date):
            by_mailbox.setdefault(pair["mailbox_id"], []).append(pair)
        if not by_mailbox:
            return 0
        reader = Reader(transaction, tenant, plan_date, now.astimezone(UTC))
        facts = reader.facts()
        rows = transaction.rows("send/planned_of_date", plan_date=plan_date, now=now)
        facts = with_planned(
            facts,
            {row["mailbox_id"]: row["planned_at"] for row in rows},
            accounts_roll=account_rolls(facts.policy, day_of_tenant(tenant.time_zone, plan_date), facts.now),
        )
        # Each day another one first, so that all have their turn where a cap leaves few places.
        senders = sorted(by_mailbox)
        turn = plan_date.toordinal() % len(senders)
        probes = []
        for mailbox_id in with_room(facts, senders[turn:] + senders[:turn]):
            targets = by_mailbox[mailbox_id]
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
