"""Countries and time zones, from the tables that come with the time zone database.

Belongs here: which countries and zones there are, and which zone a place surely has. Does not: what the local time there
means for sending (core.plan).

Source: iso3166.tab and zone1970.tab of the IANA time zone database, as packaged in ``tzdata``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def country_codes() -> frozenset[str]:
    """Return the two-letter codes of ISO 3166, upper case."""
    return frozenset(fields[0] for fields in _table("iso3166.tab"))


@lru_cache(maxsize=1024)
def is_time_zone(name: str) -> bool:
    """Tell whether ``name`` is a zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=4096)
def zone_of_place(country: str | None, city: str | None) -> tuple[str, str] | None:
    """Return the zone that a place surely has and the place's kind (``city`` or ``country``), or None.

    A city counts only where its country has a zone named after it; a country only where all of it has one time.

    Args:
        country: its ISO 3166 code, upper case.
        city: in English, in any case.
    """
    zones = _zones_by_country().get(country or "", ())
    wanted = (city or "").strip().casefold().replace(" ", "_")
    for zone in zones:
        if wanted and zone.rsplit("/", 1)[-1].casefold() == wanted:
            return zone, "city"
    return (zones[0], "country") if len({_offsets(zone) for zone in zones}) == 1 else None


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    zones = defaultdict(list)
    for codes, _, zone, *_ in _table("zone1970.tab"):
        for code in codes.split(","):
            # A zone named for this very country stands before one that it shares: Berlin before Zurich for DE.
            zones[code].append((not codes.startswith(code), zone))
    return {code: tuple(zone for _, zone in sorted(found)) for code, found in zones.items()}


def _offsets(zone: str) -> tuple[object, ...]:
    """Return what tells the time of a zone from another's: its offsets at each month's start of a recent year."""
    return tuple(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13))


def _table(name: str) -> Iterator[list[str]]:
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
