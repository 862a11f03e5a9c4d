"""Shows a step as a contact would get it, and sends one to a person of ours.

Belongs here: rendering outside the day's plan. Does not: templates (core.send.message), sending (workflows.send_email).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from outreach_pipeline.core.addresses import parse_address
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.send.gate import explained, refusal
from outreach_pipeline.core.send.message import Attachment, StepTemplate, compile_step
from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.attachments import AttachmentMissingError, attachments_of
from outreach_pipeline.workflows.explain_reason import WAITS
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.limits import LimitRow, list_limits
from outreach_pipeline.workflows.send_email import send_until

_TEST_WINDOW = timedelta(hours=1)
# A person waits for it: whatever keeps it for longer is told.
_TEST_SECONDS = 10.0
_LIMITS_OF_OTHERS = ("provider_host", "recipient_domain", "recipient_site")
_SAMPLE_LINK = "https://{link_host}/u/this-is-where-the-opt-out-link-stands"


@dataclass(frozen=True, slots=True)
class _Step:
    campaign_id: int
    contact_id: int
    contact_list_id: int
    subject: str
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
        rendered = compile_step(StepTemplate(found.subject, found.text_body, found.html_body)).render(
            {
                **found.fields,
                "sender_name": found.sender_name,
                "postal_address": tenant.postal_address,
                "unsubscribe_url": link,
            }
        )
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
) -> dict[str, Any]:
    """Send a step, rendered for a contact, to an address of one's own, through the same ledger and gate as all mail.

    It counts against the mailbox's cap and in no statistics; each call sends one. What has not gone out within ten seconds is
    not sent any more.

    Returns:
        message_id, state, the reason and a ``problem`` if it did not go out, and the attachments as in a preview.

    Raises:
        UsageError: no such campaign, step, variant, contact or mailbox, or nobody can be written to at ``to``.
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
            now=now,
            window_ends_at=now + _TEST_WINDOW,
        )
    # Nothing else that is due from this mailbox goes with it.
    ran = send_until(
        installation, tenants=[tenant], mailbox_ids=[rows[0]["id"]], kind="test", now=now, until_idle=True,
        for_seconds=_TEST_SECONDS,
    )  # fmt: skip
    with installation.database.tenant(tenant.id) as transaction:
        outcome: dict[str, Any] = transaction.rows("send/message_outcome", id=row_id)[0]
        (kept,) = transaction.rows("send/what_keeps", id=row_id, now=now)
        transaction.run("send/cancel_test", id=row_id)
    if ran.by_reason["login_waits"]:
        kept["waits_for"] = "login_waits"
    return {
        **outcome,
        "problem": None
        if outcome["state"] == "sent"
        else _problem(installation, tenant, mailbox=mailbox, row=rows[0] | kept, outcome=outcome, now=now),
        "attachments": _shown(attachments_of(installation.blobs, tenant.id, found.attachments)),
    }


def _problem(
    installation: Installation,
    tenant: Tenant,
    *,
    mailbox: str,
    row: Mapping[str, Any],
    outcome: Mapping[str, Any],
    now: datetime,
) -> str:
    """Say why a test has not gone out, and what can be done."""
    if outcome["reason"]:
        return f"It was not sent ({outcome['reason']}): {outcome['reason_detail'] or 'see the reason'}"
    if told := _mailbox_problem(row, f"{mailbox} --tenant {tenant.slug}", now=now):
        return told
    if row["waits_for"] in WAITS:
        told = WAITS[row["waits_for"]].format(verb="is")
        return (
            f"It may not be sent now, as {told}: `outreach resume` ends a pause, `outreach doctor` names other cures."
        )
    if row["waits_for"] == "login_waits":
        return (
            f"{row['provider_host']} or the provider account has no place for another login now: see `outreach limits`."
        )
    keys: dict[str, str] = {
        "mailbox": mailbox,
        "tenant": tenant.slug,
        **{scope: row[scope] for scope in _LIMITS_OF_OTHERS},
    }
    found: dict[str, str | None] = {
        each.scope: _limit_problem(each) for each in list_limits(installation) if keys.get(each.scope) == each.key
    }
    busy = "The mailbox is busy: another message of it is on the way. Test again in a moment, or from another one."
    others = next((found[scope] for scope in keys if found.get(scope)), None)
    return (
        found.get("mailbox")
        or (busy if row["is_busy"] else None)
        or others
        or "Nothing forbids it any more: test again."
    )


def _mailbox_problem(row: Mapping[str, Any], mailbox: str, *, now: datetime) -> str | None:
    """Say why a mailbox does not send, or nothing if it does; ``mailbox`` is named as the commands want it."""
    if row["paused_until"] and row["paused_until"] > now:
        return f"The mailbox is paused: `outreach resume mailbox {mailbox}`."
    if row["grant_refusal"]:
        again = f"`outreach check mailbox {mailbox}`"
        return f"The mailbox gets no access token ({row['grant_refusal']}): mend that, then {again}."
    if row["lifecycle"] in {"resting", "quarantined", "retired"}:
        return f"The mailbox is {row['lifecycle']}: test from another one."
    return None


def _limit_problem(limit: LimitRow) -> str | None:
    """Say that a limit lets no message through now, or nothing if it does."""
    does = "send" if limit.scope in {"mailbox", "tenant"} else "get"
    other = ", or from another one" if limit.scope == "mailbox" else ""
    whose = "The mailbox" if limit.scope == "mailbox" else f"The {limit.scope.replace('_', ' ')} {limit.key}"
    if limit.free_at > datetime.now(UTC):
        rate = limit.slowed_to or limit.limit
        return f"{whose} may {does} {rate}, the next one at {limit.free_at:%H:%M:%S} UTC: test then{other}."
    if limit.in_flight_allowed is not None and limit.in_flight >= limit.in_flight_allowed:
        messages = "another message is" if limit.in_flight == 1 else f"{limit.in_flight} other messages are"
        return f"{whose} is busy: {messages} on the way, and no more may be at once. Test again in a moment{other}."
    return None


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
