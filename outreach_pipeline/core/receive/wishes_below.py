"""Finds a wish to stop among words of which nobody can tell who wrote them: below a quote without marks, in a machine's mail.

Such a wish is for a person to decide. Belongs here: whether the writer said anything above a quote, which sentence below is no
footer of ours, which few words in a machine's mail are none of its own. Does not: where the quote begins (``core.receive.quotes``).
"""

from __future__ import annotations

import re

from outreach_pipeline.core.receive.opt_outs import offers_to_stop, opt_out_of
from outreach_pipeline.core.receive.phrases import fold, normalise
from outreach_pipeline.core.receive.rules import quotes as rules
from outreach_pipeline.core.receive.rules.opt_outs import FIRST_PERSON, OF_MACHINES
from outreach_pipeline.core.receive.stop_moods import threatens

_GREETING = re.compile(rf"(?:{'|'.join(rules.GREETINGS)})(?!\w)[^.!?:]{{0,40}}[,.!]?", re.IGNORECASE)
_POINTERS = frozenset(rules.POINTERS)
_FOOTERS = frozenset(map(fold, rules.FOOTER_LINKS))
_OF_A_WRITER = re.compile(rf"(?<!\w)(?:{'|'.join(rules.OF_A_WRITER)})(?!\w)")
_OF_A_MACHINE = re.compile(rf"(?<!\w)(?:{'|'.join(rules.OF_A_MACHINE)})(?!\w)")
_PIECE = re.compile(r"[:,|]\s*")
_CONDITIONS = re.compile(rf"(?<!\w)(?:{'|'.join(rules.CONDITIONS)})(?!\w)")
_INLINE = re.compile(r"^\s*(?:\[[^\]\n]{1,30}\]|[A-Z][\w.]{0,20}:|-{1,2}>|=>|#{1,3}|\*{1,3})\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"<?(?:[\w.+-]{1,64}@|https?://|www\.)[^\s@]{1,200}")
_LINK = re.compile(r"https?:|www\.|mailto:|<[^<>\s]+@[^<>\s]+>", re.IGNORECASE)
_LONG_LINE = 50
_MOST_LINES = 400
_MOST_SENTENCES = 800
_LONGEST_LINE = 1000
_LONGEST_UNIT = 400
_FEW_WORDS = 6
_MUCH_TEXT = 600


def wish_below(*, above: str, below: str) -> str | None:
    """The sentence of a quote without marks that wishes for an end and is no footer's, where its writer says nothing above; or None.

    Args:
        above: the person's own words above the quote, signature trimmed.
        below: the quoted text with its lines.
    """
    if not below.strip() or not _says_nothing(above):
        return None
    return next((each for each in _sentences(below) if _wishes_for_an_end(each)), None)


def is_wish_alone(text: str) -> bool:
    """Whether a machine's mail says no more than a few words of a wish to stop, or such words in its first line.

    Args:
        text: the mail's own words, quotes and signature trimmed.
    """
    lines = [line.strip() for line in text[: 2 * _MUCH_TEXT].split("\n") if line.strip()]
    if len(lines) > 1 and _GREETING.fullmatch(normalise(lines[0])):
        del lines[0]
    if not lines or len(text) > _MUCH_TEXT:
        return False
    # A link may be all that a mailing's first line is.
    return _is_short_wish("\n".join(lines)) or (not _is_footer(lines[0]) and _is_short_wish(lines[0], is_whole=False))


def _is_short_wish(words: str, *, is_whole: bool = True) -> bool:
    if len(_WORD.findall(words)) > _FEW_WORDS or _LINK.search(words) or offers_to_stop(words):
        return False
    stop = opt_out_of(text=words, subject="")
    if stop is None or stop.is_hint or stop.wish is not None or stop.phrase in OF_MACHINES:
        return False
    return stop.is_sure or (is_whole and not _OF_A_MACHINE.search(normalise(words)))


def _says_nothing(text: str) -> bool:
    """Whether a text is no more than a greeting, a pointer to what is below, or lines of a signature."""
    return all(_is_empty(line.strip()) for line in text.split("\n") if line.strip())


def _is_empty(line: str) -> bool:
    low = normalise(line)
    words = _WORD.findall(low)
    is_titled = not line.endswith(("!", "?")) and all(
        not word[0].islower() for word in re.findall(r"[^\W\d_]{4,}", line)
    )
    return (
        _POINTERS.issuperset(words)
        or _GREETING.fullmatch(low) is not None
        or low.startswith(rules.MOBILE_SIGNATURES)
        or low.rstrip(",.!") in rules.VALEDICTIONS
        or is_titled
        or _ADDRESS.fullmatch(line) is not None
    )


def _sentences(text: str) -> list[str]:
    """The sentences of a text whose lines are wrapped: a line goes on in the next one if it is long and ends no sentence."""
    units: list[str] = []
    goes_on = False
    for line in text.split("\n")[-_MOST_LINES:]:
        bare = line[:_LONGEST_LINE].strip()
        if goes_on and bare and not _INLINE.match(line) and len(units[-1]) < _LONGEST_UNIT:
            units[-1] = f"{units[-1]} {bare}"
        elif bare:
            units.append(_INLINE.sub("", bare))
        goes_on = len(bare) >= _LONG_LINE and bare[-1] not in ".!?:" and not _LINK.search(bare)
    return [each for unit in units for each in _SENTENCE.split(unit)][-_MOST_SENTENCES:]


def _wishes_for_an_end(sentence: str) -> bool:
    if _is_footer(sentence):
        return False
    stop = opt_out_of(text=sentence, subject="")
    if stop is None or stop.is_hint or stop.wish is not None:
        return False
    return stop.is_sure or stop.is_plain or _speaks_of_me(sentence)


def _is_footer(sentence: str) -> bool:
    """Whether a mailing's author wrote a sentence about stopping: beside a link, as an offer or a promise, or for a case that may be."""
    said = normalise(sentence)
    low = fold(said).strip(" .!<>()[]*_|")
    if (
        _LINK.search(sentence)
        or _PIECE.split(low)[-1] in _FOOTERS
        or _OF_A_WRITER.search(said)
        or _OF_A_WRITER.search(low)
    ):
        return True
    if _CONDITIONS.search(low):
        return not threatens(low)
    return offers_to_stop(sentence) and not _speaks_of_me(sentence)


def _speaks_of_me(sentence: str) -> bool:
    return not FIRST_PERSON.isdisjoint(_WORD.findall(normalise(sentence)))
