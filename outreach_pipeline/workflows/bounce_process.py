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
from outreach_pipeline.core.receive.classify import classify, parse_headers, taken_for_answer
from outreach_pipeline.core.receive.effects import Effects
from outreach_pipeline.core.receive.model import Classification, MailKind
from outreach_pipeline.workflows.inbound_effects import InboundRow, bounce_facts, carry_out, follows, tie
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.judge_intents import judge_intents
from outreach_pipeline.workflows.outcomes import storable
from outreach_pipeline.workflows.own_mail import pause_for_own_mail
from outreach_pipeline.workflows.reactions import react_to_reports

_log = structlog.get_logger(__name__)
_BATCH = 200


@dataclass(slots=True)
class ProcessOutcome:
    """Counts of one pass: mails by kind, bounces by class and reason, replies by intent, mails tied to nothing.

    ``by_bounce_class`` has ``unproven`` for those of class hard that nothing proves, and that suppress nobody until a person says.
    ``unsure`` counts replies whose intent the rules are not sure of, ``paused`` contacts whose sequences wait since a person
    wrote to them by hand, ``model`` what came of asking a model. A mail of which nothing could be read is ``unreadable``, and in
    no other count.
    """

    by_kind: Counter[str] = field(default_factory=Counter)
    by_bounce_class: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    by_intent: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    untied: int = 0
    unreadable: int = 0
    paused: int = 0
    model: Counter[str] = field(default_factory=Counter)
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
        outcome.paused += pause_for_own_mail(installation, each, now=now)
    # Nothing waits for a model: all effects have been carried out.
    for each in [tenant] if tenant else installation.tenants():
        outcome.model.update(judge_intents(installation, each, now=now))
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
        tied = _probe(transaction, row, raw) if is_probe else tie(transaction, row, mail)
        if mail.is_personal and tied is not None and tied["kind"] not in {"probe", "test"}:
            mail = taken_for_answer(mail, subject=parse_headers(raw).subject)
        effects = Effects() if is_probe else follows(mail, tied, row)
        outcome.suppressed += carry_out(transaction, row, effects, tied, now=now)
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
            classified={
                "voices": list(mail.voices),
                "is_probe": is_probe,
                "text": storable(mail.text[:1000]),
                "bounce": bounce_facts(mail, effects),
            },
        )
    outcome.processed += 1
    outcome.by_kind[str(mail.kind)] += 1
    outcome.untied += tied is None
    if mail.kind is MailKind.BOUNCE:
        if tied is not None and effects.events:
            bounced.add(tied["id"])
        outcome.by_bounce_class["unproven" if effects.is_unproven else bounce_class or "none"] += 1
        outcome.by_reason[first.reason if first else "undefined"] += 1
    if mail.intent:
        outcome.by_intent[str(mail.intent)] += 1
        outcome.unsure += not mail.intent_is_sure


def _probe(transaction: Transaction, row: InboundRow, raw: bytes) -> dict[str, Any] | None:
    """Return the probe of ours that a mail is, or None: where it landed is all that follows from it."""
    headers = parse_headers(raw)
    ids = [f"<{each}>" for each in (headers.message_id, headers.own_message_id) if each]
    rows = transaction.rows("receive/probe_of_mail", mailbox_id=row.mailbox_id, rfc822_ids=storable(ids))
    return rows[0] if rows else None


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
