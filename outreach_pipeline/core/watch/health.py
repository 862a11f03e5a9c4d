"""Whether the platform is alive, judged by how long work has been waiting for it.

Nothing alerts on a sensor or daemon that has stopped; waiting work does. Belongs here: the limits and the judgement. Does
not: counting (workflows.metrics).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

SEND_LIMIT_SECONDS = 1800.0
"""Sends may queue behind rate limits for a while; half an hour behind is no queue any more."""
PROCESS_LIMIT_SECONDS = 900.0
"""Inbound mails and webhooks are processed within a tick or two of a sensor."""
_SYNC_SLACK_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Lag:
    """Waiting work of one kind: send, inbound, webhook, or sync. ``oldest_at`` is None if nothing waits."""

    kind: str
    waiting_count: int
    oldest_at: datetime | None

    def oldest_seconds(self, now: datetime) -> float:
        """Return how long the oldest has been waiting, 0 if nothing waits."""
        return 0.0 if self.oldest_at is None else max(0.0, (now - self.oldest_at).total_seconds())


@dataclass(frozen=True, slots=True)
class JudgedLag:
    """A lag against its limit, both in seconds."""

    kind: str
    waiting_count: int
    oldest_seconds: float
    limit_seconds: float

    @property
    def is_late(self) -> bool:
        """Whether whatever should do this work seems to have stopped."""
        return self.oldest_seconds > self.limit_seconds


@dataclass(frozen=True, slots=True)
class Health:
    """All lags; healthy if none is late."""

    lags: tuple[JudgedLag, ...]

    @property
    def is_ok(self) -> bool:
        """Whether nothing is late."""
        return not any(lag.is_late for lag in self.lags)


def judge_health(lags: Sequence[Lag], *, now: datetime, sync_every_seconds: float) -> Health:
    """Hold waiting work against what is normal.

    Args:
        lags: one a kind.
        now: aware.
        sync_every_seconds: how often each mailbox is read; two misses and a quarter of an hour are forgiven.
    """
    limits = {
        "send": SEND_LIMIT_SECONDS,
        "inbound": PROCESS_LIMIT_SECONDS,
        "webhook": PROCESS_LIMIT_SECONDS,
        "sync": 3 * sync_every_seconds + _SYNC_SLACK_SECONDS,
    }
    return Health(
        tuple(
            JudgedLag(lag.kind, lag.waiting_count, round(lag.oldest_seconds(now), 1), limits[lag.kind]) for lag in lags
        )
    )
