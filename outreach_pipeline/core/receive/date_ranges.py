"""Reads spans of two days: whether two days make one, and in which order a span of numbers has day and month.

Belongs here: what only the pair tells. Does not: the reading of one day (``core.receive.named_days``), or what a span means for the
day of return (``core.receive.return_dates``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

from outreach_pipeline.core.receive.named_days import NUMERIC, date_of, weekday_beside

_REACH = 60
# Between the two days of a span: what joins them, and what joins them only behind "between".
_ARTICLE = r"(?: the| dem| den| el| le| il)?(?: [^\W\d]+,)?(?: the| dem| den)? ?"
_SPAN = re.compile(
    rf"[.,]?(?: (?:and|et|und|y|en))?(?: ?(?:-|to|until|till|through|thru|bis(?: zum| einschließlich| inklusive)?|jusqu'au|jusqu'à|au|hasta|al|fino al|fino a|até|a|tot(?: en met)?|t/m|do|до|по)){_ARTICLE}"
)
_AND = re.compile(rf"[.,]?(?: (?:and|und|et|y|e|en|a|i|и|і|та)){_ARTICLE}")
_BETWEEN = re.compile(rf"(?<!\w)(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy|между|між){_ARTICLE}$")
_SOON = timedelta(days=60)
_LONGEST_OVER_NEW_YEAR = timedelta(days=120)
_DAY = timedelta(days=1)


def is_joined(low: str, *, start: int, end: int, other: int) -> bool:
    """Whether the day that stands from ``start`` to ``end`` and the one that begins at ``other`` are the ends of one span."""
    between = low[end:other]
    return _SPAN.fullmatch(between) is not None or (
        _AND.fullmatch(between) is not None and _BETWEEN.search(low[max(0, start - _REACH) : start]) is not None
    )


def order_of_ranges(low: str, today: date, *, american: bool) -> tuple[bool, frozenset[int]]:
    """Whether a note's spans with slashes have the month first, and where the days stand of those that are over.

    An absence note is about now: where the usual reading of a span is over, far off, or ends before it begins, the other one
    counts if it is not. A span of which no reading is about now and one is over names no day to come.

    Args:
        low: normalised.
        today: the day of the note.
        american: what the zone and the dates, each by itself, tell.
    """
    over: set[int] = set()
    for first, last in itertools.pairwise(NUMERIC.finditer(low)):
        is_open = first[5] == last[5] == "/" and not (first[7] or last[7])
        if not is_open or not is_joined(low, start=first.start(), end=first.end(), other=last.start()):
            continue
        if weekday_beside(low, first) is not None or weekday_beside(low, last) is not None:
            continue
        usual, other = (_when(first, last, today, american=order) for order in (american, not american))
        if usual == "now":
            continue
        if other == "now" or (usual == "none" and other != "none"):
            american = not american
        if other != "now" and "over" in {usual, other}:
            over |= {first.start(), last.start()}
    return american, frozenset(over)


def _when(first: re.Match[str], last: re.Match[str], today: date, *, american: bool) -> str:
    """When a span is in one of its readings: "now", "over", "far"; "none" where it has no such reading."""
    spans = [span for year in (-1, 0, 1) if (span := _span(first, last, today.year + year, american=american))]
    if not spans:
        return "none"
    begin, end = min(spans, key=lambda span: max(span[0] - today, today - span[1]))
    if end < today - _DAY:
        return "over"
    return "now" if begin <= today + _SOON else "far"


def _span(first: re.Match[str], last: re.Match[str], year: int, *, american: bool) -> tuple[date, date] | None:
    """A span that begins in a year, or None if there is no such day or it would end before it begins."""
    month, day = (4, 6) if american else (6, 4)
    begin = date_of(year, int(first[month]), int(first[day]))
    end = date_of(year, int(last[month]), int(last[day]))
    if begin and end and end < begin:
        end = date_of(year + 1, int(last[month]), int(last[day]))
        if end and end - begin > _LONGEST_OVER_NEW_YEAR:
            return None
    return (begin, end) if begin and end else None
