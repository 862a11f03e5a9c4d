"""`outreach up`: the platform of a home, kept running until it is asked to stop.

Belongs here: signals and words for people. Does not: processes (cli.platform_processes).
"""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from outreach_pipeline.cli.platform_processes import PlatformProcesses
from outreach_pipeline.core.errors import TransientError
from outreach_pipeline.settings import Settings

_WATCH_EVERY_SECONDS = 1.0


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """Give an event that SIGINT and SIGTERM set, for the time of a block."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def up(settings: Settings, *, as_json: bool) -> int:
    """Start everything, print where it is, watch it, and stop it in order.

    Args:
        settings: say where the home is.
        as_json: print where it is as one JSON document on stdout, and everything else on stderr.

    Returns:
        The exit code: 0 after a stop that was asked for.
    """
    console = Console(stderr=as_json)
    with asked_to_stop() as stop:
        processes = PlatformProcesses(
            settings, say=lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True), stop=stop
        )
        try:
            processes.start_database()
            if processes.start_sandbox():
                console.print("The sandbox mail world is up.")
            processes.start_gateway()
            processes.start_dagster(is_fresh=False)
            processes.wait_until_ready()
            if as_json:
                write_addresses(processes)
            else:
                say_addresses(processes, console)
            watch_until(processes, stop)
        except TransientError:
            if not stop.is_set():
                raise
        finally:
            console.print("Stopping: Dagster first, the database last.")
            processes.stop()
    return 0


def say_addresses(processes: PlatformProcesses, console: Console) -> None:
    """Print where people find the platform."""
    console.print(f"Dagster:  {processes.addresses.webserver}   (assets, runs, checks, backfills)")
    console.print(
        f"Gateway:  {processes.addresses.gateway}   (opt-outs, webhooks, /healthz, /metrics, /dbt-docs/)",
        soft_wrap=True,
    )
    console.print("Ctrl-C stops everything.")


def write_addresses(processes: PlatformProcesses) -> None:
    """Write for a program where it finds the platform, at once, since the command goes on."""
    found = {"home": str(processes.home), **dataclasses.asdict(processes.addresses)}
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def watch_until(processes: PlatformProcesses, stop: threading.Event) -> None:
    """Bring back what dies, until asked to stop."""
    while not stop.wait(_WATCH_EVERY_SECONDS):
        processes.watch()
