"""Judges what a person who answered wants.

Belongs here: rules over a person's own words. Does not: trimming them (``core.receive.quotes``) or asking a model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.model import Intent
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.rules import intents as rules

_STOP = PhraseBook(rules.STOP)
_NOT_STOP = PhraseBook(rules.NOT_STOP)
_INTENTS = PhraseBook(rules.INTENTS)
_TEXT_LIMIT = 1500
_SHORT = 200
_STOP_SUBJECT = re.compile(
    r"^(?:(?:re|aw|fwd?|sv|antw|odp)\s?:\s*)*(?:please )?(?:unsubscribe|stop|remove( me)?|opt[ -]?out|abmelden|abmeldung|désinscription|desinscription"
    r"|désabonnement|baja|cancellazione|descadastrar|afmelden|uitschrijven|wypisz|отписаться|отписка|відписатися)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Judgement:
    """An intent, whether the rules are sure of it, and which rule told."""

    intent: Intent
    is_sure: bool
    voice: str


def intent_of(*, text: str, subject: str) -> Judgement:
    """Say what a person wants.

    A request to stop is looked for first and anywhere, since missing one costs most: a person who asks to be removed
    and is friendly besides still asks to be removed. Two other wishes in one answer make the judgement unsure.

    Args:
        text: the person's own words, quotes and signature trimmed: our own footer must never count.
        subject: decoded; counts only where it is itself a request ("unsubscribe").
    """
    low = normalise(text[:_TEXT_LIMIT])
    stop = _stop_voice(low, subject)
    if stop:
        return Judgement(Intent.STOP, True, stop)
    found = _INTENTS.all(low)
    if not found:
        return Judgement(Intent.OTHER, False, "intent: no rule")
    label, (phrase, _start) = next(iter(found.items()))
    if label == Intent.INTERESTED and _negated(low, found[label][1]):
        return Judgement(Intent.NOT_INTERESTED, False, f"intent: negated {phrase!r}")
    # "Not interested at the moment, try next year" means later; "interested, let's talk" means a meeting.
    if label == Intent.NOT_INTERESTED and Intent.LATER in found:
        return Judgement(Intent.LATER, len(found) == 2, f"intent: {found['later'][0]!r}")
    if label == Intent.WRONG_PERSON and Intent.REFERRAL in found:
        return Judgement(Intent.REFERRAL, True, f"intent: {found['referral'][0]!r}")
    rivals = set(found) - {label}
    harmless = {
        Intent.WRONG_PERSON: {Intent.INTERESTED, Intent.NOT_INTERESTED},
        Intent.NOT_INTERESTED: {Intent.INTERESTED},
        Intent.LATER: {Intent.INTERESTED},
        Intent.MEETING: {Intent.INTERESTED},
        Intent.REFERRAL: {Intent.INTERESTED},
    }.get(Intent(label), set())
    sure = not rivals - harmless and len(low) < 1200
    return Judgement(Intent(label), sure, f"intent: {phrase!r}")


def is_stop(*, text: str, subject: str) -> bool:
    """Whether a short mail, or its subject, is a request to stop and little else."""
    low = normalise(text[:_TEXT_LIMIT])
    return len(low) <= _SHORT and _stop_voice(low, subject) is not None


def _stop_voice(low: str, subject: str) -> str | None:
    if low.strip(" .!") in rules.STOP_ALONE:
        return f"stop: {low!r}"
    if _STOP_SUBJECT.match(subject.strip()) and (len(low) <= _SHORT or "unsubscribe" in low):
        return "stop: subject"
    found = _STOP.first(low)
    if found is None:
        first = low[:_SHORT].split(". ")[0].split(", ")[0]
        return "stop: first words" if first.strip(" .!") in rules.STOP_ALONE else None
    if found[1].startswith("stop") and _NOT_STOP.first(low):
        return None
    return f"stop: {found[1]!r}"


def _negated(low: str, start: int) -> bool:
    before = low[max(0, start - 18) : start]
    return any(word in before for word in rules.NEGATIONS)
