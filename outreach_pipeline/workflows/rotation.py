"""Mailboxes that leave the rotation because of their own errors in sending, and their return.

Belongs here: who is told of it, and what ends a refused password's pause. Does not: when a mailbox leaves
(`outreach.count_errors`), or what a person pauses (workflows.fleet).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.workflows.notify import raise_alert

_log = structlog.get_logger(__name__)
PASSWORD_REFUSED = "password_refused"  # noqa: S105  the name of a reason
_TITLES = {
    PASSWORD_REFUSED: "its server refuses its password",
    "consecutive_errors": "its own errors in sending do not end",
}


def mailboxes_out(
    transaction: Transaction, mailbox_ids: Collection[int] | None, *, now: datetime
) -> list[dict[str, Any]]:
    """Return the tenant's mailboxes, or some of them, that are out of rotation because of their own errors in sending.

    Each row has ``tenant`` (its slug), ``address``, ``paused_reason``, ``paused_since``, ``paused_until``, ``send_failure`` and ``send_failed_at``.
    """
    ids = None if mailbox_ids is None else sorted(mailbox_ids)
    return transaction.rows("send/mailboxes_out", mailbox_ids=ids, now=now)


def tell_of_mailboxes_out(transaction: Transaction, mailbox_ids: Collection[int], *, now: datetime) -> None:
    """Raise an alert for each of some mailboxes that is out of rotation; one is told once until it sends again."""
    for row in mailboxes_out(transaction, mailbox_ids, now=now):
        is_new = raise_alert(
            transaction,
            cause_key=f"mailbox/{row['address']}/{row['paused_reason']}",
            severity="error",
            title=f"The mailbox {row['address']} is out of rotation: {_TITLES[row['paused_reason']]}",
            detail=f"{what_of(row)}. Cure: {cure_of(row)}.",
            now=now,
        )
        if is_new:
            _log.warning("mailbox_out", mailbox=row["address"], reason=row["paused_reason"], cause=row["send_failure"])


def take_back(transaction: Transaction, addresses: Collection[str], *, now: datetime) -> None:
    """End the pauses of passwords that were refused, and no others: another one is there, or the server took it after all."""
    if addresses:
        transaction.run("send/lift_refused_passwords", addresses=sorted(addresses), now=now)


def what_of(row: Mapping[str, Any]) -> str:
    """Say of a row of ``mailboxes_out`` what its server answered and what is done about it."""
    until = f"{row['paused_until'].astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    done = (
        "nothing of it is sent, and nobody shows the password again"
        if row["paused_reason"] == PASSWORD_REFUSED
        else f"nothing of it is sent until {until}"
    )
    return f"{last_failure(row)}; {done}"


def last_failure(row: Mapping[str, Any]) -> str:
    """Say when and how a mailbox's last attempt to send failed, in the server's words; a row with ``send_failure``."""
    return f"At {row['send_failed_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC it failed at {row['send_failure']}"


def cure_of(row: Mapping[str, Any]) -> str:
    """Say what brings a mailbox of ``mailboxes_out`` back."""
    again = f"--tenant {row['tenant']}"
    if row["paused_reason"] == PASSWORD_REFUSED:
        return (
            "apply the right login and password, or allow the login at the provider and then "
            f"`outreach check mailbox {row['address']} {again}`, or `outreach resume mailbox {row['address']} {again}`"
        )
    return (
        f"mend what it says; it is tried again then, or at once by `outreach resume mailbox {row['address']} {again}`"
    )
