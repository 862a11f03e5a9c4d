"""What a click on an opt-out link does (RFC 8058 and the page for people).

Belongs here: from a token and a host to a suppression. Does not: HTTP (gateway).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach_pipeline.core.model import EventKind
from outreach_pipeline.core.send.links import LinkError, LinkSigner
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.outcomes import record_event
from outreach_pipeline.workflows.suppress import suppress


@dataclass(frozen=True, slots=True)
class UnsubscribeTarget:
    """Whom a link opts out from whose mail; ``is_suppressed``: it was done before."""

    id: int
    to_address: str
    tenant_name: str
    is_suppressed: bool


def link_signer(installation: Installation) -> LinkSigner:
    """Return the signer of the installation's opt-out links."""
    return LinkSigner(installation.vault.signing_key("unsubscribe"))


def look_at_link(installation: Installation, *, token: str, link_host: str, now: datetime) -> UnsubscribeTarget:
    """Return what a link would do, and do nothing.

    Args:
        installation: where.
        token: the last part of the link's path.
        link_host: the host at which it was opened, lower case, without a port.
        now: aware.

    Raises:
        LinkError: the link is not one of ours, too old, or was opened at another host than its tenant's.
    """
    target, _ = _read(installation, token=token, link_host=link_host, now=now)
    return target


def unsubscribe(installation: Installation, *, token: str, link_host: str, now: datetime) -> UnsubscribeTarget:
    """Opt the recipient of the link's message out, at once; the second time changes nothing.

    Args and Raises are those of ``look_at_link``.
    """
    target, tenant_id = _read(installation, token=token, link_host=link_host, now=now)
    with installation.database.tenant(tenant_id) as transaction:
        suppress(
            transaction,
            scope="address",
            value=target.to_address,
            reason="unsubscribe",
            origin=f"link of message {target.id}",
            now=now,
        )
        record_event(
            transaction,
            kind=EventKind.UNSUBSCRIBE,
            origin="link",
            origin_id=f"message/{target.id}",
            recipient=target.to_address,
            occurred_at=now,
            message_row_id=target.id,
        )
    return target


def _read(installation: Installation, *, token: str, link_host: str, now: datetime) -> tuple[UnsubscribeTarget, UUID]:
    content = link_signer(installation).read(token, now=now)
    with installation.database.tenant(content.tenant_id) as transaction:
        target = transaction.one(
            "receive/unsubscribe_target", UnsubscribeTarget, message_row_id=content.message_id, link_host=link_host
        )
    if target is None:
        raise LinkError("The link does not belong to this address: open it again from the mail itself.")
    return target, content.tenant_id
