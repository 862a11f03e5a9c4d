"""Finds what a person turns down, whatever words stand between the negation and the thing.

Belongs here: how the pieces of a language make a refusal, and reading a text by its clauses. Does not: the pieces
(``core.receive.rules.refusals``) or what follows for the intent (``core.receive.intents``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from outreach_pipeline.core.receive.phrases import fold, folded_pattern
from outreach_pipeline.core.receive.rules import refusals as rules
from outreach_pipeline.core.receive.rules.dates import MONTHS, WEEKDAYS


def _shapes_of(of: rules.Refusal) -> tuple[re.Pattern[str], ...]:
    """What turns a thing down, and what denies an interest; only light words stand between that and its negation."""
    negation, none = rf"\b(?:{of.negation})", rf"\b(?:{of.none})"
    light, any_word = rf"(?:(?:{of.light})(?:['\s]+)){{0,7}}?", r"(?:[\w'-]+ ){0,5}?"
    thing = rf"(?:l'|d'|un')?(?:{of.thing})\b"
    things = "|".join(
        (
            rf"{negation} {light}(?:{of.want}) {any_word}{thing}",
            rf"\b(?:{of.want}) {any_word}{none} (?:[\w'-]+ ){{0,2}}?{thing}",
            rf"\b(?:{of.want}) {any_word}{negation} {light}{thing}",
            rf"{none} (?:{of.want}) {any_word}{thing}",
            rf"\b(?:{of.want}) {any_word}{thing}(?: [\w'-]+){{0,2}}? {negation}(?!\w)",
            rf"^(?:(?:{of.lead})\W+){{0,3}}{none}(?: |(?<='))(?:[\w'-]+ ){{0,2}}?{thing}(?! \w+ing\b)",
            rf"{thing} (?:[\w'-]+ ){{0,3}}?(?:d')?{negation} {light}(?:{of.needed})(?!\w)",
            rf"{negation} {light}(?:{of.needed}) {any_word}{thing}",
            rf"{thing} {light}(?:{of.want}) {any_word}(?:{of.negation})(?!\w)",
            rf"{thing} {light}(?:{of.needed}) {light}(?:{of.negation})(?!\w)",
            rf"{thing} {any_word}{none} {light}(?:{of.want}|{of.needed})(?!\w)",
        )
    )
    interests = "|".join(
        (
            rf"{negation} {light}(?:{of.interest})(?!\w)",
            rf"{none} {light}(?:{of.interest})(?!\w)",
            rf"\b(?:{of.interest}) {light}(?:{of.negation})(?!\w)(?! (?:only|nur|seulement|solo|so|alleen|tylko)\b)",
        )
    )
    return folded_pattern(things), folded_pattern(interests)


_SHAPES = tuple(map(_shapes_of, rules.REFUSALS))
_ANY_NEGATION = folded_pattern(
    r"(?<!\w)(?:" + "|".join(f"{each.negation}|{each.none}" for each in rules.REFUSALS) + r")(?!\w)"
)
_ONE_WORD = folded_pattern(rules.ONE_WORD)
_DECLINES = folded_pattern(rules.DECLINES)
_HARMLESS = folded_pattern(rules.HARMLESS)
_KEEPS = folded_pattern(rules.KEEPS)
_DAYS = folded_pattern(rules.DAYS)
_TURNS = re.compile(rf"\s+(?={rules.TURNS})")
_UNCERTAIN = folded_pattern(rules.UNCERTAIN)
_WHETHER = folded_pattern(rules.WHETHER)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_CLAUSE = re.compile(r"(?<=[,:()])\s+|\s+-+\s+")
_WORD = re.compile(r"[^\W\d_]+")
# Shorter ones are words of other languages, too ("don", "mar").
_DAY_NAMES = frozenset(fold(each) for each in (*WEEKDAYS, *MONTHS) if len(each) > 3)


@dataclass(frozen=True, slots=True)
class Refused:
    """What the clauses of a text turn down.

    Attributes:
        clauses: those of the text, but for what turns something down or leaves it open.
        phrase: words that turn something down, or None.
        is_of_interest: whether those deny interest itself, not merely a thing.
        is_uncertain: whether the writer says not to know.
        negated: the clauses of the rest that hold a negation of another kind.
    """

    clauses: tuple[str, ...]
    phrase: str | None
    is_of_interest: bool
    is_uncertain: bool
    negated: tuple[str, ...]

    @property
    def rest(self) -> str:
        """The clauses as one text."""
        return " ".join(self.clauses)


def refused_in(low: str) -> Refused:
    """Read a normalised text clause by clause; questions, harmless negations and those for a day turn nothing down."""
    folded = fold(low)
    if not (
        _ANY_NEGATION.search(folded)
        or _ONE_WORD.search(folded)
        or _DECLINES.search(folded)
        or _UNCERTAIN.search(folded)
    ):
        return Refused((low,), None, False, False, ())
    rest: list[str] = []
    found: list[tuple[str, bool]] = []
    negated: list[str] = []
    is_uncertain = False
    for sentence in _SENTENCE.split(low):
        if sentence.endswith("?"):
            rest.append(sentence)
            continue
        doubts = False
        clauses = [(each, _HARMLESS.sub(" ", fold(each)).strip(" ,:;.!()-")) for each in _clauses_of(sentence)]
        for (clause, plain), (_clause, following) in zip(clauses, (*clauses[1:], ("", "")), strict=True):
            whole = f"{plain}, {following}" if _WHETHER.search(following) else plain
            doubts = _UNCERTAIN.search(whole) is not None or (doubts and _WHETHER.search(plain) is not None)
            is_uncertain = is_uncertain or doubts
            refusal = None if doubts else _refusal_in(plain)
            if refusal:
                found.append(refusal)
            elif not doubts:
                rest.append(clause)
                if _ANY_NEGATION.search(plain):
                    negated.append(clause)
    phrase = found[0][0] if found else None
    return Refused(tuple(rest), phrase, any(each for _phrase, each in found), is_uncertain, tuple(negated))


def _clauses_of(sentence: str) -> Iterator[str]:
    for part in _CLAUSE.split(sentence):
        yield from _TURNS.split(part)


def _refusal_in(clause: str) -> tuple[str, bool] | None:
    """Words of a folded clause that turn something down, and whether that is interest itself; or None."""
    word = _ONE_WORD.search(clause)
    if word:
        return word[0], True
    declined = _DECLINES.search(clause)
    if declined:
        return declined[0], False
    if not _ANY_NEGATION.search(clause):
        return None
    for _things, interests in _SHAPES:
        denied = interests.search(clause)
        if denied:
            return denied[0], True
    if _KEEPS.search(clause) or _DAYS.search(clause) or not _DAY_NAMES.isdisjoint(_WORD.findall(clause)):
        return None
    found = next((match for things, _interests in _SHAPES if (match := things.search(clause))), None)
    return (found[0], False) if found else None
