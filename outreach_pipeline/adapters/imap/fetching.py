"""Reads the new mails of an open folder, in batches that fit into memory, whatever the server leaves out.

A cursor may pass a mail only if it was read, is gone, or cannot be read at all: what an answer leaves out is asked for again,
alone. BODY.PEEK only, so that no flag changes.

Belongs here: SEARCH and FETCH. Does not: which folder is open (session), what is kept (workflows.imap_reading).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from imapclient import IMAPClient

from outreach_pipeline.adapters.imap.stages import stage
from outreach_pipeline.core.errors import CommandRefusedError
from outreach_pipeline.core.receive.folders import FolderRole, role_by_labels
from outreach_pipeline.core.receive.outline import NoOutlineError, Section, outline, put_together
from outreach_pipeline.core.receive.sync_pause import cause_of_text

_MOST_SIZES = 500
_MOST_MAILS = 50
_MOST_BATCH_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server gave it, or its headers and readable parts if it is larger than is read whole.

    ``received_at`` is its internal date, UTC; ``size_bytes`` the size of the whole; ``role`` what its labels say, None in a
    folder without labels.
    """

    uid: int
    received_at: datetime
    raw: bytes = field(repr=False)
    size_bytes: int
    role: FolderRole | None = None


@dataclass(frozen=True, slots=True)
class MailBatch:
    """Mails in the order of their UIDs; the cursor may go to ``last_uid``; ``refused`` are UIDs that the server does not give."""

    mails: list[FetchedMail]
    last_uid: int
    refused: list[int]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a mail before it is read; ``is_draft`` says that it is passed over."""

    size_bytes: int
    received_at: datetime
    role: FolderRole | None
    is_draft: bool


def new_mail(
    client: IMAPClient, *, after_uid: int, since: date | None, most_bytes: int, has_labels: bool
) -> Iterator[MailBatch]:
    """Give the open folder's mails above a UID, oldest first.

    Args:
        client: the connection.
        after_uid: the cursor; 0 at first.
        since: for a first read: not older than this.
        most_bytes: of larger mails only headers and readable parts are read.
        has_labels: whether each mail says by Gmail's labels what it is; drafts are left out.

    Raises:
        ConnectionLostError: stage ``search`` or ``fetch``.
    """
    criteria: list[Any] = ["UID", f"{after_uid + 1}:*"]
    if since is not None:
        criteria += ["SINCE", since]
    with stage("search"):
        # «n:*» always names the last mail, also when its UID is below n.
        uids = sorted(uid for uid in client.search(criteria) if uid > after_uid)
    items = ["INTERNALDATE", "RFC822.SIZE", *(["X-GM-LABELS"] if has_labels else [])]
    for start in range(0, len(uids), _MOST_SIZES):
        chunk = uids[start : start + _MOST_SIZES]
        answers, refused = _ask(client, chunk, items, needs=b"RFC822.SIZE")
        known = {uid: _known(answer, has_labels=has_labels) for uid, answer in answers.items()}
        for batch in _batches(chunk, known, most_bytes=most_bytes):
            read, unread = _read(client, batch, known, most_bytes=most_bytes)
            passed = [uid for uid in refused if batch[0] <= uid <= batch[-1]]
            yield MailBatch(read, batch[-1], sorted(passed + unread))


def _batches(uids: Sequence[int], known: dict[int, _Known], *, most_bytes: int) -> Iterator[list[int]]:
    """Cut UIDs where a batch would hold too many mails or bytes; those that are gone go along."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = min(known[uid].size_bytes, most_bytes) if uid in known else 0
        if batch and (len(batch) == _MOST_MAILS or total + size > _MOST_BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _read(
    client: IMAPClient, uids: Sequence[int], known: dict[int, _Known], *, most_bytes: int
) -> tuple[list[FetchedMail], list[int]]:
    wanted = [uid for uid in uids if uid in known and not known[uid].is_draft]
    large = [uid for uid in wanted if known[uid].size_bytes > most_bytes]
    small = [uid for uid in wanted if known[uid].size_bytes <= most_bytes]
    answers, refused = _ask(client, small, ["BODY.PEEK[]"], needs=b"BODY[]")
    raw = {uid: bytes(answer[b"BODY[]"]) for uid, answer in answers.items()}
    for uid in large:
        content = _read_large(client, uid, most_bytes=most_bytes)
        if content is None:
            refused.append(uid)
        elif content:
            raw[uid] = content
    mails = [
        FetchedMail(uid, known[uid].received_at, raw[uid], known[uid].size_bytes, known[uid].role)
        for uid in sorted(raw)
    ]
    return mails, refused


def _read_large(client: IMAPClient, uid: int, *, most_bytes: int) -> bytes | None:
    """Return a large mail's headers and readable parts; empty if it is gone, None if the server does not give it."""
    answers, refused = _ask(client, [uid], ["BODYSTRUCTURE"], needs=b"BODYSTRUCTURE")
    if uid not in answers:
        return None if refused else b""
    try:
        pieces = outline(answers[uid][b"BODYSTRUCTURE"])
    except NoOutlineError:
        # Cut where the bound is: its headers and mostly its text stand first.
        cut, refused = _ask(client, [uid], [f"BODY.PEEK[]<0.{most_bytes}>"], needs=b"BODY[]<0>")
        return bytes(cut[uid][b"BODY[]<0>"]) if uid in cut else None if refused else b""
    sections = [each for each in pieces if isinstance(each, Section)]
    answers, refused = _ask(client, [uid], [each.asked for each in sections], needs=b"BODY[HEADER]")
    if uid not in answers:
        return None if refused else b""
    found = {}
    for each in sections:
        key = f"BODY[{each.name}]".encode() + (b"" if each.most_bytes is None else b"<0>")
        found[each.name] = bytes(answers[uid].get(key) or b"")
    return put_together(pieces, found)


def _ask(
    client: IMAPClient, uids: Sequence[int], items: Sequence[str], *, needs: bytes
) -> tuple[dict[int, dict[bytes, Any]], list[int]]:
    """Fetch items of mails; return the answers, and the UIDs of mails that are there and that the server does not give."""
    if not uids:
        return {}, []
    try:
        with stage("fetch"):
            answers = _whole(client.fetch(uids, items), needs)
    except CommandRefusedError as error:
        _raise_if_passing(error)
        answers = {}
    missing = [uid for uid in uids if uid not in answers]
    if not missing:
        return answers, []
    refused = []
    with stage("search"):
        there = set(client.search(["UID", ",".join(map(str, missing))]))
    for uid in sorted(there):
        try:
            with stage("fetch"):
                alone = _whole(client.fetch([uid], items), needs)
        except CommandRefusedError as error:
            _raise_if_passing(error)
            alone = {}
        if uid in alone:
            answers[uid] = alone[uid]
        else:
            refused.append(uid)
    return answers, refused


def _whole(answers: dict[int, dict[bytes, Any]], needs: bytes) -> dict[int, dict[bytes, Any]]:
    # A server may also send news of mails that nobody asked for, and NIL for what it cannot give.
    return {uid: answer for uid, answer in answers.items() if answer.get(needs) is not None}


def _raise_if_passing(error: CommandRefusedError) -> None:
    """Raise what the server says of itself; what it says of a mail is the mail's own trouble."""
    if cause_of_text(str(error)) is not None:
        raise error


def _known(answer: dict[bytes, Any], *, has_labels: bool) -> _Known:
    internal: datetime = answer.get(b"INTERNALDATE") or datetime.now(UTC)
    labels = [each.decode("ascii", "replace") for each in answer.get(b"X-GM-LABELS", ())]
    role = role_by_labels(labels) if has_labels else None
    return _Known(int(answer[b"RFC822.SIZE"]), internal.astimezone(UTC), role, is_draft=has_labels and role is None)
