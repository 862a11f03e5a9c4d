"""Finds the day on which an absent person is back.

Belongs here: which of the days that a note names it is. Does not: the reading of each (``core.receive.named_days``), whether
a mail is an absence note (``core.receive.auto_replies``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import itertools
import re
from datetime import date, datetime, timedelta

from outreach_pipeline.core.receive.date_ranges import is_joined, order_of_ranges
from outreach_pipeline.core.receive.model import AutoReplyKind
from outreach_pipeline.core.receive.named_days import (
    BACK,
    END,
    NAMES,
    THROUGH,
    days_in,
    ends_of_spells,
    is_month_first,
    names_a_date,
)
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.rules import absence_notes as notes
from outreach_pipeline.core.receive.rules import auto_replies

MAX_AHEAD = timedelta(days=400)
"""A day further off than this is taken for a misreading."""
_TEXT_LIMIT = 2000
_UNTIL = re.compile(
    r"(?<!\w)(?:until|untill|till|til|through|thru|up to|to|bis(?: zum| einschließlich| einschl\.| inkl\.| inklusive)?(?: dem)?|jusqu'au|jusqu'à|jusqu'en|au|hasta(?: el)?|al|fino al|fino a"
    r"|até(?: ao| o| a| dia)?|a|tot(?: en met)?|t/m|do|по|до)(?!\w)"
)
_RANGE = re.compile(rf"\d(?:st|nd|rd|th)?\.?(?: ?(?:{NAMES})\.?)?(?: \d{{4}})?\s?-\s?$")
_FROM_DAY = re.compile(
    r"(?<!\w)(?:ab|am|seit|bin|ben|vanaf|op|dès|suis|serai|a partire|a partir|с|з|від|od)(?: dem| den| le| il| del| de)?(?: [^\W\d]+,?)?(?: dem| den)? $"
)
_AGAIN = re.compile(
    r"(?<!\w)(?:wieder|zurück|erreichbar|weer|terug|bereikbaar|disponible|joignable|disponibile|disponível|zur verfügung|back|again|znow\w*|znów|dostępn\w*|снова|знову|на связи|на зв'язку|в офисе|в офісі)(?!\w)"
)
_FROM_TO = re.compile(
    r"(?<!\w)(?:from|between|vom?|von|du|del|dal|de|od|van|w dniach|с|з|із)(?: the| le| el| dem)? (?:[^\W\d]+,? )?\d{1,2}(?:st|nd|rd|th|er)?[./]?(?:\d{1,2}[./]?)?(?:\d{2,4})?(?: (?:de )?[^\W\d]+\.?)?,? ?"
    r"(?:until|till|to|through|and|bis(?: zum)?|au|al|a|do|до|по|t/m|tot(?: en met)?|-)(?: the| le| el| dem)? ?(?:[^\W\d]+,? )?$"
)
_ENDS = re.compile(
    r"(?<!\w)(?:ends?|ending|endet|last day(?: of \w+)?(?: is)?|se termine|prend fin|termina|acaba|finisce|eindigt|kończy się|заканчивается|закінчується)(?: on| am| le| el| il| op| em)?(?: the| den| dem)?(?: [^\W\d]+,?)? $"
)
_TIGHT = re.compile(r"(?<=\d)\s?-\s?(?=\d{1,2}/\d)")
_THIRD_PERSON = re.compile(
    r"@|(?<!\w)(?:colleagues?|she|he|who|boss|manager|deputy|assistant|kolleg\w+|vertretung|collègues?|compañer\w+|colegas?|collega|kolega|koleżanka|коллег\w+|колег\w+)(?!\w)"
)
_FIRST_PERSON = re.compile(
    r"(?<!\w)(?:i|i'm|i'll|we|ich|wir|je|j'\w+|yo|io|eu|ik|wij|я|мы|ми|wracam|wrócę|regreso|volveré|rientro|torno|regresso|volto|вернусь|повернуся)(?!\w)"
)
_CLAUSE = re.compile(
    r"(?<![\d.])[.!?;](?=\s)|(?<=\d)\.(?= (?:[^\W\d_]{2,}))|[,;:()](?=\s)|(?<!\w)(?:and|und|et|y|en|и|і)(?= )"
)
_PAUSE = re.compile(r"[,;.!?](?=\s|$)")
_SENTENCE = re.compile(r"[.!?;](?= |$)")
_ABSENCES = PhraseBook((*notes.AWAY, *(each for each in auto_replies.KINDS if each[0] == AutoReplyKind.OUT_OF_OFFICE)))
_IS_OVER = re.compile(
    r"(?<!\w)(?:have been|has been|was|were|i've been|war|waren|gewesen|seit|j'étais|j'ai été|depuis|estuve|he estado|desde|sono stat[oa]|ero|da|estive|geweest|sinds|byłe\w|byłam|od|был|была|уже|був|була)(?!\w)"
)
_REACH = 60
_NEAR_UNTIL = 22


def return_date_of(
    text: str, *, received_at: datetime, subject: str = "", utc_offset_hours: float | None = None
) -> date | None:
    """The first day on which the author is back, or None.

    "Back on the 5th" means the 5th, "until the 5th" too; "through the 5th", "bis einschließlich 5." and a range ("from the 1st
    to the 5th") the 6th, "until the end of March" the 1st of April; a month alone
    ("until September", "back in April 2026") its first day. A day without a year is the next such day from five days before
    ``received_at`` on, one without a month the next from that day itself on; what lies before that or more than ``MAX_AHEAD`` off is none.

    Args:
        text: an absence note's own words; only the first 2,000 characters are read.
        received_at: when the note came, aware.
        subject: the note's, read by itself: where it names a date and the text none, or the text names no day at all.
        utc_offset_hours: of the note's Date header: tells 5/7 in New York from 5/7 in London where both may be meant; 0 tells nothing.
    """
    found = [
        (not names_a_date(low), day)
        for low in (_TIGHT.sub(" - ", normalise(each[:_TEXT_LIMIT])) for each in (text, subject) if each)
        if (day := _day_in(low, received_at.date(), utc_offset_hours=utc_offset_hours))
    ]
    return min(found, key=lambda each: each[0])[1] if found else None


def _day_in(low: str, today: date, *, utc_offset_hours: float | None) -> date | None:
    """The day of return that one normalised text names."""
    american = is_month_first(low, today, utc_offset_hours=utc_offset_hours)
    american, over = order_of_ranges(low, today, american=american)
    candidates = [each for each in days_in(low, today, american=american) if each[0] not in over]
    begins, ends = _spans(low, candidates)
    best: tuple[tuple[bool, int], date] | None = None
    for place, (start, end, named) in enumerate(candidates):
        day = named
        if start in begins or not today - timedelta(days=1) <= day <= today + MAX_AHEAD:
            continue
        before = low[max(0, start - _REACH) : start]
        following = candidates[place + 1][0] if place + 1 < len(candidates) else len(low)
        is_last = start in ends or _ENDS.search(before) is not None
        rank = 1 if is_last else _rank(before, low[end : min(end + 40, following)])
        if rank is None:
            continue
        is_range = is_last or _FROM_TO.search(before) is not None or _RANGE.search(before) is not None
        is_range = is_range or END.match(low, start) is not None
        if rank == 1 and (is_range or THROUGH.search(before[-40:]) or THROUGH.search(low[end : end + 25])):
            day += timedelta(days=1)
        key = (_is_of_another(low, start), rank)
        # The latest day of the best rank: "from the 1st until the 5th", "back on the 6th".
        if best is None or key < best[0] or (key == best[0] and rank == 1 and day > best[1]):
            best = (key, day)
    return best[1] if best else _end_of_absence(low, today)


def _end_of_absence(low: str, today: date) -> date | None:
    """The day after an absence of which a note says how long it is from now on ("out of the office for two weeks")."""
    for start, end, day in ends_of_spells(low, today):
        sentence = f"{_SENTENCE.split(low[:start])[-1]}{low[start:end]}{_SENTENCE.split(low[end:])[0]}"
        if _ABSENCES.first(sentence) and not _IS_OVER.search(sentence):
            return day
    return None


def _spans(low: str, candidates: list[tuple[int, int, date]]) -> tuple[set[int], set[int]]:
    """Where the first and the last days of spans stand: "from … to …", "between … and …", "11/30 - 12/6"."""
    begins: set[int] = set()
    ends: set[int] = set()
    for (start, end, first), (other, _end, last) in itertools.pairwise(candidates):
        if first < last and is_joined(low, start=start, end=end, other=other):
            begins.add(start)
            ends.add(other)
    return begins, ends


def _is_of_another(low: str, start: int) -> bool:
    """Whether the clause before a day speaks of somebody else: of a colleague, or of whose address stands in it."""
    sentence = _CLAUSE.split(low[max(0, start - 2 * _REACH) : start])[-1]
    return _THIRD_PERSON.search(sentence) is not None and _FIRST_PERSON.search(sentence) is None


def _rank(before: str, after: str) -> int | None:
    """How surely the words around a day make it the day of return: 0 back on, 1 until; None: they do not."""
    backs = [match.end() for match in BACK.finditer(before)]
    untils = [match.end() for match in _UNTIL.finditer(before) if len(before) - match.end() <= _NEAR_UNTIL]
    if backs and (not untils or backs[-1] >= untils[-1]):
        return 0
    if untils or _RANGE.search(before):
        return 1
    return 0 if _FROM_DAY.search(before) and _AGAIN.search(_PAUSE.split(after.lstrip(" ,."))[0]) else None
