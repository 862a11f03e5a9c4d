"""How fast mails are classified, how long the slowest takes, and whether any of many broken ones breaks the classifier.

    python -m benchmarks classify [--mails N] [--fuzz N] [--seed N] [FOLDER ...]

Folders add their mails to those that the benchmark makes itself. Times are CPU seconds of this one thread.
"""

from __future__ import annotations

import argparse
import resource
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from time import thread_time

from benchmarks.mails import NOW, hostile, mutations, typical
from benchmarks.measuring import Measurement, at_least, at_most
from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.mail import PROBLEMS

LEAST_A_SECOND = 800
MOST_SECONDS = 1.0
# Of this process with the rules loaded and the mails of the benchmark in memory.
MOST_MEBIBYTES = 400


def main(words: Sequence[str]) -> int:
    """Measure as the words say; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks classify", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="mails of your own, one a file")
    parser.add_argument("--mails", type=int, default=10_000, help="how many are classified for the rate")
    parser.add_argument("--fuzz", type=int, default=10_000, help="how many broken ones")
    parser.add_argument("--seed", type=int, default=1, help="of the broken ones")
    given = parser.parse_args(words)
    more = [path.read_bytes() for folder in given.folders for path in sorted(folder.rglob("*")) if path.is_file()]
    all_met = True
    for measurement in measured(more, mails=given.mails, fuzz=given.fuzz, seed=given.seed):
        print(measurement.to_json(), flush=True)
        all_met = all_met and measurement.met is not False
    return 0 if all_met else 1


def measured(more: Sequence[bytes] = (), *, mails: int, fuzz: int, seed: int = 1) -> Iterator[Measurement]:
    """Yield rate, slowest mail, memory and broken mails.

    Args:
        more: mails beside the benchmark's own.
        mails: how many are classified for the rate.
        fuzz: how many broken mails are made of all of these.
        seed: of the broken ones.
    """
    own = typical()
    slowest, seconds, _ = _classify(islice(cycle(own), mails))
    yield at_least("receive.classified_per_second", mails / seconds, "mails/s", LEAST_A_SECOND, mails=mails)
    if more:
        slow, seconds, _ = _classify(more)
        slowest = max(slowest, slow)
        yield at_least(
            "receive.classified_per_second_given", len(more) / seconds, "mails/s", LEAST_A_SECOND, mails=len(more)
        )
    slow, _, broke = _classify(hostile())
    yield at_most("receive.slowest_mail", max(slowest, slow), "s", MOST_SECONDS, hostile_mails=len(hostile()))
    slow, _, broke_too = _classify(mutations([*own, *more], fuzz, seed=seed))
    yield at_most(
        "receive.broken_by_fuzz", (broke + broke_too).total(), "mails", 0, mails=fuzz, problems=dict(broke + broke_too)
    )
    yield at_most("receive.slowest_fuzzed_mail", slow, "s", MOST_SECONDS, mails=fuzz)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield at_most("receive.peak_memory", peak, "MiB", MOST_MEBIBYTES)


def _classify(mails: Iterable[bytes]) -> tuple[float, float, Counter[str]]:
    """Classify mails; returns the seconds of the slowest, of all, and problems that nobody foresaw, by name."""
    slowest = total = 0.0
    broke: Counter[str] = Counter()
    for raw in mails:
        started = thread_time()
        found = classify(raw, received_at=NOW)
        taken = thread_time() - started
        total += taken
        slowest = max(slowest, taken)
        if found.problem and found.problem not in PROBLEMS:
            broke[found.problem] += 1
    return slowest, total, broke
