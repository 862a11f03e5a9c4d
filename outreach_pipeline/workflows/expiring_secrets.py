"""Secrets of provider accounts that are about to expire: people are told once, a month before.

Belongs here: when it is news. Does not: what a source says about an expired one (access_tokens).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.notify import raise_alert, resolve_alert

EXPIRES_SOON = timedelta(days=30)


def tell_expiring_secrets(installation: Installation, *, now: datetime) -> int:
    """Raise an alert of the operator for each secret that expires within 30 days, and close those of renewed ones.

    Returns:
        How many alerts are new.
    """
    raised = 0
    with installation.database.operator() as transaction:
        for row in transaction.rows("oauth/expiring_secrets", soon=now + EXPIRES_SOON):
            cause_key = f"oauth/secret/{row['name']}"
            if row["is_soon"]:
                raised += raise_alert(
                    transaction,
                    cause_key=cause_key,
                    severity="warning",
                    title=f"The secret of the provider account {row['name']} expires on {row['secret_expires_at']:%Y-%m-%d}",
                    detail="Make a new one at the provider and apply it with its secret_expires_on.",
                    now=now,
                )
            else:
                resolve_alert(transaction, cause_key=cause_key, now=now)
    return raised
