"""A claimed message: what it takes to send one, its content, and the account it is sent with.

Belongs here: from a claimed row to bytes and a login, or to the reason that forbids it. Does not: the path of an attempt
(workflows.send_email), how bytes are made (core.send.message).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.adapters.smtp.session import SmtpAccount
from outreach_pipeline.core.errors import ConfigurationError, NotAllowedError
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.core.send.dkim import DkimKey, open_key, signed
from outreach_pipeline.core.send.gaps import full_name
from outreach_pipeline.core.send.gate import explained, refusal
from outreach_pipeline.core.send.links import LinkSigner
from outreach_pipeline.core.send.message import Envelope, StepTemplate, as_follow_up, build, compile_step
from outreach_pipeline.workflows.attachments import AttachmentMissingError, attachments_of
from outreach_pipeline.workflows.mailbox_login import MailboxKey


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A row of send/claimed_messages: a message with all that it takes to render and send it."""

    tenant_id: UUID
    id: int
    token: int
    attempt: int
    kind: str
    message_id: str
    thread_message_id: str | None
    to_address: str
    company_domain: str
    recipient_site: str
    mailbox_id: int
    campaign_id: int | None
    contact_list_id: int | None
    step_number: int | None
    variant: str | None
    window_ends_at: datetime
    sending_domain_id: int
    from_address: str
    from_name: str
    reply_to: str | None
    smtp_host: str
    smtp_port: int
    smtp_security: str
    login: str
    auth: Auth
    provider_account: str | None
    source_address: str | None
    ca_file: str | None
    sent_copy: str
    secret_ciphertext: bytes | None = field(repr=False)
    wrapped_key: bytes | None = field(repr=False)
    sending_domain: str
    link_host: str
    dkim_selector: str | None
    dkim_key_ciphertext: bytes | None = field(repr=False)
    dkim_wrapped_key: bytes | None = field(repr=False)
    postal_address: str
    policy: str
    subject_template: str | None
    text_template: str | None
    html_template: str | None
    attachments: list[dict[str, Any]]
    thread_subject: str | None
    test_subject: str | None
    thread_ids: list[str] | None
    fields: dict[str, Any]
    reply_to_name: str | None


class RefusedByGateError(NotAllowedError):
    """The message must not go out. ``reason`` is a reason code, ``text`` says more where there is more to say."""

    def __init__(self, reason: str, text: str = "") -> None:
        self.reason = reason
        self.text = text
        super().__init__(text or reason)


