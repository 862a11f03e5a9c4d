"""Judges what a person who answered wants.

Belongs here: rules over a person's own words. Does not: trimming them (``core.receive.quotes``) or asking a model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from outreach_pipeline.core.receive.calls import calls_in
from outreach_pipeline.core.receive.model import AutoReplyKind, Intent
from outreach_pipeline.core.receive.opt_out_guards import asks_for_mail_later
from outreach_pipeline.core.receive.opt_outs import opt_out_of, wish_in
from outreach_pipeline.core.receive.phrases import PhraseBook, fold, normalise
from outreach_pipeline.core.receive.polite_wishes import polite_interest_in, without_source
from outreach_pipeline.core.receive.refusals import Refused, refused_in
from outreach_pipeline.core.receive.rules import absence_notes as notes
from outreach_pipeline.core.receive.rules import auto_replies
from outreach_pipeline.core.receive.rules import intents as rules
from outreach_pipeline.core.receive.rules.dates import MONTHS, WEEKDAYS

_INTENTS = PhraseBook(rules.INTENTS)
_NO_WISH = PhraseBook(rules.NO_WISH)
_AWAY = PhraseBook((*notes.AWAY, *(each for each in auto_replies.KINDS if each[0] == AutoReplyKind.OUT_OF_OFFICE)))
_LEFT = PhraseBook(each for each in auto_replies.KINDS if each[0] == AutoReplyKind.LEFT_COMPANY)
_PROMISES = PhraseBook(notes.PROMISES)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_NUMBERED_DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th|\.|/\d)")
_NEGATIONS = re.compile(rf"(?<!\w)(?:{'|'.join(rules.NEGATIONS)})|n't ")
_GOOD_NEWS = (Intent.MEETING, Intent.INTERESTED)
_RANKS = tuple(Intent(label) for label in dict.fromkeys(label for label, _phrases in rules.INTENTS))
_TEXT_LIMIT = 1500
_SURE_LENGTH = 600
_RECALL = re.compile(r"(?:message )?recall ?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An intent, whether the rules are sure of it, and which rule told."""

    intent: Intent
    is_sure: bool
    voice: str


def intent_of(*, text: str, subject: str) -> Judgement:
    """Say what a person wants.

    A request to stop is looked for first and anywhere, since missing one costs most: a person who asks to be removed
    and is friendly besides still asks to be removed. What may be such a request is a stop that is not sure, or, beside a
    clear wish to go on, that wish, not sure either. Two other wishes in one answer make the judgement unsure.

    Args:
        text: the person's own words, quotes and signature trimmed: our own footer must never count.
        subject: decoded; counts only where it is itself a request ("unsubscribe"), or says that a mail is recalled.
    """
    stop = opt_out_of(text=text, subject=subject)
    if stop and stop.wish:
        return Judgement(stop.wish, False, f"intent: {stop.wish.value} beside {stop.phrase!r}")
    if stop:
        return Judgement(Intent.STOP, stop.is_sure, f"{'stop' if stop.is_sure else 'perhaps stop'}: {stop.phrase!r}")
    low = normalise(text[:_TEXT_LIMIT])
    if _RECALL.match(subject.strip()):
        return Judgement(Intent.OTHER, False, "intent: a recalled mail")
    alone = rules.ALONE.get(low.strip(" .!"))
    if alone:
        return Judgement(Intent(alone), False, f"intent: nothing but {low!r}")
    folded = fold(low)
    rest = without_source(folded)
    asks = rest != folded
    low = rest if asks else _NO_WISH.without(low)
    refused = refused_in(low)
    found = _found_in(low, refused)
    if asks and not found:
        return Judgement(Intent.OTHER, False, "intent: a question after the source of the address")
    judged = _weigh_with(refused, found, low) if found else _by_circumstance(low)
    return replace(judged, is_sure=judged.is_sure and not asks and not refused.is_uncertain)


