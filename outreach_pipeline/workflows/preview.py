"""Shows a step as a contact would get it, and sends one to a person of ours.

Belongs here: rendering outside the day's plan. Does not: templates (core.send.message), sending (workflows.send_email), why a
test has not gone out (workflows.unsent_test).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from outreach_pipeline.core.addresses import parse_address
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.send.gate import explained, refusal
from outreach_pipeline.core.send.message import Attachment, Rendered, StepTemplate, as_follow_up, compile_step
from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.attachments import AttachmentMissingError, attachments_of
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.send_email import send_until
from outreach_pipeline.workflows.unsent_test import why_not_sent

_TEST_WINDOW = timedelta(hours=1)
# A person waits for it: whatever keeps it for longer is told.
_TEST_SECONDS = 10.0
_SAMPLE_LINK = "https://{link_host}/u/this-is-where-the-opt-out-link-stands"


@dataclass(frozen=True, slots=True)
class _Step:
    campaign_id: int
    contact_id: int
    contact_list_id: int
    subject: str
    thread_subject: str | None
    first_subject: str | None
    text_body: str
    html_body: str | None
    attachments: list[dict[str, Any]]
    fields: dict[str, Any]
    sender_name: str
    sender_address: str
    link_host: str


def preview_step(
    installation: Installation, tenant: Tenant, *, campaign: str, step: int, variant: str, contact: str
) -> dict[str, Any]:
    """Render a step for a contact, from the first mailbox of the campaign.

    Returns:
        from, to, subject, text, html, attachments (name, content_type, size_bytes), ``refused_by``, the gate's reason code, and
        ``problem``, what to change: both None if it may go. A step that cannot be filled in has no subject, text or html.

    Raises:
        UsageError: no such campaign, step, variant or contact.
        ConfigurationError: the campaign has no mailboxes.
    """
    found = _step(installation, tenant, campaign=campaign, step=step, variant=variant, contact=contact)
    link = _SAMPLE_LINK.format(link_host=found.link_host)
    rendered, reason, problem = None, None, None
    try:
        rendered = _rendered(found, tenant, step=step, sender_name=found.sender_name, link=link)
    except ConfigurationError as error:
        reason, problem = "gate_template_gap", str(error)
    attachments = attachments_of(installation.blobs, tenant.id, found.attachments)
    if rendered:
        reason = refusal(
            rendered,
            is_reply_in_thread=step > 1,
            unsubscribe_url=link,
            postal_address=tenant.postal_address,
            attachments=attachments,
        )
        problem = reason and explained(reason, rendered, attachments)
    try:
        for each in attachments:
            each.read()
    except AttachmentMissingError as error:
        reason, problem = (reason, problem) if reason else ("gate_attachment_missing", str(error))
    return {
        "from": f"{found.sender_name} <{found.sender_address}>",
        "to": contact,
        "subject": rendered and rendered.subject,
        "text": rendered and rendered.text,
        "html": rendered and rendered.html,
        "attachments": _shown(attachments),
        "refused_by": reason,
        "problem": problem,
    }


def send_test(
    installation: Installation,
    tenant: Tenant,
    *,
    campaign: str,
    step: int,
    variant: str,
    contact: str,
    mailbox: str,
    to: str,
    now: datetime,
    stop: threading.Event | None = None,
) -> dict[str, Any]:
    """Send a step, rendered for a contact, to an address of one's own, through the same ledger and gate as all mail.

    It counts against the mailbox's cap and in no statistics; each call sends one. What has not begun within ten seconds is
    not sent any more; its server may take a minute more for what has, unless ``stop`` is set, which ends it within ten.

    Returns:
        message_id, state, reason and reason_detail as they are stored in the end (``cancelled``, ``test_not_sent`` for one that is not
        tried again), ``attempt_reason``, how its attempt ended or what held it, None if nothing did, a ``problem`` if it did not go
        out, and the attachments as in a preview.

    Raises:
        UsageError: no such campaign, step, variant, contact or mailbox, or nobody can be written to at ``to``.
        ConfigurationError: the campaign has no mailboxes, or a follow-up's or the first step's subject cannot be filled in.
    """
    try:
        to = parse_address(to).address
    except ValueError as error:
        raise UsageError(f"{to!r} is no address to send a test to: {error}.") from error
    found = _step(installation, tenant, campaign=campaign, step=step, variant=variant, contact=contact)
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.rows("send/mailbox_of_address", address=mailbox)
        if not rows:
            raise UsageError(
                f"The tenant {tenant.slug} has no mailbox {mailbox}: `outreach mailboxes list` shows them."
            )
        # No enrollment ties it to a thread: it brings the subject that a follow-up has there.
        subject = None
        if step > 1:
            link = _SAMPLE_LINK.format(link_host=found.link_host)
            subject = _rendered(found, tenant, step=step, sender_name=rows[0]["display_name"], link=link).subject
        header = message_id(tenant_id=tenant.id, kind="test", key=uuid4().hex, domain=rows[0]["sending_domain"])
        row_id = transaction.value(
            "send/add_test",
            mailbox_id=rows[0]["id"],
            campaign_id=found.campaign_id,
            contact_id=found.contact_id,
            contact_list_id=found.contact_list_id,
            step_number=step,
            variant=variant,
            to_address=to,
            message_id=header,
            subject=subject,
            now=now,
            window_ends_at=now + _TEST_WINDOW,
        )
    # Nothing else that is due from this mailbox goes with it.
    ran = send_until(
        installation, tenants=[tenant], mailbox_ids=[rows[0]["id"]], kind="test", now=now, until_idle=True,
        for_seconds=_TEST_SECONDS, stop=stop,
    )  # fmt: skip
    with installation.database.tenant(tenant.id) as transaction:
        outcome: dict[str, Any] = transaction.rows("send/message_outcome", id=row_id)[0]
        (kept,) = transaction.rows("send/what_keeps", id=row_id, now=now)
        transaction.run("send/cancel_test", id=row_id)
        stored: dict[str, Any] = transaction.rows("send/message_outcome", id=row_id)[0]
    if ran.by_reason["login_waits"]:
        kept["waits_for"] = "login_waits"
    return {
        **stored,
        "attempt_reason": outcome["reason"],
        "problem": None
        if stored["state"] == "sent"
        else why_not_sent(installation, tenant, row=kept, outcome=outcome, is_stopped=ran.stopped, now=now),
        "attachments": _shown(attachments_of(installation.blobs, tenant.id, found.attachments)),
    }


def _rendered(found: _Step, tenant: Tenant, *, step: int, sender_name: str, link: str) -> Rendered:
    """Fill a step in as its contact would get it: a follow-up with the subject of its thread, or of the one it would have."""
    fields = {
        **found.fields,
        "sender_name": sender_name,
        "postal_address": tenant.postal_address,
        "unsubscribe_url": link,
    }
    # With its own subject, which nobody gets: a gap in it keeps the message back all the same.
    rendered = compile_step(StepTemplate(found.subject, found.text_body, found.html_body)).render(fields)
    if step == 1:
        return rendered
    if found.thread_subject is not None:
        return as_follow_up(rendered, found.thread_subject)
    first = compile_step(StepTemplate(found.first_subject or found.subject, "", None)).render(fields)
    return as_follow_up(rendered, first.subject)


def _shown(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "content_type": each.content_type, "size_bytes": each.size_bytes} for each in attachments
    ]


def _step(installation: Installation, tenant: Tenant, *, campaign: str, step: int, variant: str, contact: str) -> _Step:
    with installation.database.tenant(tenant.id) as transaction:
        found = transaction.one(
            "send/step_for_contact", _Step, campaign=campaign, step=step, variant=variant, contact=contact
        )
    if found is None:
        raise UsageError(
            f"The tenant {tenant.slug} has no campaign {campaign!r} with a step {step}, variant {variant}, a mailbox and the contact "
            f"{contact}: `outreach campaigns list` shows its campaigns."
        )
    if not found.sender_address:
        raise ConfigurationError(f"The campaign {campaign} has no mailboxes: name them in its configuration.")
    return found
