"""How people ask to be called or met, by language, and how they say when.

Patterns are regular expressions over folded text (``core.receive.phrases``); "…" stands for up to nine words. Languages: English,
German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calling:
    """The verbs of one language.

    Attributes:
        call: what asks to be called, whenever that is.
        meet: what asks to meet or to speak, whenever that is.
        on_a_day: what does so only beside a day, since it also greets or tells.
    """

    call: str
    meet: str
    on_a_day: str


LANGUAGES: tuple[Calling, ...] = (
    Calling(
        call=r"(?:call|ring|phone|telephone) (?:me|us)|give (?:me|us) (?:a|another) (?:\w+ )?(?:call|ring)|(?:reach|get) (?:me|us) (?:by|on the) phone",
        meet=r"(?:let's|lets|can we|could we|shall we) (?:meet|talk|speak)",
        on_a_day=r"see you",
    ),
    Calling(
        call=(
            r"(?:ruf[et]?|rufen sie|rufst du)(?: doch| bitte| einfach| gerne?)* (?:mich|uns) … (?:an|zurück|durch)|(?:mich|uns) … (?:anrufen|zurückrufen|anzurufen|zurückzurufen)"
            r"|(?:meld\w+|erreich\w+) … telefonisch|telefonisch … (?:bei mir|bei uns|erreich\w+)"
        ),
        meet=r"(?:treffen|sehen) wir uns|telefonieren wir|(?:können|wollen|sollen|könnten) wir (?:uns )?… (?:treffen|sehen|sprechen|telefonieren)",
        on_a_day=r"sprechen wir|(?:hören|sprechen) wir uns|wir (?:sehen|hören|sprechen) uns",
    ),
    Calling(
        call=r"(?:r?appel|téléphon)\w+[- ](?:moi|nous)(?! (?:de|d'|que|qu'|qui|quel\w*|votre|vos|ce|le|la|les)\b)|(?:me |m'|nous )(?:r?appeler|r?appeliez|téléphoner|téléphoniez)|(?:me|nous) (?:joindre|contacter) (?:par|au) téléphone",
        meet=r"(?:voyons|rencontrons|parlons|appelons)[- ]nous|(?:se|nous) (?:voir|rencontrer)",
        on_a_day=r"on (?:se|s')\s?(?:voit|parle|appelle|rencontre)|nous (?:voyons|parlons) nous",
    ),
    Calling(
        call=r"(?:llam|telefone)\w*(?:me|nos)|(?:me|nos) (?:pued\w+|podrí\w+|quier\w+) (?:llamar|telefonear)",
        meet=r"vernos|reunirnos|encontrarnos|veámonos|reunámonos|encontrémonos|hablemos",
        on_a_day=r"nos (?:vemos|reunimos|encontramos|llamamos)|(?:me|nos) (?:llamas?|llaman|llaméis|telefonea)|quedemos",
    ),
    Calling(
        call=r"(?:ri)?(?:chiam|telefon)\w+(?:mi|ci)|(?:mi|ci) (?:ri)?(?:chiami|chiamino|telefoni)|(?:mi|ci) (?:può|puoi|potete|potrebbe|potresti|potreste) (?:ri)?(?:chiamare|telefonare)",
        meet=r"vediamoci|sentiamoci|incontriamoci|vederci|sentirci|incontrarci",
        on_a_day=r"ci (?:vediamo|sentiamo|incontriamo)|(?:mi|ci) (?:ri)?(?:chiama|chiamate)",
    ),
    Calling(
        call=r"(?:lig|telefon)\w+-(?:me|nos)|(?:me|nos) (?:ligue|liguem|ligar|telefone|telefonem|telefonar)|(?:ligue|liguem|ligar) (?:para|a) (?:mim|nós)|(?:me|nos) pod\w+ ligar",
        meet=r"encontrar-nos|encontrarmo-nos|vermo-nos|nos (?:encontrar|reunir|falar)|reunir-nos",
        on_a_day=r"vemo-nos|encontramo-nos|falamo-nos|nos (?:vemos|falamos|encontramos)|podemos (?:falar|conversar)|(?:me|nos) (?:liga|ligam)",
    ),
    Calling(
        call=r"(?:bel|belt|belt u|bel je)(?: dan| even| gerust)* (?:mij|me|ons)|(?:mij|me|ons) … (?:bellen|terugbellen|opbellen)|(?:mij|me|ons) … telefonisch … bereiken|telefonisch bereikbaar",
        meet=r"zullen we … (?:afspreken|bellen|spreken)|(?:zien|spreken|ontmoeten) we elkaar",
        on_a_day=r"we (?:zien|spreken) elkaar",
    ),
    Calling(
        call=r"(?:za|od)dzwoń(?:cie)?|(?:zadzwonić|oddzwonić|zatelefonować|przedzwonić)|(?:niech|żeby) (?:pan|pani|państwo) … (?:za|od)dzwoni(?:ą|ł|ła)?",
        meet=r"spotkajmy się|(?:się )?spotkać(?: się)?|zdzwońmy się|porozmawiajmy|umówmy się",
        on_a_day=r"spotkamy się|zdzwonimy się|dzwońcie|proszę dzwonić",
    ),
    Calling(
        call=r"позвоните|перезвоните|позвони|перезвони|позвонить|перезвонить|(?:наберите|набрать) (?:меня|мне)",
        meet=r"встретимся|встретиться|давайте (?:встретимся|созвонимся|поговорим)|созвонимся|созвониться",
        on_a_day=r"звоните|увидимся|поговорим",
    ),
    Calling(
        call=r"зателефонуйте|зателефонувати|передзвоніть|передзвонити|подзвоніть|подзвонити|(?:наберіть|набрати) (?:мене|мені)",
        meet=r"зустріньмося|зустрінемо(?:ся|сь)|зустріти(?:ся|сь)|зідзвонимо(?:ся|сь)",
        on_a_day=r"телефонуйте|дзвоніть|побачимо(?:ся|сь)",
    ),
)

NEAR: str = (
    r"today|tomorrow|this (?:morning|afternoon|week)|next week|heute|morgen|übermorgen|nächste[rn]? woche|aujourd'hui|demain|semaine prochaine|hoy|mañana|próxima semana|semana que viene|oggi|domani|dopodomani|prossima settimana|settimana prossima"
    r"|hoje|amanhã|semana que vem|vandaag|overmorgen|volgende week|dziś|dzisiaj|jutro|pojutrze|przyszłym tygodniu|сегодня|завтра|послезавтра|следующей неделе|сьогодні|післязавтра|наступного тижня|\d{1,2}(?:[:.h]\d{2}|h| ?uhr| ?[ap]m)|\d{1,2}[./]\d{1,2}"
)
"""Days and hours that are near, beside the names of weekdays."""

MONTHS_THEN: str = (
    r"styczniu|lutym|marcu|kwietniu|maju|czerwcu|lipcu|sierpniu|wrześniu|październiku|listopadzie|grudniu|январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре"
    r"|січні|лютому|березні|квітні|травні|червні|липні|серпні|вересні|жовтні|листопаді|грудні"
)
"""Months as Slavic languages inflect them behind "in"."""

IN_A_MONTH: str = r"in|im|en|em|a|ad|w|we|в|у|во|au mois de|beginning of|early|late|mid|end of|anfang|mitte|ende|début|fin|principios de|finales de|inizio|fine|início de|begin|eind|from|ab|à partir de|a partir de|da|vanaf|od|с|з|від"
"""What stands before a month that is named without a day."""

FAR: str = (
    r"(?:next|coming|new) (?:year|month|quarter)|months?|spring|summer|autumn|winter|(?:nächste[nsr]?|neue[ns]|kommende[ns]?) (?:jahr\w*|monat\w*|quartal\w*)|monate?n?|frühjahr|frühling|sommer|herbst|(?:année|mois|trimestre) prochaine?|mois|printemps|automne|hiver|rentrée"
    r"|(?:próximo|nuevo) (?:año|mes|trimestre)|(?:año|mes) que viene|meses|primavera|verano|otoño|invierno|(?:anno|mese|trimestre) prossimo|prossimo (?:anno|mese|trimestre)|mesi|estate|autunno|inverno|(?:próximo|novo) (?:ano|mês|trimestre)|ano que vem|mês que vem|verão|outono"
    r"|(?:volgend|nieuw\w*) (?:jaar|maand|kwartaal)|volgende maand|maanden|voorjaar|lente|zomer|herfst|najaar|(?:przyszłym|nowym) (?:roku|miesiącu|kwartale)|miesi[ąęa]c\w*|wiosn\w+|lecie|latem|jesieni\w+|zim\w+"
    r"|(?:следующем|новом) (?:году|месяце|квартале)|месяц\w*|весн\w+|летом|осен\w+|зимой|(?:наступного|нового) (?:року|місяця|кварталу)|місяц\w*|навесні|влітку|восени|взимку"
)
"""Times that are too far off for a meeting."""

NO_WISH: str = (
    r"not|never|no(?! (?:dia|sábado|domingo|fim|início|próximo)\b)|n't|\w+n't|without|stop\w*|keep|keeps|why|always|every|nicht|nie|niemals|kein\w*|ohne|aufhör\w*|warum|wieso|weshalb|immer|ständig|dauernd|jede[nrsm]?|ne|pas|jamais|sans|arrêt\w*|pourquoi|toujours|chaque"
    r"|nunca|jamás|sin|dej\w+ de|por qué|siempre|cada|non|senza|smett\w+|perché|sempre|ogni|não|sem|par\w+ de|porquê|por que|niet|nooit|geen|zonder|waarom|altijd|steeds|elke|nie|nigdy|bez|przesta\w+|dlaczego|zawsze|ciągle|co (?:dzień|tydzień|chwil\w+)"
    r"|не|никогда|без|перестан\w+|прекрат\w+|хватит|почему|зачем|всегда|кажд\w+|ні|ніколи|перестан\w+|припин\w+|досить|чому|навіщо|завжди|щодня|кожн\w+"
)
"""Words of a clause that asks for no call: negations, ends, complaints."""

NEGATED_KINDLY: str = r"not|n't|\w+n't|nicht|ne|pas|no|non|não|niet|nie|не"
"""Negations that a question may hold and still ask."""
