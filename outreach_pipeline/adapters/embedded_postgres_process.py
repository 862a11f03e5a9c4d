"""The processes of the embedded PostgreSQL: which account runs them, which live process is whose, how they start and end.

Belongs here: accounts, signals, process tables, ports. Does not: where files lie and which binaries serve
(embedded_postgres_files), what a cluster is made with (embedded_postgres_start), when to start or stop (embedded_postgres).

Linux and macOS. Processes are told apart by several signs at once, because none holds everywhere: a pid may have been
reused after a crash, a folder may have been moved, and root in a container without CAP_SYS_PTRACE cannot read the working
folder of another account's process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from outreach_pipeline.core.errors import PermanentError

HOST = "127.0.0.1"
POLL_SECONDS = 0.01

# Below the ephemeral ports of Linux (32768) and macOS (49152): a client that redials a dead server on an ephemeral port
# can be given that very port as its own, connect to itself, and keep the server from coming back.
_FIRST_PORT = 20_000
_PORTS = 10_000

_STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class EmbeddedPostgresError(PermanentError):
    """The embedded PostgreSQL cannot be found, made, started or stopped."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a root process drops to, since PostgreSQL refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A live server process, as its ``postmaster.pid`` describes it.

    Attributes:
        pid: its process id.
        port: the TCP port it was told to listen on.
        ready: True once it has finished starting.
    """

    pid: int
    port: int
    ready: bool


def server_account(data: Path | None) -> Account | None:
    """Return the account to drop to, or None when this process runs the server as itself.

    The owner of an existing ``data`` folder comes first, so that root can use what an ordinary user made.

    Raises:
        EmbeddedPostgresError: this is root and there is neither ``postgres`` nor ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    if data is not None and data.exists():
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root and this machine has neither an account 'postgres' nor 'nobody': "
        "create one of them or run as an ordinary user."
    )


