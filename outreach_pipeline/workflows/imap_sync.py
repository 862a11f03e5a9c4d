"""Reads what is new in the mailboxes: raw mail to the blobs, a row a mail, the cursor, in one transaction a batch.

A copy of one of our own messages in Sent settles an unknown outcome here, and copies that we file ourselves are filed. Belongs here: the order of these steps. Does not:
what a mail means (workflows.bounce_process), the conversation (adapters.imap).
"""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from outreach_pipeline.adapters.imap.session import FetchedMail, Folder, ImapAccount, ImapSession
from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import OutreachError
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.core.receive.classify import parse_headers
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.mailbox_login import MailboxKey, open_imap
from outreach_pipeline.workflows.outcomes import TiedMessage, prove_submission
from outreach_pipeline.workflows.sent_copies import file_sent_copies

_log = structlog.get_logger(__name__)
_FIRST_READ = timedelta(days=14)
# SINCE compares dates of the server's zone.
_MARGIN = timedelta(days=2)
_MOST_BYTES = 5 * 2**20
# New mails by folder role, messages proven sent, and failed.
_Found = tuple[Counter[str], int, int]


@dataclass(frozen=True, slots=True)
class SyncTarget:
    """A row of receive/mailboxes_to_sync."""

    tenant_id: UUID
    id: int
    address: str
    imap_host: str
    imap_port: int
    imap_security: str
    login: str
    auth: Auth
    ca_file: str | None
    sent_copy: str
    secret_ciphertext: bytes | None = field(repr=False)
    wrapped_key: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Cursor:
    name: str
    role: str
    uidvalidity: int
    last_uid: int
    synced_at: datetime


@dataclass(slots=True)
class SyncOutcome:
    """What one pass did: mailboxes read and failed (with cause by address), new mails by folder role, unknown outcomes settled."""

    mailboxes: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    new_by_role: Counter[str] = field(default_factory=Counter)
    proven_sent: int = 0
    proven_failed: int = 0
    seconds: float = 0.0


def sync_mailboxes(
    installation: Installation,
    *,
    now: datetime,
    lane: int | None = None,
    tenant: Tenant | None = None,
    threads: int = 8,
) -> SyncOutcome:
    """Read what is new in every mailbox of a lane, a tenant, or all.

    A mailbox that fails is noted with its cause and does not stop the others. Doing it twice changes nothing.

    Args:
        installation: the installation.
        now: aware; the time that the mailboxes are then known to be read at, and from which a first reading goes back.
        lane: one lane, or None.
        tenant: one tenant, or None.
        threads: how many mailboxes are read at once.
    """
    started = time.monotonic()
    outcome = SyncOutcome()
    targets: list[SyncTarget] = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            targets += transaction.all("receive/mailboxes_to_sync", SyncTarget, lane=lane)
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="imap") as pool:
        for target, result in zip(
            targets, pool.map(lambda each: _sync(installation, each, now=now), targets), strict=True
        ):
            if isinstance(result, str):
                outcome.failures[target.address] = result
            else:
                outcome.mailboxes += 1
                outcome.new_by_role.update(result[0])
                outcome.proven_sent += result[1]
                outcome.proven_failed += result[2]
    outcome.seconds = time.monotonic() - started
    _log.info(
        "imap_sync_done",
        lane=lane,
        mailboxes=outcome.mailboxes,
        failed=len(outcome.failures),
        new=dict(outcome.new_by_role),
        seconds=round(outcome.seconds, 2),
    )
    return outcome


def _sync(installation: Installation, target: SyncTarget, *, now: datetime) -> _Found | str:
    try:
        result = _read(installation, target, now=now)
        failure = None
    except OutreachError as error:
        result, failure = (Counter(), 0, 0), str(error)
    except Exception as error:  # noqa: BLE001  whatever it is
        # What nobody foresaw in one mailbox is noted there, and is no reason to leave the lane's others unread.
        _log.exception("imap_sync_defect", mailbox_id=target.id)
        result, failure = (Counter(), 0, 0), f"{type(error).__name__}: {error}"
    with installation.database.tenant(target.tenant_id) as transaction:
        transaction.run("receive/note_sync", mailbox_id=target.id, now=now, failure=failure)
    return failure or result


def _read(installation: Installation, target: SyncTarget, *, now: datetime) -> _Found:
    key = MailboxKey(
        target.tenant_id, target.id, target.address, target.auth, target.secret_ciphertext, target.wrapped_key
    )
    account = ImapAccount(
        target.imap_host,
        target.imap_port,
        target.imap_security,
        target.login,
        key.password(installation.vault),
        target.ca_file,
        target.auth,
    )
    with installation.database.tenant(target.tenant_id) as transaction:
        cursors = {each.name: each for each in transaction.all("receive/folders", _Cursor, mailbox_id=target.id)}
    new: Counter[str] = Counter()
    started = time.monotonic()
    tokens = AccessTokens(installation)
    with open_imap(account, tokens, tenant_id=target.tenant_id, mailbox_id=target.id) as session:
        folders = session.folders()
        if target.sent_copy == "append":
            # Before Sent is read, so that a copy of ours is known for what it is at once.
            file_sent_copies(installation, target.tenant_id, target.id, session, folders)
        for folder in folders:
            new[folder.role] += _read_folder(installation, target, session, folder, cursors.get(folder.name), now=now)
    with installation.database.tenant(target.tenant_id) as transaction:
        proven_sent = _settle(transaction, target)
        has_read_sent = target.sent_copy == "server" and any(folder.role == "sent" for folder in folders)
        absent = _fail_absent(transaction, target, started=started, now=now) if has_read_sent else 0
        return new, proven_sent, absent


