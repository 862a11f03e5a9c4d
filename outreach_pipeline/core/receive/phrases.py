"""Tables of phrases, and how fast to look them up in a text.

Rules are written as plain phrases so that a person can review them. In a phrase a ``*`` between spaces stands for at
most 50 characters, and a ``*`` at a word's end for any ending (``mailbox*`` finds mailboxes). Phrases match whole words
and are written the way ``normalise`` leaves a text. Each phrase is first sought as a plain substring, which is so much
faster than a regular expression that hundreds of phrases cost tenths of a millisecond.

Belongs here: the machinery. Does not: any phrase (``core.receive.rules``).
"""

# ruff: noqa: RUF001  typographic quotes, dashes and letters are what this file straightens

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_SPACES = re.compile(r"\s+")
_APOSTROPHE = re.compile(r"\b(do|did|does|ca|wo|would|should)nt\b")
_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "ı": "i"})
_STRAIGHT = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "\xad": None,
        "\u200b": None,
        "\u200e": None,
        "\u200f": None,
        "\ufeff": None,
    }
)


def normalise(text: str) -> str:
    """Lower case, straight quotes and dashes, composed letters of usual width, no invisible characters, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text.translate(_STRAIGHT)).lower()).strip()


def fold(low: str) -> str:
    """A normalised text as people type in haste: without accents or umlauts written out, "dont" and "don't" as one."""
    low = _APOSTROPHE.sub(r"\1n't", low)
    if not low.isascii():
        low = "".join(each for each in unicodedata.normalize("NFD", low) if not unicodedata.combining(each))
        low = low.translate(_LETTERS)
    return low.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def folded_pattern(source: str) -> re.Pattern[str]:
    """A regular expression for folded texts, from one that is written with its accents."""
    return re.compile(fold(source))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a table: its source text, the longest literal in it, and the exact pattern."""

    source: str
    anchor: str
    pattern: re.Pattern[str]

    def found_in(self, text: str) -> re.Match[str] | None:
        """Where the phrase first occurs in a normalised text, or None."""
        return self.pattern.search(text) if self.anchor in text else None


def compile_phrase(source: str) -> Phrase:
    """Turn a phrase of a table into what finds it."""
    pieces = [piece.strip() for piece in re.split(r"(?:^|\s)\*(?:\s|$)", source)]
    compiled = []
    for piece in pieces:
        body = re.escape(piece).replace(r"\*", r"\w*").replace(r"\ ", " ")
        before = r"(?<!\w)" if _is_of_word(piece[:1]) else ""
        after = r"(?!\w)" if _is_of_word(piece[-1:]) else ""
        compiled.append(before + body + after)
    anchor = max((part for piece in pieces for part in piece.split("*")), key=len)
    return Phrase(source, anchor, re.compile(r"[^\n]{0,50}?".join(compiled)))


def _is_of_word(character: str) -> bool:
    """Whether words in this script are parted by spaces; Chinese and Japanese ones are not."""
    return character.isalnum() and character < "\u2e80"


def split_phrases(sources: str) -> list[str]:
    """The phrases of one string of a table, without the space around them."""
    return [phrase.strip() for phrase in re.split(r"[|\n]", sources) if phrase.strip()]


class PhraseBook:
    """Labels with their phrases; the order of the entries is their rank, and a label may have several entries.

    Args:
        table: pairs of a label and its phrases, written in one string with ``|`` or a new line between them.
    """

    def __init__(self, table: Iterable[tuple[str, str]]) -> None:
        self._entries = tuple(
            (label, tuple(compile_phrase(source) for source in split_phrases(sources))) for label, sources in table
        )

    def first(self, text: str) -> tuple[str, str] | None:
        """The first label, in the table's order, one of whose phrases is in the normalised text, and that phrase."""
        for label, phrases in self._entries:
            for phrase in phrases:
                # Hundreds of phrases a mail: the plain search stands here, without a call.
                if phrase.anchor in text and phrase.pattern.search(text):
                    return label, phrase.source
        return None

    def without(self, text: str) -> str:
        """The normalised text with every occurrence of every phrase left out."""
        for _label, phrases in self._entries:
            for phrase in phrases:
                if phrase.anchor in text:
                    text = phrase.pattern.sub(" ", text)
        return text

    def all(self, text: str) -> dict[str, tuple[str, int]]:
        """Every label that occurs in the normalised text, with one of its phrases and where that starts."""
        found: dict[str, tuple[str, int]] = {}
        for label, phrases in self._entries:
            for phrase in phrases:
                match = None if label in found else phrase.found_in(text)
                if match:
                    found[label] = (phrase.source, match.start())
                    break
        return found
