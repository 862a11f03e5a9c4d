"""Child processes that are started, watched, started again when they die, and stopped in order.

Each child has a session of its own, so that what it started goes with it and a Ctrl-C on the terminal reaches only the
supervisor. Belongs here: processes. Does not: which ones (cli.up).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """A program to be kept running: its name (also its log's), its words, what the environment adds."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float
    restarts: int = 0


class Supervisor:
    """Keeps children running; ``stop`` ends them last started first.

    ``folder`` holds a log a child and ``children.json``, by which a later supervisor of the same home ends what an earlier
    one left behind: by process id and start time, so that nobody else's process is meant.
    """

    def __init__(self, folder: Path, *, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._running: dict[str, _Running] = {}
        self._sessions: set[int] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def end_leftovers(self) -> int:
        """End the children of an earlier life of this home and return how many there were."""
        path = self._folder / "children.json"
        try:
            left = json.loads(path.read_text(encoding="utf-8")) or []
        except (FileNotFoundError, ValueError):
            return 0
        ended = sum(_end_leftover(entry["pid"], created=entry["created"]) for entry in left)
        path.unlink(missing_ok=True)
        return ended

    def start(self, child: Child) -> None:
        """Start a child; from now on it is started again whenever it ends."""
        self._running[child.name] = self._spawn(child)
        self._note()

    def log_of(self, name: str) -> Path:
        """Return the file that a child's output goes to."""
        return self._folder / f"{name}.log"

    def watch(self) -> list[str]:
        """Start again what has died since, and return its names."""
        revived = []
        for name, running in list(self._running.items()):
            if running.process.poll() is None:
                continue
            lived = time.monotonic() - running.started
            # A child that dies at once is given a moment, so that a broken installation does not spin.
            if lived < min(2**running.restarts, 30):
                continue
            self._say(
                f"{name} ended with {running.process.returncode}; it is started again (its log: {self.log_of(name)})"
            )
            again = self._spawn(running.child)
            again.restarts = 0 if lived > 60 else running.restarts + 1
            self._running[name] = again
            revived.append(name)
        if revived:
            self._note()
        return revived

    def is_running(self, name: str) -> bool:
        """Tell whether a child was started and lives."""
        return name in self._running and self._running[name].process.poll() is None

    def pid_of(self, name: str) -> int:
        """Return a child's process id."""
        return self._running[name].process.pid

    def stop(self, name: str | None = None) -> None:
        """Stop one child, or all, the last started first; each with the processes it has started."""
        names = [name] if name else list(reversed(self._running))
        for each in names:
            running = self._running.pop(each, None)
            if running is not None:
                self._end(running.process)
        if name is None:
            for session in self._sessions:
                _end_session(session)
        self._note()

    def _spawn(self, child: Child) -> _Running:
        log = self.log_of(child.name)
        if log.exists() and log.stat().st_size > 20 * 2**20:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603  our own programs
                list(child.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **child.environment},
                start_new_session=True,
            )
        self._sessions.add(process.pid)
        return _Running(child, process, time.monotonic())

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _end_session(process.pid)

    def _note(self) -> None:
        entries = []
        for running in self._running.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                created = psutil.Process(running.process.pid).create_time()
                entries.append({"name": running.child.name, "pid": running.process.pid, "created": created})
        beside = self._folder / "children.json.new"
        beside.write_text(json.dumps(entries), encoding="utf-8")
        beside.replace(self._folder / "children.json")


def _end_leftover(pid: int, *, created: float) -> bool:
    """End a child of an earlier life and its session, or what is left of that; tell whether the child itself was there."""
    is_there = False
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if abs(process.create_time() - created) >= 1:
            # Somebody else's: the kernel gives no number away as long as a session goes by it, so nothing is left of ours.
            return False
        is_there = True
        for each in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.terminate()
        psutil.wait_procs([process], timeout=_STOP_SECONDS)
    _end_session(pid, since=created)
    return is_there


def _end_session(session: int, *, since: float = 0.0) -> None:
    # Looked for again until none is left: a member may start another between the look and its own end.
    gives_up = time.monotonic() + 2 * _STOP_SECONDS
    patience_ends = time.monotonic() + _STOP_SECONDS
    while (members := _members(session, since)) and time.monotonic() < gives_up:
        for process in members:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate() if time.monotonic() < patience_ends else process.kill()
        psutil.wait_procs(members, timeout=1)


def _members(session: int, since: float) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            is_member = os.getsid(process.pid) == session and process.create_time() >= since - 1
            if is_member and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
