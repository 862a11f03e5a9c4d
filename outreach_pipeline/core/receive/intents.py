"""Judges what a person who answered wants.

Belongs here: rules over a person's own words. Does not: trimming them (``core.receive.quotes``) or asking a model.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.model import Intent
from outreach_pipeline.core.receive.opt_outs import opt_out_of
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.rules import intents as rules

_INTENTS = PhraseBook(rules.INTENTS)
_TEXT_LIMIT = 1500
_SHORT = 200
_SURE_LENGTH = 600
_RECALL = re.compile(r"(?:message )?recall ?:", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# By which a mailing offers to be stopped, so that the offer is not taken for somebody's wish.
_OFFER = re.compile(
    r"\bto (?:unsubscribe|opt[ -]?out)\b|\bunsubscribe (?:here|link|at any time)|\b(?:click|klick\w*|cliquez|clique|haga clic|clicca\w*|kliknij|klik) "
    r"|\bif you (?:no longer|do not|don't|would like to|want to|wish to)\b[^.]{0,60}\b(?:receive|unsubscribe|opt[ -]?out)"
    r"|\byou (?:are receiving|receive|received|have received) this|\bthis e-?mail was sent to|\bmanage (?:your |my )?(?:e-?mail )?(?:preferences|subscription)"
    r"|\bunsubscribe\b[^.]{0,20}https?://|https?://\S{0,200}(?:unsub|optout|opt-out)|\bzum abmelden\b|\bpour vous (?:désabonner|désinscrire)\b"
    r"|\bwenn sie [^.]{0,60}(?:erhalten|abmelden|abbestellen)|\bpara (?:darse|darte) de baja\b|\bper (?:cancellar\w*|disiscriver\w*)\b|\baby (?:się )?wypisać\b"
    r"|\bчтобы отписаться\b|\bщоб відписатися\b",
)
# The same where a mailing speaks for its reader.
_PLAIN_OFFER = re.compile(
    r"\bto be removed from (?:this|our|the|any|future)\b|\bif you (?:no longer )?(?:would like|want|wish|prefer) (?:not )?to (?:be removed|receive)\b"
    r"|\bmanage my (?:e-?mail )?(?:preferences|subscription)"
)
_OWN_WISH = re.compile(r"\b(?:i|i'd|we|we'd) (?:\w+ )?(?:want|wish|ask|like|need|would)\b")
# A mailing speaks to its reader: who says "I" in such a sentence has a wish.
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|i've|me|my|ich|mich|mir|mein\w*|je|moi|yo|mí|io|eu|ik|mij|ja|mnie|я|мне|меня|мені|мене)\b"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An intent, whether the rules are sure of it, and which rule told."""

    intent: Intent
    is_sure: bool
    voice: str


def intent_of(*, text: str, subject: str) -> Judgement:
    """Say what a person wants.

    A request to stop is looked for first and anywhere, since missing one costs most: a person who asks to be removed
    and is friendly besides still asks to be removed. Words that may be such a request beside a clear wish to go on are
    left to people. Two other wishes in one answer make the judgement unsure.

    Args:
        text: the person's own words, quotes and signature trimmed: our own footer must never count.
        subject: decoded; counts only where it is itself a request ("unsubscribe"), or says that a mail is recalled.
    """
    stop = opt_out_of(text=text, subject=subject)
    if stop and stop.wish:
        return Judgement(stop.wish, False, f"intent: {stop.wish.value} beside {stop.phrase!r}")
    if stop:
        return Judgement(Intent.STOP, True, f"stop: {stop.phrase!r}")
    low = normalise(text[:_TEXT_LIMIT])
    if _RECALL.match(subject.strip()):
        return Judgement(Intent.OTHER, False, "intent: a recalled mail")
    alone = rules.ALONE.get(low.strip(" .!"))
    if alone:
        return Judgement(Intent(alone), False, f"intent: nothing but {low!r}")
    found = _INTENTS.all(low)
    return _weigh(found, low) if found else Judgement(Intent.OTHER, False, "intent: no rule")


def _weigh(found: dict[str, tuple[str, int]], low: str) -> Judgement:
    """The intent among those found, by rank and by what they say together."""
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
    sure = not rivals - harmless and len(low) < _SURE_LENGTH
    return Judgement(Intent(label), sure, f"intent: {phrase!r}")


def is_stop(*, text: str, subject: str) -> bool:
    """Whether a mail, or its subject, asks to stop in words that mean nothing else, or is short and little else.

    In a long one the offer at a mailing's foot does not count.
    """
    stop = opt_out_of(text=text, subject=subject)
    if stop is None or stop.wish is not None:
        return False
    return len(text) <= _SHORT or any(map(_asks_to_stop, _sentences(text)))


def _asks_to_stop(sentence: str) -> bool:
    stop = None if _is_offer(sentence) else opt_out_of(text=sentence, subject="")
    return stop is not None and (stop.is_plain or _FIRST_PERSON.search(sentence) is not None)


def offers_to_stop(text: str) -> bool:
    """Whether a text has the offer to unsubscribe by which mailings are known."""
    return any(_is_offer(each) for each in _sentences(text))


def _is_offer(sentence: str) -> bool:
    if _PLAIN_OFFER.search(sentence):
        return _OWN_WISH.search(sentence) is None
    return _OFFER.search(sentence) is not None and _FIRST_PERSON.search(sentence) is None


def _sentences(text: str) -> list[str]:
    # Lines are wrapped anywhere: only blank ones end a sentence.
    return [
        normalise(each) for part in re.split(r"\n\s*\n", text) for each in _SENTENCE_END.split(" ".join(part.split()))
    ]


def _negated(low: str, start: int) -> bool:
    before = low[max(0, start - 18) : start]
    return any(word in before for word in rules.NEGATIONS)
