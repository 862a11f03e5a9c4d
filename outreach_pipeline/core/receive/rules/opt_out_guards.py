"""What, beside a request to stop, keeps it from being sure, by language.

A sure stop is final, so nothing else may stand in the mail: no question, no interest, no other thing, person or address, no
date or condition, no opposite. Patterns are regular expressions over text as ``core.receive.opt_outs`` folds it: lower case,
without accents, umlauts as one letter. Languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian,
Ukrainian.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

_WRITING = (
    r"(?:e-?)?mails?\w*|messages?|newsletters?|anything|nothing|calls?|(?:advert|market|promo)\w*|spam\w*|pub|offers?|sollicitations?|contacts?|communicat\w*|follow\w*|mailings?|notifications?"
    r"|nachricht\w*|werb\w*|zusendung\w*|anfrag\w*|kontakt\w*|courriel\w*|publicit\w*|relances?|envois?|rien|informations?|correos?|mensajes?|publicidad|boletin\w*|nada|comunicac\w*|propagand\w*|messaggi\w*"
    r"|comunicazion\w*|pubblicita|mensage\w*|berichten|reclame|wiadomosc\w*|ofert\w*|reklam\w*|maili|korespondenc\w*|pis(?:em|ma)|письм\w*|писем|сообщени\w*|рассыл\w*|реклам\w*|предложени\w*|ваш\w*|лист\w*|повідомлен\w*|розсил\w*"
)
_FILLERS = (
    r"any|more|further|your|these|this|those|such|of|the|all|other|additional|unsolicited|unwanted|cold|sales|marketing|promotional|commercial|kind|type|sort|future|me|us|them|it|sending|i|we|to|from"
    r"|de|des|vos|votre|tes|ces|plus|d|d'autres|aucune?|autres?|commercia\w+|mas|sus|su|tus|sus|este|estos|esos|otros|ningun\w*|altre|altri|piu|vostre|vostri|tue|sue|queste|questi|ulteriori|delle|nessuna?|mais|seus|suas|seu|sua|outr[oa]s?|esses|estes|os|as|essas|nenhum\w*"
    r"|uw|jullie|verdere|meer|deze|die|van|zadnych|wiecej|waszych|panstwa|tych|takich|tego|od|was|typu|innych|больше|никаких|эти\w*|от|вас|никакие|такие|таких|ваших|вашу|більше|жодних|ці|ваші|від|таку|такі"
)
_LIST = (
    r"(?:mailing|adress|verteiler|kontakt|distribution)?list\w*|mailing\w*|databases?|db|systems?|crm|(?:e-?)?mails?|e-?mail\w*|campaigns?|newsletter\w*|contact\w*|mir|mich|uns|please|bitte|svp|aub|alstublieft|alsjeblieft|records?|distribution|sequences?|cadence|everything|here|files?|books?|registry"
    r"|correspondence|communicat\w*|outreach|marketing|now|you|future|further|data|messages?|\S*verteiler\w*|\w*liste|\w*listen|datenbank\w*|datei\w*|kontakt\w*|ihnen|euch|adress\w*|bestand|kartei|werbung|base\w*|fichier\w*|envois?|contact\w*|vous|diffusion|prospection|carnet"
    r"|correos?|envios?|registros?|ustedes|archivos?|agenda|elenc\w*|rubrica|archivi\w*|messaggi|voi|cadastro\w*|contat\w*|banco|voces|registos?|lijst\w*|bestand\w*|database|jullie|mailinglijst\w*|u|baz\w*|kontakt\w*|newslettera|subskrypcji|wysylk\w*|was|waszej|panstwa"
    r"|рассыл\w*|спис\w*|баз\w*|контакт\w*|вас|вашей|розсил\w*|вас"
)
_OWN = (
    r"address\w*|e-?mail\w*|mail\w*|name\w*|contact\w*|number|details|data|info\w*|compan\w*|account|consent|records?|personal|file|adress\w*|daten|firma|firmen\w*|personen\w*|personlich\w*|kontakt\w*|einwilligung|nummer"
    r"|adresse\w*|donnees|coordonnees|courriel|nom|numero|consentement|societe|entreprise|correo\w*|direccion\w*|datos|contacto\w*|nombre|empresa|consentimiento|indirizz\w*|contatt\w*|nominativo|dati|numero|nome|azienda"
    r"|e-mail|endereco\w*|contat\w*|contactos?|dados|inscri\w*|subscri\w*|adres\w*|gegevens|naam|bedrijf|toestemming|adresu?|dan\w*|mail\w*|kontakt\w*|zgod\w*|imie\w*|firm\w*|адрес\w*|почт\w*|контакт\w*|данн\w*|email\w*|e-mail|имейл\w*|мейл\w*|ящик|номер|фирм\w*|компани\w*|имя|согласи\w*|дан\w*|пошт\w*|скриньк\w*|згод\w*"
)
_REMOVING = (
    r"remov\w*|delet\w*|unsub\w*|opt(?:ing|ed)?[ -]out|tak(?:e|en|ing)|drop|strike|scrub|exclu\w*|cancel\w*|get|withdraw|eras\w*|losch\w*|entfern\w*|streich\w*|nehm\w*|nimm|austrag\w*|abmeld\w*|abbestell\w*|trag\w*|meld\w*|retir\w*|supprim\w*|ray(?:er|ez)|enlev\w*|effac\w*"
    r"|desinscri\w*|desabonn\w*|m'oter|m'enlever|borr\w*|elimin\w*|quit\w*|saqu\w*|sac(?:a|ar)\w*|baja|salir|desuscri\w*|suprim\w*|cancell\w*|rimuov\w*|rimoss\w*|rimoz\w*|togli\w*|tolga|disiscri\w*|elimin\w*|remov\w*|tir(?:e|em|ar)\w*|apag\w*|exclua\w*|sair|descadastr\w*"
    r"|verwijder\w*|uitschrij\w*|schrijf|afmeld\w*|haal|wis\w*|usun\w*|wypis\w*|wykresl\w*|skresl\w*|отпи\w*|удал\w*|убер\w*|убрать|исключ\w*|відпи\w*|видал\w*|прибер\w*|виключ\w*"
)
_FROM = r"from|off of|off|out of|of|von|vom|aus|bei|de|du|des|del|da|dal|dalla|dai|dalle|dessa|desta|do|dos|das|van|uit|z|ze|od|из|от|с|со|з|зі|із|від"
_POSSESSIVE = (
    r"my|our|mein|meine|meinen|unsere|unseren|mon|ma|mes|notre|nos|mi|mis|nuestr\w+|il mio|la mia|i miei|le mie|o meu|a minha|os meus|meus?|minhas?|mijn|ons|onze|moj|moja|moje|mojego|mojej|moich|nasz\w*"
    r"|мой|мою|мои|мое|моего|наш\w*|мій|моє|мої"
)
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|montag|dienstag|mittwoch|donnerstag|freitag|januar|februar|marz|mai|juni|juli|oktober|dezember"
    r"|fruhjahr|sommer|herbst|lundi|mardi|mercredi|jeudi|vendredi|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|rentree|lunes|martes|miercoles|jueves|viernes|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    r"|octubre|noviembre|diciembre|otono|verano|lunedi|martedi|mercoledi|giovedi|venerdi|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|janeiro|fevereiro|marco"
    r"|maio|junho|julho|setembro|outubro|novembro|dezembro|maandag|dinsdag|woensdag|donderdag|vrijdag|januari|februari|maart|juni|juli|augustus|poniedzial\w+|wtor\w+|srod\w+|czwart\w+|piat\w+|styczni\w+|luteg\w+|marc\w+|kwietni\w+|maja|czerwc\w+|lipc\w+|sierpni\w+"
    r"|wrzesni\w+|pazdziernik\w*|listopad\w*|grudni\w+|понедельник\w*|вторник\w*|сред[ыуе]|четверг\w*|пятниц\w+|январ\w+|феврал\w+|март\w*|апрел\w+|ма[яе]|июн\w+|июл\w+|август\w*|сентябр\w+|октябр\w+|ноябр\w+|декабр\w+|понеділ\w+|вівтор\w+|серед\w+|четвер\w*"
    r"|п'ятниц\w+|січ\w+|лют\w+|берез\w+|квіт\w+|трав\w+|черв\w+|лип\w+|серп\w+|верес\w+|жовт\w+|листопад\w*|груд\w+|осін\w*|осен\w*|весн\w*|лет[оа]\w*"
)
_NO = (
    r"not|never|no|none|don'?t|\w+n't|stop\w*|cease|desist|refrain\w*|quit|without|rather|nobody|nicht|nie|niemals|kein\w*|nichts|hor\w*|unterlass\w*|ohne|ne|n'\w+|pas|plus|jamais|rien|cess\w*|arret\w*|sans|inutile|nunca|jamas|dej\w*|non|mai|smett\w*|basta"
    r"|nao|par[ea]m?|chega|niet|nooit|geen|niets|zonder|nie|nigdy|przesta\w*|zaprzesta\w*|zadn\w*|не|ни|никогда|прекрат\w*|перестан\w*|хватит|больше|ні|ніколи|припин\w*|досить|більше|object|consent|removed?|delete|unsub\w*"
)
_WRITE_ME = (
    r"(?:contact|email|e-mail|mail|call|phone|ring|message|text|write|write to|reply to|send (?:\w+ ){0,2}?(?:to )?|talk to|ask|tell|show) (?:me|us|her|him)|(?:schreib\w*|kontaktier\w*|ruf\w*|mail\w*|send\w*|schick\w*|meld\w*)(?: sie)? (?:mir|mich|uns|sich)"
    r"|(?:contact|ecriv|rappel|appel|envoy|recontact)ez-(?:moi|nous)|(?:contact|escrib|llam|envi|mand)\w*(?:me|nos)|(?:escrib|envi|mand|contact)(?:a|e|i)n? (?:a|un|el|la)|mi (?:contatti|chiami|scriva|mandi)|(?:scriv|contatt|chiam|mand|invi|ricontatt)\w*(?:mi|ci|temi|teci)"
    r"|scriv\w+ a|(?:me|nos) (?:contat|contact|escrev|lig|mand|envi)\w+|(?:contat|contact|escrev|lig|mand|envi)\w*-(?:me|nos)|(?:mail|bel|schrijf|stuur)(?: naar)? (?:me|mij|ons)\b(?! uit)|neem contact|prosze (?:na)?pisac|(?:pisz|napisz|zadzwon|wyslij|kontaktuj|przyslij|pokaz)\w*"
    r"|(?:на)?пиши(?:те)?|свяжитесь|(?:по)?звоните|пришлите|покажите|присылайте|(?:на)?пишіть|зв'яжіться|(?:за)?телефонуйте|надішліть|надсилайте|покажіть|stuur een|send\w* (?:the|a|an) \w+"
)

_NOT = r"not|never|nobody|\w+n't|cannot|nicht|nie|niemals|niemand|ne|pas|no|nunca|non|nao|niet|nooit|nie|не|ні"
_TAKEN_OUT = r"(?:remov|delet|unsub|erase|losch|gelosch|entfern|gestrich|streich|austrag|abmeld|supprim|retir|desinscri|desabonn|effac|borr|elimin|baja|desuscri|cancell|rimoss|rimuov|disiscri|descadastr|sair|exclu|verwijder|uitschrij|afmeld|usun|usuwa|wypis|wykresl|отпис|удал|исключ|відпис|видал|виключ)\w*|opt(?:ing|ed)? out|(?:take|taken) (?:me |us )?off|van de lijst"

DOUBTS: tuple[str, ...] = (
    # Another thing, or another list: what is removed is neither the writer nor anything of theirs.
    rf"\b(?:{_REMOVING})(?: [\w'-]+){{0,4}}? (?:{_FROM}) (?!(?:(?!(?:y|e|and|und|et|i|и)\b)[\w'-]+ ){{0,4}}?(?:{_LIST})\b)\w",
    rf"\b(?:{_REMOVING})(?: (?:sie|bitte|please|te|svp|aub|пожалуйста|prosze))? (?:{_POSSESSIVE}) (?!(?:[\w'-]+ ){{0,2}}?(?:{_OWN})\b)\w",
    r"\b(?:remove|delete|erase|strike) (?!(?:me|us|my|our|from|this|these|all|any|every|everything|it|your|please|pls|and|or|now|at|asap|immediately|permanently|thanks|thank|both|following|info|the (?:address|e-?mail|following|mail)\w*)\b|\S+@)\w",
    r"\b(?:old|previous|waiting|wait|alten?|altes|bisherigen?|vorige\w*|ancienn?e?s?|precedente?s?|attente|antigu[oa]s?|anterior\w*|espera|vecchi(?:o|a|e)?|attesa|antig[oa]s?|oude?|wachtlijst|star(?:y|e|a|ego|ej)|poprzedni\w*|стар\w+|прежн\w+|предыдущ\w+|попередн\w+)\b",
    (
        rf"\b(?:receive|receiving|recevoir|recibir|ricevere|receber|otrzymywac|dostawac|zycz\w+ sobie|получать|отримувати|stop sending|n't send|not send|(?:n't|not) want (?:these|this|any more|any)|no more of (?:these|this|your)|send me any more|send us any more|send me any further|send us any further|(?:envi|mand)\w+ mas|envie\w* mais|(?:inviate|mandi|mandate) piu|przysylajcie wiecej|присылайте больше|надсилайте більше|хватит слать|(?:arret|cess|stopp)\w+ (?:vos|tout))"
        rf" (?!(?:(?:{_FILLERS}) ){{0,5}}?(?:(?:{_WRITING})\b|(?:{_FILLERS})(?:[^\w\s]|$|\s+(?:please|again|any\w*|as|at|and|in|thanks|por favor|svp|aub)\b)))\w"
    ),
    r"(?<!\w)(?:e-?mails?|mails?|maili|messages?|nachrichten|correos|mensajes|messaggi|mensagens|berichten|письма|листи|письма) (?:mehr |meer )?(?:from|von|da|van|od|от|від) (?!(?:you\w*|your|this|these|the|any\w*|ihnen|euch|dir|ihrer|eurer|diesem|diesen|voi|lei|parte|vostra|sua|seu|vossa|te|jullie|u|uw|je|was|panstwa|ciebie|waszej|вас|вашей|тебя|вами|вашої|here|now)\b)\w",
    r"\b(?:quit|saqu|sac)\w*(?:me|nos|lo) (?:una|un|la|el|las|los)\b|\b(?:mi (?:cancelli|rimuova|tolga)|(?:toglie|cancella|rimuove)temi|toglimi) (?:un|una|il|la|lo|i|le|gli|questo|quel\w*)\b|\bsub?scribed to an?\b",
    r"\b(?:write|send|mail|email|message|show) (?:me|us) (?:an?|the|one|two|long|short)\b|\bto stop (?!(?:this|these|that|it|now|please|pls|all|sending|your|\w+ing|mails?|emails?|and|or|at|immediately|contact)\b)\w",
    r"\b(?:vendor|feature|function|price|seat|license|licence|plan|pilot|version|cc|copy|thread|meeting|channel|chat|group|project|ticket|demo|test|trial|order|concern|doubt|question|bedenken|frage|zweifel|warteliste|funktion|doute|dute|duda|dubbio|duvida|watpliwosc|сомнени|вопрос|сумнів|питанн|reunion|riunione|reuniao|spotkani|treffen|termin|commande|pedido|ordine|bestelling|bestellung|zamowien|заказ|замовлен|зустріч|встреч)\w{0,3}\b",
    r"\d ?%|\blist (?:price|of (?!yours|contacts|recipients|subscribers|people))|\b(?:leave|lass\w*|laat|laissez|dej\w*)(?: sie)?[ -](?:me|mich|mij|moi)\b[^.,;]{0,20} (?:with|mit|met|avec|con) (?!rust)",
    r"\b(?:mails?|e-?mails?|messages?|newsletters?|it|them|these) (?:twice|two times)\b",
    # Others than the writer, or only a part of it.
    r"\b(?:colleagues?|co-?workers?|boss|assistant|buyer|ceo|kolleg(?:e|en|in)|chef|collegues?|companer[oa]s?|colleg[ah]\w*|coleg[ao]s?|kolega|kolege|kolezank\w*|szef\w*|коллег\w*|колег\w*|someone|somebody|he|she|him|herr|herrn|frau)\b",
    r"\b(?:naar|bei|till) (?!(?:mij|me|ons|dit|deze|mijn|ihnen|euch|dir|uns|mir|mich|ihrem|ihrer)\b|\S*@)\w",
    r"\b(?:only|nur|seulement|uniquement|solo|solamente|soltanto|apenas|somente|alleen|enkel|tylko|только|тільки|лише|лишь)\b|\bby (?:phone|fax|sms|post|bot)\b|\bbot\b",
    # The opposite, or something that has happened.
    rf"\b(?:{_NOT})\b(?: (?!and\b|und\b|et\b|y\b|e\b|en\b|i\b|и\b|but\b)[\w'-]+){{0,6}}? (?:{_TAKEN_OUT})|\b(?:{_TAKEN_OUT})\w*(?: (?:me|mich|mij|mi|sie mich|mnie))? (?:not|nicht|pas|niet|nie)\b|\b(?:not|never|n't|nicht|ne|no|nao) (?:\w+ ){{0,2}}?(?:stop|cease|aufhor)\w*",
    r"\b(?:was|were|been|got|wurde\w*|werden nicht|worden) (?:[\w']+ ){0,5}?(?:removed|deleted|unsubscribed|taken off|geloscht|entfernt|gestrichen|abgemeldet|ausgetragen)\b|\b(?:has|have|had|someone|somebody|you|they) (?:unsubscribed|removed|deleted) (?:me|us)\b|\bhab\w* (?:mich|uns) [^.;]{0,40}(?:geloscht|entfernt|gestrichen|abgemeldet|genommen)\b",
    r"\b(?:add|put|take) (?:me|us) (?:back|again)\b|\badd (?:me|us) (?!to (?:your|the) (?:suppression|do|block|black|opt))|\bkeep (?:me|us)\b|wieder (?:auf|hinzu|ein)|\birrtumlich|\b(?:do|nao|don't|not|nie|не) (?:object|sprzeciwiam|возражаю|заперечую|me opongo|m'oppose)|\bwidersprech\w* (?:ihnen|dir|dem nicht|nicht)\b",
    r"\b(?:ich|wir) (?:werde\w*|kann|konn\w+|bekomm\w*|erhalte\w*|kriege\w*)\b[^.,;]{0,40}\b(?:nicht mehr|nicht weiter|keine)\b|\b(?:ich|wir) habe\w* keine weiteren\b|\bkommen (?:\w+ )?keine\b|\b(?:ik|wij|we) (?:zal|zullen|kan|kunnen|krijg\w*|ontvang\w*)\b|\bi (?:will|shall|can|could|'ll|won't|can't|cannot|couldn't|did|didn't) (?!ask|report|block|appreciate|be grateful|like|prefer|not be contacted)",
)
"""In the sentence that asks: signs that something or somebody else is meant, or the opposite."""

DATES = rf"\b(?:in|on|after|from|by|as of|starting|during|for|vor|im|ab|am|nach|en|a|a partir de|des|apres|el|del|al|dal|dopo|da|em|de|op|na|vanaf|voor|tot|po|od|w|we|до|после|с|в|во|перед|після|з|у|на|к)(?: (?:the|next|this|early|late|mid|dem|den|le|la|il|nachsten))? (?:{_DAYS})\b"
"""A month, a season or a weekday to come."""

ELSEWHERE: tuple[str, ...] = (
    # A wish to go on, whatever it is about.
    r"\b(?:pric(?:e|es|ing)|cost|costs|budget|demos?|buy|buying|buyer|purchase|order|ordering|quote|quotation|discount|contract|sign|meeting|appointment|trial|subscription|happy to|look(?:ing)? forward|we like|i like|we love|i love|move to you|switch to you|decide|proposal)\b",
    r"\b(?:preis\w*|kosten|kostet|kauf\w*|bestell\w*|angebot schicken|rabatt|vertrag|termin|vorfuhrung|danach|gern|gerne|prix|tarifs?|achet\w*|command\w*|devis|rendez-vous|signons|coute|precios?|cuesta|compr\w*|pedido|presupuesto|reunion|descuento|cita|prezz\w*|costa|acquist\w*|ordine|preventivo|sconto|appuntamento|precos?|custa|comprar|pedido|orcamento|desconto|reuniao)\b",
    r"\b(?:prijs|prijzen|kost|koop|kopen|bestel\w*|offerte|korting|afspraak|daarna|graag (?:een|uw|de|meer)|cen(?:a|ę|y)|cennik|kosztuje|kupi\w*|zamawia\w*|ofert[eę]|rabat|spotkanie|potem|chetnie|pasuje|цен[аыу]|прайс|стоит|купи\w*|закаж\w*|счет|скидк\w*|встреч\w*|договор\w*|потом|цін[аиу]|коштує|купи\w*|знижк\w*|зустріч\w*|потім)\b",
    # That the writer will write themselves.
    r"\b(?:we|i)(?: will|'ll)?(?: be)? (?:contact|email|write|call|get back|get in touch|in touch|reach out)\b|\b(?:wir melden uns|ich melde mich|(?:je|nous) vous (?:rappel|recontact|appel|ecri|contact)\w*|les (?:llam|contact|escrib)\w+|vi (?:richiam|contatt|scriv|chiam)\w+|eu ligo|nos ligamos|ik bel|wij bellen|wij nemen)\b|\b(?:oddzwoni|zadzwoni|odezwiem|позвон|перезвон|свяжусь|свяжемся|зателефону|подзвон|зв'яжем)\w*|\b(?:convinced|uberzeugt|convaincu|convencid[oa]s?|convint[oia]|przekonan\w*|убежд\w+|переконан\w+)\b",
    # A day or a condition.
    r"\b(?:until|untill|till|before|unless|as long as|later|next (?:week|month|year|quarter|time)|this (?:week|month|year|quarter)|for now|at the moment|not yet|temporarily|bis|erst|vorerst|solange|spater|zurzeit|falls|avant|jusqu\w*|d'abord|pour le moment|antes|hasta|luego|mientras|por ahora|de momento|prima|fino|finche|per ora|ate|por enquanto|depois|voordat|voorlopig|totdat|przed|dopoki|na razie|poki|пока|покуда|поки|перед|до тех)\b",
    DATES,
    r"\bif (?!you (?:do not|don't|will not|won't) (?:want|stop|remove|delete|comply|cease|unsubscribe)|you (?:contact|write|email|mail|send|continue|keep|persist)|i (?:get|receive|hear|see)|not\b|you (?:could|would|can)\b|possible|at all)|\b(?:wenn|sofern) (?!sie (?:nicht|weiter)|ich (?:noch|weiter))|\b(?:s'il y|si votre|si la|si le|si su|se il|se la|se o|als u|als jullie|jesli|jezeli|если|якщо)\b(?! (?:nie przestan|не прекрат|не перестан|не припин))",
    # Another address or another person in one's stead.
    r"\b(?:but|sondern|mais|ma|mas|sino|maar|ale|lecz|tylko|но|а|але) (?:[\w']{1,20} ){0,3}?\S{1,254}@",
    r"\b(?:instead|rather to|stattdessen|sondern|plutot|en su lugar|sino|invece|bensi|em vez|in plaats|zamiast|вместо|лучше|замість|краще)\b",
    r"\b(?:still want|still interested|still need|want the offer|do want|want to start|please add|add me|interested in (?!receiving|getting|hearing|being|any|your|this|what|these))\b|(?<!not )(?<!nicht )(?<!no )(?<!non )\b(?:i'm|we're|am|are) (?:very |really )?interested\b|\bнас интересует\b",
    r"\b(?:me|nos|mi|ci|m'|nous) ?(?:interessa|interesa|interesse)\b(?<!no me interesa)(?<!no nos interesa)(?<!non mi interessa)(?<!non ci interessa)(?<!nao me interessa)(?<!nao nos interessa)(?<!ne m'interesse)(?<!ne nous interesse)|(?<!не )(?<!не очень )(?<!неин)\b(?:интересно|цікаво)\b|(?<!nie )\b(?:mnie|nas) interesuje\b",
)
"""Anywhere in the mail: signs that the writer wishes to go on, or sets a day, a condition or another address."""

AFTERWARDS = r"[,;:.!-] *(?:mais|ma|mas|lieber)\b|\b(?:but|aber|pero|maar|ale|но|але|jedoch|however)\b"
"""What turns round a request that stands before it."""

POLITE = r"\b(?:can|could|would|will|may|might|why (?:don't|do not)) (?:you|i|we)\b(?! (?:take|remove|delete|get) (?!me|us|my|our|this|kim))|\b(?:can|could|would|will) (?:you|someone|somebody|anyone)\b|\bok\?|\bplease\b|\bwould it be possible\b|\b(?:konn\w+|wurd\w+|darf|mag\w*) (?:sie|ihr|du|ich|wir|man)\b|\bbitte\b|\b(?:pouvez|pourriez|voulez|peux|pourrais)[ -](?:vous|tu)\b|\bpued\w+|\bpodri\w+|\bpu(?:o|oi|ote)\b|\bpotre\w+|\bpod(?:e|em|eria\w*)\b|\b(?:kun|kunt|wil|wilt|zou) (?:je|u|jullie)\b|\bczy (?:mozecie|moze|mozesz|moglby\w*|mogliby\w*)|\bmoz(?:e|na|ecie)\b|\bмож(?:ете|но|ешь)\b|\bмогли бы\b|\bможете\b|\bможна\b|\bмогли б\b"
"""How a question begins that is a request."""

RHETORICAL = r"\b(?:how many times|how often|how (?:did|do) you (?:get|have|find|obtain)|where did you (?:get|find)|who gave you|why (?:do|are|did) you (?:keep|still|sending|writing|send|write|email|contact)\w*|what part of|woher haben|wie kommen sie|wie oft|warum schreib|wieso schreib|ou avez-vous|comment avez-vous|combien de fois|de donde|cuantas veces|dove avete|quante volte|onde consegu|quantas vezes|hoe vaak|hoe komt|skad macie|skad pan|ile razy|откуда|сколько раз|звідки|скільки разів)\b"
"""Questions that ask for nothing to go on with."""

NEGATION = rf"\b(?:{_NO})\b"
"""Words that turn a wish for mail into its opposite, or ask to end it."""

WRITE_ME = rf"\b(?:{_WRITE_ME})|^ *(?:please )?(?:contact|ask|call|write to|email|try|talk to) \w|\b(?:lieber|besser|gewoon|liever|mieux|mejor|meglio|melhor|lepiej) \w"
"""A wish to be written to, unless the clause negates it."""

ASKS = rf"\b(?:{_REMOVING}|{_NO}|af|raus|weg)\b"
"""What asks for anything at all: a verb of removing, an end, a negation."""

WRITE_THERE = r"\b(?:write|contact|e-?mail|mail|use|reach|ask|send|schreib\w*|kontaktier\w*|nehm\w*|nutz\w*|ecriv\w*|contact\w*|utilis\w*|escrib\w*|usen?|scriv\w*|usat?e?|escrev\w*|schrijf\w*|gebruik\w*|pis\w*|napisz\w*|(?:на)?пиш\w*|используй\w*|à|a|to|an)\b[^@]{0,25}? ?\S{1,254}@\S"
"""A wish to be written to at another address, unless the clause negates it or asks to remove that address."""

RIGHTS = r"\b(?:right to (?:object|erasure|be forgotten)|recht auf|widerspruch nach|droit (?:d'opposition|a l'effacement)|derecho (?:de|al)|diritto (?:di|alla|all')|recht (?:op|van)|prawo do|право на)"
"""Rights that a firm may ask about: a wish only of somebody who uses them."""

USES = r"\b(?:my|mein\w*|ich|mon|je|mi|mio|il mio|ejerc\w+|ejerz\w+|esercit\w+|exer\w+|mij|ik|mijn|moje|korzystam|zadam|мо[еёий]\w*|пользуюсь|прошу|требую|i|me|invoke|demand|request|verlang\w*|fordere|eu|meu|я)\b"
"""Words of somebody who uses a right."""
