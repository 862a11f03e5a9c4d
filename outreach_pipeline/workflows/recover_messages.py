"""Settles what a worker that died left behind, and what time alone decides.

Belongs here: one tenant's messages, whoever asks. Does not: when it is asked (workflows.send_email), reconciling what is
unknown (workflows.outcomes).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.send_ledger import brief_transaction


def recover(installation: Installation, tenant: Tenant, *, now: datetime) -> Counter[str]:
    """Settle what a worker that died left behind and what time alone decides, for one tenant; idempotent.

    Returns:
        How many messages went to which state: planned, outcome_unknown, presumed_sent.
    """
    with brief_transaction(installation.database, tenant.id) as transaction:
        rows = transaction.rows("send/recover", now=now)
        presumed = [row["id"] for row in rows if row["state"] == "presumed_sent"]
        if presumed:
            transaction.run("send/advance_enrollments", ids=presumed)
    return Counter(row["state"] for row in rows)
