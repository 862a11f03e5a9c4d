"""Runs the matrix of faults and judges every cell: ``python -m tests.chaos [--short | --long]``.

Belongs here: arguments, workers, the table, the last line. Does not: what a cell is (cells).
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import queue
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import structlog

from tests.chaos import cells
from tests.chaos.cells import Cell, Verdict
from tests.chaos.points import SEND_POINTS, SYNC_POINTS
from tests.chaos.world import ChaosWorld

_WORKERS = 2
_KILLS = 50
_LONG_KILLS = 3000
_LONG_SECONDS = 3 * 3600.0


def main(words: Sequence[str]) -> int:
    """Run what is asked for; 1 if a cell found something or broke."""
    given = _arguments(words)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.disable(logging.CRITICAL)
    chosen = list(_chosen(given))
    print(
        f"{len(chosen)} cells, seed {given.seed}: `make chaos ARGS='--seed {given.seed} …'` repeats them.", flush=True
    )
    started = time.monotonic()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.preload"])
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        verdicts = _run(chosen, Path(given.keep or folder), seconds=_LONG_SECONDS)
    _show(verdicts)
    counts = {
        name: sum(len(getattr(verdict.findings, name)) for verdict in verdicts)
        for name in ("sent_twice", "lost", "stuck_leases", "limits_passed")
    }
    broken = [verdict for verdict in verdicts if verdict.broken]
    print(f"{len(verdicts)} cells in {time.monotonic() - started:.0f} s, {len(broken)} of them broken")
    print(json.dumps({"faults": sum(verdict.faults for verdict in verdicts), **counts}), flush=True)
    return 1 if any(counts.values()) or broken or len(verdicts) < len(chosen) else 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="a sample that has each point and each action once, and 50 kills"
    )
    parser.add_argument("--long", action="store_true", help=f"all cells and {_LONG_KILLS} kills")
    parser.add_argument("--seed", type=int, default=None, help="of the kills and the sample; --long takes a fresh one")
    parser.add_argument("--kills", type=int, default=None, help="how many kills")
    parser.add_argument("--only", default="", help="only cells whose name has this text")
    parser.add_argument("--keep", default=None, help="a folder that is left behind, with all logs")
    given = parser.parse_args(words)
    if given.seed is None:
        given.seed = secrets.randbelow(10**6) if given.long else 1
    return given


def _chosen(given: argparse.Namespace) -> Iterable[Cell]:
    kills = given.kills if given.kills is not None else _LONG_KILLS if given.long else _KILLS
    points = list(cells.point_cells())
    smtp, rates, mail = list(cells.smtp_cells()), list(cells.rate_cells()), list(cells.mail_cells())
    if given.short:
        chance = random.Random(given.seed)
        points = _covering(points, chance)
        smtp = chance.sample(smtp, 10)
        rates = chance.sample(rates, 2)
        mail = _covering(mail, chance)
    every = chain(points, smtp, rates, mail, cells.kill_cells(kills=kills, seed=given.seed))
    return (cell for cell in every if given.only in cell.name)


def _covering(every: Sequence[Cell], chance: random.Random) -> list[Cell]:
    """Return a sample in which each point and each action comes at least once."""
    by_point: dict[str, list[Cell]] = defaultdict(list)
    for cell in every:
        by_point[cell.where].append(cell)
    used: Counter[str] = Counter()
    sample = []
    # Points with the fewest choices first; of the actions, the one that came least so far.
    for choices in sorted(by_point.values(), key=len):
        chance.shuffle(choices)
        cell = min(choices, key=lambda each: used[each.action])
        used[cell.action] += 1
        sample.append(cell)
    return sample


def _run(chosen: Sequence[Cell], folder: Path, *, seconds: float) -> list[Verdict]:
    """Run cells side by side, a world a worker."""
    waiting: queue.SimpleQueue[Cell] = queue.SimpleQueue()
    for cell in chosen:
        waiting.put(cell)
    verdicts: list[Verdict] = []
    deadline = time.monotonic() + seconds
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Servers are stopped in order: what runs is finished.
        signal.signal(number, lambda *_: stop.set())

    def work(number: int) -> None:
        with ChaosWorld(folder / f"worker{number}") as world:
            while time.monotonic() < deadline and not stop.is_set():
                try:
                    cell = waiting.get_nowait()
                except queue.Empty:
                    return
                verdict = cells.run_cell(world, cell)
                verdicts.append(verdict)
                _tell(verdict, number=len(verdicts), total=len(chosen))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return verdicts


def _tell(verdict: Verdict, *, number: int, total: int) -> None:
    word = "BROKEN" if verdict.broken else "FOUND" if verdict.findings else "ok"
    lines = [f"{number:4}/{total} {word:6} {verdict.seconds:5.1f} s  {verdict.cell.name}"]
    lines += [f"            {text}" for text in verdict.findings]
    lines += [f"            {verdict.broken}"] if verdict.broken else []
    print("\n".join(lines), flush=True)


def _show(verdicts: Sequence[Verdict]) -> None:
    """Print the table of points and actions; a dash: cannot happen there."""
    marks = {
        (verdict.cell.where, verdict.cell.action): "BROKEN" if verdict.broken else "FOUND" if verdict.findings else "ok"
        for verdict in verdicts
        if verdict.cell.kind in {"point", "mail"}
    }
    points = (*SEND_POINTS, *SYNC_POINTS)
    width = max(len(point.name) for point in points)
    print("\n" + " ".join([" " * width, *(f"{action:>12}" for action in cells.ACTIONS)]))
    for point in points:
        marked = (
            marks.get((point.name, action), "" if cells.applies(point, action) else "-") for action in cells.ACTIONS
        )
        print(" ".join([point.name.ljust(width), *(f"{mark:>12}" for mark in marked)]))
    others: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.cell.kind not in {"point", "mail"}:
            others[verdict.cell.kind].append(verdict)
    for kind, some in others.items():
        bad = sum(bool(verdict.findings or verdict.broken) for verdict in some)
        print(f"{kind}: {len(some)} cells, {sum(verdict.faults for verdict in some)} faults, {bad} not ok")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