class DkimKeys:
    """The sending domains' DKIM keys, each opened once a run, and anew if another one is applied meanwhile."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._opened: dict[tuple[UUID, str], tuple[bytes, DkimKey]] = {}

    def signed(self, message: ClaimedMessage, content: bytes, *, now: datetime) -> bytes:
        """Return the content with a signature if the domain has a key, else as it is.

        Raises:
            RefusedByGateError: the key does not open: what is to be signed does not go out without.
        """
        ciphertext = message.dkim_key_ciphertext
        if ciphertext is None or message.dkim_selector is None:
            return content
        owner = (message.tenant_id, message.sending_domain)
        sealed, key = self._opened.get(owner, (None, None))
        if key is None or sealed != ciphertext:
            try:
                key = open_key(
                    self._vault.decrypt(
                        ciphertext,
                        wrapped_key=message.dkim_wrapped_key or b"",
                        owner=str(message.tenant_id),
                        purpose=f"dkim {message.sending_domain}",
                    )
                )
            except ConfigurationError as error:
                raise RefusedByGateError("dkim_key_unreadable", f"{message.sending_domain}: {error}") from error
            self._opened[owner] = (ciphertext, key)
        return signed(content, key, domain=message.sending_domain, selector=message.dkim_selector, now=now)


def compose(
    message: ClaimedMessage, *, signer: LinkSigner, dkim_keys: DkimKeys, blobs: Blobs, now: datetime
) -> tuple[bytes, str]:
    """Return a message's bytes, ready for DATA, and its subject.

    Args:
        message: what was claimed.
        signer: of opt-out links.
        dkim_keys: of the sending domains.
        blobs: where the files lie that steps carry.
        now: aware, UTC; the Date header and the age of the link.

    Raises:
        RefusedByGateError: it must not go out as it is.
    """
    has_opt_out = message.kind in {"campaign", "test", "reply"}
    unsubscribe_url = (
        signer.unsubscribe_url(link_host=message.link_host, tenant_id=message.tenant_id, message_id=message.id, now=now)
        if has_opt_out
        else None
    )
    if message.subject_template is None or message.text_template is None:
        raise RefusedByGateError(
            "gate_step_missing", f"Step {message.step_number}, variant {message.variant}, is no longer configured."
        )
    try:
        step = compile_step(StepTemplate(message.subject_template, message.text_template, message.html_template))
        rendered = step.render(
            {
                **message.fields,
                "sender_name": message.from_name,
                "postal_address": message.postal_address,
                "unsubscribe_url": unsubscribe_url or "",
            }
        )
    except ConfigurationError as error:
        raise RefusedByGateError("gate_template_gap", str(error)) from error
    if message.thread_message_id and message.thread_subject:
        rendered = as_follow_up(rendered, message.thread_subject)
    elif message.test_subject is not None:
        # In-Reply-To and References are left out: nothing stands in the inbox that it could answer.
        rendered = replace(rendered, subject=message.test_subject)
    attachments = attachments_of(blobs, message.tenant_id, message.attachments)
    reason = refusal(
        rendered,
        is_reply_in_thread=message.thread_message_id is not None or message.test_subject is not None,
        unsubscribe_url=unsubscribe_url,
        postal_address=message.postal_address,
        attachments=attachments,
        is_from_template=message.kind != "reply",
    )
    if reason:
        raise RefusedByGateError(reason, explained(reason, rendered, attachments))
    envelope = Envelope(
        message_id=message.message_id,
        from_name=message.from_name,
        from_address=message.from_address,
        to_name=full_name(message.fields) if message.reply_to_name is None else message.reply_to_name,
        to_address=message.to_address,
        date=now,
        thread_message_id=message.thread_ids[-1] if message.thread_ids else message.thread_message_id,
        thread_ids=tuple(message.thread_ids or ()),
        unsubscribe_url=unsubscribe_url,
        is_probe=message.kind == "probe",
        has_own_id=message.sent_copy == "server",
        reply_to=message.reply_to,
    )
    try:
        content = build(rendered, envelope, attachments)
    except AttachmentMissingError as error:
        raise RefusedByGateError("gate_attachment_missing", str(error)) from error
    except ConfigurationError as error:
        raise RefusedByGateError("gate_header_injection", str(error)) from error
    return dkim_keys.signed(message, content, now=now), rendered.subject


def account_of(message: ClaimedMessage, vault: Vault) -> SmtpAccount:
    """Return where and as whom to log in for a message; an access token is shown only when a connection is opened.

    Raises:
        RefusedByGateError: its mailbox has no password, or one that this installation cannot read.
    """
    key = MailboxKey(
        message.tenant_id,
        message.mailbox_id,
        message.from_address,
        message.auth,
        message.secret_ciphertext,
        message.wrapped_key,
    )
    try:
        password = key.password(vault)
    except ConfigurationError as error:
        reason = "mailbox_secret_missing" if message.secret_ciphertext is None else "mailbox_secret_unreadable"
        raise RefusedByGateError(reason, str(error)) from error
    return SmtpAccount(
        host=message.smtp_host,
        port=message.smtp_port,
        security=message.smtp_security,
        login=message.login,
        secret=password,
        ca_file=message.ca_file,
        helo_name=message.sending_domain,
        auth=message.auth,
        source_address=message.source_address,
    )
