"""What every reaction to a message leads to, however it was learnt: an event, and the proof that it was submitted.

Belongs here: tying to the message, writing events once, late proof. Does not: reading mails or webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.model import EventKind

Origin = Literal["smtp", "imap", "webhook", "link", "person"]


@dataclass(frozen=True, slots=True)
class TiedMessage:
    """The message that a reaction answers. ``message_id`` is our own header with its angle brackets."""

    id: int
    state: str
    to_address: str
    message_id: str
    contact_id: int | None = None


def storable(value: Any) -> Any:
    """Return text, or JSON made of it, without what the database cannot keep: NUL, and lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {storable(name): storable(each) for name, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list | tuple) else value


def find_message(transaction: Transaction, rfc822_id: str | None) -> TiedMessage | None:
    """Return the tenant's message with this Message-ID, ours or the relay's; angle brackets may be missing."""
    inner = (rfc822_id or "").strip().strip("<>")
    if not inner:
        return None
    return transaction.one("receive/message_by_rfc822_id", TiedMessage, rfc822_ids=[inner, f"<{inner}>"])


def record_event(
    transaction: Transaction,
    *,
    kind: EventKind,
    origin: Origin,
    origin_id: str,
    recipient: str,
    occurred_at: datetime,
    message_row_id: int | None = None,
    bounce_class: str | None = None,
    reason: str | None = None,
    status: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Write an event unless it is there; the key is origin, its id, kind and recipient.

    Args:
        transaction: of the tenant.
        kind: what happened.
        origin: how it was learnt.
        origin_id: its identity there.
        recipient: the address that it happened to, in any case.
        occurred_at: aware.
        message_row_id: ``messages.id``, from which mailbox, campaign, contact and site are copied.
        bounce_class: hard, soft or block, for ``bounced``.
        reason: a name of ``core.receive.reasons``.
        status: the enhanced status code.
        detail: whatever else people may want to see; no secrets.

    Returns:
        Whether it is new.
    """
    written = transaction.run(
        "receive/insert_event",
        kind=kind.value,
        origin=origin,
        origin_id=origin_id,
        recipient=storable(recipient.lower()),
        occurred_at=occurred_at,
        message_row_id=message_row_id,
        bounce_class=bounce_class,
        reason=reason,
        status=storable(status),
        detail=storable(detail or {}),
    )
    return written > 0


def prove_submission(
    transaction: Transaction, message: TiedMessage, *, origin: Origin, origin_id: str, now: datetime
) -> bool:
    """Turn outcome_unknown or presumed_sent into sent, since a reaction proves it; its sequence goes on.

    Args:
        transaction: of the tenant.
        message: what the reaction is tied to.
        origin: how the proof was learnt; becomes ``messages.reason`` as ``proven_by_<origin>``.
        origin_id: its identity there, for the event ``sent``.
        now: when it was learnt; stands for the time of sending where that is not known.

    Returns:
        Whether the message changed.
    """
    kind = transaction.value(
        "receive/prove_submission", message_row_id=message.id, reason=f"proven_by_{origin}", now=now
    )
    if kind is None:
        return False
    transaction.run("send/advance_enrollments", ids=[message.id])
    # A probe is no mail to a contact: it has no events.
    if kind != "probe":
        record_event(
            transaction,
            kind=EventKind.SENT,
            origin=origin,
            origin_id=origin_id,
            recipient=message.to_address,
            occurred_at=now,
            message_row_id=message.id,
        )
    return True


def stop_sequences(transaction: Transaction, message: TiedMessage, *, reason: str, origin: str, now: datetime) -> None:
    """End every running sequence of the contact that a message was for, and what is planned of them."""
    if message.contact_id is None:
        return
    transaction.run(
        "receive/stop_contact",
        contact_id=message.contact_id,
        reason=reason,
        origin=origin,
        whole_company=False,
        now=now,
    )
    transaction.run("receive/cancel_stopped", contact_id=message.contact_id, whole_company=False)
