"""The IMAP connections of one run: one a mailbox, kept between two readings where its host allows it.

Used by several threads; each mailbox is in the hands of one thread at a time. Belongs here: which connection serves which
mailbox, and which hosts are left alone. Does not: what is read (imap_sync), what is shown at login (mailbox_login), how many
may be open over all processes (login_places).
"""

from __future__ import annotations

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

import structlog

from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.core.errors import CommandRefusedError, ConnectionLostError
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.core.receive.folders import FolderChoice
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.login_places import RENEW_SECONDS, LoginPlaces, NoPlaceError
from outreach_pipeline.workflows.mailbox_login import MailboxKey, log_in_imap

_log = structlog.get_logger(__name__)
# So many connections in a row that a host does not open, and its other mailboxes are not tried for a while.
_MOST_FAILURES = 3
_HOST_PAUSE_SECONDS = 60.0
_LONGEST_HOST_PAUSE_SECONDS = 900.0
_CLOSERS = 16
# Descriptors for everything else.
_SPARE_FILES = 128


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
    folders: list[str]
    uses_idle: bool
    sync_failures: int
    provider_account: str | None
    secret_ciphertext: bytes | None = field(repr=False)
    wrapped_key: bytes | None = field(repr=False)
    has_unknown: bool
    has_copies: bool
    misses_folders: bool

    @property
    def host(self) -> str:
        """The server as it is limited: ``name:port``."""
        return f"{self.imap_host}:{self.imap_port}"

    @property
    def way_in(self) -> tuple[object, ...]:
        """What a connection was opened with; another one means that it has to be opened anew."""
        return (self.host, self.imap_security, self.login, self.auth, self.ca_file, self.secret_ciphertext)


@dataclass(slots=True)
class Connection:
    """A mailbox's open connection: its place, what it was opened with, the folders that were last listed on it.

    ``inbox_uid_next`` is where INBOX stood at the last reading, None if it is not read.
    """

    session: ImapSession
    place: str | None
    host: str
    account: str | None
    way_in: tuple[object, ...]
    is_kept: bool = False
    is_idling: bool = False
    choice: FolderChoice | None = None
    listed_at: float = float("-inf")
    inbox_uid_next: int | None = None


@dataclass(slots=True)
class _HostFailures:
    count: int = 0
    until: float = 0.0
    text: str = ""


