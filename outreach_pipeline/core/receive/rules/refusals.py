"""By what small grammar people turn something down, by language: a negation, and a wish, a need or an interest that it reaches.

Pieces are regular expressions over text as ``core.receive.phrases`` folds it. Belongs here: pieces. Does not: how they are joined
(``core.receive.refusals``) or requests never to be written to again (``opt_outs``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The pieces of a language.

    Attributes:
        negation: what negates a verb or a whole clause; before it or behind it.
        none: "no", "without": what negates the noun behind it.
        light: words that may stand between a negation and what it reaches: adverbs, pronouns, auxiliaries, articles.
        want: wishing, needing, having time or a use, in any person.
        thing: what is offered: a meeting, a call, a demo, an offer.
        interest: interest itself, as verb, adjective or noun.
        needed: needed, useful, of use: said of a thing.
        lead: how a clause begins before ``none``.
    """

    negation: str
    none: str
    light: str
    want: str
    thing: str
    interest: str
    needed: str
    lead: str


_SHARED = r"demos?|meetings?|calls?|webinar\w*|pitch\w*|zoom|teams"

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        negation=r"not|never|no longer|neither|nor|nothing|none|nobody|no one|no-one|\w+n't|cannot|hardly|by no means|in no way|far from|anything but",
        none=r"no|zero|without|not any|not a|little|any",
        light=r"really|absolutely|definitely|at all|in the least|the least|least|bit|at|all|actually|honestly|currently|presently|unfortunately|sadly|particularly|especially|very|so|that|this|these|it|of|here|there|us|we|me|i|you|think|believe|feel|see|find|be|been|is|are|am|was|being|sound|sounds|look|looks|seem|seems|appear|would|will|do|does|did|have|has|any|a|an|the|something|anything|someone|anyone|to|for|that|much|enough|quite|even|remotely|personally|also|either|currently|in|on|our|my|team|side|company|which|who|what|ever|overly|too|terribly|sort|kind|thing|things|today|your",
        want=r"want\w*|time|appetite|capacity|point|reason|sense|need\w*|wish\w*|like|care|desire|require\w*|looking|interested|keen|willing|up|ready|have (?:the |any |enough )?(?:time|use|need|interest|capacity|appetite|desire|wish|budget)|see (?:the |any |a )?(?:need|use|point|value|benefit|reason|interest)|spare|find (?:the |any )?time|take|accept|do|schedule|book|arrange|set up|plan|agree|consider|go for|(?:no|zero|little) (?:time|need|use|interest|desire|wish|point|sense|capacity|appetite|intention|reason)|prefer\w*|rather",
        thing=rf"{_SHARED}|appointments?|offers?|quotes?|quotations?|proposals?|presentations?|trials?|chats?|talks?|conversations?|discussions?|tours?|samples?|brochures?|pricing|price lists?|interviews?|services?|products?|to (?:meet|talk|speak|chat)",
        interest=r"interest(?:s|ed|ing)?|appealing|appeals?|relevant|attractive|of (?:any )?use|useful",
        needed=r"needed|necessary|required|wanted|of (?:any )?(?:use|interest|value)|useful|something (?:i|we) (?:want|need)|desired|called for|(?:use|value|interest|need|help) (?:to|for) (?:us|me)|worth \w+|an option",
        lead=r"please|thanks|thank you|sorry|so|so please|but please|therefore|and|definitely|absolutely|we have|i have|we've|i've|there is|there's|i see|we see",
    ),
    Refusal(
        negation=r"nicht|alles andere als|nie|niemals|nichts|niemand|keineswegs|mitnichten|keiner?|kaum|weder|in keiner weise|keinerlei",
        none=r"kein\w*|ohne|null",
        light=r"uberhaupt|gar|leider|absolut|wirklich|ganz|so|sehr|sonderlich|besonders|im geringsten|derzeit|eigentlich|ehrlich gesagt|sich|hier|bei|uns|mich|mir|fur|dafur|daran|das|dies|ist|sind|bin|bist|war|es|ich|wir|von|davon|auch|einfach|schlicht|schlichtweg|weiter|naher|nur|im|mindesten|in|keiner|keinster|weise|ein|eine|einen|wird|ware|aber auch|ja|halt|eben|definitiv|klingt|hort|an|ihnen|mit|zu|team|haus|unternehmen|angebot|thema",
        want=r"mocht\w*|will|wollen|wunsch\w*|brauch\w*|benotig\w*|bedarf|bedurf\w*|hatt\w* (?:lieber|gern)|(?:hab\w*|hatt\w*|finde|sehe|sehen|haben) (?:\w+ ){0,3}?kein\w* (?:zeit|bedarf|interesse|verwendung|lust|sinn|grund|nutzen|kapazitat)|zeit|lust|bedarf|interesse",
        thing=rf"{_SHARED}|termin\w*|gesprach\w*|telefonat\w*|anruf\w*|telefonieren|sprechen|treffen|angebot\w*|prasentation\w*|vorfuhrung\w*|videocall\w*|rucksprache|unterlagen|broschure\w*|infos?|informationen|offerte\w*|test\w*|besprechung\w*|austausch|kennenlernen",
        interest=r"interess\w*|relevant|spannend|reizt|reizvoll|attraktiv",
        needed=r"notig|notwendig|erforderlich|gewunscht|erwunscht|gebraucht|sinnvoll|vonnoten|brauche|brauchen|benotigen|benotige|in frage|von interesse",
        lead=r"bitte|danke|nein|leider|sorry|also|somit|daher|lieber|fur uns|fur mich|es gibt|es besteht|fur ein\w* \w+ (?:besteht|habe ich|haben wir)",
    ),
    Refusal(
        negation=r"pas|ni|loin d'etre|plus|jamais|rien|aucun\w*|personne|guere|nullement|point",
        none=r"pas de|pas d'(?=\w)|pas d|aucun\w*|sans|plus de",
        light=r"absolument|vraiment|du|tout|malheureusement|particulierement|tellement|tres|de|cela|ca|ceci|ce|ne|nous|me|m'|n'|ici|est|sommes|suis|etes|soit|pour|moi|trop|franchement|clairement|bien|actuellement|n'est|ne|m'|d'un|d'une|un|une|le|la|les|equipe|et|a|y|n'y|serait|non",
        want=r"ve\w+|voul\w*|souhait\w*|desir\w*|besoin|temps|envie|interet|utilite|(?:cherch|vois|voyons|tien)\w*|l'utilite|le temps",
        thing=rf"{_SHARED}|rendez-vous|rdv|appels?|reunions?|entretiens?|echang\w*|rencontr\w*|visio\w*|demo\w*|demonstrations?|devis|offres?|presentations?|propositions?|brochures?|essais?|discut\w*|parler|echanger|telephon\w*|l'appel|creneau\w*",
        interest=r"(?:[nm]'|l'|s'|d')?interess\w*|(?:l'|d')?interet|pertinent\w*|preneu\w+",
        needed=r"necessaire\w*|utile\w*|requis\w*|souhait\w*|l'ordre du jour|d'aucune utilite|(?:d'|l')?utilite|la peine|besoin|envisageable",
        lead=r"merci|non|non merci|desole\w*|svp|s'il vous plait|donc|et|alors|nous n'avons|je n'ai|il n'y a",
    ),
    Refusal(
        negation=r"no|nunca|nada|ningun\w*|nadie|jamas|tampoco|para nada|lejos de|ni",
        none=r"ningun\w*|sin|nada de|no mas",
        light=r"absolutamente|realmente|en absoluto|en|absoluto|para nada|para|nada|muy|tan|demasiado|lamentablemente|me|nos|le|a|aqui|esta|estamos|estoy|es|son|soy|somos|esto|eso|de|lo|mi|mucho|verdaderamente|la|el|un|una|interesa|verdad|que|especialmente|especial|nosotros|equipo|resulta|parece|ser|seria|hay|ve|veo|vemos|ningun|algo|tenemos|tengo|hace",
        want=r"qui\w+|quer\w*|dese\w*|necesit\w*|tiempo|tengo|tenemos|hac\w* falta|interes\w*|busc\w*|ganas|necesidad|precis\w*|vemos|veo|me apetece",
        thing=rf"{_SHARED}|reuni\w*|llamada\w*|cita\w*|demo\w*|presupuesto\w*|oferta\w*|propuesta\w*|presentacion\w*|videollamada\w*|hablar|charla\w*|conversacion\w*|folleto\w*|prueba\w*|cotizacion\w*|encuentro\w*",
        interest=r"interes\w*|relevante\w*|atractiv\w*",
        needed=r"necesari\w*|falta|util\w*|requerid\w*|interes|precis\w*|deseada\w*",
        lead=r"por favor|gracias|lo siento|asi que|y|perdon|entonces|no hay|no tenemos|no tengo",
    ),
    Refusal(
        negation=r"non|mai|niente|nulla|nessun\w*|affatto|neanche|nemmeno|mica|tutt'altro che",
        none=r"nessun\w*|niente|senza|zero",
        light=r"assolutamente|davvero|per|niente|nulla|affatto|purtroppo|molto|cosi|particolarmente|mi|ci|a|qui|e|sono|siamo|di|cio|questo|questa|in|alcun|modo|ne|lo|la|il|un|una|noi|me|nostro|nostra|azienda|minimamente|sembra|per nulla|proprio|granche|sarebbe|interessa|c'e|vi|alcun|vedo|vediamo|alcuno|al momento",
        want=r"vogli\w*|vorr\w*|desider\w*|bisogno|ho|abbiamo|tempo|serv\w*|occorr\w*|necessit\w*|credo|interess\w*|cerc\w*|vedo|vediamo|intend\w*",
        thing=rf"{_SHARED}|appuntament\w*|chiamat\w*|incontr\w*|demo\w*|preventiv\w*|offert\w*|propost\w*|presentazion\w*|videochiamat\w*|riunion\w*|colloqui\w*|parlar\w*|sentirc\w*|brochure|prov\w|telefonat\w*|dimostrazion\w*",
        interest=r"interess\w*|rilevante|attraente",
        needed=r"necessari\w*|serv\w*|occorr\w*|util\w*|richiest\w*|bisogno|caso",
        lead=r"grazie|no|no grazie|scusi|mi dispiace|quindi|per favore|e|per cortesia|non c'e|non abbiamo|non ho",
    ),
    Refusal(
        negation=r"nao|nunca|nada|nenhum\w*|ninguem|jamais|tampouco|minimamente|de todo|longe de",
        none=r"nenhum\w*|sem|nada de",
        light=r"absolutamente|realmente|mesmo|nada|de|todo|minimamente|muito|tao|infelizmente|me|nos|a|aqui|esta|estamos|estou|e|sao|sou|somos|isto|isso|para|mim|verdadeiramente|propriamente|o|um|uma|interessa|algo|nosso|nossa|equipa|parece|seria|ser|particularmente|em absoluto|em|absoluto|ha|qualquer|lhe|vejo|vemos|tenho|temos|do|da|no|na",
        want=r"quer\w*|desej\w*|precis\w*|tempo|tenh\w*|tem(?:os)?|necessit\w*|interess\w*|procur\w*|vemos|vejo|pretend\w*|vontade|necessidade",
        thing=rf"{_SHARED}|reuni\w*|chamad\w*|ligac\w*|demo\w*|demonstrac\w*|orcament\w*|propost\w*|ofert\w*|apresentac\w*|videochamad\w*|convers\w*|falar|encontr\w*|cotac\w*|brochura\w*|teste\w*",
        interest=r"interess\w*|relevante\w*|atrativ\w*",
        needed=r"necessari\w*|precis\w*|util\w*|requerid\w*|interesse|falta",
        lead=r"por favor|obrigad[oa]|desculpe|e|entao|portanto|nao ha|nao temos|nao tenho",
    ),
    Refusal(
        negation=r"niet|nooit|niets|niks|niemand|geenszins|geen\w*|allerminst|allesbehalve",
        none=r"geen\w*|zonder|nul",
        light=r"helemaal|absoluut|echt|totaal|helaas|bepaald|zo|heel|erg|bijzonder|in|het|minst|ons|mij|me|voor|dit|dat|is|zijn|ben|hier|we|wij|ik|er|van|daar|daarin|ook|eigenlijk|nu|gewoon|een|zeker|klinkt|lijkt|zich|enkele|enige|wijze|op",
        want=r"wil|willen|hoeven|wachten|wens\w*|nodig|heb|hebben|hoef\w*|tijd|behoefte|interesse|zin|zoek\w*|liever|zou|zouden|belangstelling|zie",
        thing=rf"{_SHARED}|afspra\w*|gesprek\w*|bellen|belafspraak|offert\w*|aanbod|aanbieding\w*|presentatie\w*|kennismak\w*|videocall\w*|overleg|brochure\w*|proef\w*|telefoontje\w*|praten|afspreken|voorstel\w*",
        interest=r"interess\w*|geinteresseerd|relevant|boeiend|aantrekkelijk|belangstelling",
        needed=r"nodig|noodzakelijk|gewenst|vereist|nuttig|hoeft|zinvol|behoefte|van belang",
        lead=r"graag|dank|dank u|bedankt|nee|sorry|liever|dus|alstublieft|svp|helaas|en|er is|wij hebben|ik heb",
    ),
    Refusal(
        negation=r"nie|nigdy|nic|nikt|nikogo|wcale|ani|zaden|zadn\w*|dalek\w*",
        none=r"zadn\w*|bez|zaden|ani|nie ma",
        light=r"w ogole|w|ogole|absolutnie|naprawde|zupelnie|niestety|calkowicie|bardzo|szczegolnie|specjalnie|nas|mnie|nam|mi|to|tu|tutaj|jest|jestem|jestesmy|sa|dla|z|tego|sie|tym|do|wydaje|brzmi|juz|obecnie|ten|ta|nasz\w*|takie|nic|bylo\w*|byloby|pan\w*|mam|mamy",
        want=r"umawia\w*|organiz\w*|chc\w*|chcial\w*|potrzeb\w*|zycz\w*|czasu|sensu|potrzeby|mam|mamy|interes\w*|trzeba|pragn\w*|szuka\w*|zamierza\w*|widz\w*|ochoty|sensu",
        thing=rf"{_SHARED}|spotka\w*|rozmow\w*|rozmaw\w*|demo\w*|prezentac\w*|ofert\w*|wycen\w*|telefon\w*|dzwon\w*|zadzwon\w*|propozycj\w*|konsultacj\w*|broszur\w*|umawia\w*",
        interest=r"(?:za)?interes\w*|istotne|ciekaw\w*",
        needed=r"potrzebn\w*|koniecz\w*|wymagan\w*|przydatn\w*|niezbedn\w*|wskazan\w*|trzeba",
        lead=r"prosze|dziekuje|przepraszam|wiec|i|niestety|nie mam|nie mamy",
    ),
    Refusal(
        negation=r"не|никогда|ничего|ничто|никто|нисколько|никак\w*|нет|ни к чему|ни к|вовсе|далек\w*",
        none=r"ни к чему|никак\w*|без|ни одного|ни одной|нет|ненужн\w*",
        light=r"совсем|абсолютно|совершенно|вообще|очень|особо|особенно|так|уж|действительно|увы|к сожалению|к|сожалению|нам|мне|нас|меня|это|для|из|этого|в|этом|тут|здесь|с|вами|нисколько|ваше|ваш\w*|пока|больше|никак|слишком|тоже|вовсе|ничуть|не|у|вижу|видим",
        want=r"хо[чт]\w*|хотел\w*|жела\w*|нужн\w*|нужд\w*|надо|треб\w*|времени|смысла|видим|вижу|интерес\w*|потребност\w*|необходимост\w*|план\w*|ищ\w*|собира\w*|ни к чему",
        thing=rf"{_SHARED}|встреч\w*|встрет\w*|звон\w*|созв\w*|демо\w*|демонстрац\w*|презентац\w*|предложени\w*|вебинар\w*|разговор\w*|переговор\w*|поговорить|общат\w*|кп|прайс\w*|консультац\w*|перезванив\w*",
        interest=r"интерес\w*|заинтересов\w*|актуальн\w*|любопытн\w*",
        needed=r"нуж[ен]\w*|треб\w*|необходим\w*|надо|полезн\w*|интерес\w*|чему|актуальн\w*",
        lead=r"пожалуйста|спасибо|извините|и|давайте|к сожалению|увы|нам|мне",
    ),
    Refusal(
        negation=r"не|ніколи|нічого|ніщо|ніхто|анітрохи|жодн\w*|ніяк\w*|немає|нема|зовсім не|ні до чого|ні до",
        none=r"ні до чого|ніяк\w*|без|жодн\w*|немає|нема",
        light=r"зовсім|абсолютно|цілком|взагалі|дуже|особливо|так|дійсно|на жаль|на|жаль|нам|мені|нас|мене|це|для|з|цього|в|цьому|тут|вами|поки|більше|надто|теж|аж|ніяк|не|у|ваш\w*|бачу|бачимо",
        want=r"хо[чт]\w*|хоті\w*|маю|маємо|бажа\w*|потріб\w*|треба|потреб\w*|часу|сенсу|бачу|бачимо|цікав\w*|план\w*|шука\w*",
        thing=rf"{_SHARED}|зустріч\w*|зустріт\w*|зустрі\w*|дзвін\w*|дзвон\w*|зідзв\w*|созв\w*|демо\w*|демонстрац\w*|презентац\w*|пропозиц\w*|вебінар\w*|розмов\w*|поговорити|спілкув\w*|прайс\w*|консультац\w*",
        interest=r"цікав\w*|зацікав\w*|актуальн\w*",
        needed=r"потріб\w*|треба|необхідн\w*|корисн\w*|чого|цікав\w*|актуальн\w*",
        lead=r"будь ласка|дякую|вибачте|і|на жаль|нам|мені",
    ),
)  # fmt: skip
"""English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian."""

