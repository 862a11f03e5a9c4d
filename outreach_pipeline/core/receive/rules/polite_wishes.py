"""What people wish for who say "I would like to …", by language: an end, the source of their address, or what a buyer asks for.

The polite words alone tell nothing. Each language has the kindest of them (``kind``), all with which a wish begins (``polite``), what ends by them (``end``: a wish to stop in
doubt), what is asked of the address's source (``source``: no wish at all), and what a buyer asks for in
the kindest of words (``object``). Pieces are regular expressions
over text as ``core.receive.phrases`` folds it. Belongs here: pieces. Does not: what follows (``core.receive.intents``,
``core.receive.opt_out_shapes``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Politeness:
    """The pieces of a language, as the head of this file tells them."""

    kind: str
    polite: str
    end: str
    source: str
    object: str


LANGUAGES: tuple[Politeness, ...] = (
    Politeness(
        kind=r"(?:i|we)(?:'d| would)(?: \w+)? (?:like|love|prefer|appreciate)|would (?:\w+ )?(?:like|love)",
        polite=r"(?:i|we)(?:'d| would)(?: \w+)? (?:like|love|prefer|wish|appreciate)|(?:would|'d) (?:\w+ )?(?:like|love|prefer|rather)|(?:i|we)(?: \w+)? (?:want|wish|prefer|need)|(?:could|can|may|might) (?:i|we)|(?:could|can|would) you",
        end=r"(?:be|get|stay) (?:\w+ )?(?:taken (?:off|out)|left (?:out|off|alone|in peace)|dropped|excluded|forgotten|spared|off (?:this|your|the)|out of (?:this|it|these|your))|(?:this|it|these|those|that|all this|(?:your|these|the|such) \w+) (?:to (?:just )?(?:end(?! up)|stop|cease|be over|go away)|ended|stopped)|(?:hear|get|receive|see|read|have) (?:absolutely |just )?(?:nothing|none of|no more(?! than))|no more of (?:this|it|these|that)|(?:end|stop|quit) (?:this|it|here)(?= *(?:[.!,;]|$)| here| now| please| conversation| exchange| correspondence)|(?:leave|exit|get off|get out of|come off|drop out of) (?:this|your|the|these) (?:\w+ )?(?:lists?|mails?|e-?mails?|mailings?|campaigns?|sequences?|thread)|(?:get|come) off this|(?:leave|left) (?:me|us) (?:alone|out|in peace|be)|some peace|not (?:to )?(?:be (?:part|included|involved|bothered|disturbed|on)|hear|have (?:any|this|these))",
        source=r"(?:know|learn|understand|find out|hear|tell me|tell us|explain|ask)(?: \w+){0,2}?,? (?:who|where|how|from whom|why|which)\b[^.!?]{0,40}(?:address|e-?mail|name|contact|data|details|number|about me|about us|of me|found me|found us|got me|got us|hold of)",
        object=r"talk|speak|chat|discuss|call|demo|more|details?|info\w*|offers?|quotes?|quotation|pric\w*|costs?|rates?|try|test|trial|pilot|see|meet\w*|learn|hear|know|understand|find out|look|buy|order|purchase|book|schedule|arrange|set up|join|attend|start|begin|proceed|move|go|sign|use|receive|get|have|a|an|one|some|two|samples?|brochure|proposal|contract|explore|consider|evaluate|show|read|watch|visit|compare|invite|work|continue|connect|your|send",
    ),
    Politeness(
        kind=r"mochte\w*|wurde\w*(?: \w+){0,3}? gern\w*|hatte\w*(?: \w+){0,3}? gern\w*",
        polite=r"mochte\w*|wurde\w*|will|wollen|hatte\w*|wunsch\w*|konnt\w*|kann|durft\w*|darf|gerne?",
        end=r"in ruhe (?:gelassen|zu lassen|lassen)|meine ruhe|unsere ruhe|(?:von|aus) (?:der|dieser|ihrer|eurer|deiner|dem|diesem|ihrem|eurem|deinem) (?:\w+ )?\w*(?:liste|verteiler) (?:runter|raus|weg|herunter|heraus|gestrichen|genommen|entfernt|geloscht|verschwinden)|(?:hier|da|daraus|hieraus) (?:bitte )?(?:raus|weg|runter|heraus|rausgenommen|herausgenommen|gestrichen)|nichts (?:mehr|weiter) (?:\w+ ){0,3}?(?:horen|lesen|bekommen|erhalten|wissen|sehen)|dass (?:das|dies|es|die sache) (?:hier |jetzt )?(?:aufhort|endet|ein ende hat|vorbei ist)|(?:raus|herausgelassen|aussen vor) (?:gelassen|genommen|bleiben|sein)|verschont (?:werden|bleiben)|nicht (?:mehr|weiter) (?:\w+ ){0,2}?(?:behelligt|gestort|belastigt|kontaktiert|angeschrieben)|(?:gestrichen|abgemeldet|ausgetragen|geloscht|entfernt|herausgenommen|rausgenommen|vergessen|ausgelassen) (?:zu )?werden|nicht (?:mehr )?dabei sein|das hier beenden|mich (?:hier )?(?:abmelden|austragen)",
        source=r"(?:wissen|erfahren|fragen|horen|verstehen)[^.!?]{0,12} (?:woher|wer|wie|von wem|wo)\b[^.!?]{0,40}(?:adresse|mail|namen?|kontakt\w*|daten|nummer)",
        object=r"mehr|details?|informationen|infos?|angebot\w*|preis\w*|kosten|demo|test\w*|ausprobieren|probieren|sehen|ansehen|anschauen|treffen|kennenlernen|lernen|wissen|erfahren|sprechen|reden|telefonieren|besprechen|anruf|termin|kaufen|bestellen|buchen|unterlagen|muster|vertrag|starten|anfangen|teilnehmen|nutzen|bekommen|erhalten|haben",
    ),
    Politeness(
        kind=r"voudrai\w*|voudrions|aimerai\w*|aimerions|souhaiter\w*",
        polite=r"voudrai\w*|voudrions|aimerai\w*|aimerions|souhait\w*|desir\w*|veux|voulons|prefer\w*|pourrai\w*|pourrions|puis-je|pouvons-nous|pouvez-vous",
        end=r"(?:qu'on|que l'on|que vous) (?:me|nous) (?:laiss|oubli|retir|enlev|supprim)\w*|etre (?:\w+ )?(?:laisse|retire|enleve|supprime|desinscrit|raye|oublie|exclu|efface|epargne)\w*|(?:cela|ca|ceci|tout cela|tout ca|cette histoire) (?:s'arrete|cesse|prenne fin|se termine|finisse)|ne plus (?:rien |jamais )?(?:\w+ )?(?:entendre|figurer|etre|avoir|lire|savoir)|(?:n'entendre|ne rien entendre|n'en entendre)|(?:en rester la|en finir|avoir la paix|arreter la|s'arreter la)|(?:sortir|partir) de (?:cette|votre|la|ta) liste|quitter (?:cette|votre|la) liste|en dehors de (?:tout cela|ca|cela)",
        source=r"(?:savoir|comprendre|apprendre|connaitre|demander|dire)[^.!?]{0,10} (?:qui|ou|comment|d'ou|de qui|par qui)\b[^.!?]{0,40}(?:adresse|mail|nom|contact|coordonnees|donnees|numero)",
        object=r"plus|details?|informations?|infos?|offre|devis|prix|tarifs?|demo\w*|essayer|essai|tester|voir|rencontrer|apprendre|savoir|connaitre|parler|discuter|echanger|appel\w*|rendez-vous|acheter|commander|reserver|brochure|contrat|commencer|participer|utiliser|recevoir|avoir|obtenir|une?",
    ),
    Politeness(
        kind=r"gustaria\w*|quisier\w*|encantaria",
        polite=r"gustaria\w*|quisier\w*|quier\w*|querem\w*|querri\w*|dese\w*|preferir\w*|prefier\w*|podri\w*|pued\w*|encantaria",
        end=r"(?:me|nos) dej\w* (?:en paz|tranquil\w*|fuera)|dej\w*(?:me|nos) (?:en paz|tranquil\w*|fuera)|(?:esto|todo esto|eso) (?:se )?(?:termin|acab|par|ces)\w*|salir de (?:esta|su|la|tu|vuestra|sus) listas?|no (?:\w+ ){0,2}?(?:saber|oir|recibir|tener|leer|estar)|(?:saber|oir|recibir) nada mas|(?:quedar|estar|quedarme|quedarnos) (?:fuera|al margen|en paz|tranquil\w*)|ser (?:borrad|eliminad|excluid|quitad|retirad|olvidad|dad)[oa]s?|dar(?:me|nos) de baja|que (?:me|nos) (?:borr|elimin|quit|sac|olvid|retir|exclu)\w*|(?:dejarlo|terminar) aqui",
        source=r"(?:saber|conocer|entender|preguntar|decirme)[^.!?]{0,10} (?:quien|donde|como|de quien|por quien)\b[^.!?]{0,40}(?:direccion|correo|mail|nombre|contacto|datos|numero)",
        object=r"mas|detalles?|informacion|info|oferta|presupuesto|cotizacion|precios?|tarifas?|demo\w*|prob(?:ar|arlo|arla)|prueba|ver|conocer|aprender|saber|hablar|charlar|discutir|llamada|llamar\w*|reunion|reunir\w*|comprar|pedir|reservar|folleto|contrato|empezar|participar|usar|recibir|tener|obtener|una?",
    ),
    Politeness(
        kind=r"vorre\w*|vorremmo|piacerebbe|gradire\w*",
        polite=r"vorre\w*|vorremmo|piacerebbe|desider\w*|gradire\w*|preferire\w*|potre\w*|posso|possiamo|voglio|vogliamo",
        end=r"(?:essere|venire|esser) (?:\w+ )?(?:lasciat|tolt|rimoss|cancellat|eliminat|esclus|dimenticat|risparmiat)\w*|(?:questo|tutto questo|questa storia|tutto cio|la cosa) (?:finiss|finisc|cess|smett|termin)\w*|(?:mi|ci) (?:lasci|dimentic|togli|tolg|cancell|elimin)\w*|uscire da(?:lla|l|i| questa| questo)? ?(?:vostra |sua |tua )?(?:lista|elenco)|(?:non )?(?:sentire|sapere|ricevere|avere|sentirne|saperne) piu (?:nulla|niente)|non (?:\w+ ){0,2}?(?:sentire|sapere|sentirne|saperne|essere|avere)|(?:stare|stars?ne|restar\w*|rimaner\w*) (?:\w+ )?(?:fuori|in pace|tranquill\w)|(?:finirla|chiuderla|chiudere|finire|fermar\w+) qui|non (?:\w+ ){0,2}?piu",
        source=r"(?:sapere|capire|conoscere|chiedere|dirmi)[^.!?]{0,10} (?:chi|dove|come|da chi|da dove)\b[^.!?]{0,40}(?:indirizzo|mail|nome|nominativo|contatto|dati|numero)",
        object=r"piu|maggiori|dettagli|informazioni|info|offerta|preventivo|prezz\w|costi|demo\w*|prova\w*|vedere|conoscere|imparare|sapere|parlare|discutere|chiamata|call|sentir\w*|incontr\w*|appuntamento|comprare|acquistare|ordinare|prenotare|brochure|contratto|iniziare|partecipare|usare|ricevere|avere|una?|un'",
    ),
    Politeness(
        kind=r"gostari\w*|adorari\w*",
        polite=r"gosta(?:ri|v)\w*|quer\w*|desej\w*|prefer\w*|poderi\w*|pod\w*|posso|adorari\w*",
        end=r"(?:me|nos) deix\w* (?:em paz|de fora|fora|tranquil\w*)|deix\w*-(?:me|nos) (?:em paz|de fora|fora)|ser (?:\w+ )?(?:deixad|retirad|removid|excluid|tirad|apagad|esquecid|eliminad|poupad)[oa]s?|(?:isto|isso|tudo isto|tudo isso) (?:acab|par|termin|cess)\w*|sair (?:desta|dessa|da|disto|disso|daqui)|nao (?:\w+ ){0,2}?(?:ouvir|saber|receber|ter|estar|ser)|(?:ouvir|saber) mais nada|(?:ficar|estar) (?:de fora|fora|em paz|tranquil\w*)|que (?:me|nos) (?:tir|remov|retir|exclu|apag|esqu|elimin)\w*|(?:encerrar|terminar|parar) (?:por )?aqui",
        source=r"(?:saber|conhecer|entender|perguntar|dizer-me)[^.!?]{0,10} (?:quem|onde|como|de quem|por quem|de onde)\b[^.!?]{0,40}(?:endereco|mail|nome|contacto|contato|dados|numero)",
        object=r"mais|detalhes?|informac\w*|info|oferta|proposta|orcamento|cotacao|precos?|demo\w*|experimentar|testar|teste|ver|conhecer|aprender|saber|falar|conversar|discutir|chamada|ligacao|ligar|reuniao|reunir|comprar|encomendar|reservar|brochura|contrato|comecar|participar|usar|receber|ter|obter|uma?",
    ),
    Politeness(
        kind=r"graag",
        polite=r"graag|zou\w*|wil|willen|wens\w*|liever|kan ik|kunnen wij|kunnen we|mag ik|mogen wij",
        end=r"van (?:deze|die|uw|jullie|de|je) (?:\w+ )?\w*lijst(?: \w+)? ?(?:af|verwijderd|gehaald|geschrapt|verdwijnen)|met rust (?:gelaten|laat|laten)|(?:hier|er)(?:van)? ?(?:van ?|graag |nu )?af\b|(?:graag|hier|ervan) af\b|(?:dit|het|dat alles) (?:nu )?(?:stopt|ophoudt|eindigt|voorbij is|stoppen|eindigen)|(?:niets|niks) meer (?:\w+ ){0,3}?(?:horen|ontvangen|krijgen|lezen|weten)|(?:hier|er)? ?buiten (?:gelaten|blijven|gehouden)|(?:verwijderd|uitgeschreven|afgemeld|overgeslagen|vergeten|geschrapt) (?:te )?(?:worden|wordt|zijn)|worden (?:\w+ )?(?:verwijderd|uitgeschreven|afgemeld|overgeslagen|geschrapt|vergeten)|uitschrijven|afmelden|hiermee stoppen|rust hebben|(?:niet|nooit) meer (?:\w+ ){0,2}?(?:horen|lastig\w*|gestoord|benaderd)",
        source=r"(?:weten|horen|begrijpen|vernemen|vragen)[^.!?]{0,10} (?:wie|waar|hoe|van wie)\b[^.!?]{0,40}(?:adres|mail|naam|contact\w*|gegevens|nummer)",
        object=r"meer|details?|informatie|info|offerte|aanbod|prijs\w*|prijzen|kosten|demo\w*|proberen|uitproberen|testen|proef\w*|zien|bekijken|ontmoeten|kennismaken|leren|weten|horen|spreken|praten|bellen|gesprek|bespreken|afspraak|kopen|bestellen|boeken|brochure|contract|beginnen|starten|deelnemen|gebruiken|ontvangen|hebben|krijgen|een|stuur\w*|sturen|mail\w*|neem|nemen|contact",
    ),
    Politeness(
        kind=r"chcial\w*|chcieliby\w*|chetnie",
        polite=r"chcial\w*|wolal\w*|chce|chcemy|zycz\w*|pragn\w*|czy mo\w+|mogl\w*|chetnie",
        end=r"(?:zeby|aby|by)(?:scie|s)? (?:mnie|nas|mi|nam) (?:\w+ ){0,2}?(?:zostaw|usun|pomin|wypis|wykresl|skresl|dano|dali|dac|nie )\w*|(?:zostac|byc) (?:\w+ )?(?:usuniet|wypisan|zostawion|pominiet|wykreslon|skreslon|zapomnian)\w*|(?:zeby|aby|by) to (?:sie )?(?:\w+ )?(?:skonczyl|zakonczyl|ustal|przestal)\w*|(?:nic|niczego) (?:juz |wiecej |o tym |od was |na ten temat )*(?:nie )?(?:slyszec|otrzymywac|dostawac|wiedziec|czytac)|nie (?:juz |wiecej )*(?:slyszec|otrzymywac|dostawac|byc|figurowac)|(?:swiety|miec|troche) spokoj\w*|wypisac sie|(?:zejsc|zniknac|wyjsc) z (?:tej |waszej |panstwa )?(?:listy|bazy)|(?:skonczyc|zakonczyc) (?:to|te korespondencje|na tym)|w spokoju",
        source=r"(?:wiedziec|dowiedziec(?: sie)?|zrozumiec|zapytac|poznac)[^.!?]{0,10} (?:kto|skad|jak|gdzie|od kogo)\b[^.!?]{0,40}(?:adres\w*|mail\w*|nazwisko|kontakt\w*|dane|danych|numer\w*)",
        object=r"wiecej|szczegol\w*|informac\w*|ofert\w*|wycen\w*|cen\w*|koszt\w*|demo\w*|wyprobowac|sprobowac|przetestowac|test\w*|zobaczyc|obejrzec|poznac|spotka\w*|nauczyc|dowiedziec|wiedziec|porozmawiac|rozmow\w*|zadzwoni\w*|telefon\w*|umowic|kupic|zamowic|zarezerwowac|broszur\w*|umow\w*|zaczac|dolaczyc|uczestniczyc|korzystac|otrzymac|dostac|miec|skorzystac",
    ),
    Politeness(
        kind=r"хотел\w* бы|хотелось бы",
        polite=r"хотел\w*|хочу|хотим|хотелось|желал\w*|предпоч\w*|можно|прошу|мог\w* бы|могу",
        end=r"чтобы (?:меня|нас|мне|нам) (?:больше |уже |наконец )*(?:не \w+|остав|убра|удали|забы|вычеркн|исключи|отписа)\w*|чтобы (?:это|все это|эти \w+) (?:закончи|прекрати|кончи|останови)\w*|быть (?:\w+ )?(?:удален|исключен|вычеркнут|оставлен)\w*|(?:больше|ничего) (?:ничего |больше |об этом |от вас )*(?:не )?(?:слышать|получать|знать|читать)|(?:больше )?не (?:слышать|получать|быть|состоять)|выйти из (?:этого|вашего|этой|вашей|списка|рассылки|базы)|(?:остаться |побыть )?в покое|покоя|(?:на этом )?(?:закончить|прекратить) (?:это|эту|переписку|на этом)|на этом (?:закончить|прекратить|остановиться)|остаться в стороне",
        source=r"(?:знать|узнать|понять|спросить|выяснить)[^.!?]{0,10} (?:кто|откуда|как|где|от кого)\b[^.!?]{0,40}(?:адрес\w*|почт\w*|мейл\w*|имя|контакт\w*|данные|данных|номер\w*)",
        object=r"больше|подробн\w*|детал\w*|информац\w*|предложени\w*|цен\w*|прайс\w*|стоимость|смет\w*|демо\w*|попробовать|тест\w*|протестировать|увидеть|посмотреть|встрет\w*|узнать|знать|изучить|поговорить|обсудить|созвон\w*|звон\w*|купить|заказать|заброни\w*|брошюр\w*|договор\w*|начать|участвовать|использовать|получить|приобрести|ознакомиться",
    ),
    Politeness(
        kind=r"хоті\w* би?|хотілося би?",
        polite=r"хоті\w*|хочу|хочемо|волі\w*|бажа\w*|можна|прошу|міг би|могла б|можу",
        end=r"щоб (?:мене|нас|мені|нам) (?:більше |вже |нарешті )*(?:не \w+|залиши|лиши|прибра|видали|забу|викресли|виключи|відписа)\w*|щоб (?:це|все це|ці \w+) (?:закінчи|припини|скінчи|зупини)\w*|бути (?:\w+ )?(?:видален|виключен|викреслен|залишен)\w*|(?:більше|нічого) (?:нічого |більше |про це |від вас )*(?:не )?(?:чути|отримувати|знати|читати)|(?:більше )?не (?:чути|отримувати|бути)|вийти (?:з|зі|із) (?:цього|вашого|цієї|вашої|списку|розсилки|бази)|(?:в|у) спокої|спокою|(?:закінчити|припинити|завершити) (?:це|цю|листування|на цьому)|лишитися осторонь",
        source=r"(?:знати|дізнатися|дізнатись|зрозуміти|запитати|з.ясувати)[^.!?]{0,10} (?:хто|звідки|як|де|від кого)\b[^.!?]{0,40}(?:адрес\w*|пошт\w*|ім.я|контакт\w*|дані|даних|номер\w*)",
        object=r"більше|детал\w*|докладн\w*|інформац\w*|пропозиц\w*|цін\w*|прайс\w*|вартість|кошторис\w*|демо\w*|спробувати|тест\w*|протестувати|побачити|подивитис\w*|зустр\w*|дізнат\w*|знати|вивчити|поговорити|обговорити|зідзвон\w*|дзвін\w*|дзвон\w*|купити|замовити|заброню\w*|брошур\w*|договір\w*|почати|взяти участь|використ\w*|отримати|придбати|ознайомитис\w*",
    ),
)  # fmt: skip
"""English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian."""

ALONE = r"^(?:cancella(?:te|tevi|ti)?|elimina(?:te)?|rimuovi|rimuovete|cancela|cancelad|cancelem|annuler?|annulez|verwijder(?:en)?|usun(?:ac|cie)?|удалить|видалити)[.! ]*$"
"""Bare words whose whole answer may be a wish to stop."""

NEGATIONS = r"not|never|no|nothing|nicht|nie|nichts|kein\w*|pas|plus rien|jamais|nunca|nada|non|niente|nao|niet|nooit|niets|nie|nic|не|ничего|нічого"
"""Words that, between the kind words and what is asked for, take the wish back."""