def _read_folder(
    installation: Installation,
    target: SyncTarget,
    session: ImapSession,
    folder: Folder,
    cursor: _Cursor | None,
    *,
    now: datetime,
) -> int:
    opened = session.open(folder.name)
    if cursor is not None and cursor.uidvalidity == opened.uidvalidity:
        last_uid, since = cursor.last_uid, None
    else:
        # Another UIDVALIDITY: the folder was made anew, all its UIDs mean something else. Hashes keep copies out.
        last_uid, since = 0, _first_date(cursor, now=now)
    new = 0
    for batch in session.new_mail(after_uid=last_uid, since=since, most_bytes=_MOST_BYTES):
        new += _keep(installation, target, folder, opened.uidvalidity, batch, now=now)
        last_uid = max(last_uid, *(mail.uid for mail in batch)) if batch else last_uid
    if since is not None:
        # What is older than the first date has been passed over for good.
        with installation.database.tenant(target.tenant_id) as transaction:
            _move_cursor(transaction, target, folder, opened.uidvalidity, max(last_uid, opened.uid_next - 1), now=now)
    return new


def _first_date(cursor: _Cursor | None, *, now: datetime) -> date:
    first = now - _FIRST_READ
    # Mail that came after the cursor last moved has not been read, however long ago that is.
    return min(first, cursor.synced_at - _MARGIN).date() if cursor else first.date()


def _keep(
    installation: Installation,
    target: SyncTarget,
    folder: Folder,
    uidvalidity: int,
    batch: list[FetchedMail],
    *,
    now: datetime,
) -> int:
    if not batch:
        return 0
    records = []
    for mail in batch:
        headers = parse_headers(mail.raw)
        records.append(
            {
                "uid": mail.uid,
                "sha256": installation.blobs.put(target.tenant_id, mail.raw),
                "size_bytes": mail.size_bytes,
                "direction": "out" if folder.role == "sent" else "in",
                "received_at": mail.received_at.isoformat(),
                # With angle brackets, as in messages, so that copies of our own mail are known for what they are.
                "rfc822_message_id": _clean(f"<{headers.message_id}>" if headers.message_id else None),
                "own_message_id": _clean(f"<{headers.own_message_id}>" if headers.own_message_id else None),
                "from_address": _clean(headers.from_address) or "",
                "to_addresses": [_clean(address) for address in headers.to_addresses],
                "subject": (_clean(headers.subject) or "")[:500],
            }
        )
    with installation.database.tenant(target.tenant_id) as transaction:
        kept = transaction.rows(
            "receive/keep_mail",
            mailbox_id=target.id,
            folder=folder.name,
            uidvalidity=uidvalidity,
            mails=json.dumps(records),
        )
        if folder.role == "sent":
            transaction.run("receive/tie_sent_copies", mailbox_id=target.id)
            own_ids = [each["own_message_id"] for each in records]
            if rewritten := [
                own for own, each in zip(own_ids, records, strict=True) if own not in {None, each["rfc822_message_id"]}
            ]:
                transaction.run("receive/learn_wire_ids", mailbox_id=target.id, own_ids=rewritten)
        _move_cursor(transaction, target, folder, uidvalidity, max(mail.uid for mail in batch), now=now)
    return len(kept)


def _settle(transaction: Transaction, target: SyncTarget) -> int:
    copies = transaction.rows("receive/unproven_copies", mailbox_id=target.id)
    return sum(
        prove_submission(
            transaction,
            TiedMessage(row["id"], row["state"], row["to_address"], row["message_id"]),
            origin="imap",
            origin_id=f"sent copy {row['id']}",
            now=row["sent_at"],
        )
        for row in copies
    )


def _fail_absent(transaction: Transaction, target: SyncTarget, *, started: float, now: datetime) -> int:
    """Settle what a server that files all it takes has not filed; ``started``: monotonic, before Sent was read."""
    ids = transaction.values("receive/count_absences", mailbox_id=target.id, read_seconds=time.monotonic() - started)
    if ids:
        transaction.run("receive/fail_absent", ids=ids)
        transaction.run("send/stop_enrollments", ids=ids, reason="delivery_failed", now=now)
    return len(ids)


def _move_cursor(
    transaction: Transaction, target: SyncTarget, folder: Folder, uidvalidity: int, last_uid: int, *, now: datetime
) -> None:
    transaction.run(
        "receive/move_cursor",
        mailbox_id=target.id,
        folder=folder.name,
        role=folder.role,
        uidvalidity=uidvalidity,
        last_uid=last_uid,
        now=now,
    )


def _clean(text: str | None) -> str | None:
    # Postgres keeps no NUL, and JSON no lone surrogate.
    return None if text is None else text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
