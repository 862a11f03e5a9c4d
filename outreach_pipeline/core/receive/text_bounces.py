"""Reads failure notices that are written for people only.

Half of all bounces carry no machine-readable part. Most of the many wordings follow a few layouts: an address that
begins a line and what was said about it below; a list of addresses and a transcript; a sentence around an address. So
one reader of layouts serves them all, and the products differ only in their wording (``core.receive.rules.bounces``).

Belongs here: is a text such a notice, which addresses failed, what was said of each. Does not: machine-readable fields
(``core.receive.dsn``) or the meaning of what was said (``core.receive.reasons``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.headers import ADDRESS
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.quotes import own_words
from outreach_pipeline.core.receive.rules import bounces as rules
from outreach_pipeline.core.receive.rules import quotes

_OPENINGS = PhraseBook(rules.OPENINGS)
_DELAYS = PhraseBook(rules.DELAYS)
_PERSONAL = PhraseBook(rules.PERSONAL)
_SUBJECTS = tuple(
    sorted({p.strip() for _, block in rules.SUBJECTS for p in re.split(r"[|\n]", block) if p.strip()}, key=len)
)
_RETURNED = re.compile(r"^[ \t]*(?:" + "|".join(rules.RETURNED) + ")", re.IGNORECASE | re.MULTILINE)
_HEADERS_BEGIN = re.compile(
    r"^(?:message-id|date|subject|from|to|mime-version):[^\n]*\n(?:[\w-]{2,40}:[^\n]*\n|[ \t][^\n]*\n){3}",
    re.IGNORECASE | re.MULTILINE,
)
_REPLY_PREFIX = re.compile(r"^(?:re|fwd?|aw|wg|sv|vs|tr|rv|r|i|odp|пересл|ответ)\s?:", re.IGNORECASE)

_FORWARD_PREFIX = re.compile(r"^(?:(?:fwd?|wg|tr|rv|enc|i|doorst|pd|пересл|пер)\s?:\s*)+", re.IGNORECASE)
_FORWARDED = re.compile(rf"^[ \t]*(?:{'|'.join(quotes.ORIGINAL_MARKERS)})[^\n]*\n", re.IGNORECASE | re.MULTILINE)
# Outlook's header of the mail that it passes on: who wrote it, and below that when, to whom or what about.
_FORWARDED_HEADER = re.compile(
    rf"^(?:_{{20,}}[ \t]*\n(?:[ \t]*\n)?)?[ \t]*\*?(?:{'|'.join(quotes.HEADER_NAMES)})[ \t]?[:\uff1a]\*?[ \t]*\S[^\n]*\n(?:[ \t]*\n)?"
    rf"(?=[ \t]*\*?(?:{'|'.join(quotes.HEADER_FOLLOWERS)})[ \t]?[:\uff1a])",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE_MARKS = re.compile(r"^[>¦] ?", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_PASSES_ON = frozenset(
    {"fyi", "for", "forward", "forwarded", "forwarding", "the", "this", "message", "mail", "bounce", "your", "info", "information", "see", "below", "please", "zur", "kenntnis", "siehe", "unten", "pour", "ci", "dessous", "ver", "abajo", "abaixo", "para", "su", "información", "conocimiento", "informação", "conhecimento", "per", "conoscenza", "informazione", "vedi", "sotto", "ter", "informatie", "kennisgeving", "zie", "onder", "do", "wiadomości", "informacji", "poniżej", "для", "информации", "к", "сведению", "см", "ниже", "до", "відома", "інформації", "нижче"}
)  # fmt: skip
"""Of what a person writes above a notice, what says nothing."""

_ADDRESS = ADDRESS.pattern.partition("@-])")[2]
_LEAD = r"^[ \t>*|•·-]{0,12}(?:\d{1,3}[.)][ \t]*|[45]\d\d[ \t]+(?=<?[^\s<>]{3,254}@[^\s<>]{1,254}>?\.\.\.))?"
_LINE_ADDRESS = re.compile(
    _LEAD
    + r"(?:(?:final |original |failed |intended |e-?mail |the following )?(?:recipient|address|addressed|addressee|user|to|rcpt|rcpt to)s?(?: to| address)?[ \t]*:[ \t]*)?"
    r"[\"'<\[]{0,3}(" + _ADDRESS + r")[>\"'\]]{0,3}([^\n]*)",
    re.IGNORECASE,
)
_NAMED_IN_TEXT = re.compile(
    r"(?:rcpt to: ?<?|rejected recipient <|address: ?<|original-recipient: ?rfc822; ?|recipient: ?<?|recipient address: ?<?"
    r"|unknown user: ?<?|invalid recipient: ?<?|allowed size: ?<?|mail ?box(?: is)? full: ?<?|mail to <?|message to:? <?|mail for <?"
    r"|delivered to:? <?|undeliverable to <?|deliver to <?|deliver(?:ed)? mail to <?|addressed to:? <?|addressed to <|no such user:? <?|user <)("
    + _ADDRESS
    + ")",
    re.IGNORECASE,
)
_NOT_FAILED_BEFORE = re.compile(
    r"(?:from:?\s*<?|from:? \"?[^\n<]{0,60}<|generated from:?\s*<?|sender:?\s*<?|sent by:?\s*<?|reply-to:?\s*<?|contact(?:ing)?:?\s*<?|assistance[^\n]{0,60}"
    r"|mail to <|mailto:|\bid[:=] ?<?|please (?:e-?mail|contact|write to|send)[^\n]{0,80}|forwarded to[^\n]{0,20}|postmaster at[^\n]{0,20}|help[^\n]{0,30}|report[^\n]{0,30})$",
    re.IGNORECASE,
)
_NOT_FAILED_ABOVE = re.compile(r"(?:sent by|from|contact|sender is|write to|mail to)\s*:?\s*$", re.IGNORECASE)
_SKIP_LINE = re.compile(
    r"^[ \t]*(?:from|sender|reply-to|cc|bcc|return-path|message-id|x-[\w-]+|received|subject|references|in-reply-to|date|list-[\w-]+)[ \t]*:",
    re.IGNORECASE,
)
_FORWARDED_FROM = re.compile(
    r"\((?:ultimately )?(?:generated|expanded) from:?[ \t]*<?([^\s<>()]{3,254})>?\)", re.IGNORECASE
)
_ORIGINAL_ADDRESS = re.compile(
    r"^[ \t]*original address:[ \t]*<?([^\s<>]{3,254}@[^\s<>]{3,254})", re.IGNORECASE | re.MULTILINE
)
_MAX_LINES = 1200
_MAX_RECIPIENTS = 200
_MAX_SAID = 2000
_MAX_SENTENCES = 32768


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a text reports, what it says of it, and the address that was written to where that differs."""

    recipient: str
    said: str
    original: str | None = None


