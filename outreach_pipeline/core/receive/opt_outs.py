"""Finds a request never to be written to again among a person's own words.

Belongs here: what makes such a request, and what leaves it in doubt. Does not: the phrases (``core.receive.rules.opt_outs``,
``opt_out_words``, ``opt_out_doubts``) or any other wish (``core.receive.intents``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from outreach_pipeline.core.receive.model import Intent
from outreach_pipeline.core.receive.opt_out_guards import asks_for_anything, is_kept_open, means_something_else
from outreach_pipeline.core.receive.opt_out_shapes import shape_in, sure_shape_in
from outreach_pipeline.core.receive.phrases import PhraseBook, fold, normalise
from outreach_pipeline.core.receive.polite_wishes import polite_end_in, without_source
from outreach_pipeline.core.receive.rules import opt_out_doubts as doubts
from outreach_pipeline.core.receive.rules import opt_out_vocabulary as vocabulary
from outreach_pipeline.core.receive.rules import opt_out_words as words
from outreach_pipeline.core.receive.rules import opt_outs as rules
from outreach_pipeline.core.receive.stop_moods import mood_in


def _book(*tables: Iterable[tuple[str, str]]) -> PhraseBook:
    return PhraseBook((label, fold(sources)) for table in tables for label, sources in table)


def _vocabulary() -> tuple[frozenset[str], tuple[str, ...]]:
    """The words of which a sure request may consist, folded, and the beginnings that may have any ending."""
    phrases = " ".join(text for table in (rules.REQUESTS, words.WORDS, words.MORE_WORDS) for _label, text in table)
    known = [fold(each) for each in (*phrases.replace("|", " ").split(), *" ".join(rules.ALONE).split())]
    beginnings = {each[:-1] for each in known if each.endswith("*") and len(each) > _SHORTEST_BEGINNING}
    return frozenset((*known, *fold(vocabulary.SMALL_WORDS).split())), tuple(beginnings)


_SHORTEST_BEGINNING = 4
_REQUESTS = _book(rules.REQUESTS)
_WORDS = _book(words.WORDS, words.MORE_WORDS)
_GO_ON = _book(words.GO_ON)
_NOT_STOP = _book(rules.NOT_STOP)
_BANNERS = _book(rules.BANNERS)
_OFFERS = _book(rules.OFFERS)
_PAGES = _book(rules.PAGES)
_HINTS = _book(doubts.HINTS)
_NO_WISH = _book(doubts.NO_WISH)
_DOUBTS = _book(doubts.NEGATED, doubts.OTHER_OBJECTS, doubts.FEATURES)
_WRITING = _book(doubts.WRITING)
_VAGUE = frozenset(map(fold, doubts.VAGUE))
_ALONE = frozenset(map(fold, rules.ALONE))
_FIRST = _ALONE | frozenset(map(fold, rules.FIRST))
_TOKEN = re.compile(r"[^\s@]{1,254}@[^\s@]{1,254}|[^\s,;:.!?¿¡()\[\]\"<>/*_]+")
_KNOWN, _BEGINNINGS = _vocabulary()
_SENTENCE = re.compile(r"(?<=[.!?\]])\s+|\n+")
_UNIT = re.compile(r"(?<=[.!?])\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"[,;:()]")
_CLAUSE_END = re.compile(r"[.!?;,]")
_GREETING = re.compile(r"[^\n.!?]{1,40}[,!:]?")
_REPLY_PREFIX = re.compile(r"^(?:(?:re|aw|fwd?|wg|sv|vs|antw|odp|ответ|відп)\s?:\s*)+")
_BEFORE_SUBJECT = re.compile(r"([^:!.-]{1,30})[:!.-]")
_GREETED = re.compile(
    r"(?:hi|hello|dear|hey|hallo|guten tag|liebe[rs]?|sehr geehrter?|bonjour|hola|ciao|buongiorno|ol[aá]|beste|geachte|witam|здравствуйте|вітаю)"
    r"\s+((?:[\w.'-]+\s*){1,3})(?:[,!.]|$)",
    re.IGNORECASE,
)
_LONGEST_NAME = 40
_EDGES = " .,!?:;-*_\"'()[]"
_SHORT = 200
_MOST_OF_A_WISH = 600
_FEW_WORDS = 4
_LONGEST_PHRASE = 60
_BEFORE = 18
_NOT_BEHIND = re.compile(r" (?:niet|nicht)\b")


@dataclass(frozen=True, slots=True)
class OptOut:
    """A request to stop, or words that may be one.

    Attributes:
        phrase: what told.
        is_sure: whether it is beyond doubt.
        wish: what the person clearly wants instead; None where stopping may be all that is wanted.
        is_plain: whether the phrase can mean nothing else.
        is_hint: whether it is no more than a word that is near to a request.
    """

    phrase: str
    is_sure: bool
    wish: Intent | None = None
    is_plain: bool = False
    is_hint: bool = False


@functools.lru_cache(maxsize=16)
def opt_out_of(*, text: str, subject: str) -> OptOut | None:
    """Find a request to stop, or what may be one, in a person's own words or in the subject.

    Beyond doubt are words that can mean nothing else, and words that often mean it where nobody wishes to go on; both in a
    sentence without a sign to the contrary. Anything nearer to a request than to nothing is in doubt.

    Args:
        text: the person's own words with their lines, quotes trimmed.
        subject: decoded.
    """
    paragraphs = [_own_sentences(each) for each in _PARAGRAPH.split(text)]
    found = _found_in(paragraphs, subject, names=_names_in(text))
    if found is None or not found.is_sure:
        return found
    units = [each for paragraph in paragraphs for each in _UNIT.split(" ".join(paragraph))]
    return replace(found, is_sure=False) if is_kept_open(units, _start_of_request) else found


def _found_in(paragraphs: list[list[str]], subject: str, *, names: frozenset[str]) -> OptOut | None:
    """What asks to stop, sure where neither its own sentence nor a clear wish says otherwise."""
    sentences = [each for paragraph in paragraphs for each in paragraph]
    low = _NOT_STOP.without(" ".join(sentences))
    units = [each for paragraph in paragraphs for each in _UNIT.split(_NOT_STOP.without(" ".join(paragraph)))]
    plain = _plain_request(low)
    if plain:
        asking = [each for each in units if _plain_request(each)]
        certain = [
            each for each in asking if not _is_doubtful(each) and _says_nothing_else(each, _plain_request, names)
        ]
        wish = wish_in(" ".join(each for each in units if each not in asking))
        if certain:
            return OptOut(plain, is_sure=wish is None, is_plain=True)
        return OptOut(plain, is_sure=False, wish=wish_in(low))
    phrase = _alone(sentences, low)
    if phrase is not None:
        wish = wish_in(low)
        return OptOut(phrase, is_sure=wish is None, wish=wish)
    asked = _in_subject(subject, has_words=bool(low))
    if asked is not None:
        phrase, is_sure = asked
        wish = wish_in(low)
        return OptOut(f"subject {phrase}", is_sure=is_sure and wish is None, wish=wish)
    return _near_request(sentences, low, units, names)


def _near_request(sentences: list[str], low: str, units: list[str], names: frozenset[str]) -> OptOut | None:
    """What asks to stop in words that a friendly answer may hold too, in a mood, or in the shape of a request."""
    word = _WORDS.first(low)
    mood = mood_in(" ".join(sentences))
    wish = wish_in(low) if word or mood else None
    if mood and (wish or not word):
        sentence, rest = mood
        return OptOut(sentence[:_LONGEST_PHRASE], is_sure=False, wish=wish_in(rest))
    if word:
        certain = [each for each in units if _is_certain(each) and _says_nothing_else(each, _WORDS.first, names)]
        return OptOut(word[1], is_sure=wish is None and bool(certain), wish=wish)
    # What a phrase that asks for nothing holds besides ("please cancel") may still be part of a wish.
    low = without_source(low)
    shape = shape_in(low) or shape_in(without_source(" ".join(sentences))) or polite_end_in(low)
    hint = None if shape else _HINTS.first(low)
    near = shape or (hint[1] if hint else None)
    return OptOut(near, is_sure=False, wish=wish_in(low), is_hint=shape is None) if near else None


def _plain_request(low: str) -> str | None:
    """Words of a folded text that mean nothing but a request to stop, or None."""
    phrase = _REQUESTS.first(low)
    shape = None if phrase else sure_shape_in(low)
    return phrase[1] if phrase else shape[0] if shape else None


def _own_sentences(paragraph: str) -> list[str]:
    """The folded sentences and lines of a paragraph that a person wrote."""
    folded = [fold(normalise(each)) for each in _SENTENCE.split(paragraph)]
    has_banner = _BANNERS.first(" ".join(folded)) is not None
    return [each for each in folded if each and not (has_banner and _is_banner(each))]


def _is_certain(sentence: str) -> bool:
    """Whether a sentence holds words of a request that is beyond doubt; vague ones have to speak of writing, or say no more."""
    word = _WORDS.first(sentence)
    if word is None or _is_doubtful(sentence):
        return False
    if len(_WORD.findall(sentence)) <= _FEW_WORDS:
        return True
    return asks_for_anything(sentence) and (word[1] not in _VAGUE or _WRITING.first(sentence) is not None)


def _says_nothing_else(sentence: str, asks: Callable[[str], object], names: frozenset[str]) -> bool:
    """Whether a sentence, from the part that asks on, consists of words of requests alone, beside names and addresses."""
    pieces = _PIECE.split(sentence)
    asking = [" ".join(pieces[start:]) for start, each in enumerate(pieces) if asks(each)] or [sentence]
    return any(all(map(_is_known, (word for word in _TOKEN.findall(each) if word not in names))) for each in asking)


def _is_known(word: str) -> bool:
    bare = word.strip("'-")
    return bare in _KNOWN or "@" in bare or bare.startswith(_BEGINNINGS) or not any(map(str.isalnum, bare))


def _names_in(text: str) -> frozenset[str]:
    """The folded words of lines that are no more than a name, and of greetings."""
    lines = [each.strip() for each in text.splitlines()]
    named = [each for each in lines if _is_name(each) and not _asks(each)]
    greeted = [found[1] for found in map(_GREETED.match, lines) if found]
    return frozenset(_TOKEN.findall(fold(normalise(" ".join((*named, *greeted))))))


def _is_name(line: str) -> bool:
    return len(line) <= _LONGEST_NAME and all(not word[0].islower() for word in line.split())


def _asks(line: str) -> bool:
    low = fold(normalise(line))
    return _plain_request(low) is not None or _WORDS.first(low) is not None


def _start_of_request(sentence: str) -> int | None:
    """Where in a folded sentence a request begins, or None."""
    found = _REQUESTS.all(sentence) or _WORDS.all(sentence)
    shape = None if found else sure_shape_in(sentence)
    return found["stop"][1] if found else shape[1] if shape else None


def _is_doubtful(sentence: str) -> bool:
    """Whether a sentence that holds a request speaks of something or somebody else, or wishes the opposite."""
    if _DOUBTS.first(sentence) or means_something_else(sentence):
        return True
    said = frozenset(_WORD.findall(sentence))
    return not doubts.OTHER_PEOPLE.isdisjoint(said) and doubts.OF_US.isdisjoint(said) and not _speaks_of_me(sentence)


def wish_in(low: str) -> Intent | None:
    """A clear wish to go on in a normalised text, or None."""
    low = _NO_WISH.without(fold(low))
    for label, (phrase, start) in _GO_ON.all(low).items():
        before = _CLAUSE_END.split(low[max(0, start - _BEFORE) : start])[-1].split()
        # Dutch and German put the negation behind the verb.
        is_turned = _NOT_BEHIND.match(low, start + len(phrase)) is not None
        if not is_turned and not any(word in words.TURNED or word.endswith("n't") for word in before):
            return Intent(label)
    return None


def is_plain_request(line: str) -> bool:
    """Whether a line asks to stop in words that mean nothing else, and no gateway or footer wrote it."""
    low = fold(normalise(line))
    return _plain_request(low) is not None and not _is_banner(low)


def is_stop(*, text: str, subject: str) -> bool:
    """Whether a mail that answers nothing, or its subject, asks to stop in words that mean nothing else, or is short.

    In a long one the offer at a mailing's foot does not count.
    """
    stop = opt_out_of(text=text, subject=subject)
    if stop is None or not stop.is_sure:
        return False
    is_short = len(text) <= _SHORT and not offers_to_stop(text)
    return is_short or asks_to_stop(text) or _in_subject(subject, has_words=bool(text.strip())) is not None


def may_be_stop(*, text: str, subject: str) -> bool:
    """Whether a person's mail that answers nothing may ask to stop: in words of a wish, whoever has to decide about it.

    A mere word that is near to a wish, a wish to go on, a long mail and the offer at a mailing's foot are none.
    """
    stop = opt_out_of(text=text, subject=subject)
    is_wish = stop is not None and stop.wish is None and not stop.is_hint
    return is_wish and len(text) <= _MOST_OF_A_WISH and not offers_to_stop(text)


def asks_to_stop(text: str, *, for_anybody: bool = False) -> bool:
    """Whether one of the sentences of a mailing or of a machine's mail is beyond doubt a person's request to stop.

    Args:
        text: the mail's own words.
        for_anybody: whether a whole sentence may ask it for an address of which it does not say "my".
    """
    # What the whole does not hold, none of its sentences does: most mail is done with here.
    return opt_out_of(text=text, subject="") is not None and any(
        _asks_to_stop(each, for_anybody=for_anybody) for each in _whole_sentences(text)
    )


def offers_to_stop(text: str) -> bool:
    """Whether a text has the offer to unsubscribe by which mailings are known."""
    sentences = _whole_sentences(text)
    return _OFFERS.first(" ".join(sentences)) is not None and any(map(_is_offer, sentences))


def _asks_to_stop(sentence: str, *, for_anybody: bool) -> bool:
    stop = None if _is_offer(sentence) else opt_out_of(text=sentence, subject="")
    if stop is None or not stop.is_sure:
        return False
    is_whole = for_anybody and len(_WORD.findall(sentence)) > _FEW_WORDS
    return stop.is_plain or is_whole or _speaks_of_me(sentence)


def _whole_sentences(text: str) -> list[str]:
    """The folded sentences of a mailing, whose lines are wrapped anywhere: only blank ones end a sentence."""
    return [
        fold(normalise(each)) for part in _PARAGRAPH.split(text) for each in _SENTENCE.split(" ".join(part.split()))
    ]


def _is_offer(sentence: str) -> bool:
    return _OFFERS.first(sentence) is not None and not _speaks_of_me(_PAGES.without(sentence))


def _is_banner(sentence: str) -> bool:
    """Whether no person wrote a sentence, who would speak of "me"."""
    return _BANNERS.first(sentence) is not None and not _speaks_of_me(_PAGES.without(sentence))


def _speaks_of_me(sentence: str) -> bool:
    return not rules.FIRST_PERSON.isdisjoint(_WORD.findall(sentence))


def _alone(sentences: list[str], low: str) -> str | None:
    """A whole sentence that means stop: the first, the one after a greeting, or any of a short answer."""
    bare = [each.strip(_EDGES) for each in sentences]
    opening = bare[: 2 if sentences and _GREETING.fullmatch(sentences[0]) else 1]
    found = next((each for each in opening if each in _FIRST), None)
    if found or len(low) > _SHORT:
        return found
    return next((piece for each in bare for piece in (each, each.rpartition(", ")[2]) if piece in _ALONE), None)


def _in_subject(subject: str, *, has_words: bool) -> tuple[str, bool] | None:
    """What in a subject asks to stop, and whether that is sure; our own subject that comes back ("Re: ...") asks nothing.

    Args:
        subject: decoded.
        has_words: whether the mail has words of its own; a subject alone says all there is.
    """
    title = _NOT_STOP.without(fold(normalise(subject)))
    bare = _REPLY_PREFIX.sub("", title).strip(_EDGES)
    answers = bare != title.strip(_EDGES)
    if bare in _ALONE or bare.removeprefix("please ").removesuffix(" please").removesuffix(" me") in _ALONE:
        return bare, True
    plain = _plain_request(bare)
    if plain:
        return plain, not _is_doubtful(bare) and (not answers or not has_words or _speaks_of_me(bare))
    word = None if answers else _WORDS.first(bare)
    if word:
        return word[1], not has_words or _speaks_of_me(bare)
    before = None if answers else _BEFORE_SUBJECT.match(bare)
    return (before[1], False) if before and before[1].strip(_EDGES) in _ALONE else None
