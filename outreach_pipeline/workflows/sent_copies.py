"""Files a copy of what was sent in the mailbox's Sent folder, for servers that do not: once, whatever crashes.

The bytes are kept as a blob before the send begins, since rendering again would give another date, link and signature. The
sync run files them: it is logged in to the mailbox already, and a send never waits for IMAP. Each copy is claimed with a lease,
its Message-ID is searched for, and only what is not there is appended; who comes after a crash searches again.

Belongs here: the order of these steps. Does not: which mailboxes are read (workflows.imap_sync), the conversation (adapters.imap).
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from outreach_pipeline.adapters.imap.session import ImapSession
from outreach_pipeline.core.errors import ConnectionLostError
from outreach_pipeline.core.receive.folders import Folder
from outreach_pipeline.workflows.installation import Installation

_log = structlog.get_logger(__name__)
# So long nobody else touches a copy. Far more than an APPEND takes: a server that was slow to file it shows it by then.
LEASE_SECONDS = 600.0
_PAUSE_SECONDS = 900.0
_MOST_TRIES = 8
_MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Copy:
    message_id: int
    token: int
    sha256: str
    tries: int
    rfc822_id: str
    sent_at: datetime


def file_sent_copies(
    installation: Installation, tenant_id: UUID, mailbox_id: int, session: ImapSession, folders: Sequence[Folder]
) -> int:
    """File what waits for it; what fails is noted and tried again at a later sync, eight times in all.

    Returns:
        How many copies lie in Sent now that were open before.
    """
    started = time.monotonic()
    with installation.database.tenant(tenant_id) as transaction:
        copies = transaction.all(
            "receive/claim_sent_copies",
            _Copy,
            mailbox_id=mailbox_id,
            most=_MOST_AT_ONCE,
            lease_seconds=LEASE_SECONDS,
        )
    sent = next((each.name for each in folders if each.role == "sent"), None)
    filed = 0
    for copy in copies:
        if time.monotonic() - started > LEASE_SECONDS / 2:
            # The others' leases end by themselves, and nobody may come between a search and its append.
            break
        was_there, cause = False, None
        try:
            if sent is None:
                cause = "The mailbox has no Sent folder: make one, or write sent_copy: none."
            else:
                was_there = _file(installation, tenant_id, copy, session, sent)
        except ConnectionLostError as error:
            cause = str(error)
        except (OSError, EOFError, zlib.error) as error:
            cause = f"The bytes that were sent do not read: {error}"
        _note(installation, tenant_id, copy, was_there=was_there, cause=cause)
        filed += cause is None
    return filed


def _file(installation: Installation, tenant_id: UUID, copy: _Copy, session: ImapSession, folder: str) -> bool:
    session.open(folder)
    if session.holds(copy.rfc822_id):
        return True
    session.append(folder, installation.blobs.get(tenant_id, copy.sha256), at=copy.sent_at)
    return False


def _note(installation: Installation, tenant_id: UUID, copy: _Copy, *, was_there: bool, cause: str | None) -> None:
    is_last = copy.tries >= _MOST_TRIES
    state = "filed" if cause is None else "given_up" if is_last else "filing"
    if cause is not None:
        _log.warning("sent_copy_not_filed", message=copy.message_id, problem=cause, given_up=is_last)
    with installation.database.tenant(tenant_id) as transaction:
        transaction.run(
            "receive/note_sent_copy",
            message_id=copy.message_id,
            token=copy.token,
            state=state,
            was_there=was_there,
            cause=cause,
            pause_seconds=_PAUSE_SECONDS,
        )
