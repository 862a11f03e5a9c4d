"""The inbox for people: what came in and waits for somebody, whose it is, and its thread; export of both.

Belongs here: reading, and what people note. Does not: answering (workflows.send_reply), corrections (workflows.reclassify).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.receive.model import Intent, MailKind
from outreach_pipeline.core.terminal import harmless
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.notify import resolve_alert
from outreach_pipeline.workflows.outcomes import storable
from outreach_pipeline.workflows.sent_words import words_of

MOST_LISTED = 1000
_MOST_ASSIGNEE = 100
# A cell that begins so is a formula to a spreadsheet, and this text was written by strangers.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A mail in the list. ``text``: the first words of its own; ``is_sure``: of the intent; ``answer``: state of the last one.

    Of bounces: class, status, reason, what they say of the address (``is_hard``) and of the delivery (``is_permanent``), whether
    that is unproven, and the recipients that they name.
    """

    tenant: str
    id: int
    received_at: datetime
    kind: str
    intent: str | None
    is_sure: bool | None
    from_address: str
    contact: str
    company: str
    campaign: str | None
    mailbox: str
    bounce_class: str | None
    status: str | None
    reason: str | None
    is_hard: bool | None
    is_permanent: bool | None
    is_unproven: bool | None
    recipients: str
    subject: str
    text: str
    answer: str | None
    assignee: str | None
    snoozed_until: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A row of inbox/mail: one mail that came in, with the contact and the message that it is tied to."""

    id: int
    mailbox_id: int
    sha256: str
    received_at: datetime
    rfc822_message_id: str | None
    from_address: str
    subject: str
    state: str
    kind: str | None
    intent: str | None
    intent_is_sure: bool | None
    bounce_class: str | None
    status: str | None
    reason: str | None
    return_date: Any
    message_id: int | None
    tied_by: str | None
    assignee: str | None
    snoozed_until: datetime | None
    done_at: datetime | None
    correction_count: int
    processed_at: datetime | None
    classified: dict[str, Any]
    mailbox_address: str
    contact_id: int | None
    thread_mailbox_id: int | None
    answered_id: str | None
    contact_address: str
    contact_name: str


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """A mail of a thread. ``direction`` in or out; ``state``: of ours its state, of theirs intent or reason.

    ``text``: what it says; of a campaign's message rendered anew, or in brackets why that cannot be had.
    """

    direction: str
    id: int
    kind: str | None
    at: datetime
    mailbox: str
    address: str
    subject: str
    text: str
    campaign: str | None
    step: int | None
    state: str
    author: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail, and all that went to its contact and came from it, in the order of time."""

    tenant: str
    mail: InboundMail
    items: list[ThreadItem]


def list_inbox(
    installation: Installation,
    tenant: Tenant | None,
    *,
    now: datetime,
    kinds: Sequence[str] = (MailKind.REPLY,),
    intent: str | None = None,
    assignee: str | None = None,
    only_unsure: bool = False,
    with_done: bool = False,
    most: int = MOST_LISTED,
) -> list[InboxRow]:
    """Return what waits for people, the latest first.

    Args:
        installation: where.
        tenant: whose, or None for all.
        now: what is snoozed beyond it is left out.
        kinds: of mail.
        intent: only replies of this one.
        assignee: only what is this person's.
        only_unsure: only replies of whose intent nobody is sure.
        with_done: also what is done or snoozed.
        most: rows a tenant.

    Raises:
        UsageError: there is no such kind or intent, or mail of these kinds has none.
    """
    if intent is not None and intent not in set(Intent):
        raise UsageError(f"{intent!r} is no intent: give one of {', '.join(Intent)}.")
    if unknown := set(kinds) - set(MailKind):
        raise UsageError(f"{', '.join(sorted(unknown))} is no kind of mail: give one of {', '.join(MailKind)}.")
    if intent is not None and not _may_have(intent, kinds):
        raise UsageError(f"Mail of kind {', '.join(kinds)} has no intent {intent}: leave one of them out.")
    found: list[InboxRow] = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            rows = transaction.rows(
                "inbox/list",
                kinds=[str(kind) for kind in kinds],
                intent=intent,
                assignee=assignee,
                only_unsure=only_unsure,
                with_done=with_done,
                now=now,
                most=most,
            )
        found += [InboxRow(tenant=each.slug, **row) for row in rows]
    return sorted(found, key=lambda row: (row.received_at, row.id), reverse=True)


def _may_have(intent: str, kinds: Sequence[str]) -> bool:
    return MailKind.REPLY in kinds or (intent == Intent.STOP and MailKind.AUTO_REPLY in kinds)


def mail_of(transaction: Transaction, mail_id: int) -> InboundMail | None:
    """Return a mail of the transaction's tenant, or None."""
    return transaction.one("inbox/mail", InboundMail, id=mail_id)


