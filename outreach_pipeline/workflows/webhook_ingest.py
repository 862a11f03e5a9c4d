"""Providers' webhooks: accepted by the gateway, turned into events and their effects by a job.

Belongs here: from a signed body to a kept delivery, and from a delivery to events. Does not: HTTP (gateway) or the
payload's model (core.receive.webhook).
"""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import OutreachError, UsageError
from outreach_pipeline.core.model import EventKind
from outreach_pipeline.core.receive.reasons import reason_of
from outreach_pipeline.core.receive.webhook import WebhookContentError, WebhookEvent, check_signature, parse_event
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.outcomes import (
    TiedMessage,
    find_message,
    prove_submission,
    record_event,
    stop_sequences,
)
from outreach_pipeline.workflows.reactions import react_to_reports
from outreach_pipeline.workflows.suppress import suppress

_BATCH_SIZE = 500
_NOBODY = UUID(int=0)
_NAME = re.compile(r"[a-z0-9-]{1,63}")


class UnknownSourceError(UsageError):
    """There is no such tenant, or it has no such webhook source; the answer does not tell which."""


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What one run did. ``events`` counts new ones by kind; ``refused`` deliveries keep their problem."""

    processed: int = 0
    refused: int = 0
    events: dict[str, int] = field(default_factory=dict)
    suppressed: int = 0
    proven_sent: int = 0


@dataclass(frozen=True, slots=True)
class _Source:
    secret_ciphertext: bytes
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class _Delivery:
    id: int
    source: str
    event_id: str
    payload: dict[str, Any]


def accept_delivery(
    installation: Installation,
    *,
    tenant_slug: str,
    source: str,
    timestamp: str,
    signature: str,
    body: bytes,
    now: datetime,
) -> bool:
    """Keep a delivery for the next ``ingest_webhooks``, once.

    Unknown tenants and sources cost the same work as known ones, so that the time of an answer tells nothing.

    Args:
        installation: where.
        tenant_slug: as in the webhook's path.
        source: as in the webhook's path.
        timestamp: the header X-Outreach-Timestamp.
        signature: the header X-Outreach-Signature.
        body: as it came; parsed only when its signature is right.
        now: the clock, aware.

    Returns:
        Whether it is new; False for a delivery that was kept before.

    Raises:
        UnknownSourceError: no such tenant or source.
        WebhookSignatureError: not signed by the source, or not now.
        WebhookContentError: signed, and not what the webhook takes.
    """
    # «-» is nobody's name: what cannot be one is not asked for.
    slug, source = (name if _NAME.fullmatch(name) else "-" for name in (tenant_slug, source))
    with installation.database.operator() as transaction:
        tenant = next(iter(transaction.all("tenants", Tenant, slug=slug)), None)
    tenant_id = tenant.id if tenant else _NOBODY
    with installation.database.tenant(tenant_id) as transaction:
        found = transaction.one("receive/webhook_source", _Source, source=source)
    secret = secrets.token_urlsafe(32) if found is None else _secret(installation, found, tenant_id, source)
    try:
        check_signature(secret, timestamp=timestamp, given=signature, body=body, now=now)
    except OutreachError:
        if found is not None:
            raise
    if found is None:
        raise UnknownSourceError("There is no such webhook: its path is /webhooks/TENANT/SOURCE, both as applied.")
    event = parse_event(body, now=now)
    with installation.database.tenant(tenant_id) as transaction:
        written = transaction.run(
            "receive/insert_webhook_delivery",
            source=source,
            event_id=event.id,
            payload=event.model_dump(mode="json"),
            now=now,
        )
    return written > 0


def ingest_webhooks(installation: Installation, *, now: datetime, tenant: Tenant | None = None) -> IngestOutcome:
    """Turn new deliveries into events and their effects; each in a transaction of its own, so that one hinders none.

    Complaints, opt-outs and hard bounces suppress; any bounce ends the contact's sequences. Whatever a provider tells
    about a message proves that it was submitted.

    Args:
        installation: where.
        now: business time.
        tenant: only this one's.
    """
    counts: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for each in [tenant] if tenant else installation.tenants():
        after_id = 0
        reported: set[int] = set()
        while ids := _new_ids(installation, each.id, after_id):
            for delivery_id in ids:
                _ingest_one(
                    installation, each.id, delivery_id, now=now, counts=counts, events=events, reported=reported
                )
            after_id = ids[-1]
        react_to_reports(installation.database, each.id, reported, now=now)
    return IngestOutcome(
        processed=counts["processed"],
        refused=counts["refused"],
        events=dict(events),
        suppressed=counts["suppressed"],
        proven_sent=counts["proven_sent"],
    )


def _new_ids(installation: Installation, tenant_id: UUID, after_id: int) -> list[int]:
    with installation.database.tenant(tenant_id) as transaction:
        return transaction.values("receive/new_webhook_deliveries", after_id=after_id, batch_size=_BATCH_SIZE)


def _ingest_one(
    installation: Installation,
    tenant_id: UUID,
    delivery_id: int,
    *,
    now: datetime,
    counts: Counter[str],
    events: Counter[str],
    reported: set[int],
) -> None:
    problem: str | None = None
    try:
        with installation.database.tenant(tenant_id) as transaction:
            delivery = transaction.one("receive/take_webhook_delivery", _Delivery, id=delivery_id)
            if delivery is None:
                return
            event = parse_event(json.dumps(delivery.payload).encode(), now=now)
            message = find_message(transaction, event.message_id)
            done = _apply(transaction, event, message, delivery=delivery, now=now)
            transaction.run("receive/finish_webhook_delivery", id=delivery_id, state="processed", problem=None, now=now)
        counts["processed"] += 1
        counts.update(done)
        if done["new_events"]:
            events[event.kind] += 1
            if message is not None and _tells_why(event):
                reported.add(message.id)
    except (WebhookContentError, UsageError) as error:
        problem = str(error)
    if problem is not None:
        with installation.database.tenant(tenant_id) as transaction:
            transaction.run(
                "receive/finish_webhook_delivery", id=delivery_id, state="refused", problem=problem, now=now
            )
        counts["refused"] += 1


def _apply(
    transaction: Transaction, event: WebhookEvent, message: TiedMessage | None, *, delivery: _Delivery, now: datetime
) -> Counter[str]:
    done: Counter[str] = Counter()
    origin_id = f"{delivery.source}/{delivery.event_id}"
    why = reason_of(code=None, enhanced_code=event.status, text=event.reason) if _tells_why(event) else None
    suppression = _suppression(event, is_hard=why is not None and why.hard and why.permanent)
    if suppression is not None:
        # Whom we wrote to, even if a forwarder makes the provider name somebody else.
        address = message.to_address if message else event.recipient
        done["suppressed"] += suppress(
            transaction, scope="address", value=address, reason=suppression, origin=f"webhook {origin_id}", now=now
        )
    if message is not None:
        done["proven_sent"] += prove_submission(transaction, message, origin="webhook", origin_id=origin_id, now=now)
        if event.kind == "bounced":
            stop_sequences(transaction, message, reason="bounced", origin=f"webhook {origin_id}", now=now)
    done["new_events"] += record_event(
        transaction,
        kind=EventKind(event.kind),
        origin="webhook",
        origin_id=origin_id,
        recipient=event.recipient,
        occurred_at=event.occurred_at,
        message_row_id=message.id if message else None,
        bounce_class=why.bounce_class.value if why and why.bounce_class and event.kind == "bounced" else None,
        reason=why.name if why else None,
        status=event.status,
        detail=_detail(event, message),
    )
    return done


def _tells_why(event: WebhookEvent) -> bool:
    return event.kind in ("bounced", "deferred")


def _suppression(event: WebhookEvent, *, is_hard: bool) -> str | None:
    match event.kind:
        case "complaint":
            return "complaint"
        case "unsubscribe":
            return "unsubscribe"
        case "bounced" if is_hard:
            return "bounce"
        case _:
            return None


def _detail(event: WebhookEvent, message: TiedMessage | None) -> dict[str, Any]:
    detail = {"diagnostic": event.reason, "detail": event.detail}
    if message is None and event.message_id:
        detail["unknown_message_id"] = event.message_id
    return {name: value for name, value in detail.items() if value}


def _secret(installation: Installation, source: _Source, tenant_id: UUID, name: str) -> str:
    return installation.vault.decrypt(
        bytes(source.secret_ciphertext),
        wrapped_key=bytes(source.wrapped_key),
        owner=str(tenant_id),
        purpose=f"webhook {name}",
    )
