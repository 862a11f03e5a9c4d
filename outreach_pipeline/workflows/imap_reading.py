"""Reads one mailbox over an open connection: where its folders stand in one round trip, and what is new in those that moved.

Raw mail goes to the blobs, a row a mail and the cursor into one transaction a batch. Belongs here: the order of these steps.
Does not: which mailboxes are read (imap_sync), the conversation (adapters.imap), what a mail means (bounce_process).
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog

from outreach_pipeline.adapters.imap.fetching import FetchedMail, MailBatch
from outreach_pipeline.adapters.imap.polling import FolderStatus
from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import CommandRefusedError
from outreach_pipeline.core.receive.classify import parse_headers
from outreach_pipeline.core.receive.folders import Folder
from outreach_pipeline.core.receive.sync_pause import cause_of_text
from outreach_pipeline.workflows.imap_connections import Connection, SyncTarget
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.notify import raise_alert, resolve_alert
from outreach_pipeline.workflows.outcomes import TiedMessage, prove_submission
from outreach_pipeline.workflows.sent_copies import file_sent_copies

_log = structlog.get_logger(__name__)
# SINCE compares dates of the server's zone.
_MARGIN = timedelta(days=2)
# Larger mails are read by their parts.
_MOST_BYTES = 5 * 2**20
# So long a list of folders is taken to hold; a folder that is gone is noticed at once.
_LIST_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row of receive/folders: how far a folder was read, and where it stood then (None: not read to its end)."""

    mailbox_id: int
    name: str
    role: str
    uidvalidity: int
    last_uid: int
    uid_next: int | None
    message_count: int | None
    modseq: int | None
    synced_at: datetime

    def has_nothing_new(self, status: FolderStatus) -> bool:
        """Tell whether the folder stands where it stood."""
        return (
            self.uidvalidity == status.uidvalidity
            and self.uid_next == status.uid_next
            # Any change at all moves modseq; where it is not kept, the number of mails has to do.
            and (self.modseq == status.modseq if status.modseq else self.message_count == status.messages)
        )


@dataclass(slots=True)
class Found:
    """What one reading found: new mails by role, messages proven sent and failed, mails that the server does not give.

    ``is_whole`` is false where it was stopped before its end; ``is_new_login`` says that the connection was not a kept one.
    """

    new_by_role: Counter[str] = field(default_factory=Counter)
    proven_sent: int = 0
    proven_failed: int = 0
    refused_mails: int = 0
    missing_folders: tuple[str, ...] = ()
    is_whole: bool = True
    is_new_login: bool = False


