"""CPU time and memory of this process and of Postgres, and how a measurement is told.

Belongs here: reading the kernel's counters. Does not: what is measured (one module a stage).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

import psutil


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number: its name starts with the stage; ``goal`` None: a yardstick, which nothing has to meet."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    met: bool | None = None
    detail: dict[str, object] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))


def at_most(name: str, value: float, unit: str, goal: float, **detail: object) -> Measurement:
    """Return a measurement that is met by a value up to the goal."""
    return Measurement(name, round(value, 4), unit, goal, value <= goal, detail)


def at_least(name: str, value: float, unit: str, goal: float, **detail: object) -> Measurement:
    """Return a measurement that is met by a value from the goal up."""
    return Measurement(name, round(value, 4), unit, goal, value >= goal, detail)


@dataclass(slots=True)
class Cost:
    """What a block took: CPU seconds of this process and of Postgres, wall seconds, the peak of their private memory."""

    own_cpu_seconds: float = 0
    postgres_cpu_seconds: float = 0
    wall_seconds: float = 0
    peak_own_mebibytes: float = 0
    peak_postgres_mebibytes: float = 0

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds in all."""
        return self.own_cpu_seconds + self.postgres_cpu_seconds


@contextmanager
def cost(postmaster_pid: int | None) -> Iterator[Cost]:
    """Measure a block; None: without Postgres. Memory is sampled ten times a second: this process' resident pages, Postgres' without shared ones."""
    own = psutil.Process()
    postmaster = psutil.Process(postmaster_pid) if postmaster_pid is not None else None
    found = Cost()
    done = threading.Event()

    def sample() -> None:
        while not done.is_set():
            found.peak_own_mebibytes = max(found.peak_own_mebibytes, own.memory_info().rss / 2**20)
            anonymous = sum(_anonymous(pid) for pid in _children(postmaster_pid)) if postmaster_pid is not None else 0
            found.peak_postgres_mebibytes = max(found.peak_postgres_mebibytes, anonymous)
            done.wait(0.1)

    sampler = threading.Thread(target=sample, daemon=True)
    before = (_cpu(own), _family_cpu(postmaster), perf_counter())
    sampler.start()
    try:
        yield found
    finally:
        done.set()
        sampler.join()
        found.own_cpu_seconds = _cpu(own) - before[0]
        found.postgres_cpu_seconds = _family_cpu(postmaster) - before[1]
        found.wall_seconds = perf_counter() - before[2]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _family_cpu(postmaster: psutil.Process | None) -> float:
    """Return the CPU seconds of a postmaster and of all its children, those that have ended included; of None, 0."""
    if postmaster is None:
        return 0
    times = postmaster.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in postmaster.children(recursive=True):
        try:
            total += _cpu(child)
        except psutil.NoSuchProcess:
            continue
    return float(total)


def _children(pid: int) -> list[int]:
    """Return the ids of a process' children as the kernel lists them: to look through all processes costs more."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _anonymous(pid: int) -> float:
    """Return a process' private resident memory in MiB; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0
