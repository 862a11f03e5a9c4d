"""Reads what people wish for who say "I would like to …": the polite words alone tell no interest.

Belongs here: seeking what stands behind such words. Does not: the words (``core.receive.rules.polite_wishes``) or any other
wish (``core.receive.intents``, ``core.receive.opt_outs``).
"""

from __future__ import annotations

import re

from outreach_pipeline.core.receive.phrases import folded_pattern
from outreach_pipeline.core.receive.rules import polite_wishes as rules

# A sentence is read no further than this from its polite words.
_NEAR = r"[^.!?;\n]{0,60}?"


_ENDS = tuple(
    (
        folded_pattern(rf"(?<!\w)(?:{each.kind}|{each.polite})(?!\w)"),
        folded_pattern(rf"{_NEAR}(?<!\w)(?:{each.end})(?!\w)"),
    )
    for each in rules.LANGUAGES
)
_SOURCES = tuple(
    (
        folded_pattern(rf"(?<!\w)(?:{each.kind}|{each.polite})(?!\w)"),
        folded_pattern(rf"{_NEAR}(?<!\w)(?:{each.source})"),
    )
    for each in rules.LANGUAGES
)
_INTERESTS = tuple(
    (folded_pattern(rf"(?<!\w)(?:{each.kind})(?!\w)"), folded_pattern(rf"{_NEAR}(?<!\w)(?:{each.object})(?!\w)"))
    for each in rules.LANGUAGES
)
_ALONE = folded_pattern(rules.ALONE)
_NEGATED = folded_pattern(rf"(?<!\w)(?:{rules.NEGATIONS})(?!\w)")


def polite_end_in(low: str) -> str | None:
    """Words of a folded text that politely wish for an end, or are no more than a word for one; None: there are none."""
    alone = _ALONE.match(low)
    if alone:
        return alone[0]
    found = _found_behind(_ENDS, low)
    return found[0] if found else None


def without_source(low: str) -> str:
    """The folded text without the first words that politely ask who gave its writer's address, or where it was found."""
    found = _found_behind(_SOURCES, low)
    return low.replace(found[0], " ", 1) if found else low


def polite_interest_in(low: str) -> tuple[str, int] | None:
    """Kind words of a folded text with what a buyer asks for behind them, and where they begin; or None."""
    found = _found_behind(_INTERESTS, low)
    return None if found is None or _NEGATED.search(found[0]) else found


def _found_behind(pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...], low: str) -> tuple[str, int] | None:
    """The first words of a text that begin as the first of a pair and go on to the second, and where they begin; or None."""
    for polite, what in pairs:
        for begin in polite.finditer(low):
            found = what.match(low, begin.end())
            if found:
                return low[begin.start() : found.end()], begin.start()
    return None
