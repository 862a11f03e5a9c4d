"""Recognises what a machine answered: absence notes, leavers, ticket receipts, challenges.

Belongs here: the evidence from headers, subject and text, and its weighing. Does not: the phrases
(``core.receive.rules.auto_replies``) or the return date (``core.receive.return_dates``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.model import AutoReplyKind
from outreach_pipeline.core.receive.opt_outs import opt_out_of, wish_in
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise, split_phrases
from outreach_pipeline.core.receive.receipts import has_its_number, registers
from outreach_pipeline.core.receive.rules import absence_notes as notes
from outreach_pipeline.core.receive.rules import auto_replies as rules

_MACHINE = tuple(phrase for _, block in rules.MACHINE_SUBJECTS for phrase in split_phrases(block))
_ABSENCE = tuple(phrase for _, block in rules.ABSENCE_SUBJECTS for phrase in split_phrases(block))
_SUBJECT = PhraseBook(rules.SUBJECT_ANYWHERE)
_KINDS = PhraseBook(rules.KINDS)
_SURE = PhraseBook(rules.SURE_TEXT)
_RECEIPTS = PhraseBook(rules.RECEIPTS)
_BESIDE_RECEIPTS = PhraseBook(rules.BESIDE_RECEIPTS)
_ASKS_US = PhraseBook(notes.ASKS_US)
_OFFERS_HELP = PhraseBook(notes.OFFERS_HELP)
_URGENT = PhraseBook(rules.URGENT_TEXT)
_HUMAN_PREFIX = re.compile(r"^(?:(?:re|aw|sv|vs|antw|odp|r|rif|ответ|відп)\s?(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_BESIDE = PhraseBook(notes.BESIDE)
_ENGAGED = PhraseBook(notes.ENGAGED)
_TEXT_LIMIT = 1500
_MOST_OF_A_NOTE = 500
_MOST_WORDS = 22
_FEWEST_WORDS = 3
_NUMBER = re.compile(r"\d{3,20}")
_NUMBERED = re.compile(r"[\[(](?:\w{1,20}[ -]?)?[#№:]?\s?(\d{3,20})[\])]")
_FIRST_PERSON = frozenset({"i", "me", "my", "i'm", "ich", "je", "yo", "io", "eu", "ik", "ja", "я"})
_THIRD_PERSON = frozenset(
    (
        "he",
        "she",
        "er",
        "sie",
        "il",
        "elle",
        "él",
        "ella",
        "lui",
        "lei",
        "ele",
        "ela",
        "hij",
        "zij",
        "ze",
        "on",
        "ona",
        "он",
        "она",
        "він",
        "вона",
    )
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\D)|\n+")
# "on the 20. at noon?" is one question.
_QUESTION = re.compile(r"(?<=[!?])\s+|(?<=[^\d]\.)\s+|\n+")
_GREETING = re.compile(
    r"(?:hi|hello|dear|hallo|guten tag|sehr geehrte|bonjour|hola|buenos|ciao|buongiorno|ol[aá]|beste|geachte|dzień dobry|witam|здравствуйте|добрый день|вітаю|добрий день)\b[^.!?]{0,40}[,!.]?$"
)
_LINK = "://"
_OF_PERSONS = (AutoReplyKind.OUT_OF_OFFICE, AutoReplyKind.LEFT_COMPANY)
_GENERATED = "auto-submitted: auto-generated"
_REPLIED = "auto-submitted: auto-replied"
_ANSWERS = re.compile(r"(?:^|[\s\])}])(?:re|aw|sv|vs|antw|odp|r|rif|ответ|відп)\s?(?:\[\d+\])?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AutoReply:
    """That a machine answered, which one, the rule that told, and whether a person may have written what it sent."""

    kind: AutoReplyKind
    voice: str
    may_be_a_persons: bool = False


def auto_reply_of(
    *, headers: dict[str, list[str]], subject: str, text: str, has_quote: bool, in_thread: bool
) -> AutoReply | None:
    """Say whether a machine wrote a mail that is no bounce.

    Headers decide alone, and so does the beginning of a subject that only machines write. One that speaks of an absence
    ("Out of office next week") decides where text or headers agree. A text decides only where it says of itself that a machine wrote
    it, or reads like a complete absence note without a quote and not from a mail program: a person who mentions a holiday must
    not be swallowed.

    Args:
        headers: lower-case names with raw values.
        subject: decoded.
        text: the mail's own words without quotes.
        has_quote: whether the mail quotes another.
        in_thread: whether its headers name a mail that it answers.
    """
    low = normalise(text[:_TEXT_LIMIT])
    title = normalise(subject)
    marked = _marked(headers)
    bare = _HUMAN_PREFIX.sub("", title)
    is_persons = has_quote or _has_mail_program(headers)
    is_asking = not marked and is_persons and _asks_us(text)
    if not marked and bare == title and not is_asking and _subject_decides(title, headers=headers, low=low):
        marked = "subject"
    # The subject that a person answers may be a machine's; whether this one is too, its own words say.
    kind = _KINDS.first(f"{bare}. {low}" if marked or _is_of(_MACHINE, bare) else low)
    if kind is None and not marked and has_its_number(low):
        kind = (AutoReplyKind.TICKET, "a ticket's number")
    if is_asking and (kind is None or kind[0] in _OF_PERSONS):
        # Notes neither quote nor name a mail program, and ask nothing: who does all that is absent, and writes.
        return None
    if marked == _GENERATED and kind is None and not in_thread:
        # A notification answers nobody.
        return None
    if marked:
        name = AutoReplyKind(kind[0]) if kind else _from_subject(title)
        through_desk = in_thread and _went_through_a_desk(marked, title=title, low=low, kind=kind[0] if kind else None)
        return AutoReply(name, f"auto-reply: {marked}" + (f", {kind[1]!r}" if kind else ""), through_desk)
    evidence = _evidence(kind, title=title, low=low, is_persons=is_persons, answers=title != bare) if kind else None
    if kind and kind[0] == AutoReplyKind.TICKET and not evidence and _is_of_a_desk(headers) and wish_in(low) is None:
        evidence = f"a help desk's {kind[1]!r}"
    if kind and not evidence and not is_persons and (_is_nothing_but_a_note(text) or _is_nothing_but_a_receipt(text)):
        evidence = f"nothing but {kind[1]!r}"
    if kind and not evidence and _number_of(title) in _NUMBER.findall(low) and _is_nothing_but_a_receipt(text):
        evidence = f"{kind[1]!r} and the subject's number"
    return AutoReply(AutoReplyKind(kind[0]), f"auto-reply: {evidence}") if kind and evidence else None


def _asks_us(text: str) -> bool:
    """Whether a text asks or begs something of us that notes do not."""
    sentences = [normalise(each) for each in _QUESTION.split(text[:_TEXT_LIMIT]) if each.strip()]
    return any(
        (each.endswith("?") or _ASKS_US.first(each) is not None)
        and "@" not in each
        and _OFFERS_HELP.first(each) is None
        for each in sentences
        if len(each.split()) >= _FEWEST_WORDS
    )


def _number_of(title: str) -> str | None:
    found = _NUMBERED.search(title)
    return found[1] if found else None


def _has_mail_program(headers: dict[str, list[str]]) -> bool:
    """Whether a mail program names itself in which people write, and no machine answers."""
    return any(rules.MAIL_PROGRAMS.search(headers[name][0]) for name in ("user-agent", "x-mailer") if headers.get(name))


def _is_of_a_desk(headers: dict[str, list[str]]) -> bool:
    return any(name in headers for name in rules.DESK_HEADERS)


def _went_through_a_desk(marked: str, *, title: str, low: str, kind: str | None) -> bool:
    """Whether a mail marked as a machine's reads like a person's answer: help desks send those so.

    What is no receipt and no absence needs only the words of its own; anything else a clear wish to go on.
    """
    if not low or not _ANSWERS.search(title) or _SURE.first(low):
        return False
    if kind is None:
        return marked == _GENERATED or (marked == _REPLIED and wish_in(low) is not None)
    return marked == _GENERATED and kind == AutoReplyKind.TICKET and wish_in(low) is not None


def _evidence(kind: tuple[str, str], *, title: str, low: str, is_persons: bool, answers: bool) -> str | None:
    """What in an unmarked mail proves a machine, given the kind of machine and the phrase that names it; or None."""
    if kind[0] == AutoReplyKind.CHALLENGE and _LINK in low:
        return f"{kind[1]!r} with a link"
    sure = _SURE.first(low)
    if sure and not (is_persons and answers):
        return f"text {sure[1]!r}"
    hint = _SUBJECT.first(title)
    if hint:
        return f"subject {hint[1]!r}, text {kind[1]!r}"
    if kind[0] in _OF_PERSONS and not is_persons:
        urgent = _URGENT.first(low)
        return f"text {kind[1]!r} and {urgent[1]!r}" if urgent else None
    return None


def _is_nothing_but_a_note(text: str) -> bool:
    """Whether each sentence of a text says that somebody is away or has left, or belongs to such a note."""
    if len(text) > _MOST_OF_A_NOTE or opt_out_of(text=text, subject="") is not None:
        return False
    lines = [each.strip() for each in _SENTENCE.split(text) if each.strip()]
    said = [(line, normalise(line)) for line in lines if not _GREETING.fullmatch(normalise(line))]
    return any(_tells_absence(low) for _line, low in said) and all(
        _tells_absence(low) or _BESIDE.first(low) is not None or _is_name(line) for line, low in said
    )


def _is_nothing_but_a_receipt(text: str) -> bool:
    """Whether each sentence of a text belongs to a help desk's receipt, and one says so in words that people do not use."""
    if len(text) > _MOST_OF_A_NOTE or "?" in text or opt_out_of(text=text, subject="") is not None:
        return False
    lines = [each.strip() for each in _SENTENCE.split(text) if each.strip()]
    said = [(line, normalise(line)) for line in lines if not _GREETING.fullmatch(normalise(line))]
    return any(_tells_receipt(low) for _line, low in said) and all(
        _is_of_a_receipt(low) or _BESIDE.first(low) is not None or _is_name(line) for line, low in said
    )


