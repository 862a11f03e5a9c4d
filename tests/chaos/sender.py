"""The process that suffers: the real command ``outreach send`` (or ``sync``) with one fault put in its way.

Belongs here: what happens inside that process at its fault point. Does not: choosing faults (cells). The process is forked
from a server that has imported the product and opened nothing, since an import costs more than all that a cell sends.
"""

from __future__ import annotations

import asyncio
import errno
import importlib
import multiprocessing
import os
import pkgutil
import signal
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.chaos.points import POINTS, install, locate

# What is short here so that a cell takes a second; each must exist.
SMTP_TIMEOUT_SECONDS = 1.0
_RECOVER_EVERY_SECONDS = 0.5
_TRANSACTION_SECONDS = 0.5
_IN_CHILD = {"clock_ahead": timedelta(hours=2), "clock_behind": timedelta(hours=-2)}


@dataclass(frozen=True, slots=True)
class Order:
    """What to run and what to suffer.

    Attributes:
        arguments: of ``outreach``.
        environment: the OUTREACH_… variables.
        log: where its stderr goes.
        point: name of the fault point, or None.
        action: what happens there: ``clock_ahead``, ``clock_behind``, ``disk_full`` are done by the process itself; at
            any other it says that it is there and stands still until it is told to go on.
        hit: which time the point is reached counts, from 1.
    """

    arguments: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    log: Path
    point: str | None = None
    action: str | None = None
    hit: int = 1


def start(order: Order) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Start the process; the connection gives ``reached`` at the fault point and takes the word to go on."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=run, args=(order, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def run(order: Order, harness: Connection) -> None:
    """Run the command with its fault; ends the process with the command's exit code."""
    with order.log.open("ab", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.update(order.environment)
    from outreach_pipeline.cli.main import run as run_command  # noqa: PLC0415  after the environment

    _shorten(order)
    if order.point is not None:
        _put(order, harness)
    code = run_command(list(order.arguments))
    sys.stdout.flush()
    # Nothing that a test's process has inherited may run at its end.
    os._exit(code)


def import_all() -> None:
    """Import what the command uses, in the server that the processes are forked from."""
    for package in ("outreach_pipeline.core", "outreach_pipeline.adapters", "outreach_pipeline.workflows"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)
    for name in ("main", "stages"):
        importlib.import_module(f"outreach_pipeline.cli.{name}")


def _shorten(order: Order) -> None:
    _, _, opens = locate("outreach_pipeline.workflows.mailbox_login:open_smtp")
    if "timeouts" not in opens.__kwdefaults__:
        raise AttributeError("open_smtp() takes no timeouts any more: shorten their successor here.")
    opens.__kwdefaults__["timeouts"] = opens.__kwdefaults__["timeouts"].of(SMTP_TIMEOUT_SECONDS)
    values = {"outreach_pipeline.workflows.send_email:_RECOVER_EVERY_SECONDS": _RECOVER_EVERY_SECONDS}
    if order.action in {"stop", "hang"}:
        values["outreach_pipeline.workflows.send_ledger:MOST_SECONDS"] = _TRANSACTION_SECONDS
    for target, value in values.items():
        owner, name, _ = locate(target)
        setattr(owner, name, value)


def _put(order: Order, harness: Connection) -> None:
    point = POINTS[order.point or ""]
    if point.stops_first:
        # The first message that is sent asks the run to stop: what is claimed behind it goes back.
        install(POINTS["answered with 250"], _Strike(lambda: os.kill(os.getpid(), signal.SIGTERM)))
    if order.action in _IN_CHILD:
        clock = _shiftable_clock()

        def act() -> None:
            clock.shift = _IN_CHILD[order.action or ""]
            harness.send("reached")
    elif order.action == "disk_full":

        def act() -> None:
            _fill_the_disk()
            harness.send("reached")
    else:

        def act() -> None:
            harness.send("reached")
            harness.recv()

    install(point, _Strike(act, hit=order.hit, lets_the_loop_run=order.action == "hang"))


class _Strike:
    """Acts once, at the given hit, whichever thread it comes from."""

    def __init__(self, act: Any, *, hit: int = 1, lets_the_loop_run: bool = False) -> None:
        self._act = act
        self._left = hit
        self._lock = threading.Lock()
        self._lets_the_loop_run = lets_the_loop_run

    def __call__(self) -> None:
        with self._lock:
            self._left -= 1
            is_due = self._left == 0
        if is_due:
            self._act()

    async def in_loop(self) -> None:
        if self._lets_the_loop_run:
            await asyncio.to_thread(self)
        else:
            self()


class _Shifted(type(datetime)):  # type: ignore[misc]
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


def _shiftable_clock() -> Any:
    """Put a clock that can be moved in place of ``datetime`` in every module of the product that tells the time."""

    class Clock(datetime, metaclass=_Shifted):
        shift = timedelta(0)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + cls.shift

    keepers = [
        module
        for name, module in sys.modules.items()
        if name.startswith("outreach_pipeline.") and getattr(module, "datetime", None) is datetime
    ]
    for module in keepers:
        module.datetime = Clock  # type: ignore[attr-defined]
    if not {"outreach_pipeline.workflows.deliver", "outreach_pipeline.workflows.send_email"} <= {
        module.__name__ for module in keepers
    }:
        raise AttributeError("The sender tells the time by something else than datetime.now now: move that clock here.")
    return Clock


def _fill_the_disk() -> None:
    """Let every write of a blob from now on fail as on a full disk."""

    def pipe_file(_files: Any, path: str, *_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    owner, name, _ = locate("fsspec.implementations.local:LocalFileSystem.pipe_file")
    setattr(owner, name, pipe_file)