class ImapConnections:
    """Open connections by mailbox. ``keeps``: connections stay open when they are given back, where their host allows it."""

    def __init__(self, installation: Installation, *, keeps: bool) -> None:
        self.places = LoginPlaces(installation.database)
        self._vault = installation.vault
        self._tokens = AccessTokens(installation)
        self._host_pause_seconds = min(_HOST_PAUSE_SECONDS, installation.settings.sync_every_seconds)
        self._most_kept = _raise_most_files() - _SPARE_FILES if keeps else 0
        self._kept: dict[tuple[UUID, int], Connection] = {}
        self._failures: dict[str, _HostFailures] = {}
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._renewer = threading.Thread(target=self._renew, name="imap-places", daemon=True)

    def __enter__(self) -> Self:
        self.places.refresh()
        self._renewer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        with self._lock:
            kept, self._kept = list(self._kept.values()), {}
        if kept:
            with ThreadPoolExecutor(max_workers=_CLOSERS, thread_name_prefix="imap-close") as pool:
                list(pool.map(self.drop, kept))
        self._renewer.join()

    def take(self, target: SyncTarget) -> Connection:
        """Return the mailbox's connection, the kept one if there is one: that may be dead by now.

        Raises:
            NoPlaceError: the host or the provider account may have no further connection now.
            ConnectionLostError: stages connect, tls, auth; or the host is left alone.
            TokenRefusedError, TokenUnavailableError, ConfigurationError: there is no secret to show.
        """
        with self._lock:
            kept = self._kept.pop((target.tenant_id, target.id), None)
        if kept is not None:
            if kept.way_in == target.way_in:
                kept.is_kept = True
                return kept
            self.drop(kept)
        return self._open(target)

    def give_back(self, target: SyncTarget, connection: Connection) -> None:
        """Keep a connection that works for the mailbox's next reading, or close it."""
        keeps = self.places.host(connection.host).keeps_connections
        with self._lock:
            if keeps and len(self._kept) < self._most_kept:
                self._kept[target.tenant_id, target.id] = connection
                return
        self.drop(connection)

    def drop(self, connection: Connection, *, is_broken: bool = False) -> None:
        """Close a connection and give its place back."""
        if is_broken or connection.is_idling:
            connection.session.abandon()
        else:
            connection.session.close()
        self.places.give_back_now(connection.place)

    def retain(self, keys: set[tuple[UUID, int]]) -> None:
        """Close the connections of all mailboxes but these: those that are gone or left alone."""
        with self._lock:
            gone = [self._kept.pop(key) for key in self._kept.keys() - keys]
        for each in gone:
            self.drop(each)

    def kept(self) -> dict[tuple[UUID, int], Connection]:
        """Return the connections that nobody uses now."""
        with self._lock:
            return dict(self._kept)

    def _open(self, target: SyncTarget) -> Connection:
        self._refuse_failing(target.host)
        key = MailboxKey(
            target.tenant_id, target.id, target.address, target.auth, target.secret_ciphertext, target.wrapped_key
        )
        account = ImapAccount(
            target.imap_host,
            target.imap_port,
            target.imap_security,
            target.login,
            key.password(self._vault),
            target.ca_file,
            target.auth,
        )
        place = self._place(target)
        try:
            session = log_in_imap(account, self._tokens, tenant_id=target.tenant_id, mailbox_id=target.id)
        except BaseException as error:
            # A cancelled run too must hold no place.
            self.places.give_back_now(place)
            self._note(target.host, error)
            raise
        self._note(target.host, None)
        return Connection(session, place, target.host, target.provider_account, target.way_in)

    def _place(self, target: SyncTarget) -> str | None:
        try:
            return self.places.take_now(target.host, target.provider_account)
        except NoPlaceError:
            # Another mailbox's connection that nobody uses makes room. Of those the one that was used last: mailboxes are
            # read in turn, so that its own turn comes last.
            with self._lock:
                idle = next(
                    (
                        key
                        for key, each in reversed(self._kept.items())
                        if each.place
                        and (
                            each.host == target.host
                            or (target.provider_account and each.account == target.provider_account)
                        )
                    ),
                    None,
                )
                given_up = self._kept.pop(idle) if idle is not None else None
            if given_up is None:
                raise
            self.drop(given_up)
            return self.places.take_now(target.host, target.provider_account)

    def _refuse_failing(self, host: str) -> None:
        failures = self._failures.get(host)
        if failures is not None and failures.count >= _MOST_FAILURES and time.monotonic() < failures.until:
            raise ConnectionLostError(
                f"{host} does not answer and is left alone for a while; it said: {failures.text}", stage="connect"
            )

    def _note(self, host: str, error: BaseException | None) -> None:
        if error is None:
            self._failures.pop(host, None)
        elif (
            isinstance(error, ConnectionLostError)
            and not isinstance(error, CommandRefusedError)
            and error.stage in {"connect", "tls"}
        ):
            failures = self._failures.setdefault(host, _HostFailures())
            failures.count += 1
            failures.text = str(error)
            pause = self._host_pause_seconds * 2.0 ** min(max(failures.count - _MOST_FAILURES, 0), 10)
            failures.until = time.monotonic() + min(pause, _LONGEST_HOST_PAUSE_SECONDS)

    def _renew(self) -> None:
        while not self._ends.wait(RENEW_SECONDS):
            self.places.renew_now()


def _raise_most_files() -> int:
    """Let this process have as many files as the system allows it; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = max(soft, 65_536)
    if soft < hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