ONE_WORD = r"(?<!nicht )(?<!not )(?<!не )\b(?:uninterest\w*|disinterested|uninteressant\w*|desinteress\w*|inintéressant\w*|nieinteresuj\w*|неинтерес\w*|нецікав\w*|незацікавлен\w*|незаинтересован\w*|oninteressant)\b"
"""Words that hold their negation."""

DECLINES = rf"\b(?:declin(?:e|ing|o|amos)|(?:i'll|we'll|i'd|will|would) (?:rather )?pass on|decline|declinons|dispens(?:o|amos|e)|prescind\w+ de|renunci(?:o|amos)|rinunci(?:o|amo)|verzicht\w*(?: auf)?|lehne|lehnen|zie\w* af van|bedank voor|rezygn\w+ z|отказыва\w+ от|откаж\w+ от|відмовля\w+ від) (?:[\w'-]+ ){{0,3}}?(?:l'|d')?(?:{'|'.join(each.thing for each in REFUSALS)})\b"
"""Verbs that turn a thing down without a negation."""

HARMLESS = r"\b(?:(?:no|not a|never a|zero) (?:problem|worries|doubt|question|objections?|matter|brainer|issue|rush|harm)s?|not only|not just|not (?:a )?bad|not (?:at all )?against|nothing against|\w*n't wait|cannot wait|(?:not|\w*n't) (?:have )?(?:hesitate|mind|object|forget|wait|hurt|worry)|why (?:not|don't|wouldn't)|nothing to lose|if not|whether or not|not to mention|no time to lose|(?:do not|\w*n't) see why not|(?:not|\w*n't|never) (?:\w+ )?(?:been )?(?:more|so|seen|heard|as) (?:\w+ ){0,2}?(?:interest\w*|such|better)|(?:not|\w*n't) (?:agree|be) more|(?:not|\w*n't) say no|not un\w+|kein\w* (?:problem|thema|frage|ding|einwand|einwande|zweifel|sorge)|nicht (?:nur|schlecht|ubel|bloss|un\w+)|nichts (?:dagegen|gegen|einzuwenden)|nicht abgeneigt|nicht nein|warum (?:eigentlich )?nicht|wieso nicht|zoger\w* (?:sie )?(?:bitte )?nicht|nicht zoger\w*|kann es kaum erwarten|wenn nicht|sans (?:souci|probleme)|pas de (?:souci|probleme)s?|aucun (?:souci|probleme|doute)|pourquoi pas|pas non|non seulement|pas (?:seulement|que|mal|inint\w+|contre)|n'?hesit\w*(?: pas)?|sans doute|sin (?:problema|duda|compromiso)s?|ningun problema|por que no|no (?:solo|solamente|dude\w*|hay problema|esta mal|hay inconveniente)|ningun inconveniente|no digo que no|nessun (?:problema|dubbio)|perche no|non solo|niente male|senza (?:dubbio|impegno|problemi)|non vedo l'ora|non dico di no|non esit\w*|niente in contrario|sem (?:problema|duvida|compromisso)s?|porque nao|por que nao|nao (?:so|apenas|somente|hesit\w*|ha problema)|nada contra|nao digo que nao|nenhum problema|geen (?:probleem|bezwaar|twijfel|punt)|waarom niet|niet (?:alleen|slecht|tegen|onaardig)|aarzel niet|niets (?:op )?tegen|niet wachten|geen nee|zonder (?:probleem|twijfel)|nie (?:ma problemu|ma sprawy|tylko|mam nic przeciw\w*|waha\w* sie)|bez (?:problemu|watpienia|zobowiazan)|czemu nie|dlaczego nie|nic przeciw\w*|nie odmowi\w*|без (?:проблем|сомнени\w*|вопросов)|не (?:только|против|плохо|вопрос|проблема|стесняйтесь|лишь|возража\w*)|почему (?:бы )?(?:и )?(?:нет|не)|никаких проблем|не отка\w+|нет проблем|чому (?:б|би)? ?(?:і )?(?:ні|не)|не (?:тільки|проти|погано|лише|заперечу\w*)|без (?:сумніву|питань)|немає проблем|не відмов\w+)(?!\w)"
"""Negations that turn nothing down."""

