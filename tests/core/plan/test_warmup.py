from __future__ import annotations

from datetime import date, timedelta

import pytest

from outreach_pipeline.core.plan.warmup import PRESETS, SOURCES, allowed, warmup_day

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
        (days(0, -1), 0, 1),
        # After 30 idle days it starts anew, and what was before does not count.
        (days(31, 32, 33), 12, 1),
        (days(30, 31, 32), 12, 16),
        (days(1, 2, 50, 51), 12, 3),
    ],
)
def test_days_of_real_sending_are_counted(sent: list[date], before: int, expected: int) -> None:
    assert warmup_day(sent, days_before=before, plan_date=DAY) == expected


def test_a_curve_holds_its_last_value() -> None:
    assert [allowed([2, 4, 6], day) for day in (1, 2, 3, 4, 99)] == [2, 4, 6, 6, 6]


def test_presets_rise_and_name_their_source() -> None:
    assert set(PRESETS) == set(SOURCES) == {"warmbly", "instantly", "deepsyte"}
    for curve in PRESETS.values():
        assert list(curve) == sorted(curve)
    assert (PRESETS["deepsyte"][0], PRESETS["deepsyte"][-1], len(PRESETS["deepsyte"])) == (5, 40, 90)