def run(command: Sequence[str | Path], account: Account | None, *, seconds: float = 120) -> tuple[int, str]:
    """Run ``command`` to its end as ``account``; return its exit code and what it wrote to stdout and stderr.

    The code is 126 when it could not be executed and 124 when it took longer than ``seconds``.
    """
    try:
        done = subprocess.run(  # noqa: S603 (a list of arguments, no shell)
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_environment(),
            errors="replace",
            timeout=seconds,
            check=False,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except subprocess.TimeoutExpired:
        return 124, f"no end after {seconds:.0f} s"
    except OSError as error:
        return 126, str(error)
    return done.returncode, done.stdout.strip()


def spawn(command: Sequence[str | Path], account: Account | None, *, log: Path) -> int:
    """Start ``command`` as ``account``, detached from this process, its output appended to ``log``; return its pid.

    A shell forks it and ends, so that the server is nobody's child here: it leaves no zombie in a long-lived parent, and no
    Ctrl-C of this terminal reaches it. ``pg_ctl`` does the same but puts its paths into a shell command unescaped.

    Raises:
        EmbeddedPostgresError: the shell could not start it.
    """
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode=0o600), "ab") as output:
        done = subprocess.run(  # noqa: S603 (the arguments reach the shell as "$@", never as text of the script)
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *(str(part) for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            cwd="/",
            env=_environment(),
            text=True,
            check=False,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    if done.returncode or not done.stdout.strip().isdigit():
        raise EmbeddedPostgresError(f"/bin/sh could not start {command[0]} (exit code {done.returncode}): see {log}.")
    return int(done.stdout)


def alive(pid: int) -> bool:
    """Whether ``pid`` is a process that is not a zombie (one that a container without an init never reaps)."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def find_postmaster(data: Path) -> Postmaster | None:
    """Return the live server of exactly this data folder; None if there is none or its pid now is another process.

    Raises:
        EmbeddedPostgresError: the folder belongs to another account.
    """
    try:
        # Lines: pid, data folder, start time, port, socket folder, address, shared memory key, status.
        lines = (data / "postmaster.pid").read_text(errors="replace").split("\n")
        pid, started, port = int(lines[0]), int(lines[2]), int(lines[3])
        process = psutil.Process(pid)
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    except PermissionError as error:
        raise EmbeddedPostgresError(
            f"{data} belongs to another account: run as the one that made it, or remove it."
        ) from error
    if not _works_in(process, data) and not _began(process, started):
        return None
    return Postmaster(pid, port, ready=len(lines) > 7 and lines[7].startswith("ready"))


def stop_postmaster(data: Path, mode: str) -> None:
    """Stop the server of ``data`` and return once it is gone; does nothing when none runs.

    ``mode`` is ``smart`` (wait for clients), ``fast`` (end their sessions) or ``immediate`` (as in a crash). A server that
    does not obey within 30 s is stopped immediately, and killed if that takes more than another 10 s.

    Raises:
        EmbeddedPostgresError: the mode is unknown, or the server survives even being killed.
    """
    if mode not in _STOP_SIGNALS:
        raise EmbeddedPostgresError(f"'{mode}' is no way to stop PostgreSQL: use smart, fast or immediate.")
    running = find_postmaster(data)
    if running is None:
        return
    for signal_number, seconds in ((_STOP_SIGNALS[mode], 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        _send(running.pid, signal_number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            now = find_postmaster(data)
            if now is None or now.pid != running.pid:
                return
            time.sleep(POLL_SECONDS)
    raise EmbeddedPostgresError(f"The PostgreSQL of {data} (pid {running.pid}) does not end: end it by hand.")


def end_strays(data: Path) -> None:
    """Return once no PostgreSQL process works in ``data``; call it only when its postmaster is dead.

    Children outlive a killed postmaster for a moment, and two servers in one folder would destroy it. They get 3 s to notice
    by themselves, then are asked to quit, and after 3 more seconds are killed.

    Raises:
        EmbeddedPostgresError: some are still there after 10 s.
    """
    started = time.monotonic()
    while left := [process.pid for process in psutil.process_iter() if _works_in(process, data)]:
        waited = time.monotonic() - started
        if waited > 10:
            raise EmbeddedPostgresError(f"Processes {left} still use {data}: end them, then try again.")
        if waited > 3:
            for pid in left:
                _send(pid, signal.SIGKILL if waited > 6 else signal.SIGQUIT)
        time.sleep(0.05)


def cluster_name(data: Path) -> str:
    """Return the name that PostgreSQL shows in the titles of all processes of this data folder."""
    return f"outreach-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"


def free_port(data: Path, wishes: Iterable[int | None]) -> int:
    """Return the first free TCP port on 127.0.0.1: of the wishes, else from 20000-29999, in an order that ``data`` fixes.

    Raises:
        EmbeddedPostgresError: all of them are taken.
    """
    first = int.from_bytes(hashlib.sha256(os.fsencode(data)).digest()[:4])
    wished = [port for port in wishes if port]
    for port in [*wished, *(_FIRST_PORT + (first + step) % _PORTS for step in range(_PORTS))]:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port
    raise EmbeddedPostgresError(f"No TCP port of {HOST} from {_FIRST_PORT} on is free for PostgreSQL: free one.")


def _works_in(process: psutil.Process, data: Path) -> bool:
    """Whether ``process`` is a live PostgreSQL process of this data folder, by arguments, title or working folder."""
    try:
        # By name first: a shell or an editor that looks into the folder is none of ours.
        if not process.name().startswith(("postgres", "initdb")) or process.status() == psutil.STATUS_ZOMBIE:
            return False
        arguments = process.cmdline()
        title = " ".join(arguments)
        if str(data) in arguments or title.startswith(f"postgres: {cluster_name(data)}"):
            return True
        return os.path.realpath(process.cwd()) == str(data)
    except psutil.Error:
        return False


def _began(process: psutil.Process, seconds: int) -> bool:
    """Whether ``process`` is a live PostgreSQL process that began at this Unix time: of a folder that was moved under it."""
    try:
        live = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        return bool(live and abs(process.create_time() - seconds) <= 2)
    except psutil.Error:
        return False


def _send(pid: int, signal_number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal_number)


def _environment() -> dict[str, str]:
    """Return what the server may see: nothing of ``PG*``, of the locale, or of this platform's secrets."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"LC_ALL": "C", **{name: os.environ[name] for name in kept if name in os.environ}}