KEEPS = r"\b(?:miss|lose|cancel\w*|postpone|reschedule|delay|skip|verpass\w*|absag\w*|abzusagen|verschieb\w*|versaum\w*|verlier\w*|rat(?:er|ez)|manqu\w*|annul\w*|perd\w*|cancel\w*|apla[zc]\w*|perder\w*|missen|verzetten|afzeggen|przegapi\w*|odwol\w*|пропус\w*|отмен\w*|упус\w*|скасов\w*|пропуст\w*|yet|received|receive|arrived|attached|came|got|find|found|seen|erhalten|bekommen|angekommen|gefunden|recu|recibid\w*|ricevut\w*|recebi\w*|ontvangen|otrzyma\w*|получ\w*|отрим\w*|пришло|прийшло)\b"
"""What a negated clause with a thing may be about besides: the thing is wanted, or has not come."""

DAYS = r"\b(?:before|until|till|today|tomorrow|tonight|this (?:week|month|morning|afternoon)|next (?:week|month)|now|on|at \d|right now|at the moment|without|vor|bis|heute|morgen|diese\w* (?:woche|monat)|ohne|avant|aujourd'hui|demain|cette semaine|sans|antes|hoy|manana|esta semana|prima|oggi|domani|questa settimana|hoje|amanha|esta semana|voor \d+|vandaag|morgen|deze week|przed|dzis\w*|jutro|tym tygodniu|до|сегодня|завтра|этой неделе|сьогодні|завтра|цього тижня)\b"
"""A day or a condition in a clause: the thing is turned down for then."""

