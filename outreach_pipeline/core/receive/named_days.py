"""Finds the days that a text names: by numbers, by months, by weekdays, by how far off they are.

The names of months and weekdays are a table: the libraries that know them take most of a second to load their languages,
which one mail must not cost. Belongs here: reading each day. Does not: which of them is the day of return
(``core.receive.return_dates``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

import re
from datetime import date, timedelta

from outreach_pipeline.core.receive.rules.dates import (
    LASTING,
    MONTHS,
    MONTHS_OF_WORDS,
    NUMBERS,
    ONE_ALONE,
    RELATIVE,
    SHORT_WEEKDAYS,
    WEEKDAYS,
)

NUMERIC = re.compile(
    r"(?<![\d/])(?<!\d-)(?<!\d\.)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})\s?([-/.])\s?(\d{1,2})(?:\s?[-/.]\s?(\d{4}|\d{2}))?)(?!\d|[/-]\d|\.\d)"
)
"""Dates in numbers."""
NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
"""The names of months as alternatives of a pattern."""
_SHORT_MONTHS = frozenset({"may", "mai", "maj", "mei", "май", "мая"})
_ENGLISH = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_WORDY = re.compile(
    r"(?<![\w/.])(?<!\d-\d-)(?<!\d-\d\d-)(?:(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.|-?го|-?е)?(?: day)?,? ?(?P<of>of |de |del |d'|do )?(?:the )?"
    rf"(?P<name>{NAMES})\.?|({_ENGLISH})\.?,? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?)(?!\w)(?:,? (?:de |del |of )?(\d{{4}})(?!\w))?"
)
BACK = re.compile(
    r"(?<!\w)(?:back|return(?:ing|s)?|reachable|available again|in the office|resume|wieder|zurück|erreichbar"
    r"|de retour|retour|revien\w+|rentr\w+|regres\w+|vuelta|volver\w+|vuelv\w+|reincorpor\w+|rientr\w+|ritorn\w+|torn\w+|di ritorno|retorn\w+|volt\w+"
    r"|terug|weer (?:aanwezig|bereikbaar|op)|wracam|wrócę|powr\w+|вернусь|вернётся|вернется|возвра\w+|выйду|на связи|доступ\w+|повер\w+|буду (?:снова |опять )?(?:в офисе|на месте|на работе|у себя)|again (?:from|on|as of)|di nuovo|de nouveau|novamente|znow\w*|znów\w*|снова|знову)(?!\w)"
)
"""Words of coming back."""
THROUGH = re.compile(
    r"(?<!\w)(?:through|thru|einschließlich|einschl\.|inkl\.|inklusive|inclus|inclusive|incluido|compreso|incluso|t/m|tot en met|włącznie|включительно|включно)(?!\w)"
)
"""Words with which a day counts as one of the absence."""
_TOMORROW = re.compile(r"(?<!\w)(?:tomorrow|morgen|demain|mañana|domani|amanhã|jutro|jutra|завтра)(?!\w)")
_NEXT_WEEK = re.compile(
    r"(?<!\w)(?:next week|nächste woche|nächster woche|semaine prochaine|próxima semana|settimana prossima|prossima settimana|volgende week|przyszłym tygodniu|следующей неделе|наступного тижня)(?!\w)"
)
_DAY_ALONE = re.compile(
    r"(?<![\d./-])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d/:.-]|\.\d| ?(?:%|uhr|h\b|[ap]m\b|days|tage))"
)
# What follows the number of a day, and not an hour, a sum or a count.
_NO_UNIT = r"(?![\w/:-]|[.,]\d| ?(?:%|€|uhr|h|hrs?|hours?|[ap]m|[ap]\.m|o'clock|heures?|horas?|ore|uur|godz\w*|hodin|час\w*|годин\w*|days?|tage\w*|jours?|días?|dias?|giorni|dagen|dni|дн\w*|weeks?|wochen|semaines?|semanas?|settimane|weken|tygodni\w*|недел\w*|тижн\w*|months?|monate\w*|mois|meses|mesi|maanden|miesi\w+|месяц\w*|місяц\w*|lat|years?|people|personen)(?!\w))"
_DAY_OF_NO_MONTH = re.compile(
    r"(?<!\w)(?:(?:until|untill|till|til|through|thru|to|on|by)(?: and including)?(?: the)? (\d{1,2})(?:st|nd|rd|th)"
    r"|(?:bis(?: einschließlich| inklusive)?(?: zum| den)?|ab(?: dem)?|am) (\d{1,2})\.|bis zum (\d{1,2})|(?:jusqu'au|le|au) (\d{1,2})(?:er)?|(?:hasta )?el(?: día)? (\d{1,2})|(?:fino al|al|il) (\d{1,2})"
    r"|(?:até(?: ao| o)?|no|ao) dia (\d{1,2})|até ao (\d{1,2})|(?:tot(?: en met)?|t/m|op)(?: de)? (\d{1,2})(?:e|ste|de)?|do(?: dnia)? (\d{1,2})\.?|(?:до|по) (\d{1,2})(?:-?(?:го|е)| числа)?)"
    rf"{_NO_UNIT}"
)
_WEEKDAY_WITH_NUMBER = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted((*WEEKDAYS, *SHORT_WEEKDAYS), key=len, reverse=True))})\.?,? (?:(?:the|den|dem|le|el|il|de|o|a|dnia)? ?(?:día |dia |giorno |jour |dzień )?)?"
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°|e|ste|-?го|-?е|-?ого|-?go|-?ego)?\.?{_NO_UNIT}"
)
END = re.compile(
    rf"(?<!\w)(?:end of|ende|fin(?: de)?|finales de|fine(?: di)?|fim de|final de|eind|einde|końca|конца|кінця) (?:({NAMES})|(?:the |du |del |do |van de |de )?(?:month|monats|mois|mes|mese|mês|maand|miesiąca|месяца|місяця))(?!\w)(?: (\d{{4}})(?!\w))?"
)
"""The end of a month."""
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
_MAY_ASK = re.compile(r" (?:i|we|you|it)\b")
_NEAR = timedelta(days=60)
_IN_BRACKETS = re.compile(r" ?\(([^\W\d_]+(?:-feira)?)\)")
_LASTING = tuple(
    re.compile(
        rf"(?<!\w)(?:{before}) (?:({_NUMBER}|\d{{1,2}}) )?(?:({'|'.join(days.split())})|({'|'.join(weeks.split())}))(?!\w)(?! (?:a|per|each|every|pro|par|por)\b)"
    )
    for before, days, weeks in LASTING
)
_MUCH_OF_A_YEAR = timedelta(days=300)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def days_in(low: str, today: date, *, american: bool) -> list[tuple[int, int, date]]:
    """Every day that a normalised text names, with where it stands."""
    found: list[tuple[int, int, date]] = []
    for match in NUMERIC.finditer(low):
        day = _numeric_day(match, today, american=american)
        if day:
            found.append((match.start(), match.end(), day))
    for match in _WORDY.finditer(low):
        month = MONTHS.get(match["name"] or match[4])
        year = int(match[6]) if match[6] else None
        is_one = year or match["of"] or _is_month(match["name"], low, match.end())
        day = _near(year, month, int(match[1] or match[5]), today) if month and is_one else None
        if day:
            found.append((match.start(), match.end(), day))
    for match in END.finditer(low):
        if not _is_month(match[1], low, match.end()):
            continue
        month = MONTHS[match[1]] if match[1] else today.month
        found.append((match.start(), match.end(), _end_of(int(match[2]) if match[2] else None, month, today)))
    numbered = _weekdays_with_numbers(low, found, today)
    alone = _days_alone(low, found) if found else _days_by_other_names(low, today)
    return sorted((*found, *numbered, *_apart_from(numbered, alone)))


def _is_month(name: str | None, low: str, end: int) -> bool:
    """Whether a month's name that may be another language's word is one in this text; most names can be nothing else."""
    if name == "may":
        return _MAY_ASK.match(low, end) is None
    own = MONTHS_OF_WORDS.get(name or "")
    return own is None or not own.isdisjoint(_WORD.findall(low))


def names_a_date(low: str) -> bool:
    """Whether a normalised text may name a day with its month, and not by its weekday or distance alone."""
    return any(pattern.search(low) for pattern in (NUMERIC, _WORDY, END))


def _weekdays_with_numbers(low: str, found: list[tuple[int, int, date]], today: date) -> list[tuple[int, int, date]]:
    """Weekdays with the number of a day and no month ("Monday the 7th"): the next such day from the one named before on.

    The number decides; whoever has miscounted the weekday has looked the number up.
    """
    numbered = []
    for match in _WEEKDAY_WITH_NUMBER.finditer(low):
        before = max((each for each in found if each[1] <= match.start()), default=None)
        # A day that is over reads as next year's.
        is_ahead = before is not None and today < before[2] < today + _MUCH_OF_A_YEAR
        day = _next_such(int(match[1]), before[2] if before and is_ahead else today)
        if day is not None:
            numbered.append((match.start(), match.end(), day))
    return _apart_from(found, numbered)


def _apart_from(found: list[tuple[int, int, date]], others: list[tuple[int, int, date]]) -> list[tuple[int, int, date]]:
    """Those of ``others`` that stand nowhere in what was ``found``."""
    return [(a, b, day) for a, b, day in others if not any(start < b and a < end for start, end, _day in found)]


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


def ends_of_spells(low: str, today: date) -> list[tuple[int, int, date]]:
    """The ends of what lasts "for two weeks", counted from the day of the mail, with where each is named."""
    found: list[tuple[int, int, date]] = []
    for pattern in _LASTING:
        for match in pattern.finditer(low):
            if match[1] or match[3] in ONE_ALONE:
                number = NUMBERS.get(match[1]) or int(match[1]) if match[1] else 1
                found.append((match.start(), match.end(), today + timedelta(days=number if match[2] else 7 * number)))
    return found


def _of_month(match: re.Match[str], today: date) -> date | None:
    """The day that a month without a day means: its first, its 15th, or its last where it counts as a whole; not of this month."""
    month = MONTHS[match["name"]]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    if not match["year"] and month == today.month:
        return None
    if match["through"] or THROUGH.search(match[0]):
        return _end_of(year, month, today)
    return date_of(year, month, 15 if match["middle"] else 1)


def _next_such(number: int, today: date) -> date | None:
    """The next day of that number, the day itself too; in a month that has it."""
    months = ((today.year + (today.month + ahead - 1) // 12, (today.month + ahead - 1) % 12 + 1) for ahead in range(3))
    days = (date_of(year, month, number) for year, month in months)
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
        day = date_of(last.year, last.month, int(match[1])) if BACK.search(low[end : match.start()]) else None
        if day is not None and day >= last:
            alone.append((match.start(), match.end(), day))
    return alone


def is_month_first(low: str, today: date, *, utc_offset_hours: float | None) -> bool:
    """Whether a note writes the month before the day.

    A weekday beside any of its dates tells it, then a day above the 12th. Where the zone tells nothing (UTC, as servers
    write it, or none), so does a date of which one reading alone lies ahead and near. Else it is the zone of America's mornings.
    """
    dates = [each for each in NUMERIC.finditer(low) if each[5] == "/" and each[4] != each[6]]
    readings = [_two_readings(each, today) for each in dates]
    for match, days in zip(dates, readings, strict=True):
        weekday = weekday_beside(low, match)
        fits = [weekday is not None and day is not None and day.weekday() == weekday for day in days]
        if any(fits) and not all(fits):
            return fits[1]
    for match in dates:
        if max(int(match[4]), int(match[6])) > 12:
            return int(match[6]) > 12
    for match, days in zip(dates, readings, strict=True):
        near = [day is not None and today <= day <= today + _NEAR for day in days]
        if not utc_offset_hours and not match[7] and any(near) and not all(near):
            return near[1]
    return utc_offset_hours is not None and -10 <= utc_offset_hours <= -4


def _two_readings(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    """A date with slashes with the day first, and with the month first."""
    year = int(match[7]) + 2000 * (len(match[7]) == 2) if match[7] else None
    first, second = int(match[4]), int(match[6])
    return _near(year, second, first, today), _near(year, first, second, today)


def weekday_beside(low: str, match: re.Match[str]) -> int | None:
    """The weekday named right before a date, or in brackets behind it."""
    before = _WORD.findall(low[max(0, match.start() - 16) : match.start()])
    behind = _IN_BRACKETS.match(low, match.end())
    named = WEEKDAYS.get(before[-1]) if before else None
    return WEEKDAYS.get(behind[1]) if named is None and behind else named


def _numeric_day(match: re.Match[str], today: date, *, american: bool) -> date | None:
    if match[1]:
        return date_of(int(match[1]), int(match[2]), int(match[3]))
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
        return date_of(year, month, day)
    this_year = date_of(today.year, month, day)
    if this_year is not None and this_year >= today - timedelta(days=5):
        return this_year
    return date_of(today.year + 1, month, day) or this_year


def date_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
