from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach_pipeline.core.watch.health import Lag, judge_health

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _judge(kind, seconds):
    oldest_at = None if seconds is None else NOW - timedelta(seconds=seconds)
    return judge_health([Lag(kind, 1, oldest_at)], now=NOW, sync_every_seconds=300)


@pytest.mark.parametrize("kind, limit", [("send", 1800), ("inbound", 900), ("webhook", 900), ("sync", 1800)])
def test_work_is_late_past_its_limit_only(kind, limit):
    assert _judge(kind, limit).is_ok
    assert not _judge(kind, limit + 1).is_ok


def test_nothing_waiting_is_never_late():
    health = _judge("webhook", None)
    assert health.is_ok
    assert health.lags[0].oldest_seconds == 0


def test_what_lies_in_the_future_does_not_lag():
    assert _judge("send", -500).lags[0].oldest_seconds == 0