def _tells_receipt(low: str) -> bool:
    found = _RECEIPTS.all(low)
    return "opened" in found or ("numbered" in found and any(map(str.isdigit, low))) or has_its_number(low)


def _is_of_a_receipt(low: str) -> bool:
    kind = _KINDS.first(low)
    is_told = kind is not None and kind[0] == AutoReplyKind.TICKET
    return (
        (is_told or _BESIDE_RECEIPTS.first(low) is not None or registers(low) or has_its_number(low))
        and _FIRST_PERSON.isdisjoint(low.split())
        and _ENGAGED.first(low) is None
    )


def _tells_absence(sentence: str) -> bool:
    kind = _KINDS.first(sentence)
    words = sentence.split()
    if kind is None or len(words) > _MOST_WORDS or "?" in sentence or _ENGAGED.first(sentence):
        return False
    if kind[0] == AutoReplyKind.LEFT_COMPANY:
        # Notes name who has left: "he" is a colleague's word.
        return _FIRST_PERSON.isdisjoint(words) and words[0] not in _THIRD_PERSON
    return kind[0] == AutoReplyKind.OUT_OF_OFFICE and any(_starts(sentence, start) for start in notes.STARTS)


def _is_name(line: str) -> bool:
    return len(line.split()) <= 3 and line[-1].isalpha() and all(word[0].isupper() for word in line.split())


