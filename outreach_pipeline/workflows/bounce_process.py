"""Classifies new mail, ties it to the message it answers, and carries out what follows, one transaction a mail.

Belongs here: the order of steps. Does not: what a mail is (core.receive.classify) or what follows (core.receive.effects).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError, Transaction
from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.effects import Answered, Effects, effects_of
from outreach_pipeline.core.receive.model import Classification, MailKind
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.notify import raise_alert
from outreach_pipeline.workflows.outcomes import TiedMessage, prove_submission, record_event, storable
from outreach_pipeline.workflows.reactions import react_to_reports
from outreach_pipeline.workflows.suppress import suppress

_log = structlog.get_logger(__name__)
_BATCH = 200


@dataclass(frozen=True, slots=True)
class InboundRow:
    """A row of receive/new_inbound."""

    id: int
    mailbox_id: int
    sha256: str
    received_at: datetime
    from_address: str
    mailbox_address: str


@dataclass(slots=True)
class ProcessOutcome:
    """Counts of one pass: mails by kind, bounces by class and reason, replies by intent, mails tied to nothing.

    A mail of which nothing could be read is ``unreadable``, and in no other count.
    """

    by_kind: Counter[str] = field(default_factory=Counter)
    by_bounce_class: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    by_intent: Counter[str] = field(default_factory=Counter)
    untied: int = 0
    unreadable: int = 0
    suppressed: int = 0
    processed: int = 0


def process_inbound(installation: Installation, *, now: datetime, tenant: Tenant | None = None) -> ProcessOutcome:
    """Process all new mail of a tenant, or of all. Twice is once; several processes share the work.

    Args:
        installation: the installation.
        now: aware, UTC; stands in what is written.
        tenant: one tenant, or None.
    """
    outcome = ProcessOutcome()
    for each in [tenant] if tenant else installation.tenants():
        bounced: set[int] = set()
        for row in _new_mail(installation, each):
            _process(installation, each, row, now=now, outcome=outcome, bounced=bounced)
        react_to_reports(installation.database, each.id, bounced, now=now)
    _log.info("bounce_process_done", processed=outcome.processed, by_kind=dict(outcome.by_kind), untied=outcome.untied)
    return outcome


def _new_mail(installation: Installation, tenant: Tenant) -> Iterator[InboundRow]:
    after_id = 0
    while True:
        with installation.database.tenant(tenant.id) as transaction:
            rows = transaction.all("receive/new_inbound", InboundRow, after_id=after_id, most=_BATCH)
        yield from rows
        if len(rows) < _BATCH:
            return
        after_id = rows[-1].id


def _process(
    installation: Installation,
    tenant: Tenant,
    row: InboundRow,
    *,
    now: datetime,
    outcome: ProcessOutcome,
    bounced: set[int],
) -> None:
    try:
        raw = installation.blobs.get(tenant.id, row.sha256)
        mail = classify(raw, received_at=row.received_at)
        if mail.problem:
            _log.warning("mail_unreadable", tenant=tenant.slug, inbound_message=row.id, problem=mail.problem)
            _keep_unreadable(installation, tenant, row, mail.problem, now=now, outcome=outcome)
        else:
            _understand(installation, tenant, row, raw, mail, now=now, outcome=outcome, bounced=bounced)
    except DatabaseUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is
        # One mail that nothing was ready for must not keep the others waiting: it is kept for people to read.
        _log.exception("mail_unreadable", tenant=tenant.slug, inbound_message=row.id)
        problem = storable(f"{type(error).__name__}: {error}")
        _keep_unreadable(installation, tenant, row, problem, now=now, outcome=outcome)


def _keep_unreadable(
    installation: Installation, tenant: Tenant, row: InboundRow, problem: str, *, now: datetime, outcome: ProcessOutcome
) -> None:
    with installation.database.tenant(tenant.id) as transaction:
        if transaction.value("receive/hold_inbound", id=row.id) is not None:
            _note(transaction, row, state="unreadable", now=now, classified={"problem": problem})
            outcome.unreadable += 1


def _understand(
    installation: Installation,
    tenant: Tenant,
    row: InboundRow,
    raw: bytes,
    mail: Classification,
    *,
    now: datetime,
    outcome: ProcessOutcome,
    bounced: set[int],
) -> None:
    is_probe = b"\nx-outreach-probe:" in raw[:16_384].lower()
    with installation.database.tenant(tenant.id) as transaction:
        if transaction.value("receive/hold_inbound", id=row.id) is None:
            return
        tied = None if is_probe else _tie(transaction, row, mail)
        effects = (
            Effects()
            if is_probe
            else effects_of(
                mail,
                answered=_answered(tied),
                from_address=row.from_address.lower(),
                received_at=row.received_at,
            )
        )
        if tied is not None and tied["kind"] in {"probe", "test"}:
            # What answers a mail between mailboxes of ours is nothing that a contact did.
            effects = Effects(proves_submission=effects.proves_submission)
        outcome.suppressed += _carry_out(transaction, row, effects, tied, now=now)
        first = mail.recipients[0] if mail.recipients else None
        bounce_class = str(first.bounce_class) if first and first.bounce_class else None
        _note(
            transaction,
            row,
            state="processed",
            now=now,
            kind=str(mail.kind),
            bounce_class=bounce_class if mail.kind is MailKind.BOUNCE else None,
            reason=first.reason if first and mail.kind is MailKind.BOUNCE else None,
            status=storable(first.status) if first else None,
            intent=str(mail.intent) if mail.intent else None,
            intent_is_sure=mail.intent_is_sure if mail.intent else None,
            return_date=mail.return_date,
            message_id=tied["id"] if tied else None,
            tied_by=tied["tied_by"] if tied else None,
            classified={"voices": list(mail.voices), "is_probe": is_probe, "text": storable(mail.text[:1000])},
        )
    outcome.processed += 1
    outcome.by_kind[str(mail.kind)] += 1
    outcome.untied += tied is None
    if mail.kind is MailKind.BOUNCE:
        if tied is not None and effects.events:
            bounced.add(tied["id"])
        outcome.by_bounce_class[bounce_class or "none"] += 1
        outcome.by_reason[first.reason if first else "undefined"] += 1
    if mail.intent:
        outcome.by_intent[str(mail.intent)] += 1


def _tie(transaction: Transaction, row: InboundRow, mail: Classification) -> dict[str, Any] | None:
    named = [f"<{name}>" for name in (mail.original_message_id, *mail.in_reply_to) if name]
    addresses = {each.recipient for each in mail.recipients} | {
        each.original_recipient for each in mail.recipients if each.original_recipient
    }
    if mail.kind in {MailKind.REPLY, MailKind.AUTO_REPLY}:
        addresses.add(row.from_address)
    rows = transaction.rows(
        "receive/tie",
        named_ids=storable(named),
        mailbox_id=row.mailbox_id,
        addresses=sorted(storable(address.lower()) for address in addresses if address),
        received_at=row.received_at,
    )
    return rows[0] if rows else None


def _answered(tied: dict[str, Any] | None) -> Answered | None:
    if tied is None:
        return None
    return Answered(
        message_id=tied["id"],
        to_address=tied["to_address"],
        contact_id=tied["contact_id"],
        stops_company_on_reply=bool(tied["stops_company_on_reply"]),
        out_of_office_days=tied["out_of_office_days"],
    )


def _carry_out(
    transaction: Transaction, row: InboundRow, effects: Effects, tied: dict[str, Any] | None, *, now: datetime
) -> int:
    # Locks first, in the order of the addresses, then rows: the same order as everyone who suppresses.
    suppressed = sum(
        suppress(transaction, scope="address", value=address, reason=reason, origin=f"mail {row.id}", now=now)
        for address, reason in sorted(effects.suppress)
    )
    if tied is not None and effects.proves_submission:
        message = TiedMessage(tied["id"], tied["state"], tied["to_address"], tied["rfc822_message_id"])
        prove_submission(transaction, message, origin="imap", origin_id=str(row.id), now=row.received_at)
    for event in effects.events:
        record_event(
            transaction,
            kind=event.kind,
            origin="imap",
            origin_id=str(row.id),
            recipient=event.recipient,
            occurred_at=row.received_at,
            message_row_id=tied["id"] if tied else None,
            bounce_class=event.bounce_class,
            reason=event.reason,
            status=event.status,
            detail=event.detail,
        )
    if tied is None or tied["contact_id"] is None:
        return suppressed
    contact_id = tied["contact_id"]
    if effects.out_until:
        transaction.run("receive/move_out_of_office", contact_id=contact_id, out_until=effects.out_until)
    if effects.has_left:
        transaction.run("receive/note_left_company", contact_id=contact_id, now=now)
    if effects.stop_reason:
        transaction.run(
            "receive/stop_contact",
            contact_id=contact_id,
            reason=effects.stop_reason,
            whole_company=effects.stops_company,
            now=now,
        )
        transaction.run("receive/cancel_stopped", contact_id=contact_id, whole_company=effects.stops_company)
    if effects.is_good_news:
        raise_alert(
            transaction,
            cause_key=f"reply/{row.id}",
            severity="info",
            title=f"{tied['to_address']} has answered {row.mailbox_address} with interest",
            detail="The mail is in the mailbox; the sequence has ended.",
            now=now,
        )
    return suppressed


def _note(transaction: Transaction, row: InboundRow, *, state: str, now: datetime, **facts: Any) -> None:
    columns = (
        "kind",
        "bounce_class",
        "reason",
        "status",
        "intent",
        "intent_is_sure",
        "return_date",
        "message_id",
        "tied_by",
    )
    transaction.run(
        "receive/note_processed",
        id=row.id,
        state=state,
        now=now,
        classified=facts.get("classified", {}),
        **{column: facts.get(column) for column in columns},
    )
