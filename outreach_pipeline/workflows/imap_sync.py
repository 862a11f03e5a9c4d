"""Reads what is new in the mailboxes: once over all of them, or again and again over kept connections until a window ends.

Most mailboxes have nothing new most of the time: they cost a round trip each, and share the statements that note it. Belongs
here: which mailboxes are read when, by how many threads, and what is noted of each. Does not: reading one (imap_reading), its
connection (imap_connections), what a mail means (bounce_process).
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

import structlog

from outreach_pipeline.core.errors import (
    AuthorityFileError,
    CommandRefusedError,
    ConfigurationError,
    ConnectionLostError,
    LoginRefusedError,
    OutreachError,
    TokenRefusedError,
    TokenUnavailableError,
)
from outreach_pipeline.core.receive.sync_pause import SyncCause, cause_of_text, pause_after
from outreach_pipeline.workflows.imap_connections import Connection, ImapConnections, SyncTarget
from outreach_pipeline.workflows.imap_idle import ImapIdle
from outreach_pipeline.workflows.imap_reading import Cursor, Found, MailboxReading
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.login_places import NoPlaceError
from outreach_pipeline.workflows.sync_outcome import SyncOutcome

_log = structlog.get_logger(__name__)
_NOTE_SECONDS = 2.0
_NOTE_MOST = 500
_LONGEST_PLACE_WAIT_SECONDS = 5.0
_CAUSES: tuple[tuple[type[Exception], SyncCause], ...] = (
    (LoginRefusedError, "login"),
    (CommandRefusedError, "refused"),
    (ConnectionLostError, "connection"),
    (TokenRefusedError, "token"),
    (TokenUnavailableError, "token"),
    (AuthorityFileError, "configuration"),
    (ConfigurationError, "login"),
    (OutreachError, "connection"),
)


@dataclass(slots=True)
class _Read:
    """How one mailbox went: ``found``, or the error."""

    target: SyncTarget
    found: Found | None = None
    error: Exception | None = None


def sync_mailboxes(
    installation: Installation,
    *,
    now: datetime,
    lane: int | None = None,
    tenant: Tenant | None = None,
) -> SyncOutcome:
    """Read what is new in every mailbox of a lane, a tenant, or all, once; also those that were to be left alone for a while.

    A mailbox that fails is noted with its cause and does not stop the others. Doing it twice changes nothing.

    Args:
        installation: the installation.
        now: aware; the time that the mailboxes are then known to be read at, and from which a first reading goes back.
        lane: one lane, or None.
        tenant: one tenant, or None.
    """
    with MailboxSync(installation, lane=lane, tenant=tenant, keeps=False, heeds_pauses=False) as sync:
        sync.go_over(now=now)
        return sync.outcome


def sync_until(
    installation: Installation,
    *,
    for_seconds: float,
    lane: int | None = None,
    tenant: Tenant | None = None,
    by_hand: bool = False,
    stop: threading.Event | None = None,
) -> SyncOutcome:
    """Read the mailboxes every ``OUTREACH_SYNC_EVERY_SECONDS`` over kept connections, until the time is over.

    The mailboxes are gone over once at least. Between two passes those with ``idle`` are read when their server tells of
    something.

    Args:
        installation: the installation.
        for_seconds: how long; no pass starts after it.
        lane: one lane, or None.
        tenant: one tenant, or None.
        by_hand: whether the first pass asks those mailboxes too that were to be left alone for a while; the later ones never do.
        stop: ends it soon: what is being read is read to its end.
    """
    stop = stop or threading.Event()
    every = installation.settings.sync_every_seconds
    ends = time.monotonic() + for_seconds
    with MailboxSync(
        installation, lane=lane, tenant=tenant, keeps=for_seconds >= every, heeds_pauses=not by_hand, stop=stop
    ) as sync:
        while True:
            next_pass = time.monotonic() + every
            sync.go_over(now=datetime.now(UTC), seconds=every)
            sync.heeds_pauses = True
            if stop.is_set() or next_pass > ends:
                return sync.outcome
            sync.rest(until=next_pass)
            if stop.is_set():
                return sync.outcome


class MailboxSync:
    """Goes over mailboxes; between its passes connections are kept. Used inside its ``with`` block, by one thread."""

    def __init__(
        self,
        installation: Installation,
        *,
        lane: int | None = None,
        tenant: Tenant | None = None,
        keeps: bool = True,
        heeds_pauses: bool = True,
        stop: threading.Event | None = None,
    ) -> None:
        self.outcome = SyncOutcome()
        self._installation = installation
        self._lane = lane
        self._tenant = tenant
        self.heeds_pauses = heeds_pauses
        self._stop = stop or threading.Event()
        self._connections = ImapConnections(installation, keeps=keeps)
        self._idle = ImapIdle(self._connections) if keeps else None
        self._started = time.monotonic()
        self._targets: dict[tuple[UUID, int], SyncTarget] = {}

    def __enter__(self) -> Self:
        self._connections.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._connections.__exit__(*error)

    def go_over(self, *, now: datetime, seconds: float = 300.0) -> None:
        """Read every mailbox once.

        Args:
            now: as in ``sync_mailboxes``.
            seconds: how long mailboxes may wait for a place at their host; those that wait for longer are left for later.
        """
        started = time.monotonic()
        if self._idle:
            self._idle.end()
        self._connections.places.refresh()
        targets, cursors = self._look_up()
        self._connections.retain(set(self._targets))
        before = self.outcome.mailboxes, len(self.outcome.failures)
        waiting: Sequence[SyncTarget] = targets
        while waiting and not self._stop.is_set():
            waiting, seconds_to_wait = self._read_all(waiting, cursors, now=now)
            if not waiting:
                break
            if time.monotonic() - started + seconds_to_wait > seconds:
                self.outcome.no_place += len(waiting)
                break
            self._stop.wait(seconds_to_wait)
            self._connections.places.refresh()
        self.outcome.passes += 1
        self.outcome.seconds = time.monotonic() - self._started
        _log.info(
            "imap_sync_pass",
            lane=self._lane,
            mailboxes=self.outcome.mailboxes - before[0],
            failed=len(self.outcome.failures) - before[1],
            without_place=len(waiting),
            seconds=round(time.monotonic() - started, 2),
        )

    def rest(self, *, until: float) -> None:
        """Wait for the next pass (monotonic); what servers tell of in the meantime is read at once."""
        if self._idle is None:
            self._stop.wait(max(until - time.monotonic(), 0))
            return
        told = self._idle.begin(self._targets)
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if told:
                targets, cursors = self._look_up(only=set(told))
                self._read_all(targets, cursors, now=datetime.now(UTC))
                self._idle.begin({key: self._targets[key] for key in told if key in self._targets})
            told = self._idle.wait(min(left, 0.5))

    def _look_up(
        self, *, only: set[tuple[UUID, int]] | None = None
    ) -> tuple[list[SyncTarget], dict[tuple[UUID, int], dict[str, Cursor]]]:
        """Return the mailboxes that are to be read, and how far each was read."""
        targets: list[SyncTarget] = []
        cursors: dict[tuple[UUID, int], dict[str, Cursor]] = defaultdict(dict)
        wanted = {tenant_id for tenant_id, _ in only} if only is not None else None
        for tenant in [self._tenant] if self._tenant else self._installation.tenants():
            if wanted is not None and tenant.id not in wanted:
                continue
            with self._installation.database.tenant(tenant.id) as transaction:
                found = transaction.all(
                    "receive/mailboxes_to_sync", SyncTarget, lane=self._lane, heeds_pauses=self.heeds_pauses
                )
                if found:
                    for cursor in transaction.all("receive/folders", Cursor, lane=self._lane):
                        cursors[tenant.id, cursor.mailbox_id][cursor.name] = cursor
            targets += found
        if only is None:
            self._targets = {(each.tenant_id, each.id): each for each in targets}
            return targets, cursors
        return [each for each in targets if (each.tenant_id, each.id) in only], cursors

    def _read_all(
        self,
        targets: Sequence[SyncTarget],
        cursors: dict[tuple[UUID, int], dict[str, Cursor]],
        *,
        now: datetime,
    ) -> tuple[list[SyncTarget], float]:
        """Read mailboxes by threads; returns those that found no place, and when to ask for one again, in seconds."""
        todo: queue.SimpleQueue[SyncTarget] = queue.SimpleQueue()
        done: queue.SimpleQueue[_Read | None] = queue.SimpleQueue()
        ends: list[BaseException] = []
        is_over = threading.Event()
        # Those whose connections stand come first: at a host with few places another one would take theirs.
        kept = self._connections.kept()
        for target in sorted(targets, key=lambda each: (each.tenant_id, each.id) not in kept):
            todo.put(target)

        def work() -> None:
            try:
                while not (self._stop.is_set() or is_over.is_set()):
                    target = todo.get_nowait()
                    done.put(self._read(target, cursors[target.tenant_id, target.id], now=now))
            except queue.Empty:
                return
            except BaseException as error:  # noqa: BLE001  the caller's to deal with, below
                ends.append(error)
            finally:
                done.put(None)

        count = min(self._installation.settings.sync_threads, len(targets))
        threads = [threading.Thread(target=work, name=f"imap-{number}", daemon=True) for number in range(count)]
        for thread in threads:
            thread.start()
        try:
            waiting, seconds = self._gather(done, count, now=now)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        if ends:
            raise ends[0]
        return waiting, seconds

    def _gather(
        self, done: queue.SimpleQueue[_Read | None], workers: int, *, now: datetime
    ) -> tuple[list[SyncTarget], float]:
        """Note what the threads have done, many mailboxes a statement, until all have ended."""
        results: list[_Read] = []
        waiting: list[SyncTarget] = []
        seconds = _LONGEST_PLACE_WAIT_SECONDS
        noted_at = time.monotonic()
        while workers:
            try:
                each = done.get(timeout=_NOTE_SECONDS)
            except queue.Empty:
                each = None
            else:
                if each is None:
                    workers -= 1
            if each is not None and isinstance(each.error, NoPlaceError):
                waiting.append(each.target)
                seconds = min(seconds, max(each.error.seconds, 0.1))
            elif each is not None:
                results.append(each)
            if len(results) >= _NOTE_MOST or time.monotonic() - noted_at > _NOTE_SECONDS:
                self._note(results, now=now)
                results, noted_at = [], time.monotonic()
        self._note(results, now=now)
        return waiting, seconds

    def _read(self, target: SyncTarget, cursors: dict[str, Cursor], *, now: datetime) -> _Read:
        try:
            return _Read(target, found=self._read_over_connection(target, cursors, now=now))
        except OutreachError as error:
            return _Read(target, error=error)
        except Exception as error:  # noqa: BLE001  whatever it is
            # What nobody foresaw in one mailbox is noted there, and is no reason to leave the lane's others unread.
            _log.exception("imap_sync_defect", mailbox_id=target.id)
            return _Read(target, error=error)

    def _read_over_connection(self, target: SyncTarget, cursors: dict[str, Cursor], *, now: datetime) -> Found:
        connection = self._connections.take(target)
        try:
            return self._read_and_give_back(target, connection, cursors, now=now)
        except ConnectionLostError as error:
            # A connection that was kept may have been dead already; to one that there were too many, another would be too.
            is_unwelcome = cause_of_text(str(error)) in {"connections", "throttled"}
            if isinstance(error, CommandRefusedError) or not connection.is_kept or is_unwelcome:
                raise
        return self._read_and_give_back(target, self._connections.take(target), cursors, now=now)

    def _read_and_give_back(
        self, target: SyncTarget, connection: Connection, cursors: dict[str, Cursor], *, now: datetime
    ) -> Found:
        try:
            found = MailboxReading(self._installation, target, cursors, now=now, stop=self._stop).run(connection)
        except BaseException:
            # Whatever it was, nobody knows what this connection will answer next.
            self._connections.drop(connection, is_broken=True)
            raise
        found.is_new_login = not connection.is_kept
        self._connections.give_back(target, connection)
        return found

    def _note(self, results: Iterable[_Read], *, now: datetime) -> None:
        by_tenant: dict[UUID, list[_Read]] = defaultdict(list)
        for each in results:
            by_tenant[each.target.tenant_id].append(each)
            self.outcome.count(each.target.address, each.found, problem=_text(each.error))
        for tenant_id, reads in by_tenant.items():
            failed = [self._failure(each.target, each.error) for each in reads if each.error is not None]
            with self._installation.database.tenant(tenant_id) as transaction:
                transaction.run(
                    "receive/note_synced",
                    ids=[each.target.id for each in reads if each.found is not None and each.found.is_whole],
                    now=now,
                )
                if failed:
                    transaction.run("receive/note_sync_failures", rows=json.dumps(failed), now=now)

    def _failure(self, target: SyncTarget, error: Exception | None) -> dict[str, object]:
        kind: SyncCause = next((cause for error_type, cause in _CAUSES if isinstance(error, error_type)), "defect")
        pause = pause_after(
            kind,
            text=_text(error),
            failures=target.sync_failures + 1,
            every_seconds=self._installation.settings.sync_every_seconds,
        )
        self.outcome.causes[pause.cause] += 1
        _log.warning(
            "mailbox_not_read",
            mailbox_id=target.id,
            cause=pause.cause,
            pause_seconds=pause.seconds,
            problem=_text(error),
        )
        return {"id": target.id, "failure": _text(error), "cause": pause.cause, "seconds": pause.seconds}


def _text(error: Exception | None) -> str:
    if isinstance(error, OutreachError):
        return str(error)
    return f"{type(error).__name__}: {error}"
