"""Keeps a request to stop from being sure where the mail holds anything that speaks against it.

Belongs here: how a sentence and the whole of a person's words are looked through for such signs. Does not: the signs
(``core.receive.rules.opt_out_guards``) or what makes a request (``core.receive.opt_outs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from outreach_pipeline.core.receive.phrases import folded_pattern
from outreach_pipeline.core.receive.rules import opt_out_guards as rules

_DOUBTS = tuple(map(folded_pattern, rules.DOUBTS))
_ELSEWHERE = tuple(map(folded_pattern, rules.ELSEWHERE))
_DATES = folded_pattern(rules.DATES)
_AFTERWARDS = folded_pattern(rules.AFTERWARDS)
_POLITE = folded_pattern(rules.POLITE)
_RHETORICAL = folded_pattern(rules.RHETORICAL)
_NEGATION = folded_pattern(rules.NEGATION)
_WRITE_ME = folded_pattern(rules.WRITE_ME)
_WRITE_THERE = folded_pattern(rules.WRITE_THERE)
_ASKS = folded_pattern(rules.ASKS)
_RIGHTS = folded_pattern(rules.RIGHTS)
_USES = folded_pattern(rules.USES)
_CLAUSE = re.compile(r"[,;:.!?()]\s|\b(?:and|und|et|but|aber)\b")


def means_something_else(sentence: str) -> bool:
    """Whether a folded sentence with a request may mean another thing, another person or the opposite."""
    if _RIGHTS.search(sentence) and not _USES.search(sentence):
        return True
    return any(pattern.search(sentence) for pattern in _DOUBTS)


def asks_for_anything(sentence: str) -> bool:
    """Whether a folded sentence has a verb of removing, an end or a negation: what merely speaks of a list has none."""
    return _ASKS.search(sentence) is not None


def asks_for_mail_later(folded: str) -> bool:
    """Whether a clause of a folded text wishes to be written to in a month, a season or on a day to come."""
    return any(_asks_for_mail(clause) and _DATES.search(clause) for clause in _CLAUSE.split(folded))


def is_kept_open(sentences: Iterable[str], start_of_request: Callable[[str], int | None]) -> bool:
    """Whether anything in a person's folded words leaves open what is wanted.

    Args:
        sentences: all of the mail's own.
        start_of_request: where in a sentence a request begins, or None.
    """
    has_asked = False
    for sentence in sentences:
        start = start_of_request(sentence)
        if "?" in sentence and not _asks_nothing_else(sentence, is_request=start is not None):
            return True
        if any(pattern.search(sentence) for pattern in _ELSEWHERE) or _AFTERWARDS.search(
            sentence, 0 if has_asked else len(sentence) if start is None else start
        ):
            return True
        if any(map(_asks_for_mail, _CLAUSE.split(sentence))):
            return True
        has_asked = has_asked or start is not None
    return False


def _asks_for_mail(clause: str) -> bool:
    return (_WRITE_ME.search(clause) is not None and not _NEGATION.search(clause)) or (
        "@" in clause and _WRITE_THERE.search(clause) is not None and not _ASKS.search(clause)
    )


def _asks_nothing_else(sentence: str, *, is_request: bool) -> bool:
    return _RHETORICAL.search(sentence) is not None or (is_request and _POLITE.search(sentence) is not None)
