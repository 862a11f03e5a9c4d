"""Countries, their regions and time zones, from the tables that come with the time zone database.

Belongs here: which countries, regions and zones there are, and which zone a place surely has. Does not: what the local time
there means for sending (core.plan).

Sources: iso3166.tab and zone1970.tab of the IANA time zone database, as packaged in ``tzdata``; regions of ISO 3166-2 as the
``holidays`` library knows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

# Country -> zone -> its regions, for countries of several times. Left out are regions that are cut in two, such as Texas.
# Sources: the remarks of zone1970.tab; for the United States also 49 CFR 71.
_ZONES_BY_REGION: dict[str, dict[str, frozenset[str]]] = {
    country: {zone: frozenset(regions.split()) for zone, regions in zones.items()}
    for country, zones in {
        "US": {
            "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
            "America/Detroit": "MI",
            "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
            "America/Denver": "CO MT NM UT WY",
            "America/Phoenix": "AZ",
            "America/Los_Angeles": "CA NV WA",
            "America/Anchorage": "AK",
            "Pacific/Honolulu": "HI",
        },
        "CA": {
            "America/Halifax": "NS PE",
            "America/Moncton": "NB",
            "America/Toronto": "ON QC",
            "America/Winnipeg": "MB",
            "America/Regina": "SK",
            "America/Edmonton": "AB",
            "America/Vancouver": "BC",
            "America/Whitehorse": "YT",
        },
        "AU": {
            "Australia/Sydney": "ACT NSW",
            "Australia/Melbourne": "VIC",
            "Australia/Brisbane": "QLD",
            "Australia/Adelaide": "SA",
            "Australia/Perth": "WA",
            "Australia/Hobart": "TAS",
            "Australia/Darwin": "NT",
        },
        "BR": {
            "America/Sao_Paulo": "DF ES GO MG PR RJ RS SC SP",
            "America/Bahia": "BA",
            "America/Recife": "PE",
            "America/Fortaleza": "CE MA PB PI RN",
            "America/Manaus": "AM",
        },
        "ES": {
            "Atlantic/Canary": "CN",
            "Europe/Madrid": "AN AR AS CB CL CM CT EX GA IB MC MD NC PV RI VC",
        },
    }.items()
}


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
def region_of(country: str | None, text: str | None) -> str | None:
    """Return the code of a country's region, without the country's, or None where it is not known.

    Args:
        country: its ISO 3166 code, upper case.
        text: a code as ``BY`` or ``DE-BY``, or a name in a language of the country, in any case.
    """
    wanted = (text or "").strip().casefold()
    if not wanted or country not in holidays.list_supported_countries(include_aliases=False):
        return None
    known = holidays.country_holidays(country)
    names = {name.casefold(): code for code, found in known.get_subdivision_aliases().items() for name in found}
    codes = {code.casefold(): code for code in known.subdivisions}
    bare = wanted.removeprefix(f"{country.casefold()}-")
    return codes.get(bare) or names.get(wanted)


@lru_cache(maxsize=4096)
def zone_of_place(country: str | None, city: str | None, region: str | None = None) -> tuple[str, str] | None:
    """Return the zone that a place surely has and the place's kind (``city``, ``region`` or ``country``), or None.

    A region counts where all of it, but for sparsely settled borders, has one time, and goes before the city: places of one name
    lie in several regions. A city counts only where its country has a zone named after it, and a country only where all of it
    has one time.

    Args:
        country: its ISO 3166 code, upper case.
        city: in English, in any case.
        region: a code as ``region_of`` returns it.
    """
    for zone, regions in _ZONES_BY_REGION.get(country or "", {}).items():
        if region in regions:
            return zone, "region"
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