def notice_region(text: str) -> tuple[str, str]:
    """Part a notice from the mail that it returns; the second is empty where none follows."""
    match = _RETURNED.search(text)
    headers = _HEADERS_BEGIN.search(text)
    starts = [found.start() for found in (match, headers) if found and text[: found.start()].strip()]
    if not starts:
        return text, ""
    return text[: min(starts)], text[min(starts) :]


def opening_of(text: str) -> str | None:
    """The product whose wording a notice's text has, or None."""
    found = _OPENINGS.first(normalise(text[:6000]))
    return found[0] if found else None


def is_reply_subject(subject: str) -> bool:
    """Whether a subject begins as answers and forwards do."""
    return _REPLY_PREFIX.match(normalise(subject)) is not None


def is_notice_subject(subject: str) -> bool:
    """Whether a subject is that of a failure notice itself, not of an answer to one."""
    low = normalise(subject).lstrip("*[( ")
    if _REPLY_PREFIX.match(low):
        return False
    return any(low.startswith(phrase) for phrase in _SUBJECTS) or any(
        phrase in low
        for phrase in (
            "undeliverable",
            "delivery failure",
            "delivery status notification",
            "failure notice",
            "returned mail",
            "message you sent blocked",
        )
    )


def forwarded_notice(subject: str, text: str, *, sender: str) -> str | None:
    """The text of a notice that a person forwards without a word of their own, its marks removed; None if it is none."""
    begin = _forwarded_part(subject, text)
    if not begin or has_words_above(subject, text, sender=sender):
        return None
    inner = _QUOTE_MARKS.sub("", text[begin.end() :])
    return inner if opening_of(inner) else None


def has_words_above(subject: str, text: str, *, sender: str) -> bool:
    """Whether a person forwards a notice and says something themselves: more than "FYI", "see below" or their name."""
    begin = _forwarded_part(subject, text)
    return begin is not None and has_own_words(text[: begin.start()], sender=sender)


def has_own_words(text: str, *, sender: str) -> bool:
    """Whether a text that stands with something passed on says more than that: no signature, and not the ``sender``'s name."""
    # A signature is one only below words.
    said = _WORD.findall(own_words(f"fyi\n{text}").text.lower())
    return not (_PASSES_ON | frozenset(_WORD.findall(sender.lower()))).issuperset(said)


def _forwarded_part(subject: str, text: str) -> re.Match[str] | None:
    low = normalise(subject)
    prefix = _FORWARD_PREFIX.match(low)
    if not prefix or not is_notice_subject(low[prefix.end() :]):
        return None
    marked = _FORWARDED.search(text)
    headed = _FORWARDED_HEADER.search(text, 0, marked.start() if marked else len(text))
    # Below a notice the header is that of the mail which it returns.
    return headed if headed and not opening_of(text[: headed.start()]) else marked


