"""How many connections a host and a provider account may have open, and how many new logins a minute, over all processes.

A host or account without a row in ``rate_limits`` costs nothing; one with a row costs a question a new connection, and one for
all open connections of a run every twenty seconds. Places are leases: those of a process that dies end by themselves.

Belongs here: places. Does not: connections (smtp_sessions), rates of messages (the claim, in the database).
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from outreach_pipeline.adapters.postgres.database import Database, DatabaseUnavailableError
from outreach_pipeline.core.errors import TransientError

_log = structlog.get_logger(__name__)
LEASE_SECONDS = 60.0
RENEW_SECONDS = 20.0
_REFRESH_SECONDS = 10.0
# Yahoo takes 20 messages a connection (KumoMTA's shaping data); Exim cuts idle ones early.
MOST_MESSAGES = 20
IDLE_SECONDS = 30.0


class NoPlaceError(TransientError):
    """No connection may be opened now. ``seconds`` is when to ask again; nobody was asked anything."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"All connections or logins are taken; asking again in {seconds:.0f} s.")


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What is set of a server.

    Of a submission server messages a connection, seconds after which an idle one is closed, and whether messages go by BDAT if it
    offers CHUNKING; of an IMAP server whether connections stay open between two readings.
    """

    messages_per_connection: int = MOST_MESSAGES
    idle_seconds: float = IDLE_SECONDS
    keeps_connections: bool = True
    uses_chunking: bool = True


_DEFAULTS = HostSettings()


@dataclass(slots=True)
class _Settings:
    limited: set[tuple[str, str]] = field(default_factory=set)
    hosts: dict[str, HostSettings] = field(default_factory=dict)


class LoginPlaces:
    """The places of one run, and what is set of hosts, read anew every ten seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings = _Settings()
        self._read_at = float("-inf")
        self._held: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def host(self, host: str) -> HostSettings:
        """Return what is set of ``name:port``."""
        return self._settings.hosts.get(host, _DEFAULTS)

    def refresh(self) -> None:
        """Read the settings if it is time; blocks. Without a database what was read stands."""
        if time.monotonic() - self._read_at < _REFRESH_SECONDS:
            return
        with suppress(DatabaseUnavailableError), self._database.operator() as transaction:
            settings = _Settings()
            for row in transaction.rows("send/connection_settings"):
                if row["scope"] == "provider_host":
                    settings.hosts[row["key"]] = HostSettings(
                        row["messages_per_connection"],
                        row["idle_seconds"],
                        row["keeps_connections"],
                        row["uses_chunking"],
                    )
                else:
                    settings.limited.add((row["scope"], row["key"]))
            self._settings = settings
            self._read_at = time.monotonic()

    async def take(self, host: str, account: str | None) -> str | None:
        """Take a place for a connection of a host (``name:port``) and a provider account.

        Returns:
            What it is given back by; None where nothing is limited.

        Raises:
            NoPlaceError: there is none now.
            DatabaseUnavailableError: nobody knows.
        """
        limited = self._limited(host, account)
        return await asyncio.to_thread(self._take, limited) if limited else None

    def take_now(self, host: str, account: str | None) -> str | None:
        """Do the same as ``take()`` where nothing else waits for this thread. Blocks."""
        limited = self._limited(host, account)
        return self._take(limited) if limited else None

    def give_back(self, holder: str | None) -> asyncio.Task[None] | None:
        """Give a place back in the background; returns the task, which never fails."""
        if holder is None:
            return None
        self._held.discard(holder)
        task = asyncio.create_task(asyncio.to_thread(self._release, [holder]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def keep(self) -> None:
        """Renew what is held, until cancelled."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if self._held:
                await asyncio.to_thread(self._renew, list(self._held))

    async def close(self) -> None:
        """Give all places back."""
        held, self._held = list(self._held), set()
        if held:
            await asyncio.to_thread(self._release, held)
        if self._tasks:
            await asyncio.wait(self._tasks)

    def give_back_now(self, holder: str | None) -> None:
        """Give a place back; never fails. Blocks."""
        if holder is not None:
            self._held.discard(holder)
            self._release([holder])

    def renew_now(self) -> None:
        """Renew what is held; to be called every ``RENEW_SECONDS``. Blocks."""
        if self._held:
            self._renew(list(self._held))

    def _limited(self, host: str, account: str | None) -> list[tuple[str, str]]:
        wanted = [("host_logins", host)] + ([("account_logins", account.lower())] if account else [])
        return [each for each in wanted if {each, (each[0], "*")} & self._settings.limited]

    def _take(self, limited: list[tuple[str, str]]) -> str:
        holder = f"connection/{uuid4().hex}"
        seconds = self._ask(limited, holder)
        if seconds is not None:
            raise NoPlaceError(seconds)
        self._held.add(holder)
        return holder

    def _ask(self, limited: list[tuple[str, str]], holder: str) -> float | None:
        scopes, keys = zip(*limited, strict=True)
        with self._database.operator() as transaction:
            seconds: float | None = transaction.value(
                "send/take_login_place",
                scopes=list(scopes),
                keys=list(keys),
                holder=holder,
                lease_seconds=LEASE_SECONDS,
            )
        return seconds

    def _release(self, holders: list[str]) -> None:
        # What cannot be given back now ends by itself.
        with suppress(DatabaseUnavailableError), self._database.operator() as transaction:
            transaction.run("send/release_login_places", holders=holders)

    def _renew(self, holders: list[str]) -> None:
        try:
            with self._database.operator() as transaction:
                transaction.run("send/renew_login_places", holders=holders, lease_seconds=LEASE_SECONDS)
        except DatabaseUnavailableError as error:
            _log.warning("login_places_not_renewed", problem=str(error))
