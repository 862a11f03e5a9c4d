"""Finds wishes to be left alone that are said politely, on a condition, expectantly or by a threat.

Belongs here: how the pieces of a language make such a wish. Does not: the pieces (``core.receive.rules.stop_moods``) or what
follows from one (``core.receive.opt_outs``).
"""

from __future__ import annotations

import re

from outreach_pipeline.core.receive.opt_out_guards import asks_for_mail_later
from outreach_pipeline.core.receive.phrases import folded_pattern
from outreach_pipeline.core.receive.rules import stop_moods as rules

_NEAR = r"[^.!?;\n]{0,80}?"
_NEARER = r"[^.!?;,\n]{0,40}?"


def _wish_of(of: rules.Moods) -> re.Pattern[str]:
    return folded_pattern(
        rf"(?<!\w)(?:{of.mood})(?!\w){_NEAR}(?:(?<!\w)(?:{of.negation})(?:(?!\w)|(?<=')){_NEARER}(?<!\w)(?:{of.act})(?!\w)|(?<!\w)(?:{of.ceasing}))"
    )


_WISHES = tuple((_wish_of(each), folded_pattern(rf"(?<!\w)(?:{each.whom})(?!\w)")) for each in rules.MOODS)
_THREATS = tuple(
    (folded_pattern(rf"(?<!\w)(?:{each.threat})(?!\w)"), folded_pattern(rf"(?<!\w)(?:{each.again})(?!\w)"))
    for each in rules.MOODS
)
_STRONG = folded_pattern(rules.STRONG)
_NOT_YET = folded_pattern(rules.NOT_YET)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def mood_in(low: str) -> tuple[str, str] | None:
    """The sentence of a folded text that wishes for an end in such a mood, and the text without it; or None."""
    sentences = _SENTENCE.split(low)
    for place, sentence in enumerate(sentences):
        # A threat may stand in a sentence of its own.
        if threatens(sentence):
            return sentence, " ".join((*sentences[:place], *sentences[place + 1 :]))
        both = " ".join(sentences[place : place + 2])
        if threatens(both):
            return both, " ".join((*sentences[:place], *sentences[place + 2 :]))
        if _wishes(sentence):
            return sentence, " ".join((*sentences[:place], *sentences[place + 1 :]))
    return None


def threatens(text: str) -> bool:
    """Whether a text says what follows upon one more mail, or threatens anyhow."""
    if asks_for_mail_later(text):
        return False
    return _STRONG.search(text) is not None or any(
        threat.search(text, found.end()) for threat, again in _THREATS if (found := again.search(text))
    )


def _wishes(sentence: str) -> bool:
    if _NOT_YET.search(sentence) or sentence.endswith("?"):
        return False
    return any(wish.search(sentence) and whom.search(sentence) for wish, whom in _WISHES)
