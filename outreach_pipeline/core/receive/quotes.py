"""Finds a person's own words in an answer: without quotes, headers of quotes, signature.

Belongs here: cutting text. Does not: what the words mean (``core.receive.intents``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.opt_outs import is_plain_request
from outreach_pipeline.core.receive.rules import quotes as rules
from outreach_pipeline.core.receive.texts import OUTLOOK_MARK

MAX_OWN_WORDS = 4000
"""Characters of a person's own words that are kept."""

_ENDS = "|".join(re.escape(end) for end in sorted(rules.ATTRIBUTION_ENDS, key=len, reverse=True))
_ATTRIBUTION = re.compile(rf"(?:^|[\s>)\]])(?:{_ENDS})\b[^\n:]{{0,80}}:\s*$", re.IGNORECASE)
_ADDRESS_ATTRIBUTION = re.compile(r"\d{1,2}[:.]\d{2}[^\n]{0,120}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*:\s*$")
_ENDS_WITHOUT_SPACES = re.compile(rf"(?:{'|'.join(rules.ENDS_WITHOUT_SPACES)})\s*[:：]\s*$")
_ZOHO = re.compile(rf"^\s*-{{2,}}\s[^\n]{{5,250}}\s(?:{_ENDS})\s*-{{2,}}\s*:?\s*$", re.IGNORECASE)
_TIME_ALONE = re.compile(
    r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?\s*", re.IGNORECASE
)
_SIGN_OF_ATTRIBUTION = re.compile(r"\d|@|<|(?:^|\s)on\b|(?:^|\s)(?:am|le|el|il|op|em|w dniu)\s", re.IGNORECASE)
_ORIGINAL = re.compile(r"^\s*(?:" + "|".join(rules.ORIGINAL_MARKERS) + ")", re.IGNORECASE)
_FROM_LINE = re.compile(rf"^\s*\*?(?:{'|'.join(rules.HEADER_NAMES)})\s?[:：]\*?\s*\S", re.IGNORECASE)
_FOLLOWER = re.compile(rf"^\s*\*?(?:{'|'.join(rules.HEADER_FOLLOWERS)})\s?[:：]", re.IGNORECASE)
_VALEDICTION = re.compile(rf"^\s*(?:{'|'.join(re.escape(v) for v in rules.VALEDICTIONS)})\s*[,.!]?\s*$", re.IGNORECASE)
_MOBILE = tuple(rules.MOBILE_SIGNATURES)
_RULE = re.compile(r"^\s*_{20,}\s*$")
_LIST_FOOTER = re.compile(r"^(?:_{30,}|-{30,}|={30,})\s*$")
_MAX_LINES = 2000
_TAIL = 1500
_POSTSCRIPT = re.compile(r"^\s*(?:p\.? ?s|n\.? ?b|п\.? ?с|з\.? ?и)\b\.?\s*[:.,-]?\s*\S", re.IGNORECASE)
_MAX_SIGNATURE_LINES = 15
_QUOTED_LINES = 2
"""Lines marked as quoted that make a quote; one alone may be an arrow or an escaped "From"."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A person's own words, whether the mail quotes another, and what it quotes without marking its lines."""

    text: str
    has_quote: bool
    unmarked: str = ""


def own_words(text: str) -> OwnWords:
    r"""Trim quotes and signature off a text with ``\\n`` line ends.

    Words above a quote, between its lines and below it are kept; if the mail is nothing but quotes, the result is
    empty: what another wrote must never count as this person's words.
    """
    lines = text.split("\n")[:_MAX_LINES]
    kept: list[str] = []
    unmarked: list[str] = []
    has_quote = False
    quoted_lines = 0
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.lstrip().startswith((">", "|>", "¦")):
            quoted_lines += 1
            if line.startswith(OUTLOOK_MARK):
                unmarked.append(line.removeprefix(OUTLOOK_MARK))
            number += 1
            continue
        step = _attribution_length(lines, number)
        if step:
            has_quote = True
            number += step
            if not _quoted_marks_follow(lines, number):
                unmarked = lines[number:]
                break
            continue
        if (
            _ORIGINAL.match(line)
            or _ZOHO.match(line)
            or _is_outlook_header(lines, number)
            or _is_outlook_rule(lines, number)
            or _is_notes_header(lines, number)
        ):
            has_quote = True
            unmarked = lines[number:]
            break
        kept.append(line)
        number += 1
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(_without_signature(kept)).strip())
    return OwnWords(_shortened(words), has_quote or quoted_lines >= _QUOTED_LINES, "\n".join(unmarked))


