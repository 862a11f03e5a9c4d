"""Finds the shapes of a wish to be written to no more: what the small grammar of each language makes.

Belongs here: how pieces make shapes, and looking for them. Does not: the pieces (``core.receive.rules.opt_out_shapes``) or what
follows from a shape (``core.receive.opt_outs``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach_pipeline.core.receive.phrases import folded_pattern
from outreach_pipeline.core.receive.rules import opt_out_shapes as rules


def _words(most: int) -> str:
    return rf"(?:[\w'-]+ ){{0,{most}}}?"


def _compiled(source: str) -> re.Pattern[str]:
    return folded_pattern(source.replace("^^", rules.CLAUSE))


def _shape_of(grammar: rules.Grammar) -> re.Pattern[str]:
    g = grammar
    things = rf"(?:{g.mail}|{g.act})\b"
    return _compiled(
        "|".join(
            (
                rf"\b(?:{g.unwilling}),? {_words(6)}{things}",
                rf"^^(?:{g.none}) {_words(3)}(?:[a-z]')?(?:{g.mail})\b",
                rf"\b(?:{g.plea}),? {_words(5)}(?:{g.negation}),? {_words(4)}{things}",
                rf"^^(?:do )?(?:{g.negation}) {_words(2)}(?:{g.act})\b",
                rf"\b(?:{g.end}) {_words(4)}(?:[a-z]')?{things}",
                rf"\b(?:{g.take}) {_words(2)}(?:{g.off})",
                g.more,
            )
        )
    )


_SURE = _compiled("|".join(rules.SURE))
_LATIN = tuple((frozenset(each.known_by.split()), _shape_of(each)) for each in rules.GRAMMARS if each.known_by)
_CYRILLIC = tuple(_shape_of(each) for each in rules.GRAMMARS if not each.known_by)
_OTHERS = tuple(map(_compiled, rules.OTHER_LANGUAGES))
_ENGLISH = frozenset(rules.ENGLISH.split())
_WORD = re.compile(r"\w+")
_FEW_WORDS = 15


def sure_shape_in(low: str) -> tuple[str, int] | None:
    """Words of a folded text that have the shape of a request and mean nothing else, and where they begin; or None."""
    found = _SURE.search(low)
    return (found[0], found.start()) if found else None


def shape_in(low: str) -> str | None:
    """Words of a folded text that have the shape of a wish to be written to no more, or None."""
    found = next((match for each in _shapes_of(low) if (match := each.search(low))), None)
    return found[0].strip(" ,.!?;:") if found else None


def _shapes_of(low: str) -> Iterator[re.Pattern[str]]:
    """The shapes of the languages that a folded text may be in: looking for all of them would cost a mail's whole time."""
    words = frozenset(_WORD.findall(low))
    likely = [shape for known_by, shape in _LATIN if len(words) < _FEW_WORDS or not known_by.isdisjoint(words)]
    if not low.isascii():
        yield from _CYRILLIC
    yield from likely or (shape for _known_by, shape in _LATIN)
    if _ENGLISH.isdisjoint(words):
        yield from _OTHERS
