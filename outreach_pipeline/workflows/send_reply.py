"""A person's answer to a mail: from the mailbox of its thread, through the same ledger and gate as all mail.

Belongs here: from words to a message of kind reply, and its sending. Does not: the path of a message (workflows.deliver), what
may forbid it (core.send.gate, outreach.begin_messages).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.addresses import MailAddress, parse_address
from outreach_pipeline.core.errors import NotAllowedError, UsageError
from outreach_pipeline.core.receive.classify import parse_headers
from outreach_pipeline.core.receive.model import InboundHeaders, MailKind
from outreach_pipeline.core.send.message_id import message_id
from outreach_pipeline.workflows.inbox import InboundMail, done, find_mail
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.send_email import send_until

# What does not go at once goes with the mailbox's lane.
_WAITS_FOR = timedelta(days=3)
# A person waits for it.
_SEND_SECONDS = 10.0
_MOST_IDS = 20
_MOST_CHARACTERS = 100_000
# A header of ours will hold it: nothing that a stranger wrote gets there but this.
_HEADER_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_RE = re.compile(r"^(?:re|aw)\s*:\s*", re.IGNORECASE)
_UNANSWERABLE = {MailKind.BOUNCE, MailKind.COMPLAINT}


@dataclass(frozen=True, slots=True)
class ReplyOutcome:
    """What became of an answer. ``is_new`` is False if the same words had been given for that mail before."""

    id: int
    message_id: str
    state: str
    reason: str | None
    reason_detail: str | None
    mailbox: str
    to_address: str
    subject: str
    is_new: bool

    @property
    def will_go(self) -> bool:
        """Whether it has gone out or still will."""
        return self.state not in {"failed", "cancelled"}


def send_reply(
    installation: Installation,
    tenant: Tenant | None,
    mail_id: int,
    *,
    text: str,
    author: str,
    now: datetime,
    subject: str | None = None,
) -> ReplyOutcome:
    """Answer a mail and take it off the inbox. The same words to the same mail go out once.

    It comes from the mailbox whose message was answered, or to which the mail came; it counts against its limits, carries the
    opt-out and the postal address like all mail, and waits up to three days for what forbids it now. Who is suppressed gets
    none: the message is cancelled then.

    Args:
        installation: where.
        tenant: whose mail it is; None: found by its number.
        mail_id: the mail.
        text: plain text; no template.
        author: who writes it.
        now: aware, UTC.
        subject: instead of the thread's.

    Raises:
        UsageError: there is no such mail, no words, or nobody at its address.
        NotAllowedError: it is a bounce or a complaint, or what may be a wish to stop holds its address.
    """
    owner, mail = find_mail(installation, tenant, mail_id)
    if mail.kind in _UNANSWERABLE:
        raise NotAllowedError(f"Mail {mail_id} is a {mail.kind}: nobody waits there for an answer.")
    if not text.strip() or len(text) > _MOST_CHARACTERS or "\x00" in text:
        raise UsageError(f"Give the answer's text, of at most {_MOST_CHARACTERS} characters.")
    headers = _headers(installation, owner, mail)
    try:
        to = parse_address(mail.from_address)
    except ValueError as error:
        raise UsageError(
            f"Nobody can be written to at {mail.from_address!r}, from where mail {mail_id} came."
        ) from error
    ids = _thread_ids(headers, mail)
    with installation.database.tenant(owner.id) as transaction:
        _refuse_what_is_held(transaction, to.address)
        if not transaction.rows("inbox/suppressed", addresses=[to.address]):
            to = _where_answers_go(to, headers)
            _refuse_what_is_held(transaction, to.address)
        box = transaction.rows("inbox/mailbox", id=mail.thread_mailbox_id or mail.mailbox_id)[0]
        words = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        header = message_id(
            tenant_id=owner.id, kind="reply", key=f"{mail_id}/{words}", domain=str(box["sending_domain"])
        )
        row_id = transaction.value(
            "inbox/add_reply",
            mailbox_id=box["id"],
            contact_id=mail.contact_id,
            to_address=to.address,
            mail_domain=to.mail_domain,
            company_domain=to.company_domain,
            window_ends_at=now + _WAITS_FOR,
            message_id=header,
            thread_message_id=ids[-1] if ids else None,
            thread_ids=ids,
            inbound_message_id=mail_id,
            author=author,
            to_name=mail.contact_name if to.address == mail.contact_address else "",
            subject=subject or _subject(mail, is_in_thread=bool(ids)),
            text=text,
            now=now,
        )
        is_new = row_id is not None
        if row_id is None:
            row_id = transaction.value("inbox/reply_of_id", message_id=header)
    if is_new:
        send_until(
            installation, tenants=[owner], mailbox_ids=[box["id"]], kind="reply", now=now, until_idle=True,
            for_seconds=_SEND_SECONDS,
        )  # fmt: skip
    with installation.database.tenant(owner.id) as transaction:
        transaction.value("inbox/explain_suppressed_reply", id=row_id)
        became = transaction.rows("send/message_outcome", id=row_id)[0]
    outcome = ReplyOutcome(
        id=row_id,
        mailbox=box["address"],
        to_address=to.address,
        subject=subject or _subject(mail, is_in_thread=bool(ids)),
        is_new=is_new,
        **became,
    )
    if outcome.will_go:
        done(installation, owner, mail_id, author=author, now=now)
    return outcome


def _refuse_what_is_held(transaction: Transaction, address: str) -> None:
    """Whoever opted out is refused as all mail is; of a doubtful wish to stop a person can say what was meant."""
    held = transaction.rows("inbox/suppressed", addresses=[address])
    if held and all(row["reason"] == "unclear_stop" for row in held):
        raise NotAllowedError(
            f"Nobody writes to {address} for now: {held[0]['origin']} may be a wish to stop. Say what was meant with"
            f" `outreach reclassify {held[0]['origin'].removeprefix('mail ')} --kind reply --intent INTENT`, then answer."
        )


def _headers(installation: Installation, owner: Tenant, mail: InboundMail) -> InboundHeaders | None:
    try:
        return parse_headers(installation.blobs.get(owner.id, mail.sha256))
    except FileNotFoundError:
        return None


def _where_answers_go(writer: MailAddress, headers: InboundHeaders | None) -> MailAddress:
    """Return the Reply-To of a mail if it is of its writer's registrable domain, else the writer: anybody may name anybody."""
    try:
        named = parse_address((headers.reply_to if headers else None) or "")
    except ValueError:
        return writer
    return named if named.company_domain == writer.company_domain else writer


def _thread_ids(headers: InboundHeaders | None, mail: InboundMail) -> list[str]:
    """Return the Message-IDs of the thread, the oldest first, the mail's own last; ours alone if it has none that we can name."""
    before = [f"<{each}>" for each in (*headers.references, *headers.in_reply_to)] if headers else []
    known = [*before, *([mail.answered_id] if mail.answered_id else []), mail.rfc822_message_id or ""]
    fit = [each for each in known if _HEADER_ID.fullmatch(each)]
    # The last place of each counts: what is answered stands at the end.
    ordered = list(dict.fromkeys(reversed(fit)))[::-1]
    return ordered[-_MOST_IDS:]


def _subject(mail: InboundMail, *, is_in_thread: bool) -> str:
    """Return the thread's subject; "Re:" only where it is true."""
    bare = " ".join(_RE.sub("", mail.subject).split()) or "Your message"
    return f"Re: {bare}" if is_in_thread else bare
