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


@pytest.mark.parametrize(
    "span", ["10/5-10/9", "10/5 - 10/9", "from 10/5 to 10/9", "10/5 through 10/9", "between 10/5 and 10/9"]
)
@pytest.mark.parametrize(
    "sent, offset, day",
    [
        # The reading of the zone is over, the other one is now.
        (date(2026, 10, 5), 2.0, date(2026, 10, 10)),
        (date(2026, 9, 25), 2.0, date(2026, 10, 10)),
        (date(2026, 10, 5), -4.0, date(2026, 10, 10)),
        # That of the zone is far off, the other one is now.
        (date(2026, 5, 8), -4.0, date(2026, 9, 11)),
        (date(2026, 5, 8), 2.0, date(2026, 9, 11)),
        # Neither is now, and one is over.
        (date(2026, 10, 20), 2.0, None),
        (date(2026, 11, 20), -5.0, None),
        (date(2026, 11, 20), 0.0, None),
    ],
)  # fmt: skip
def test_of_a_span_the_reading_counts_that_is_about_now(span, sent, offset, day):
    now = datetime(sent.year, sent.month, sent.day, 9, 0, tzinfo=UTC)
    assert return_date_of(f"Out of office {span}.", received_at=now, utc_offset_hours=offset) == day


@pytest.mark.parametrize(
    "text, offset, day",
    [
        # Both readings are about now: the zone decides.
        ("Out of office 12/1-12/5.", 2.0, date(2027, 5, 13)),
        ("Out of office 12/1-12/5.", -5.0, date(2026, 12, 6)),
        ("Out of office 12/1-12/5.", 0.0, date(2026, 12, 6)),
        # A reading that ends before it begins is none.
        ("Out of office 12/11-1/9.", 2.0, date(2027, 1, 10)),
        ("Out of office 20/12-5/1.", 2.0, date(2027, 1, 6)),
        # A span that is over hides no day to come.
        ("I was away 10/5-10/9. Back in the office on 12/2.", 0.0, date(2026, 12, 2)),
        # Named years and weekdays leave nothing open.
        ("Out of office 10/5/2027-10/9/2027.", 2.0, date(2027, 9, 11)),
    ],
)
def test_of_a_span_with_two_readings_one_is_taken(text, offset, day):
    assert return_date_of(text, received_at=NOW, utc_offset_hours=offset) == day