def _shortened(words: str) -> str:
    """The beginning and the end of what is too long: what a person wants stands in one of them."""
    if len(words) <= MAX_OWN_WORDS:
        return words
    return f"{words[: MAX_OWN_WORDS - _TAIL].rstrip()}\n{words[1 - _TAIL :].lstrip()}"


def _attribution_length(lines: list[str], number: int) -> int:
    """How many lines, one to three, an attribution that starts here takes; 0 for none."""
    first = lines[number].strip()
    if not first or len(first) > 300:
        return 0
    joined = ""
    for length in (1, 2, 3):
        if number + length > len(lines):
            break
        piece = lines[number + length - 1].strip()
        if not piece or piece.startswith(">"):
            break
        joined = f"{joined} {piece}".strip()
        if len(joined) > 400:
            break
        if joined.endswith((":", "：")) and (
            _ADDRESS_ATTRIBUTION.search(joined)
            or _ENDS_WITHOUT_SPACES.search(joined)
            or (_ATTRIBUTION.search(joined) and _SIGN_OF_ATTRIBUTION.search(joined))
        ):
            # Only a line that itself looks like the beginning of one may swallow the next.
            return length if length == 1 or _SIGN_OF_ATTRIBUTION.search(first) else 0
    return 0


def _quoted_marks_follow(lines: list[str], number: int) -> bool:
    """Whether the quote below an attribution marks its lines, so that what is unmarked is the person's own."""
    following = [line for line in lines[number : number + 6] if line.strip()]
    return bool(following) and following[0].lstrip().startswith((">", "|"))


def _is_outlook_header(lines: list[str], number: int) -> bool:
    if _FOLLOWER.match(lines[number]) and number + 1 < len(lines) and _FROM_LINE.match(lines[number + 1]):
        # GMX and others name the time before the writer.
        return _is_outlook_header(lines, number + 1)
    if not _FROM_LINE.match(lines[number]):
        return False
    followers = [line for line in lines[number + 1 : number + 6] if line.strip()][:3]
    return sum(bool(_FOLLOWER.match(line)) for line in followers) >= 2 or (
        len(followers) == 1 and bool(_FOLLOWER.match(followers[0]))
    )


def _is_outlook_rule(lines: list[str], number: int) -> bool:
    """Whether a rule of underscores is Outlook's, which a quoted header follows."""
    if not _RULE.match(lines[number]):
        return False
    following = [index for index in range(number + 1, min(number + 4, len(lines))) if lines[index].strip()]
    return bool(following) and _is_outlook_header(lines, following[0])


def _is_notes_header(lines: list[str], number: int) -> bool:
    """Whether the writer and the time of a quoted mail stand here as Lotus Notes puts them, with header names below."""
    if number + 1 >= len(lines) or not lines[number].strip() or not _TIME_ALONE.fullmatch(lines[number + 1]):
        return False
    below = {line.strip().lower().rstrip(":") for line in lines[number + 2 : number + 12]}
    return not below.isdisjoint(rules.NOTES_TO) and not below.isdisjoint(rules.NOTES_SUBJECT)


def _without_signature(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if line.strip() and not _is_of_phone(line)), len(lines))
    if any(map(_is_of_phone, lines[:start])):
        # A phone's line above all else signs nothing off.
        lines = [line for line in lines[:start] if is_plain_request(line)] + lines[start:]
    end = _signature_start(lines)
    body, below = lines[:end], lines[end:]
    while body and not body[-1].strip():
        body.pop()
    for number in range(max(1, len(body) - _MAX_SIGNATURE_LINES), len(body)):
        if _VALEDICTION.match(body[number]) and any(line.strip() for line in body[:number]):
            body, below = body[:number], body[number:] + below
            break
    return body + _afterthoughts(below)


def _is_of_phone(line: str) -> bool:
    return line.strip().lower().startswith(_MOBILE)


def _signature_start(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare in ("--", "—") or (number > 0 and _LIST_FOOTER.match(bare)) or (number > 0 and _is_of_phone(line)):
            return number
    return len(lines)


def _afterthoughts(signature: list[str]) -> list[str]:
    """What a person adds below the signature: a postscript, and requests to stop, of which none may be missed."""
    kept: list[str] = []
    in_postscript = False
    for line in signature:
        in_postscript = bool(line.strip()) and (in_postscript or _POSTSCRIPT.match(line) is not None)
        if in_postscript or is_plain_request(line):
            kept.append(line)
    return ["", *kept] if kept else []
