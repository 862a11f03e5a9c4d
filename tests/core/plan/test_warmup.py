from __future__ import annotations

from datetime import date, timedelta

import pytest

from outreach_pipeline.core.plan.warmup import (
    PRESETS,
    SOURCES,
    Progress,
    advance,
    allowed,
    day_of_curve,
    first_day_at_a_site,
)

DAY = date(2026, 11, 24)


def days(*before: int) -> list[date]:
    return [DAY - timedelta(days=each) for each in before]


@pytest.mark.parametrize(
    "sent, before, expected",
    [
        ([], 0, 1),
        ([], 12, 13),
        (days(1, 2, 3), 0, 4),
        (days(1, 1, 5), 2, 5),
        # After 30 idle days it starts anew, and what was before does not count.
        (days(31, 32, 33), 12, 1),
        (days(30, 31, 32), 12, 16),
        (days(1, 2, 50, 51), 12, 3),
    ],
)
def test_days_of_real_sending_are_counted(sent: list[date], before: int, expected: int) -> None:
    progress = Progress()
    for day in sorted(sent):
        progress = advance(progress, day, is_healthy=True)
    assert day_of_curve(progress, days_before=before, plan_date=DAY) == expected


@pytest.mark.parametrize(
    "whole, expected",
    [
        (Progress(), 13),
        (Progress(5, DAY - timedelta(days=1)), 13),
        # It is about to start anew, or has.
        (Progress(5, DAY - timedelta(days=31)), 1),
        (Progress(5, DAY - timedelta(days=1), counts_before=False), 1),
    ],
)
def test_at_a_new_site_the_days_before_count_as_they_do_for_the_whole(whole: Progress, expected: int) -> None:
    assert first_day_at_a_site(whole, days_before=12, plan_date=DAY) == expected


def test_a_day_counts_once_however_often_it_is_noted() -> None:
    once = advance(Progress(), DAY, is_healthy=True)
    assert advance(once, DAY, is_healthy=True) == once
    assert advance(once, DAY - timedelta(days=1), is_healthy=True) == once


def test_a_mailbox_of_low_health_stays_where_it_is() -> None:
    progress = Progress()
    for day, is_healthy in zip(reversed(days(1, 2, 3)), (True, False, False), strict=True):
        progress = advance(progress, day, is_healthy=is_healthy)
    assert day_of_curve(progress, days_before=0, plan_date=DAY) == 2


def test_a_curve_holds_its_last_value() -> None:
    assert [allowed([2, 4, 6], day) for day in (1, 2, 3, 4, 99)] == [2, 4, 6, 6, 6]


def test_presets_rise_and_name_their_source() -> None:
    assert set(PRESETS) == set(SOURCES) == {"warmbly", "instantly", "deepsyte"}
    for curve in PRESETS.values():
        assert list(curve) == sorted(curve)
    assert (PRESETS["deepsyte"][0], PRESETS["deepsyte"][-1], len(PRESETS["deepsyte"])) == (5, 40, 90)
