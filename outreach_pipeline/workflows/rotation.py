"""The return of mailboxes that left the rotation because of their own errors in sending.

Belongs here: what ends a refused password's pause. Does not: when a mailbox leaves (send/finish.sql,
send/rest_failing_mailboxes.sql), or what a person pauses (workflows.fleet).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach_pipeline.adapters.postgres.database import Transaction

PASSWORD_REFUSED = "password_refused"  # noqa: S105  the name of a reason


def take_back(transaction: Transaction, addresses: Collection[str], *, now: datetime) -> None:
    """End the pauses of passwords that were refused, and no others: another one is there, or the server took it after all."""
    if addresses:
        transaction.run("send/lift_refused_passwords", addresses=sorted(addresses), now=now)
