"""A classified mail's message, and all that follows from the mail, in the caller's transaction.

Belongs here: tying, and carrying out what core.receive.effects decides. Does not: what a mail is (core.receive.classify),
the pass over new mail (workflows.bounce_process), corrections (workflows.reclassify).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.addresses import folded
from outreach_pipeline.core.receive.effects import Answered, Effects, effects_of, is_proven
from outreach_pipeline.core.receive.model import Classification, MailKind
from outreach_pipeline.workflows.notify import raise_alert
from outreach_pipeline.workflows.outcomes import Origin, TiedMessage, prove_submission, record_event, storable
from outreach_pipeline.workflows.suppress import suppress

_MOST_RECIPIENTS = 50


@dataclass(frozen=True, slots=True)
class InboundRow:
    """A mail that was read: a row of receive/new_inbound."""

    id: int
    mailbox_id: int
    sha256: str
    received_at: datetime
    from_address: str
    mailbox_address: str


def tie(
    transaction: Transaction, row: InboundRow, mail: Classification, *, message_row_id: int | None = None
) -> dict[str, Any] | None:
    """Return the message that a mail answers, as receive/tie gives it, or None.

    Args:
        transaction: of the tenant.
        row: the mail.
        mail: what it is.
        message_row_id: the message that it is known to answer, if it was tied before.
    """
    named = [f"<{name}>" for name in (mail.original_message_id, *mail.in_reply_to) if name]
    addresses = {each.recipient for each in mail.recipients} | {
        each.original_recipient for each in mail.recipients if each.original_recipient
    }
    is_answer = mail.kind in {MailKind.REPLY, MailKind.AUTO_REPLY} or mail.is_personal
    if is_answer:
        addresses.add(row.from_address)
    rows = transaction.rows(
        "receive/tie",
        message_row_id=message_row_id,
        named_ids=storable(named),
        mailbox_id=row.mailbox_id,
        addresses=sorted(storable(address.lower()) for address in addresses if address),
        writer=storable(row.from_address.lower()) if is_answer else None,
        received_at=row.received_at,
    )
    return rows[0] if rows else None


def follows(mail: Classification, tied: dict[str, Any] | None, row: InboundRow) -> Effects:
    """Return what follows from a mail that is tied to this message, or to none."""
    answered = tied and Answered(
        message_id=tied["id"],
        to_address=tied["to_address"],
        contact_id=tied["contact_id"],
        stops_company_on_reply=bool(tied["stops_company_on_reply"]),
        out_of_office_days=tied["out_of_office_days"],
        is_proven=is_proven(mail, tied_by=tied["tied_by"], sent_at=tied["sending_at"], received_at=row.received_at),
    )
    effects = effects_of(
        mail, answered=answered or None, from_address=row.from_address.lower(), received_at=row.received_at
    )
    if tied is not None and tied["kind"] in {"probe", "test"}:
        # What answers a mail between mailboxes of ours is nothing that a contact did.
        return Effects(proves_submission=effects.proves_submission)
    return effects


def bounce_facts(mail: Classification, effects: Effects) -> dict[str, Any] | None:
    """What people are shown of a bounce, as ``classified`` keeps it; None of other mail."""
    if mail.kind is not MailKind.BOUNCE:
        return None
    return {
        "hard": any(each.hard for each in mail.recipients),
        "permanent": any(each.permanent for each in mail.recipients),
        "unproven": effects.is_unproven,
        "recipients": [storable(each.recipient) for each in mail.recipients][:_MOST_RECIPIENTS],
    }


def carry_out(
    transaction: Transaction,
    row: InboundRow,
    effects: Effects,
    tied: dict[str, Any] | None,
    *,
    now: datetime,
    origin: Origin = "imap",
    origin_id: str | None = None,
) -> int:
    """Write what follows from a mail.

    Args:
        transaction: of the tenant; the caller commits.
        row: the mail.
        effects: what follows.
        tied: the message that it answers, as ``tie`` gives it.
        now: business time.
        origin: how its events were learnt.
        origin_id: their identity there; None: the mail's id.

    Returns:
        How many addresses are suppressed that were not.
    """
    origin_id = origin_id or str(row.id)
    # Locks first, in the order of what they lock, then rows: the same order as everyone who suppresses.
    suppressed = sum(
        suppress(transaction, scope="address", value=address, reason=reason, origin=f"mail {row.id}", now=now)
        for address, reason in sorted(effects.suppress, key=lambda each: (folded(each[0]), each))
    )
    if tied is not None and effects.proves_submission:
        message = TiedMessage(tied["id"], tied["state"], tied["to_address"], tied["rfc822_message_id"])
        prove_submission(transaction, message, origin="imap", origin_id=str(row.id), now=row.received_at)
    for event in effects.events:
        record_event(
            transaction,
            kind=event.kind,
            origin=origin,
            origin_id=origin_id,
            recipient=event.recipient,
            occurred_at=row.received_at,
            message_row_id=tied["id"] if tied else None,
            bounce_class=event.bounce_class,
            reason=event.reason,
            status=event.status,
            detail=event.detail,
        )
    if effects.is_unclear_stop:
        raise_alert(
            transaction,
            cause_key=f"reply/{row.id}",
            severity="warning",
            title=f"{row.from_address} may have asked {row.mailbox_address} never to write again",
            detail=(
                f"Nobody writes there until a person decides: `outreach thread {row.id}` shows it, `outreach reclassify {row.id}"
                " --kind reply --intent stop` makes it final, any other intent or kind lifts it."
            ),
            now=now,
        )
    if tied is None or tied["contact_id"] is None:
        return suppressed
    contact_id = tied["contact_id"]
    if effects.out_until:
        transaction.run("receive/move_out_of_office", contact_id=contact_id, out_until=effects.out_until)
        transaction.run("receive/cancel_away", contact_id=contact_id)
    if effects.has_left:
        transaction.run("receive/note_left_company", contact_id=contact_id, now=now)
    if effects.stop_reason:
        transaction.run(
            "receive/stop_contact",
            contact_id=contact_id,
            reason=effects.stop_reason,
            origin=f"mail {row.id}",
            whole_company=effects.stops_company,
            now=now,
        )
        transaction.run("receive/cancel_stopped", contact_id=contact_id, whole_company=effects.stops_company)
    if effects.is_good_news and not (origin == "person" and _has_opted_out(transaction, tied["to_address"])):
        raise_alert(
            transaction,
            cause_key=f"reply/{row.id}",
            severity="info",
            title=f"{tied['to_address']} has answered {row.mailbox_address} with interest",
            detail=f"`outreach thread {row.id}` shows it, `outreach reply {row.id}` answers it; the sequence has ended.",
            now=now,
        )
    return suppressed


def _has_opted_out(transaction: Transaction, address: str) -> bool:
    """Whether nobody may ever write to an address again: of what a correction finds there, nothing is news."""
    rows = transaction.rows("inbox/suppressed", addresses=[address])
    return any(row["reason"] not in {"bounce", "unclear_stop"} for row in rows)
