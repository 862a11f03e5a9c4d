"""Shows a step as a contact would get it, and sends one to a person of ours.

Belongs here: rendering outside the day's plan. Does not: templates (core.send.message), sending (workflows.send_email).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.send.gate import refusal
from outreach_pipeline.core.send.message import StepTemplate, compile_step
from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.send_email import send_until

_TEST_WINDOW = timedelta(hours=1)
_SAMPLE_LINK = "https://{link_host}/u/this-is-where-the-opt-out-link-stands"


@dataclass(frozen=True, slots=True)
class _Step:
    campaign_id: int
    contact_id: int
    contact_list_id: int
    subject: str
    text_body: str
    html_body: str | None
    fields: dict[str, Any]
    sender_name: str
    sender_address: str
    link_host: str


def preview_step(
    installation: Installation, tenant: Tenant, *, campaign: str, step: int, variant: str, contact: str
) -> dict[str, Any]:
    """Render a step for a contact, from the first mailbox of the campaign.

    Returns:
        from, to, subject, text, html, and ``refused_by``: the gate's reason code, or None.

    Raises:
        UsageError: no such campaign, step, variant or contact.
        ConfigurationError: the template uses what the contact does not have.
    """
    found = _step(installation, tenant, campaign=campaign, step=step, variant=variant, contact=contact)
    link = _SAMPLE_LINK.format(link_host=found.link_host)
    rendered = compile_step(StepTemplate(found.subject, found.text_body, found.html_body)).render(
        {
            **found.fields,
            "sender_name": found.sender_name,
            "postal_address": tenant.postal_address,
            "unsubscribe_url": link,
        }
    )
    return {
        "from": f"{found.sender_name} <{found.sender_address}>",
        "to": contact,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "refused_by": refusal(
            rendered,
            is_reply_in_thread=step > 1,
            unsubscribe_url=link,
            postal_address=tenant.postal_address,
        ),
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
) -> dict[str, Any]:
    """Send a step, rendered for a contact, to an address of one's own, through the same ledger and gate as all mail.

    It counts against the mailbox's cap and in no statistics; each call sends one.

    Returns:
        message_id, state, and the reason if it did not go out.

    Raises:
        UsageError: no such campaign, step, variant, contact or mailbox.
    """
    found = _step(installation, tenant, campaign=campaign, step=step, variant=variant, contact=contact)
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.rows("send/mailbox_of_address", address=mailbox)
        if not rows:
            raise UsageError(
                f"The tenant {tenant.slug} has no mailbox {mailbox}: `outreach mailboxes list` shows them."
            )
        header = message_id(tenant_id=tenant.id, kind="test", key=uuid4().hex, domain=rows[0]["sending_domain"])
        row_id = transaction.value(
            "send/add_test",
            mailbox_id=rows[0]["id"],
            campaign_id=found.campaign_id,
            contact_id=found.contact_id,
            contact_list_id=found.contact_list_id,
            step_number=step,
            variant=variant,
            to_address=to.lower(),
            message_id=header,
            now=now,
            window_ends_at=now + _TEST_WINDOW,
        )
    # Nothing else that is due from this mailbox goes with it.
    send_until(installation, tenants=[tenant], mailbox_ids=[rows[0]["id"]], kind="test", now=now, until_idle=True)
    with installation.database.tenant(tenant.id) as transaction:
        outcome: dict[str, Any] = transaction.rows("send/message_outcome", id=row_id)[0]
    return outcome


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