def _found_in(low: str, refused: Refused) -> dict[str, tuple[str, int]]:
    """The wishes of a text by rank; those to go on from what is neither turned down nor left open."""
    found = _INTENTS.all(low)
    calls = calls_in(refused.rest)
    wishes = dict(found) if calls.rest == low else _INTENTS.all(calls.rest)
    if calls.phrase:
        wishes.setdefault(Intent.MEETING, (calls.phrase, 0))
    elif calls.is_far:
        found.setdefault(Intent.LATER, ("a call at a time far off", 0))
    for wish in _GOOD_NEWS:
        found.pop(wish, None)
    if refused.phrase and (refused.is_of_interest or Intent.LATER not in found):
        found.setdefault(Intent.NOT_INTERESTED, (refused.phrase, 0))
    found |= {wish: wishes[wish] for wish in _GOOD_NEWS if wish in wishes}
    if Intent.INTERESTED not in found:
        wanted = polite_interest_in(fold(refused.rest))
        if wanted:
            # Its place is that in the folded text, near enough for what stands before it.
            found[Intent.INTERESTED] = wanted
    return {label: found[label] for label in _RANKS if label in found}


def _weigh_with(refused: Refused, found: dict[str, tuple[str, int]], low: str) -> Judgement:
    """The intent among those found; who turns down one thing and asks for another wishes to go on, and nobody is sure."""
    wish = next((each for each in _GOOD_NEWS if each in found), None)
    if refused.phrase and not refused.is_of_interest and (wish := wish or wish_in(refused.rest)):
        return Judgement(wish, False, f"intent: {wish.value} beside {refused.phrase!r}")
    judged = _weigh(found, low)
    if judged.intent not in _GOOD_NEWS or not refused.negated:
        return judged
    wishes = [_INTENTS.all(each) for each in refused.negated]
    elsewhere = _INTENTS.all(" ".join(each for each in refused.clauses if each not in refused.negated))
    turned = [each for each, said in zip(refused.negated, wishes, strict=True) if _is_turned(each, said)]
    if turned and judged.intent is Intent.INTERESTED and Intent.INTERESTED not in elsewhere:
        return Judgement(Intent.NOT_INTERESTED, False, f"intent: negated {turned[0]!r}")
    return replace(judged, is_sure=judged.is_sure and not any(each.keys() & set(_GOOD_NEWS) for each in wishes))


def _is_turned(clause: str, said: dict[str, tuple[str, int]]) -> bool:
    """Whether a negation stands just before what speaks of interest in a clause."""
    return Intent.INTERESTED in said and _negated(clause, said[Intent.INTERESTED][1])


def _by_circumstance(low: str) -> Judgement:
    """The intent of words that say no wish, by what they tell of their writer."""
    if asks_for_mail_later(fold(low)):
        return Judgement(Intent.LATER, True, "intent: a wish to be written to on a day to come")
    if _is_away(low):
        return Judgement(Intent.LATER, True, "intent: away, and answers later")
    left = _LEFT.first(low)
    if left:
        return Judgement(Intent.WRONG_PERSON, True, f"intent: has left, {left[1]!r}")
    return Judgement(Intent.OTHER, False, "intent: no rule")


def _weigh(found: dict[str, tuple[str, int]], low: str) -> Judgement:
    """The intent among those found, by rank and by what they say together."""
    label, (phrase, _start) = next(iter(found.items()))
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


def _negated(low: str, start: int) -> bool:
    return _NEGATIONS.search(low, max(0, start - 18), start) is not None


def _is_away(low: str) -> bool:
    """Whether a person writes of being away, and promises an answer or names a time."""
    if _AWAY.first(low) is None:
        return False
    words = _WORD.findall(low)
    names_a_day = any(word in WEEKDAYS or word in MONTHS for word in words) or _NUMBERED_DAY.search(low) is not None
    return names_a_day or _PROMISES.first(low) is not None
