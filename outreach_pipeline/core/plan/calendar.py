"""Days and windows: which days are working days, and between which instants a recipient may be written to.

Belongs here: local dates, holidays, daylight saving. Does not: where in the window a message goes (pacing).
Instants are integer milliseconds since 1970 in UTC.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.reasons import Reason

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval [starts, ends) in which a message may start."""

    starts: int
    ends: int


def milliseconds(instant: datetime) -> int:
    """Return an aware instant in milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


def day_number(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return (day - EPOCH).days


@lru_cache(maxsize=256)
def day_of_tenant(time_zone: str, day: date) -> Window:
    """Return the local day as instants: 23, 24 or 25 hours long."""
    zone = ZoneInfo(time_zone)
    midnights = [datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, day + timedelta(days=1))]
    return Window(*map(milliseconds, midnights))


def local_date(time_zone: str, instant: datetime) -> date:
    """Return the date that an aware instant has in a zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def working_calendar(policy: SendingPolicy, place: str | None, year: int) -> np.busdaycalendar:
    """Return the working days around a year: the policy's weekdays without the public holidays of a place.

    Args:
        policy: whose ``working_days`` count; its ``holiday_country`` and ``holiday_region`` stand in for what is not known.
        place: ISO 3166 code of where the recipient is: a country, or a region of one (``DE``, ``DE-BY``).
        year: holidays of it and of its neighbours are known.
    """
    return _calendar(policy.working_days, *_holiday_place(policy, place), year)


def last_working_day(policy: SendingPolicy, day: date) -> date:
    """Return the last working day of a policy before a date."""
    calendar = working_calendar(policy, None, day.year)
    return date.fromisoformat(str(np.busday_offset(np.datetime64(day), -1, roll="forward", busdaycal=calendar)))


def after_working_time(policy: SendingPolicy, at: datetime, *, seconds: float, time_zone: str) -> datetime:
    """Return an instant so many seconds after one, of which those of days that are no working days of a policy do not count."""
    ends, zone = at + timedelta(seconds=seconds), ZoneInfo(time_zone)
    day = at.astimezone(zone).date()
    while day <= ends.astimezone(zone).date():
        if not np.is_busday(np.datetime64(day), busdaycal=working_calendar(policy, None, day.year)):
            ends += timedelta(days=1)
        day += timedelta(days=1)
    return ends


def why_not_working(policy: SendingPolicy, place: str | None, day: date) -> str:
    """Say in a sentence why a date is no working day at a place, by its weekday or the holiday's name; '' if it is one."""
    if day.isoweekday() not in policy.working_days:
        return f"{day:%A} is no working day of the policy."
    country, region = _holiday_place(policy, place)
    if country is None:
        return ""
    name = _holidays(country, region, (day.year,)).get(day)
    return f"{day} is {name} in {'-'.join(filter(None, (country, region)))}." if name else ""


def sending_window(
    policy: SendingPolicy, *, plan_date: date, tenant_zone: str, zone: str | None, country: str | None, not_before: int
) -> Window | Reason:
    """Return when a recipient may be written to on the tenant's date, or why not at all.

    The policy's hours are those of the recipient's wall clock (the tenant's where the recipient's zone is None or not
    followed). The tenant's date may touch two dates there: of the pieces that lie inside the tenant's date and not
    before ``not_before``, the longest is taken, the earlier of equal ones. Whether it is a working day is asked there, by
    the holidays of ``country``, ISO 3166-1 or with a region 3166-2 (``DE``, ``DE-BY``). An hour that the clock of the night
    skips or repeats makes the window open late and close early, so that no wall clock shows a time outside it.
    """
    day = day_of_tenant(tenant_zone, plan_date)
    followed = zone if zone and policy.follows_recipient_zone else tenant_zone
    there = ZoneInfo(followed)
    pieces: list[Window] = []
    is_working = False
    for local in (plan_date - timedelta(days=1), plan_date, plan_date + timedelta(days=1)):
        opens = max(_instants(local, policy.window_starts, there))
        closes = min(_instants(local, policy.window_ends, there))
        inside = Window(max(opens, day.starts), min(closes, day.ends))
        if inside.starts >= inside.ends and not day.starts <= opens < day.ends:
            continue
        where = country if policy.follows_recipient_zone else None
        if not np.is_busday(np.datetime64(local), busdaycal=working_calendar(policy, where, local.year)):
            continue
        is_working = True
        pieces.append(Window(max(inside.starts, not_before), inside.ends))
    best = max(pieces, key=lambda piece: (piece.ends - piece.starts, -piece.starts), default=None)
    if best is None or best.starts >= best.ends:
        return Reason.OUTSIDE_WINDOW if is_working else Reason.NOT_WORKING_DAY
    return best


def _instants(day: date, clock: time, zone: ZoneInfo) -> tuple[int, int]:
    """Return the two readings of a wall clock's time: the same, but for one that the clock repeats or skips."""
    at = datetime.combine(day, clock, zone)
    return milliseconds(at), milliseconds(at.replace(fold=1))


def _holiday_place(policy: SendingPolicy, place: str | None) -> tuple[str | None, str | None]:
    """Return country and region whose holidays count: the recipient's, as far as it is known, else the policy's."""
    named, _, part = (place or "").partition("-")
    country = _known(named)
    own = _known(policy.holiday_country)
    if country is None:
        return own, policy.holiday_region
    region = part if part in _regions(country) else None
    return country, region or (policy.holiday_region if country == own else None)


@lru_cache(maxsize=1024)
def _calendar(working_days: frozenset[int], country: str | None, region: str | None, year: int) -> np.busdaycalendar:
    off: list[date] = []
    if country:
        off = sorted(_holidays(country, region, (year - 1, year, year + 1)))
    return np.busdaycalendar(
        weekmask=[day in working_days for day in range(1, 8)], holidays=np.array(off, dtype="datetime64[D]")
    )


def _holidays(country: str, region: str | None, years: tuple[int, ...]) -> holidays.HolidayBase:
    with warnings.catch_warnings():
        # Of some countries the library knows the movable holidays of a few years only; those of others are working days.
        warnings.filterwarnings("ignore", message="Requested Holidays are available only")
        return holidays.country_holidays(country, subdiv=region, years=years, language="en_US", expand=False)


@lru_cache(maxsize=512)
def _known(country: str | None) -> str | None:
    return country if country in holidays.list_supported_countries(include_aliases=True) else None


@lru_cache(maxsize=512)
def _regions(country: str) -> frozenset[str]:
    return frozenset(holidays.country_holidays(country).subdivisions)