def has_personal_words(text: str) -> bool:
    """Whether a person speaks in a text: greets, or says "I" or "our"."""
    return _PERSONAL.first(normalise(text[:6000])) is not None


def is_delay(text: str) -> bool:
    """Whether a notice says that the mail is still being tried."""
    return _DELAYS.first(normalise(text[:6000])) is not None


def failures_in(region: str, *, own: frozenset[str]) -> list[Failure]:
    """The failed addresses of a notice, each once, with what is said about them.

    Args:
        region: the notice without the returned mail.
        own: addresses of this side and of the notice's author, lower case: never failed recipients unless the text
            has a line of their own for them.
    """
    lines = region.split("\n")[:_MAX_LINES]
    starts = _line_starts(lines, own)
    if not starts:
        return _in_sentences(region, own)
    blocks: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for index, (number, address) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else len(lines)
        key = address.lower()
        names.setdefault(key, address)
        blocks.setdefault(key, []).append("\n".join(lines[number:end]))
    failures = []
    for key, said in blocks.items():
        text = "\n".join(said)
        original = _FORWARDED_FROM.search(text) or _ORIGINAL_ADDRESS.search(text)
        failures.append(Failure(names[key], text[:_MAX_SAID], original[1] if original and "@" in original[1] else None))
    return failures[:_MAX_RECIPIENTS]


def local_parts_in(region: str, *, domain: str) -> list[Failure]:
    """Recipients that a provider's own notice names by their local part alone (AOL): indented words below a colon."""
    found: list[Failure] = []
    listing = False
    for line in region.split("\n")[:_MAX_LINES]:
        bare = line.strip()
        if listing and re.fullmatch(r"[\w.+-]{2,64}", bare) and line[:1] in " \t" and domain:
            found.append(Failure(f"{bare}@{domain}", region[:_MAX_SAID]))
        elif bare:
            listing = bare.endswith(":")
    return found[:_MAX_RECIPIENTS]


def said_about(region: str, address: str) -> str:
    """The lines of a notice that name an address, each with the three below it."""
    lines = region.split("\n")[:_MAX_LINES]
    key = address.lower()
    wanted: dict[int, None] = {}
    for number, line in enumerate(lines):
        if key in line.lower():
            wanted.update(dict.fromkeys(range(number, min(number + 4, len(lines)))))
    return "\n".join(lines[number] for number in wanted)[:_MAX_SAID]


def _line_starts(lines: list[str], own: frozenset[str]) -> list[tuple[int, str]]:
    starts: list[tuple[int, str]] = []
    weak: list[tuple[int, str]] = []
    previous = ""
    for number, line in enumerate(lines):
        if "@" in line and len(line) < 2000 and not _SKIP_LINE.match(line):
            match = _LINE_ADDRESS.match(line)
            if match:
                address = match[1].strip(".'")
                mine = address.lower() in own or _is_daemon(address)
                if not _NOT_FAILED_ABOVE.search(previous[-60:]):
                    (weak if mine else starts).append((number, address))
        if line.strip():
            previous = line
    return starts or [
        (number, address) for number, address in weak if not _is_daemon(address) and _is_alone(lines[number], address)
    ]


def _is_alone(line: str, address: str) -> bool:
    return re.sub(r"[\s<>\"':;,.*()-]", "", line.replace(address, "")) == ""


def _in_sentences(region: str, own: frozenset[str]) -> list[Failure]:
    found: dict[str, str] = {}
    region = region[:_MAX_SENTENCES]
    for match in _NAMED_IN_TEXT.finditer(region):
        address = match[1].strip(".'")
        if address.lower() not in own and not _is_daemon(address):
            found.setdefault(address.lower(), address)
    if not found:
        for match in ADDRESS.finditer(region):
            address = match[0].strip(".'")
            line_start = max(region.rfind("\n", 0, match.start()) + 1, match.start() - 500)
            if len(found) >= _MAX_RECIPIENTS:
                break
            if address.lower() in own or _is_daemon(address) or _SKIP_LINE.match(region[line_start : match.start()]):
                continue
            if _NOT_FAILED_BEFORE.search(region[max(line_start, match.start() - 120) : match.start()]):
                continue
            found.setdefault(address.lower(), address)
    several = len(found) > 1
    return [
        Failure(address, said_about(region, address) if several else region[:_MAX_SAID])
        for address in list(found.values())[:_MAX_RECIPIENTS]
    ]


def _is_daemon(address: str) -> bool:
    return address.partition("@")[0].lower() in rules.DAEMONS