def _subject_decides(title: str, *, headers: dict[str, list[str]], low: str) -> bool:
    """Whether the beginning of a subject proves a machine, by itself or with what agrees."""
    if _is_of(_MACHINE, title):
        return True
    if not _is_of(_ABSENCE, title):
        return False
    hinted = any(name in headers for name in rules.HINTING_HEADERS)
    precedence = headers.get("precedence", [""])[0].strip().lower()
    agrees = _KINDS.first(low) is not None or _SURE.first(low) is not None or _URGENT.first(low) is not None
    return hinted or precedence in rules.HINTING_PRECEDENCE or (agrees and wish_in(low) is None)


def _is_of(starts: tuple[str, ...], title: str) -> bool:
    return any(_starts(title, start) for start in starts)


def _starts(title: str, start: str) -> bool:
    return title.startswith(start) and not title[len(start) : len(start) + 1].isalnum()


def _from_subject(title: str) -> AutoReplyKind:
    is_absence = _is_of(_ABSENCE, title) or any(_starts(title, start) and "auto" not in start for start in _MACHINE)
    return AutoReplyKind.OUT_OF_OFFICE if is_absence else AutoReplyKind.OTHER


def _marked(headers: dict[str, list[str]]) -> str | None:
    """The header that marks an automatic answer, or None."""
    for name, beginnings in rules.MARKING_VALUES:
        value = headers.get(name, [""])[0].strip().lower()
        if value.startswith(beginnings):
            return f"{name}: {value[:14]}"
    for name in rules.MARKING_HEADERS:
        values = headers.get(name)
        if values and values[0].strip().lower() not in ("no", "false", "0"):
            return name
    return None