def find_mail(installation: Installation, tenant: Tenant | None, mail_id: int) -> tuple[Tenant, InboundMail]:
    """Return a mail and whose it is; its number is of one tenant only, so none need be named.

    Raises:
        UsageError: there is no such mail.
    """
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            mail = mail_of(transaction, mail_id)
        if mail is not None:
            return each, mail
    whose = f"{tenant.slug} has" if tenant else "There is"
    raise UsageError(f"{whose} no mail {mail_id}: `outreach inbox` shows their numbers.")


def read_thread(installation: Installation, tenant: Tenant | None, mail_id: int) -> Thread:
    """Return a mail with its thread.

    Raises:
        UsageError: there is no such mail.
    """
    owner, mail = find_mail(installation, tenant, mail_id)
    with installation.database.tenant(owner.id) as transaction:
        items = transaction.all("inbox/thread", ThreadItem, id=mail.id, contact_id=mail.contact_id)
        words = words_of(
            transaction, [each.id for each in items if each.direction == "out" and each.kind == "campaign"]
        )
    shown = [
        replace(each, text=words.get(each.id, "")) if each.direction == "out" and each.kind == "campaign" else each
        for each in items
    ]
    return Thread(owner.slug, mail, shown)


def assign(
    installation: Installation, tenant: Tenant | None, mail_id: int, *, assignee: str | None
) -> tuple[str, InboundMail]:
    """Give a mail to a person, or to nobody; returns the tenant's slug and the mail.

    Raises:
        UsageError: there is no such mail, or the name is longer than 100 characters.
    """
    if assignee and len(assignee) > _MOST_ASSIGNEE:
        raise UsageError(f"A name has at most {_MOST_ASSIGNEE} characters, not {len(assignee)}.")
    return _note(installation, tenant, mail_id, sets_assignee=True, assignee=storable(assignee))


def snooze(
    installation: Installation, tenant: Tenant | None, mail_id: int, *, until: datetime | None
) -> tuple[str, InboundMail]:
    """Leave a mail out of the list until a time; None shows it at once.

    Raises:
        UsageError: there is no such mail.
    """
    return _note(installation, tenant, mail_id, sets_snooze=True, snoozed_until=until)


def done(
    installation: Installation, tenant: Tenant | None, mail_id: int, *, author: str, now: datetime, is_done: bool = True
) -> tuple[str, InboundMail]:
    """Take a mail off the list, or put it back; its alert is over then. Done twice it keeps its time.

    Raises:
        UsageError: there is no such mail.
    """
    found = _note(
        installation,
        tenant,
        mail_id,
        sets_done=True,
        done_at=now if is_done else None,
        done_by=author if is_done else None,
    )
    if is_done:
        with installation.database.tenant(find_mail(installation, tenant, mail_id)[0].id) as transaction:
            resolve_alert(transaction, cause_key=f"reply/{mail_id}", now=now)
    return found


def _note(installation: Installation, tenant: Tenant | None, mail_id: int, **facts: Any) -> tuple[str, InboundMail]:
    owner, _ = find_mail(installation, tenant, mail_id)
    unset = {
        "sets_assignee": False, "assignee": None, "sets_snooze": False, "snoozed_until": None, "sets_done": False,
        "done_at": None, "done_by": None,
    }  # fmt: skip
    with installation.database.tenant(owner.id) as transaction:
        transaction.run("inbox/set_hand", id=mail_id, **{**unset, **facts})
        mail = mail_of(transaction, mail_id)
    assert mail is not None  # noqa: S101  nothing deletes mails
    return owner.slug, mail


def export_csv(rows: Iterable[InboxRow], path: Path) -> int:
    """Write rows of the list into a CSV file in UTF-8; returns how many.

    Raises:
        ConfigurationError: it cannot be written.
    """
    count = 0
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(InboxRow))
            for row in rows:
                writer.writerow(map(_cell, asdict(row).values()))
                count += 1
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}.") from error
    return count


def export_eml(installation: Installation, mails: Iterable[tuple[str, int]], folder: Path) -> list[Path]:
    """Write mails as they came into a folder, a file ``TENANT-ID.eml`` each.

    Args:
        installation: where.
        mails: tenant's slug and number of each.
        folder: made if it is not there.

    Raises:
        ConfigurationError: a file cannot be written, or a mail's bytes are gone.
    """
    written = []
    by_slug: Mapping[str, Tenant] = {each.slug: each for each in installation.tenants()}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for slug, mail_id in mails:
            _, mail = find_mail(installation, by_slug[slug], mail_id)
            path = folder / f"{slug}-{mail_id}.eml"
            path.write_bytes(installation.blobs.get(by_slug[slug].id, mail.sha256))
            written.append(path)
    except OSError as error:
        raise ConfigurationError(f"The mails cannot be exported to {folder}: {error.strerror or error}.") from error
    return written


def count_inbox(installation: Installation) -> list[dict[str, Any]]:
    """Return what waits for people over all tenants: ``tenant``, ``kind``, ``mails``, ``unsure`` (replies)."""
    counted = []
    for each in installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            counted += [{"tenant": each.slug, **row} for row in transaction.rows("inbox/count")]
    return counted


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    return harmless(f"'{value}" if value.startswith(_FORMULA_STARTS) else value)