TURNS = r"(?<!\w)(?:but|however|though|although|because|since|and|yet|still|instead|just|only|und|aber|sondern|jedoch|weil|denn|doch|mais|et|pero|sino|porque|y|ma|bensi|perche|e|mas|maar|en|ale|lecz|bo|tylko|но|а|и|потому что|але|і|бо|та)(?!\w)"
"""Words at which another clause begins."""

WHETHER = r"^(?:if|whether|that|ob|dass|wie|si|que|se|che|of|czy|что|нуж\w+|ли|чи|що)(?!\w)"
"""How a clause begins that says what is not known."""

UNCERTAIN = r"\b(?:not (?:really |quite |entirely |so |too |very )?(?:sure|certain|convinced|clear)|unsure|uncertain|(?:n't|not) (?:really )?(?:know|tell|say) (?:yet )?(?:if|whether|that)|doubt(?:ful)?(?: that| if| whether)?(?=\s)|hard to (?:say|tell)|nicht (?:\w+ )?(?:sicher|uberzeugt|klar),? ?(?:ob|dass|wie)?|(?:weiss|wissen) (?:\w+ ){0,2}?nicht,? ob|unsicher|bezweifle|schwer zu sagen|pas (?:\w+ )?(?:sur\w*|certain\w*|convaincu\w*)|ne sa(?:is|vons) pas (?:\w+ )?(?:si|encore)|doute|no (?:estoy|estamos) (?:\w+ )?(?:segur\w*|convencid\w*)|no (?:se|sabemos) si|dudo|non (?:sono|siamo) (?:\w+ )?(?:sicur\w*|certo|certa|convint\w*)|non s(?:o|appiamo) se|dubito|nao (?:estou|estamos|tenho|temos) (?:\w+ )?(?:certo|certeza|segur\w*|convencid\w*|a certeza)|nao s(?:ei|abemos) se|duvido|(?:weet|weten) (?:\w+ ){0,2}?niet (?:\w+ )?of|niet (?:\w+ )?(?:zeker|overtuigd)|betwijfel|twijfel|nie (?:wiem|wiemy),? czy|nie (?:jestem|jestesmy) (?:\w+ )?(?:pew\w+|przekonan\w*)|watpie|не (?:\w+ )?(?:уверен\w*|знаю|знаем|ясно|убежден\w*)|сомнева\w*|не (?:\w+ )?(?:впевнен\w*|знаю|знаємо|переконан\w*)|сумніва\w*)"
"""Who does not know yet."""