class MailboxReading:
    """One reading of one mailbox; ``cursors`` are its folders as they were read last, by name; ``stop`` ends it after a batch."""

    def __init__(
        self,
        installation: Installation,
        target: SyncTarget,
        cursors: Mapping[str, Cursor],
        *,
        now: datetime,
        stop: threading.Event,
    ) -> None:
        self._installation = installation
        self._target = target
        self._cursors = cursors
        self._now = now
        self._stop = stop
        self._found = Found()

    def run(self, connection: Connection) -> Found:
        """Read what is new.

        Raises:
            ConnectionLostError: the connection is lost, or the server refuses what cannot be done without.
        """
        target, session = self._target, connection.session
        started = time.monotonic()
        was_listed = self._list(connection)
        if target.has_copies and connection.choice:
            # Before Sent is read, so that a copy of ours is known for what it is at once.
            file_sent_copies(self._installation, target.tenant_id, target.id, session, connection.choice.folders)
        folders = connection.choice.folders if connection.choice else ()
        statuses = session.statuses(tuple(folder.name for folder in folders))
        has_read_sent = False
        self._note_empty(folders, statuses)
        for folder in folders:
            status, cursor = statuses.get(folder.name), self._cursors.get(folder.name)
            if folder.role == "inbox":
                connection.inbox_uid_next = status.uid_next if status else None
            is_empty = cursor is None and status is not None and status.messages == 0
            is_as_it_was = cursor is not None and status is not None and cursor.has_nothing_new(status)
            # Now and then INBOX is looked into whatever its status says: some servers have told an old one.
            is_to_be_looked_into = was_listed and folder.role == "inbox"
            if not is_empty and (not is_as_it_was or is_to_be_looked_into):
                if not self._read(connection, folder, cursor, status):
                    continue
                if not self._found.is_whole:
                    return self._found
            has_read_sent = has_read_sent or folder.role == "sent" or folder.has_labels
        if target.has_unknown or self._found.new_by_role["sent"]:
            self._settle(started, has_read_sent=has_read_sent)
        return self._found

    def _list(self, connection: Connection) -> bool:
        """List the folders if it is time; returns whether it was."""
        target = self._target
        is_due = connection.choice is None or time.monotonic() - connection.listed_at > _LIST_SECONDS
        if is_due or connection.choice is None:
            connection.choice = connection.session.folders(target.folders)
            connection.listed_at = time.monotonic()
            missing = connection.choice.missing
            if missing or target.misses_folders:
                with self._installation.database.tenant(target.tenant_id) as transaction:
                    self._tell_missing(transaction, missing)
        self._found.missing_folders = connection.choice.missing
        return is_due

    def _tell_missing(self, transaction: Transaction, missing: tuple[str, ...]) -> None:
        cause_key = f"folders/{self._target.address}"
        if missing:
            raise_alert(
                transaction,
                cause_key=cause_key,
                severity="warning",
                title=f"Folders of {self._target.address} cannot be read",
                detail=" ".join(missing),
                now=self._now,
            )
        else:
            resolve_alert(transaction, cause_key=cause_key, now=self._now)

    def _read(self, connection: Connection, folder: Folder, cursor: Cursor | None, status: FolderStatus | None) -> bool:
        """Read one folder; returns whether it is there."""
        session = connection.session
        try:
            opened = session.open(folder.name)
        except CommandRefusedError as error:
            if folder.role == "inbox" or cause_of_text(str(error)) is not None:
                raise
            # Renamed or removed: the next reading asks what there is.
            _log.info("folder_gone", mailbox_id=self._target.id, folder=folder.name, problem=str(error))
            connection.listed_at = float("-inf")
            return False
        if cursor is not None and cursor.uidvalidity == opened.uidvalidity:
            last_uid, since = cursor.last_uid, None
        else:
            # Another UIDVALIDITY: the folder was made anew, all its UIDs mean something else. Hashes keep copies out.
            last_uid, since = 0, self._first_date(cursor)
        for batch in session.new_mail(
            after_uid=last_uid, since=since, most_bytes=_MOST_BYTES, has_labels=folder.has_labels
        ):
            self._keep(folder, opened.uidvalidity, batch)
            last_uid = batch.last_uid
            if self._stop.is_set():
                self._found.is_whole = False
                return True
        is_known = (
            status is not None
            and status.uidvalidity == opened.uidvalidity
            and not (cursor is not None and cursor.last_uid == last_uid and cursor.has_nothing_new(status))
        )
        if since is None and not is_known:
            return True
        with self._transaction() as transaction:
            if since is not None:
                # What is older than the first date has been passed over for good.
                last_uid = max(last_uid, opened.uid_next - 1)
                self._move_cursor(transaction, folder, opened.uidvalidity, last_uid)
            if status is not None and is_known:
                # As it was before it was opened: whatever comes from then on makes a difference.
                self._note_status(transaction, folder, status, last_uid=last_uid)
        return True

    def _note_empty(self, folders: tuple[Folder, ...], statuses: Mapping[str, FolderStatus]) -> None:
        """Begin folders that have no mail yet, together and without opening them."""
        empty = [
            (folder, status)
            for folder in folders
            if folder.name not in self._cursors
            and (status := statuses.get(folder.name)) is not None
            and status.messages == 0
        ]
        if empty:
            with self._transaction() as transaction:
                for folder, status in empty:
                    self._note_status(transaction, folder, status, last_uid=status.uid_next - 1)

    def _note_status(self, transaction: Transaction, folder: Folder, status: FolderStatus, *, last_uid: int) -> None:
        transaction.run(
            "receive/note_folder_status",
            mailbox_id=self._target.id,
            folder=folder.name,
            role=folder.role,
            uidvalidity=status.uidvalidity,
            last_uid=last_uid,
            uid_next=status.uid_next,
            message_count=status.messages,
            modseq=status.modseq,
            now=self._now,
        )

    def _first_date(self, cursor: Cursor | None) -> date:
        first = self._now - timedelta(days=self._installation.settings.first_sync_days)
        # Mail that came after the cursor last moved has not been read, however long ago that is.
        return min(first, cursor.synced_at - _MARGIN).date() if cursor else first.date()

    def _keep(self, folder: Folder, uidvalidity: int, batch: MailBatch) -> None:
        self._found.refused_mails += len(batch.refused)
        if batch.refused:
            _log.warning("mails_refused", mailbox_id=self._target.id, folder=folder.name, uids=batch.refused)
        roles = [mail.role or folder.role for mail in batch.mails]
        records = [self._record(mail, is_sent=role == "sent") for mail, role in zip(batch.mails, roles, strict=True)]
        with self._transaction() as transaction:
            if records:
                kept = transaction.rows(
                    "receive/keep_mail",
                    mailbox_id=self._target.id,
                    folder=folder.name,
                    uidvalidity=uidvalidity,
                    mails=json.dumps(records),
                )
                new = {each["sha256"] for each in kept}
                for role, record in zip(roles, records, strict=True):
                    if record["sha256"] in new:
                        new.discard(record["sha256"])
                        self._found.new_by_role[role] += 1
            sent = [record for record in records if record["direction"] == "out"]
            if sent:
                self._tie(transaction, sent)
            self._move_cursor(transaction, folder, uidvalidity, batch.last_uid)

    def _record(self, mail: FetchedMail, *, is_sent: bool) -> dict[str, object]:
        headers = parse_headers(mail.raw)
        return {
            "uid": mail.uid,
            "sha256": self._installation.blobs.put(self._target.tenant_id, mail.raw),
            "size_bytes": mail.size_bytes,
            "direction": "out" if is_sent else "in",
            "received_at": mail.received_at.isoformat(),
            # With angle brackets, as in messages, so that copies of our own mail are known for what they are.
            "rfc822_message_id": _clean(f"<{headers.message_id}>" if headers.message_id else None),
            "own_message_id": _clean(f"<{headers.own_message_id}>" if headers.own_message_id else None),
            "from_address": _clean(headers.from_address) or "",
            "to_addresses": [_clean(address) for address in headers.to_addresses],
            "subject": (_clean(headers.subject) or "")[:500],
        }

    def _tie(self, transaction: Transaction, sent: list[dict[str, object]]) -> None:
        transaction.run("receive/tie_sent_copies", mailbox_id=self._target.id)
        rewritten = [
            each["own_message_id"] for each in sent if each["own_message_id"] not in {None, each["rfc822_message_id"]}
        ]
        if rewritten:
            transaction.run("receive/learn_wire_ids", mailbox_id=self._target.id, own_ids=rewritten)

    def _settle(self, started: float, *, has_read_sent: bool) -> None:
        target = self._target
        with self._transaction() as transaction:
            copies = transaction.rows("receive/unproven_copies", mailbox_id=target.id)
            self._found.proven_sent += sum(
                prove_submission(
                    transaction,
                    TiedMessage(row["id"], row["state"], row["to_address"], row["message_id"]),
                    origin="imap",
                    origin_id=f"sent copy {row['id']}",
                    now=row["sent_at"],
                )
                for row in copies
            )
            if not has_read_sent or target.sent_copy != "server":
                return
            # What a server that files all it takes has not filed; Sent was read after ``started``.
            ids = transaction.values(
                "receive/count_absences", mailbox_id=target.id, read_seconds=time.monotonic() - started
            )
            if ids:
                transaction.run("receive/fail_absent", ids=ids)
                transaction.run("send/stop_enrollments", ids=ids, reason="delivery_failed", now=self._now)
            self._found.proven_failed += len(ids)

    def _move_cursor(self, transaction: Transaction, folder: Folder, uidvalidity: int, last_uid: int) -> None:
        transaction.run(
            "receive/move_cursor",
            mailbox_id=self._target.id,
            folder=folder.name,
            role=folder.role,
            uidvalidity=uidvalidity,
            last_uid=last_uid,
            now=self._now,
        )

    def _transaction(self) -> AbstractContextManager[Transaction]:
        return self._installation.database.tenant(self._target.tenant_id)


def _clean(text: str | None) -> str | None:
    # Postgres keeps no NUL, and JSON no lone surrogate.
    return None if text is None else text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
