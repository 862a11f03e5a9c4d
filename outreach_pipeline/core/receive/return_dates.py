"""Finds the day on which an absent person is back.

Belongs here: which piece of a note names the day, and its reading. The names of months and weekdays are a table: the
libraries that know them take most of a second to load their languages, which one mail must not cost. Does not: whether
a mail is an absence note (``core.receive.auto_replies``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import itertools
import re
from datetime import date, datetime, timedelta

from outreach_pipeline.core.receive.phrases import normalise
from outreach_pipeline.core.receive.rules.dates import MONTHS, NUMBERS, RELATIVE, WEEKDAYS

MAX_AHEAD = timedelta(days=400)
"""A day further off than this is taken for a misreading."""

_TEXT_LIMIT = 2000
_NUMERIC = re.compile(
    r"(?<![\d/])(?<!\d-)(?<!\d\.)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})\s?([-/.])\s?(\d{1,2})(?:\s?[-/.]\s?(\d{4}|\d{2}))?)(?!\d|[/-]\d|\.\d)"
)
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_SHORT_MONTHS = frozenset({"may", "mai", "maj", "mei", "май", "мая"})
_ENGLISH = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_WORDY = re.compile(
    r"(?<![\w/.])(?:(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.|-?го|-?е)?(?: day)?,? ?(?:of |de |del |d'|do )?(?:the )?"
    rf"({_NAMES})\.?|({_ENGLISH})\.?,? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?)(?!\w)(?:,? (?:de |del |of )?(\d{{4}})(?!\w))?"
)
_TOMORROW = re.compile(r"(?<!\w)(?:tomorrow|morgen|demain|mañana|domani|amanhã|jutro|jutra|завтра)(?!\w)")
_NEXT_WEEK = re.compile(
    r"(?<!\w)(?:next week|nächste woche|nächster woche|semaine prochaine|próxima semana|settimana prossima|prossima settimana|volgende week|przyszłym tygodniu|следующей неделе|наступного тижня)(?!\w)"
)
_BACK = re.compile(
    r"(?<!\w)(?:back|return(?:ing|s)?|reachable|available again|in the office|resume|wieder|zurück|erreichbar"
    r"|de retour|retour|revien\w+|rentr\w+|regres\w+|vuelta|volver\w+|vuelv\w+|reincorpor\w+|rientr\w+|ritorn\w+|torn\w+|di ritorno|retorn\w+|volt\w+"
    r"|terug|weer (?:aanwezig|bereikbaar|op)|wracam|wrócę|powr\w+|вернусь|вернётся|вернется|возвра\w+|выйду|на связи|доступ\w+|повер\w+|буду (?:снова |опять )?(?:в офисе|на месте|на работе|у себя)|again (?:from|on|as of)|di nuovo|de nouveau|novamente|znow\w*|znów\w*|снова|знову)(?!\w)"
)
_UNTIL = re.compile(
    r"(?<!\w)(?:until|untill|till|til|through|thru|up to|to|bis(?: zum| einschließlich| einschl\.| inkl\.| inklusive)?(?: dem)?|jusqu'au|jusqu'à|jusqu'en|au|hasta(?: el)?|al|fino al|fino a"
    r"|até(?: ao| o| a| dia)?|a|tot(?: en met)?|t/m|do|по|до)(?!\w)"
)
_THROUGH = re.compile(
    r"(?<!\w)(?:through|thru|einschließlich|einschl\.|inkl\.|inklusive|inclus|inclusive|incluido|compreso|incluso|t/m|tot en met|włącznie|включительно|включно)(?!\w)"
)
_RANGE = re.compile(rf"\d(?:st|nd|rd|th)?\.?(?: ?(?:{_NAMES})\.?)?(?: \d{{4}})?\s?-\s?$")
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
# Between the two days of a span: what joins them, and what joins them only behind "between".
_ARTICLE = r"(?: the| dem| den| el| le| il)?(?: [^\W\d]+,)?(?: the| dem| den)? ?"
_SPAN = re.compile(
    rf"[.,]?(?: (?:and|et|und|y|en))?(?: ?(?:-|to|until|till|through|thru|bis(?: zum| einschließlich| inklusive)?|jusqu'au|jusqu'à|au|hasta|al|fino al|fino a|até|a|tot(?: en met)?|t/m|do|до|по)){_ARTICLE}"
)
_AND = re.compile(rf"[.,]?(?: (?:and|und|et|y|e|en|a|i|и|і|та)){_ARTICLE}")
_BETWEEN = re.compile(rf"(?<!\w)(?:between|zwischen|entre|tra|fra|tussen|między|pomiędzy|между|між){_ARTICLE}$")
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
_DAY_ALONE = re.compile(
    r"(?<![\d./-])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d/:.-]|\.\d| ?(?:%|uhr|h\b|[ap]m\b|days|tage))"
)
_DAY_OF_NO_MONTH = re.compile(
    r"(?<!\w)(?:(?:until|untill|till|til|through|thru|to|on|by)(?: and including)?(?: the)? (\d{1,2})(?:st|nd|rd|th)"
    r"|(?:bis(?: einschließlich| inklusive)?(?: zum| den)?|ab(?: dem)?|am) (\d{1,2})\.|bis zum (\d{1,2})|(?:jusqu'au|le|au) (\d{1,2})(?:er)?|(?:hasta )?el(?: día)? (\d{1,2})|(?:fino al|al|il) (\d{1,2})"
    r"|(?:até(?: ao| o)?|no|ao) dia (\d{1,2})|até ao (\d{1,2})|(?:tot(?: en met)?|t/m|op)(?: de)? (\d{1,2})(?:e|ste|de)?|do(?: dnia)? (\d{1,2})\.?|(?:до|по) (\d{1,2})(?:-?(?:го|е)| числа)?)"
    r"(?![\w/:-]|[.,]\d| ?(?:%|€|uhr|h|hrs?|hours?|[ap]m|[ap]\.m|o'clock|heures?|horas?|ore|uur|godz\w*|hodin|час\w*|годин\w*|days?|tage\w*|jours?|días?|dias?|giorni|dagen|dni|дн\w*|weeks?|wochen|semaines?|semanas?|settimane|weken|tygodni\w*|недел\w*|тижн\w*|months?|monate\w*|mois|meses|mesi|maanden|miesi\w+|месяц\w*|місяц\w*|lat|years?|people|personen)(?!\w))"
)
_END = re.compile(
    rf"(?<!\w)(?:end of|ende|fin(?: de)?|finales de|fine(?: di)?|fim de|final de|eind|einde|końca|конца|кінця) (?:({_NAMES})|(?:the |du |del |do |van de |de )?(?:month|monats|mois|mes|mese|mês|maand|miesiąca|месяца|місяця))(?!\w)(?: (\d{{4}})(?!\w))?"
)
_LONG_NAMES = "|".join(each for each in sorted(MONTHS, key=len, reverse=True) if len(each) > 3 or each in _SHORT_MONTHS)
_MONTH_ALONE = re.compile(
    r"(?<!\w)(?:until|untill|till|til|through|thru|in|from|by|bis|im|ab|en|jusqu'en|jusqu'à|jusqu'au mois de|hasta|fino a|a|até|em|tot|vanaf|t/m|tot en met|do|w|we|od|до|по|в|во|з|у|с)"
    rf"(?P<through> (?:and including|einschließlich|einschl\.|inklusive|inkl\.))?(?P<middle> (?:mid(?:dle of)?|mitte|mi|mediados de|metà|meados de|half|połowy|середины|середини))?(?: (?:the )?(?:beginning of|early|anfang|début|principios de|inizio|início de|begin|początku|начала|початку))?[ -](?P<name>{_LONG_NAMES})"
    r"(?!\w)(?! \d{1,2}(?!\d))(?:,? (?:of |de |del )?(?P<year>\d{4})(?!\w))?"
)
_NUMBER = "|".join(sorted(NUMBERS, key=len, reverse=True))
_AHEAD = tuple(
    (
        re.compile(
            rf"(?<!\w)(?:{before}) (?:({_NUMBER}|\d{{1,2}}) )?(?:({'|'.join(days.split())})|{'|'.join(weeks.split())})(?!\w)"
        )
    )
    for before, days, weeks in RELATIVE
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_REACH = 60
_NEAR_UNTIL = 22


def return_date_of(text: str, *, received_at: datetime, utc_offset_hours: float | None = None) -> date | None:
    """The first day on which the author is back, or None.

    "Back on the 5th" means the 5th, "until the 5th" too; "through the 5th", "bis einschließlich 5." and a range ("from the 1st
    to the 5th") the 6th, "until the end of March" the 1st of April; a month alone
    ("until September", "back in April 2026") its first day. A day without a year is the next such day from five days before
    ``received_at`` on, one without a month the next from that day itself on; what lies before that or more than ``MAX_AHEAD`` off is none.

    Args:
        text: an absence note's own words and subject; only the first 2,000 characters are read.
        received_at: when the note came, aware.
        utc_offset_hours: of the note's Date header: tells 5/7 in New York from 5/7 in London where both may be meant.
    """
    low = _TIGHT.sub(" - ", normalise(text[:_TEXT_LIMIT]))
    today = received_at.date()
    american = _month_first(low, today, default=utc_offset_hours is not None and -10 <= utc_offset_hours <= -4)
    candidates = _days(low, today, american=american)
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
        is_range = is_range or _END.match(low, start) is not None
        if rank == 1 and (is_range or _THROUGH.search(before[-40:]) or _THROUGH.search(low[end : end + 25])):
            day += timedelta(days=1)
        key = (_is_of_another(low, start), rank)
        # The latest day of the best rank: "from the 1st until the 5th", "back on the 6th".
        if best is None or key < best[0] or (key == best[0] and rank == 1 and day > best[1]):
            best = (key, day)
    return best[1] if best else None


def _spans(low: str, candidates: list[tuple[int, int, date]]) -> tuple[set[int], set[int]]:
    """Where the first and the last days of spans stand: "from … to …", "between … and …", "11/30 - 12/6"."""
    begins: set[int] = set()
    ends: set[int] = set()
    for (start, end, first), (other, _end, last) in itertools.pairwise(candidates):
        between = low[end:other]
        is_joined = _SPAN.fullmatch(between) or (
            _AND.fullmatch(between) and _BETWEEN.search(low[max(0, start - _REACH) : start])
        )
        if is_joined and first < last:
            begins.add(start)
            ends.add(other)
    return begins, ends


def _is_of_another(low: str, start: int) -> bool:
    """Whether the clause before a day speaks of somebody else: of a colleague, or of whose address stands in it."""
    sentence = _CLAUSE.split(low[max(0, start - 2 * _REACH) : start])[-1]
    return _THIRD_PERSON.search(sentence) is not None and _FIRST_PERSON.search(sentence) is None


def _rank(before: str, after: str) -> int | None:
    """How surely the words around a day make it the day of return: 0 back on, 1 until; None: they do not."""
    backs = [match.end() for match in _BACK.finditer(before)]
    untils = [match.end() for match in _UNTIL.finditer(before) if len(before) - match.end() <= _NEAR_UNTIL]
    if backs and (not untils or backs[-1] >= untils[-1]):
        return 0
    if untils or _RANGE.search(before):
        return 1
    return 0 if _FROM_DAY.search(before) and _AGAIN.search(_PAUSE.split(after.lstrip(" ,."))[0]) else None


def _days(low: str, today: date, *, american: bool) -> list[tuple[int, int, date]]:
    """Every day that a normalised text names, with where it stands."""
    found: list[tuple[int, int, date]] = []
    for match in _NUMERIC.finditer(low):
        day = _numeric_day(match, today, american=american)
        if day:
            found.append((match.start(), match.end(), day))
    for match in _WORDY.finditer(low):
        month = MONTHS.get(match[2] or match[3])
        year = int(match[5]) if match[5] else None
        day = _near(year, month, int(match[1] or match[4]), today) if month else None
        if day:
            found.append((match.start(), match.end(), day))
    for match in _END.finditer(low):
        month = MONTHS[match[1]] if match[1] else today.month
        found.append((match.start(), match.end(), _end_of(int(match[2]) if match[2] else None, month, today)))
    found.extend(_days_alone(low, found) if found else _days_by_other_names(low, today))
    return sorted(found)


def _days_by_other_names(low: str, today: date) -> list[tuple[int, int, date]]:
    """Days named by their number alone, by a weekday, or by how far off they are."""
    found: list[tuple[int, int, date]] = []
    for match in _DAY_OF_NO_MONTH.finditer(low):
        group = match.lastindex or 0
        day = _next_such(int(match[group]), today)
        if day:
            found.append((match.start(group), match.end(group), day))
    for match in _MONTH_ALONE.finditer(low):
        month_day = _of_month(match, today)
        if month_day:
            found.append((match.start("name"), match.end(), month_day))
    for match in _WORD.finditer(low):
        weekday = WEEKDAYS.get(match[0])
        if weekday is not None:
            ahead = (weekday - today.weekday() - 1) % 7 + 1
            found.append((match.start(), match.end(), today + timedelta(days=ahead)))
    found.extend((match.start(), match.end(), today + timedelta(days=1)) for match in _TOMORROW.finditer(low))
    monday = today + timedelta(days=7 - today.weekday())
    found.extend((match.start(), match.end(), monday) for match in _NEXT_WEEK.finditer(low))
    for pattern in _AHEAD:
        for match in pattern.finditer(low):
            number = NUMBERS.get(match[1]) or int(match[1]) if match[1] else 1
            ahead = number if match[2] else 7 * number
            found.append((match.start(), match.end(), today + timedelta(days=ahead)))
    return found


def _of_month(match: re.Match[str], today: date) -> date | None:
    """The day that a month without a day means: its first, its 15th, or its last where it counts as a whole; not of this month."""
    month = MONTHS[match["name"]]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    if not match["year"] and month == today.month:
        return None
    if match["through"] or _THROUGH.search(match[0]):
        return _end_of(year, month, today)
    return _date(year, month, 15 if match["middle"] else 1)


def _next_such(number: int, today: date) -> date | None:
    """The next day of that number, the day itself too; in a month that has it."""
    months = ((today.year + (today.month + ahead - 1) // 12, (today.month + ahead - 1) % 12 + 1) for ahead in range(3))
    days = (_date(year, month, number) for year, month in months)
    return next((day for day in days if day is not None and day >= today), None)


def _end_of(year: int | None, month: int, today: date) -> date:
    """The last day of a month, which is this year's unless that is over."""
    year = year or today.year + (month < today.month)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _days_alone(low: str, found: list[tuple[int, int, date]]) -> list[tuple[int, int, date]]:
    """Days without a month behind one with it: "dal 4 al 15 marzo, rientro il 18" is back on the 18th of March."""
    _start, end, last = max(found)
    alone = []
    for match in _DAY_ALONE.finditer(low, end):
        day = _date(last.year, last.month, int(match[1])) if _BACK.search(low[end : match.start()]) else None
        if day is not None and day >= last:
            alone.append((match.start(), match.end(), day))
    return alone


def _month_first(low: str, today: date, *, default: bool) -> bool:
    """Whether a note writes the month before the day, told by a day above the 12th or a weekday's name in any of its dates."""
    for match in _NUMERIC.finditer(low):
        if match[5] != "/" or match[4] == match[6]:
            continue
        if max(int(match[4]), int(match[6])) > 12:
            return int(match[6]) > 12
        words = _WORD.findall(low[max(0, match.start() - 16) : match.start()])
        weekday = WEEKDAYS.get(words[-1]) if words else None
        if weekday is not None:
            year = int(match[7]) + 2000 * (len(match[7]) == 2) if match[7] else None
            fits = [
                day is not None and day.weekday() == weekday
                for month, number in ((int(match[4]), int(match[6])), (int(match[6]), int(match[4])))
                for day in [_near(year, month, number, today)]
            ]
            if any(fits) and not all(fits):
                return fits[0]
    return default


def _numeric_day(match: re.Match[str], today: date, *, american: bool) -> date | None:
    if match[1]:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    first, second = int(match[4]), int(match[6])
    if match[7] is None and match[5] == "-":
        return None
    year = int(match[7]) if match[7] else None
    year = year + 2000 if year is not None and year < 100 else year
    readings = [(first, second), (second, first)]
    if american and match[5] != ".":
        readings.reverse()
    days = [day for number, month in readings if month <= 12 and (day := _near(year, month, number, today))]
    ahead = [day for day in days if day >= today]
    return next(iter(ahead or days), None)


def _near(year: int | None, month: int, day: int, today: date) -> date | None:
    if year is not None:
        return _date(year, month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year >= today - timedelta(days=5):
        return this_year
    return _date(today.year + 1, month, day) or this_year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
