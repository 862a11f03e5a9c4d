"""Names of months and weekdays as absence notes write them, by language, with their common short and inflected forms.

Languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia sty январь января янв січень січня",
    "february feb februar février fevrier févr febrero febbraio fevereiro fev februari luty lutego lut февраль февраля фев лютий лютого",
    "march mar märz maerz mrz mars marzo março marco maart mrt marzec marca март марта мар березень березня",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi апрель апреля апр квітень квітня",
    "may mai mayo maggio mag maio mei maj maja май мая травень травня",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze июнь июня июн червень червня",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip июль июля июл липень липня",
    "august aug août aout agosto ago augustus sierpień sierpnia sie август августа авг серпень серпня",
    "september sep sept septembre septiembre settembre set setembro wrzesień września wrz сентябрь сентября сен сент вересень вересня",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października paź октябрь октября окт жовтень жовтня",
    "november nov novembre noviembre novembro listopad listopada lis ноябрь ноября ноя листопад листопада",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudzień grudnia gru декабрь декабря дек грудень грудня",
)
_WEEKDAYS = (
    "monday montag lundi lunes lunedì lunedi segunda segunda-feira maandag poniedziałek poniedziałku понедельник понедельника понеділок понеділка",
    "tuesday tue tues dienstag mardi martes martedì martedi terça terça-feira dinsdag wtorek wtorku вторник вторника вівторок вівторка",
    "wednesday wed mittwoch mercredi miércoles miercoles mercoledì mercoledi quarta quarta-feira woensdag środa środy środę среда среды среду середа середу середи",
    "thursday thu thurs donnerstag jeudi jueves giovedì giovedi quinta quinta-feira donderdag czwartek czwartku четверг четверга четвер",
    "friday fri freitag vendredi viernes venerdì venerdi sexta sexta-feira vrijdag piątek piątku пятница пятницы пятницу п'ятниця п'ятницю п'ятниці",
    "saturday samstag samedi sábado sabato zaterdag sobota soboty sobotę суббота субботу субота суботу",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedzieli niedzielę воскресенье воскресенья неділя неділю неділі",
)

RELATIVE: tuple[tuple[str, str, str], ...] = (
    ("in", "day days", "week weeks"),
    ("in", "tag tagen", "woche wochen"),
    ("dans", "jour jours", "semaine semaines"),
    ("en|dentro de", "día días", "semana semanas"),
    ("tra|fra", "giorno giorni", "settimana settimane"),
    ("em|dentro de", "dia dias", "semana semanas"),
    ("over", "dag dagen", "week weken"),
    ("za", "dzień dni", "tydzień tygodnie tygodni"),
    ("через", "день дня дней дні днів", "неделю недели недель тиждень тижні тижнів"),
)
"""How a note names a day by how far off it is: the word before, and the words for days and weeks."""

LASTING: tuple[tuple[str, str, str], ...] = (
    ("for|for the|for another|the next|next", "day days", "week weeks"),
    ("für|für die nächsten|die nächsten|in den nächsten|den kommenden|für weitere", "tag tage tagen", "woche wochen"),
    ("pour|pour les|pendant|durant|pour encore|les prochains|les prochaines", "jour jours", "semaine semaines"),
    (
        "por|durante|durante las|durante los|los próximos|las próximas|por los próximos|por las próximas",
        "día días",
        "semana semanas",
    ),
    ("per|per le|per i|durante|per altri|per altre|i prossimi|le prossime", "giorno giorni", "settimana settimane"),
    ("por|durante|pelos próximos|pelas próximas|nos próximos|nas próximas|por mais", "dia dias", "semana semanas"),
    ("voor|gedurende|de komende|de volgende|voor de komende", "dag dagen", "week weken"),
    ("na|przez|przez najbliższe|przez kolejne|najbliższe", "dzień dni", "tydzień tygodnie tygodni"),
    ("на|в течение|следующие|ближайшие", "день дня дней", "неделю недели недель"),
    ("на|протягом|упродовж|наступні|найближчі", "день дні днів", "тиждень тижні тижнів"),
)
"""How a note says how long an absence lasts: the words before, and the words for days and weeks."""

NUMBERS: dict[str, int] = {
    name: number
    for number, names in (
        (1, "a an one ein einem einen einer eine une un una uno um uma een jeden один одну один"),
        (2, "two zwei deux dos due dois duas twee dwa две два дві двух двох dwóch"),
        (3, "three drei trois tres tre três drie trzy три трёх трех трьох trzech"),
        (4, "four vier quatre cuatro quattro quatro cztery четыре чотири"),
        (5, "five fünf cinq cinco cinque vijf pięć пять п'ять"),
        (6, "six sechs seis sei zes sześć шесть шість"),
        (7, "seven sieben sept siete sette sete zeven siedem семь сім"),
        (8, "eight acht huit ocho otto oito osiem восемь вісім"),
        (10, "ten zehn dix diez dieci dez tien dziesięć десять"),
        (14, "fourteen vierzehn quatorze catorce quattordici veertien czternaście"),
        (15, "quinze quince quindici"),
    )
    for name in names.split()
}
"""Small numbers in words."""

MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""Lower-case names to the month, 1-12."""

_PORTUGUESE = (
    "até estou estarei ficarei ausente volto voltarei regresso regressarei retorno retornarei férias escritório"
)
_SPANISH = "hasta el del estoy estaré vuelvo volveré regreso regresaré ausente vacaciones oficina"
_ITALIAN = "fino al dal sono sarò saremo rientro rientrerò torno tornerò ritorno assente ferie ufficio"
_POLISH = "jestem będę od do wracam wrócę urlop urlopie nieobecny nieobecna biurze biura dnia"
MONTHS_OF_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for names, words in (
        ("out", _PORTUGUESE),
        ("set", f"{_PORTUGUESE} {_ITALIAN}"),
        ("ago", f"{_PORTUGUESE} {_SPANISH} {_ITALIAN}"),
        ("mag gen", _ITALIAN),
        ("ene", _SPANISH),
        ("sie lip sty lis marca", _POLISH),
    )
    for name in names.split()
}
"""Names of months that are words of other languages ("out of office", "Sie"), and words that tell a text in which they are months."""

WEEKDAYS: dict[str, int] = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
"""Lower-case names to the weekday, Monday 0."""

SHORT_WEEKDAYS: tuple[str, ...] = (
    "mon", "sat", "sun", "mo", "mi", "fr", "sa", "lun", "mer", "jeu", "ven", "sam", "dim", "jue", "vie", "sáb", "sab", "dom", "gio", "seg",
    "ma", "wo", "vr", "za", "zo", "pon", "wt", "śr", "czw", "pt", "sob", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд",
)  # fmt: skip
"""Short names of weekdays, which are other words too: they count beside the number of a day alone."""

ONE_ALONE: frozenset[str] = frozenset({"tydzień", "неделю", "тиждень"})
"""Words for one week that need no number."""
