from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from outreach_pipeline.core.plan.calendar import (
    Window,
    day_of_tenant,
    local_date,
    milliseconds,
    sending_window,
    why_not_working,
    working_calendar,
)
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.reasons import Reason

BERLIN = "Europe/Berlin"
TUESDAY = date(2026, 11, 24)


def at(day: date, hour: int, minute: int = 0, *, zone: str = BERLIN) -> int:
    return milliseconds(datetime.combine(day, time(hour, minute), ZoneInfo(zone)))


def window(day: date = TUESDAY, *, policy: SendingPolicy | None = None, **options: object) -> Window | Reason:
    arguments = {"tenant_zone": BERLIN, "zone": None, "country": None, "not_before": 0, **options}
    return sending_window(policy or SendingPolicy(), plan_date=day, **arguments)


@pytest.mark.parametrize(
    "day, hours",
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TUESDAY, 24)],
    ids=["spring", "autumn", "plain"],
)
def test_a_local_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    local = day_of_tenant(BERLIN, day)
    assert local.ends - local.starts == hours * 3_600_000


def test_the_window_is_the_tenants_where_the_recipients_zone_is_unknown() -> None:
    assert window() == Window(at(TUESDAY, 9), at(TUESDAY, 17))


def test_the_window_follows_the_recipients_clock_and_stays_in_the_tenants_day() -> None:
    assert window(zone="America/New_York") == Window(at(TUESDAY, 15), at(TUESDAY, 23))
    # 09:00 to 17:00 in Los Angeles is 18:00 to 02:00 in Berlin.
    assert window(zone="America/Los_Angeles") == Window(at(TUESDAY, 18), at(date(2026, 11, 25), 0))
    # In Auckland the tenant's day holds the end of one working day and the start of the next; the longer piece wins.
    assert window(zone="Pacific/Auckland") == Window(at(TUESDAY, 0), at(TUESDAY, 5))
    assert window(zone="Pacific/Auckland", not_before=at(TUESDAY, 4)) == Window(
        at(TUESDAY, 21), at(date(2026, 11, 25), 0)
    )


def test_a_policy_may_ignore_the_recipients_zone() -> None:
    policy = SendingPolicy(follows_recipient_zone=False)
    assert window(policy=policy, zone="America/New_York") == Window(at(TUESDAY, 9), at(TUESDAY, 17))


def test_daylight_saving_moves_the_window_with_the_wall_clock() -> None:
    for day in (date(2026, 3, 27), date(2026, 3, 30)):
        assert window(day) == Window(at(day, 9), at(day, 17))
    sunday = SendingPolicy(working_days=frozenset({7}), window_starts=time(2, 30), window_ends=time(4))
    # 02:30 does not exist on that night, and the window is half an hour long.
    found = window(date(2026, 3, 29), policy=sunday)
    assert isinstance(found, Window)
    assert found.ends - found.starts == 30 * 60_000


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
@pytest.mark.parametrize(
    "starts, ends", [("01:00", "02:30"), ("02:30", "05:00"), ("01:30", "04:00"), ("02:10", "02:50")]
)
def test_no_clock_shows_a_time_outside_the_window_on_nights_that_change_it(night: date, starts: str, ends: str) -> None:
    opens, closes = time.fromisoformat(starts), time.fromisoformat(ends)
    policy = SendingPolicy(working_days=frozenset({7}), window_starts=opens, window_ends=closes)
    found = window(night, policy=policy)
    if not isinstance(found, Window):
        # Twenty minutes that the clock skips or shows twice are no window that night.
        assert (found, starts) == (Reason.OUTSIDE_WINDOW, "02:10")
        return
    for instant in range(found.starts, found.ends, 60_000):
        clock = datetime.fromtimestamp(instant / 1000, ZoneInfo(BERLIN)).time()
        assert opens <= clock < closes


def test_what_is_over_is_over() -> None:
    assert window(not_before=at(TUESDAY, 16)) == Window(at(TUESDAY, 16), at(TUESDAY, 17))
    assert window(not_before=at(TUESDAY, 17)) is Reason.OUTSIDE_WINDOW


def test_weekends_and_holidays_are_no_working_days() -> None:
    assert window(date(2026, 11, 22)) is Reason.NOT_WORKING_DAY
    christmas = date(2026, 12, 25)
    assert isinstance(window(christmas), Window)
    assert window(christmas, country="DE") is Reason.NOT_WORKING_DAY
    assert window(christmas, policy=SendingPolicy(holiday_country="US")) is Reason.NOT_WORKING_DAY
    # The recipient's country stands before the policy's.
    assert isinstance(window(date(2026, 7, 3), country="DE", policy=SendingPolicy(holiday_country="US")), Window)


def test_working_days_reach_over_the_year() -> None:
    calendar = working_calendar(SendingPolicy(), "DE", 2026)
    assert date(2027, 1, 1) in calendar.holidays.astype(object)


def test_the_date_is_the_zones() -> None:
    instant = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert local_date("Pacific/Kiritimati", instant) == date(2026, 11, 25)
    assert local_date("Etc/GMT+12", instant) == TUESDAY


def test_the_recipients_own_region_counts_wherever_it_is() -> None:
    epiphany, policy = date(2027, 1, 6), SendingPolicy(holiday_country="DE", holiday_region="BY")
    assert window(epiphany, country="DE-BY") is Reason.NOT_WORKING_DAY
    assert isinstance(window(epiphany, country="DE-BE"), Window)
    assert isinstance(window(epiphany, country="DE-BE", policy=policy), Window)
    assert window(epiphany, country="DE", policy=policy) is Reason.NOT_WORKING_DAY
    # Another country's region is not the policy's, and a region that is not known is none.
    assert isinstance(window(epiphany, country="US-CA", policy=policy), Window)
    assert isinstance(window(epiphany, country="DE-XX"), Window)
    assert why_not_working(policy, "DE", epiphany) == "2027-01-06 is Epiphany in DE-BY."
    assert why_not_working(policy, "DE", date(2027, 1, 9)) == "Saturday is no working day of the policy."


def test_a_region_has_holidays_of_its_own_in_the_policys_country() -> None:
    # Epiphany, a Wednesday, is a holiday in Bavaria and none in Berlin.
    epiphany = date(2027, 1, 6)
    bavaria = SendingPolicy(holiday_country="DE", holiday_region="BY")
    assert window(epiphany, policy=bavaria) is Reason.NOT_WORKING_DAY
    assert isinstance(window(epiphany, policy=SendingPolicy(holiday_country="DE", holiday_region="BE")), Window)
    assert isinstance(window(epiphany, policy=bavaria, country="US", zone="America/New_York"), Window)
    with pytest.raises(ValueError, match="holiday_region 'XX' is none of holiday_country 'DE'"):
        SendingPolicy(holiday_country="DE", holiday_region="XX")


def test_years_of_which_not_all_holidays_are_known_warn_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calendar = working_calendar(SendingPolicy(), "IN", 2099)
        assert why_not_working(SendingPolicy(), "IN", date(2099, 1, 26)) == "2099-01-26 is Republic Day in IN."
    assert not np.is_busday(np.datetime64("2099-01-26"), busdaycal=calendar)
