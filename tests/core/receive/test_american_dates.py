"""Days of return as two numbers with a slash, of which either may be the month."""

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("offset", [0.0, None])
@pytest.mark.parametrize(
    "text, day",
    [
        ("I am out until 12/4.", date(2026, 12, 4)),
        ("Out of office, returning 12/9", date(2026, 12, 9)),
        ("I will be out 12/1 - 12/4.", date(2026, 12, 5)),
        ("I am back on Monday, 12/7.", date(2026, 12, 7)),
        ("I am back on 12/7 (Monday).", date(2026, 12, 7)),
        ("I am out through 12/11.", date(2026, 12, 12)),
        ("I am out until 4/12.", date(2026, 12, 4)),
        ("I am out from 1/12 to 4/12.", date(2026, 12, 5)),
        ("I am out until 30/11.", date(2026, 11, 30)),
        ("I am out 11/30 - 12/6.", date(2026, 12, 7)),
        # Both lie near: day first, unless a weekday fits the other reading alone.
        ("I am out until 12/1.", date(2027, 1, 12)),
        ("I am out until 1/12.", date(2026, 12, 1)),
        ("I am back on Tuesday, 12/1, or so.", date(2027, 1, 12)),
        ("I am out until Monday 1/11.", date(2027, 1, 11)),
        # Neither lies near.
        ("I am on leave until 5/6.", date(2027, 6, 5)),
        # A weekday decides before nearness.
        ("I am out until Monday, 12/4.", date(2027, 4, 12)),
    ],
)
def test_of_two_readings_the_near_one_is_meant_where_the_zone_tells_nothing(text, day, offset):
    assert return_date_of(text, received_at=NOW, utc_offset_hours=offset) == day


@pytest.mark.parametrize(
    "text, offset, day",
    [
        ("I am out until 12/1.", -5.0, date(2026, 12, 1)),
        ("I am out until 5/6.", -5.0, date(2027, 5, 6)),
        ("Je suis absent jusqu'au 12/4.", 1.0, date(2027, 4, 12)),
    ],
)
def test_a_zone_that_tells_decides(text, offset, day):
    assert return_date_of(text, received_at=NOW, utc_offset_hours=offset) == day
