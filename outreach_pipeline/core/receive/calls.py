"""Finds a wish to be called or met, and whether that is soon.

Belongs here: reading a text by its clauses with one grammar for all languages. Does not: the words (``core.receive.rules.calls``)
or what follows for the intent (``core.receive.intents``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.phrases import fold, folded_pattern
from outreach_pipeline.core.receive.rules import calls as rules
from outreach_pipeline.core.receive.rules.dates import MONTHS, WEEKDAYS
from outreach_pipeline.core.receive.rules.refusals import HARMLESS

_GAP = r" (?:\S+ ){0,9}?"


def _words(source: str) -> re.Pattern[str]:
    return folded_pattern(rf"(?<!\w)(?:{source.replace(' … ', _GAP)})(?!\w)")


_ASKS = _words("|".join(f"{each.call}|{each.meet}" for each in rules.LANGUAGES))
_ASKS_ON_A_DAY = _words("|".join(each.on_a_day for each in rules.LANGUAGES))
_NEAR = _words("|".join((rules.NEAR, *(name for name in WEEKDAYS if len(name) > 3))))
_MONTH = "|".join(name for name in MONTHS if len(name) > 2)
_FAR = _words(rf"{rules.FAR}|(?:{rules.IN_A_MONTH}) (?:{_MONTH}|{rules.MONTHS_THEN})(?! \d)")
_NO_WISH = _words(rules.NO_WISH)
_NEGATED_KINDLY = _words(rules.NEGATED_KINDLY)
_HARMLESS = folded_pattern(HARMLESS)
_SENTENCE = re.compile(r"(?<=[.!?;])(?<!\d\.)\s+")
_CLAUSE = re.compile(r"(?<=[,:()])\s+")


@dataclass(frozen=True, slots=True)
class Calls:
    """What a text says of being called or met.

    Attributes:
        phrase: words that ask for it soon, or on no named day; None: there are none.
        is_far: whether it asks for it at a time that is far off.
        rest: the text without the clauses that ask for it then, or that ask for no call.
    """

    phrase: str | None
    is_far: bool
    rest: str


def calls_in(low: str) -> Calls:
    """Read a normalised text clause by clause; a negation turns a wish round, but not in a question."""
    if not (_ASKS.search(folded := fold(low)) or _ASKS_ON_A_DAY.search(folded)):
        return Calls(None, False, low)
    phrase, asks_later, is_whole = None, False, True
    rest: list[str] = []
    for sentence in _SENTENCE.split(low):
        for clause in _CLAUSE.split(sentence):
            plain = fold(clause)
            is_far = _FAR.search(plain) is not None
            asks = _ASKS.search(plain) or ((is_far or _NEAR.search(plain)) and _ASKS_ON_A_DAY.search(plain))
            said = _HARMLESS.sub(" ", plain)
            if sentence.endswith("?"):
                said = _NEGATED_KINDLY.sub(" ", said)
            if asks and not _NO_WISH.search(said):
                if not is_far:
                    phrase = phrase or asks[0]
                    rest.append(clause)
                    continue
                asks_later = True
            elif not asks:
                rest.append(clause)
                continue
            is_whole = False
    return Calls(phrase, asks_later, low if is_whole else " ".join(rest))
