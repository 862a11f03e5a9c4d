"""What a send run came to: counts, rates, and how long messages spent where.

Belongs here: numbers and how they are told. Does not: the sending (workflows.deliver, workflows.send_email).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stopwatch:
    """Adds the milliseconds between two stages of an attempt to the earlier stage's."""

    _into: Mapping[str, list[float]]
    _stage: str = ""
    _since: float = 0.0

    @property
    def stage(self) -> str:
        """The stage that the attempt is in; '' before the first."""
        return self._stage

    def enter(self, stage: str) -> None:
        """End the stage before, and begin this one; '' begins none."""
        now = time.perf_counter()
        if self._stage:
            self._into[self._stage].append((now - self._since) * 1000)
        self._stage, self._since = stage, now


@dataclass(slots=True)
class SendOutcome:
    """Counts of one run: outcomes by state, refusals by reason, seconds, and milliseconds of each finished attempt.

    ``stage_ms`` has, for each stage that an attempt came to, its milliseconds there: gate (rendering and content), login
    (connect, TLS and login, or a kept connection), address (MAIL and RCPT), begin (the ledger), data (DATA or BDAT to the
    server's last word). What was done while the mailbox's message before was under way counts there.
    """

    by_state: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    attempt_ms: list[float] = field(default_factory=list)
    stage_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    stopped: bool = False

    @contextmanager
    def stopwatch(self) -> Iterator[Stopwatch]:
        """Time the stages of one attempt; the last one ends with the block, whatever ended it."""
        watch = Stopwatch(self.stage_ms)
        try:
            yield watch
        finally:
            watch.enter("")

    def slowest_stages(self) -> list[dict[str, str | int | float]]:
        """Return a row a stage, that with the highest 95th percentile first: attempts, p50, p95 and the longest, in ms."""
        rows: list[dict[str, str | int | float]] = [
            {
                "stage": stage,
                "attempts": len(ordered),
                "p50_ms": _percentile(ordered, 50),
                "p95_ms": _percentile(ordered, 95),
                "longest_ms": round(ordered[-1], 1),
            }
            for stage, ordered in ((stage, sorted(each)) for stage, each in self.stage_ms.items())
        ]
        return sorted(rows, key=lambda row: -float(row["p95_ms"]))

    def as_metadata(self) -> dict[str, Any]:
        """Return plain numbers: counts, rate a second, latency percentiles in milliseconds."""
        ordered = sorted(self.attempt_ms)
        percentile = {f"attempt_p{share}_ms": _percentile(ordered, share) for share in (50, 95, 99) if ordered}
        rate = sum(self.by_state.values()) / self.seconds if self.seconds else 0.0
        return {
            "by_state": dict(self.by_state),
            "by_reason": dict(self.by_reason),
            "recovered": dict(self.recovered),
            "seconds": round(self.seconds, 2),
            "messages_per_second": round(rate, 2),
            "stopped": self.stopped,
            **percentile,
        }


def _percentile(ordered: Sequence[float], share: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
