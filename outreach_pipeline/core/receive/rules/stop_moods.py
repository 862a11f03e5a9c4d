"""By what moods people ask to be left alone who do not say so: politely, on a condition, expectantly, by a threat; by language.

Pieces are regular expressions over text as ``core.receive.phrases`` folds it. Belongs here: pieces. Does not: how they are joined
(``core.receive.stop_moods``) or plain requests (``opt_outs``, ``opt_out_shapes``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moods:
    """The pieces of a language.

    Attributes:
        mood: thanks, preference, hope, expectation, insistence: before what is wished for.
        negation: before a form of writing.
        act: writing to somebody or getting mail, in any form.
        whom: that it is about the writer, or about doing it again; anywhere in the sentence.
        ceasing: to end it; needs no negation.
        again: being written to once more: a condition or a challenge.
        threat: what follows then.
    """

    mood: str
    negation: str
    act: str
    whom: str
    ceasing: str
    again: str
    threat: str


MOODS: tuple[Moods, ...] = (
    Moods(
        mood=r"appreciat\w*|grateful|thankful|obliged|prefer\w*|rather|(?:be|were|was|is) (?:\w+ )?(?:happ(?:y|ier)|glad|pleased|delighted|kind|nice|great|lovely|wonderful|better|best|good|helpful|relieved|relief)|(?:a|us|me) (?:a )?(?:big |great |huge )?favou?r|welcome it|like it if|hope|trust|expect\w*|insist|assume|make sure|making sure|be sure|ensure|see (?:to it )?that|see to it|guarantee|sounds good - to|(?:may|must|should|shall) (?=not|never|no longer)",
        negation=r"(?:not|never|no longer|no more|no further|nobody|no one|none|last time|\w+n't|without)(?! (?:\w+ )?(?:hesitate|forget|fail|miss|mind|delay|wait|stop|bother to))",
        act=r"contact\w*|e-?mail(?:ed|ing|s)?|mail(?:ed|ing|s)?|messag\w*|writ\w*|wrote|approach\w*|hear from|hear of|heard from|reach(?:ed|ing)? out|bother\w*|disturb\w*|solicit\w*|spam\w*|get in touch|in touch|sent? (?:me|us)|sending (?:me|us)|receiv\w*|get (?:any |more |another )*(?:mail|message|e-?mail)s?|get (?:these|those|this|such|your)|correspondence|reach\w*",
        whom=r"me|us|i|we|again|any ?more|further|ever|longer|this address|these|your",
        ceasing=r"(?:these|your|those|such|all|the) (?:\w+ )?(?:e-?mails?|mails?|mailings?|messages|contact attempts?) (?:\w+ )?(?:stop|end|cease|came to|come to)\w*|(?:this|it|all this)(?: \w+)? (?:stop|end|ceas)(?:s|ed|ped|es)?|(?:you|if you) (?:\w+ )?(?:refrain\w*|ceas\w+|stopp\w+|quit|leave|left) \w+|(?:is|was|be) the (?:last|final) (?:\w+ )?(?:time|e-?mail|mail|message)",
        again=r"(?:contact|write|wrote|e-?mail|mail|message|bother|reach out|approach|disturb|spam|send|get in touch)\w*(?: [\w'-]+){0,3}? (?:again|once more|one more|more of (?:this|these)|another|any ?more|any further)|(?:do|doing|try) (?:this|it|that) again|(?:if|and) you (?:keep|continue|persist|carry) \w+|(?:one|any|another|a single) (?:\w+ )?(?:more |further )?(?:e-?mails?|mails?|messages?|contact)|(?:next|every) (?:time(?= you (?:write|contact|e-?mail|mail|send|bother))|e-?mail|mail|message)|(?:any|all) further (?:e-?mails?|mails?|messages?|contact|attempts?)",
        threat=r"lawyers?|attorneys?|solicitors?|barrister|report(?:ed|ing)? (?:you|as|your|them to)|report (?:this|it) (?:as|to the)|(?:be|get|gets) reported|complain\w*|complaint|police|sue|sued|legal (?:action|steps)|data protection \w+|cops|court|authorit(?:y|ies)|\bico\b|ftc|gdpr(?! compli| ready)|regulator|prosecut\w*|(?:you're|you are|you will be|you'll be|you get) blocked|block you|blacklist\w*|damages|harassment|cease and desist",
    ),
    Moods(
        mood=r"dankbar\w*|begruss\w*|gefallen|froh|(?:ware|fande|ist|wurde)[^.!?]{0,20}? (?:schon|nett|gut|angenehm|freundlich|klasse|toll|super)|lieber|liebsten|hoff\w*|erwart\w*|gehe? davon aus|gehen davon aus|sorg\w*|(?:stell\w*|geh\w*) (?:\w+ )?sicher|sicherstell\w*|vertrau\w*|bestehe|zu schatzen|verbunden|achten sie",
        negation=r"nicht|nie|nichts|niemals|keine?[nrms]?",
        act=r"(?:an|zu)?ge?schrieb\w*|(?:an|zu)?schreib\w*|schrieb\w*|anschrieb\w*|kontaktier\w*|kontaktaufnahme\w*|mail\w*|angemailt\w*|meld\w*|behellig\w*|belastig\w*|hor(?:en|e|t)|(?:zu)?(?:send|schick)\w*|bekomm\w*|erhalt\w*|nachrichten|post|angeruf\w*|gestort",
        whom=r"mich|mir|uns|mehr|wieder|erneut|nochmals?|weiter\w*|ich|wir",
        ceasing=r"(?:mails?|e-?mails?|nachrichten|schreiben|kontakt\w*) (?:\w+ ){0,2}?(?:einstell\w*|unterlass\w*|aufhor\w*|ein ende)|(?:die|ihre|deine|das war die|war) letzte\w* (?:mail|e-?mail|nachricht|mal)|(?:das|dies|es)(?: \w+)? (?:aufhor\w*|endet|ein ende)|absehen wurden|davon absehen|verschonen",
        again=r"(?:schreib\w*|kontaktier\w*|anschreib\w*|meld\w*|mail\w*|send\w*|schick\w*)(?: [\w'-]+){0,3}? (?:noch (?:ein(?:mal|e)|mal)|nochmals?|wieder|erneut|noch)|(?:noch (?:einmal|mal)|nochmals?|wieder|erneut)(?: [\w'-]+){0,3}? (?:schreib\w*|kontaktier\w*|anschreib\w*|angeschrieb\w*|meld\w*|mail\w*|send\w*|schick\w*)|noch (?:so )?eine? (?:mail|e-?mail|nachricht)|(?:der|die|jede\w*|bei der) (?:nachste\w*|weitere\w*) (?:mail|e-?mail|nachricht|kontaktaufnahme)|jede weitere|nachsten? mal|(?:nochmalige\w*|erneute\w*|weitere\w*) (?:kontakt\w*|mail\w*|nachricht\w*|schreiben)",
        threat=r"anwalt\w*|rechtsanwalt\w*|anzeige\w*|strafanzeige|zeige (?:ich )?sie an|melde (?:ich )?(?:sie|das|dies)|(?:wird|werden|sie) gemeldet|beschwer\w*|datenschutzbehorde|aufsichtsbehorde|datenschutzbeauftragt\w*|behorde\w*|polizei|klage\w*|verklag\w*|gericht|gerichtlich\w*|abmahn\w*|rechtliche schritte|dsgvo(?!-?konform)|unterlassung\w*|schadensersatz|blockiere|sperre",
    ),
    Moods(
        mood=r"prefer\w*|reconnaissant\w*|aimer\w*|apprecier\w*|souhait\w*|esper\w*|(?:serait|c'est) (?:\w+ )?(?:aimable|gentil|bien|mieux)|compt\w*|veill\w*|faites en sorte|fai\w+ en sorte|assur\w*|voudr\w*|faveur|plaisir|service|soulag\w*|gre|confian\w*|heureu\w*|j'ose|attend\w*|exig\w*",
        negation=r"ne|n'|jamais|plus",
        act=r"(?:m'|me |nous )?(?:re)?(?:contact\w*|ecri\w*|envoy\w*|envoi\w*|sollicit\w*|relanc\w*|demarch\w*|derang\w*|import\w*|recev\w*|recoi\w*|entend\w*|appel\w*|spamm\w*)|nouvelles",
        whom=r"me|m'\w*|nous|plus|jamais|encore|nouveau|je|rien",
        ceasing=r"(?:que|si) (?:vous|cela|ca|tout cela) (?:cess|arret)\w*|que ca s'arret\w*|cess\w* (?:de |d'|vos )|arret\w* (?:de |d'|vos )|(?:le|ce|votre) dernier (?:mail|message|courriel)",
        again=r"(?:re)?(?:ecri\w*|contact\w*|envoy\w*|solicit\w*|derang\w*)(?:-\w+)?(?: [\w'-]+){0,3}? (?:encore|a nouveau|de nouveau|une fois)|(?:si|et|vous|me|m'|nous )? ?(?:recontact\w*|relanc\w*|reecri\w*)(?:-\w+)?|(?:encore|nouveau|prochain|autre|moindre)(?: un)? (?:mail|message|e-?mail|courriel|envoi)|(?:mail|message|e-?mail|courriel) (?:de plus|supplementaire)|(?:nouvelle|prochaine|autre) (?:sollicitation|relance|demarche)|prochaine fois|la prochaine|(?:recois|recevons) (?:encore|un autre)",
        threat=r"plainte|avocat\w*|cnil|signal(?:e|er|erai|ons)\b|police|justice|tribunal|denonc\w*|reclamation|poursui\w*|proces|gendarmerie|autorite\w*|rgpd|juridique\w*|bloquerai|harcelement|huissier",
    ),
    Moods(
        mood=r"prefer\w*|prefier\w*|agradec\w*|espero|esperamos|gustaria|asegur\w*|confi\w+|ojala|rueg\w*|pedir\w*|seria|mejor|favor|desear\w*|quisier\w*|insist\w*|amable|exij\w*",
        negation=r"no|nunca|jamas|nada|ningun\w*",
        act=r"(?:contact\w*|escrib\w*|envi\w*|mand\w*|moleste\w*|molest\w*|recib\w*|llam\w*|saber de|oir de|volver a|vuelv\w* a|volv\w* a)",
        whom=r"me|nos|mas|otra vez|de nuevo|nunca|\w+(?:me|nos)|vuelv\w*|volv\w*",
        ceasing=r"(?:dej\w+|ces\w+|par\w+) de (?:escrib|contact|envi|mand|molest)\w*|(?:el|su|este) ultimo (?:correo|mensaje)",
        again=r"(?:vuelv\w*|volv\w*) a (?:me )?(?:escrib|contact|envi|mand|molest)\w*|(?:escrib|contact|envi|mand|molest)\w*(?: [\w'-]+){0,2}? (?:otra vez|de nuevo|nuevamente|mas|otro)|(?:otro|un|proximo|cualquier|siguiente)(?: \w+)? (?:correo|mensaje|mail|email)(?: mas)?|proxima vez|a la proxima|recib\w+ otro",
        threat=r"denunci\w*|abogad\w*|policia|queja|reclam\w*|aepd|autoridad\w*|acciones legales|demandar\w*|demando|juzgado|tribunal\w*|reportar\w*|reporto|reportad\w+|bloqueare|rgpd|acoso",
    ),
    Moods(
        mood=r"sare\w*|preferi\w*|gradi\w*|apprezz\w*|sper\w*|confid\w*|augur\w*|vorre\w*|vorremmo|assicur\w*|fate in modo|faccia in modo|riconoscent\w*|favore|piacere|meglio|desider\w*|insist\w*",
        negation=r"non|mai|nulla|niente|nessun\w*",
        act=r"(?:ri)?(?:scri[vs]\w*|contatt\w*|mand\w*|invi\w*|disturb\w*|importun\w*|ricev\w*|sent\w*|chiam\w*)|altre mail",
        whom=r"mi|ci|piu|ancora|di nuovo|mai|\w+(?:mi|ci|vi)|io|altr\w+",
        ceasing=r"(?:smett\w*|cess\w*|finiste|evit\w*) (?:di|ogni) ?\w*|(?:l'|la vostra |questa l')ultima (?:mail|email|volta)",
        again=r"(?:scri[vs]\w*|contatt\w*|mand\w*|invi\w*|disturb\w*)(?: [\w'-]+){0,2}? (?:ancora|di nuovo|nuovamente|un'altra volta|altr\w+)|ricontatt\w*|riscriv\w*|(?:un'altra|ogni altra|prossima|un altro|altra|ulteriore|nuova|un'ulteriore) (?:mail|email|e-mail|volta)|(?:un altro|prossimo|altro|ulteriore) messaggio",
        threat=r"denunci\w*|avvocat\w*|polizia|garante|reclam\w*|querel\w*|segnal(?:o|ero|eremo|arvi|arla)|vie legali|mio legale|tribunal\w*|carabinieri|autorita|gdpr|bloccher\w*|diffid\w*|faccio causa|fare causa",
    ),
    Moods(
        mood=r"agradec\w*|prefer\w*|grat[oa]s?|esper\w*|gostari\w*|certifi\w*|seria|confi\w*|desej\w*|apreci\w*|assegur\w*|garant\w*|melhor|favor|insist\w*|exij\w*|pedi\w*|peco",
        negation=r"nao|nunca|nada|jamais|nenhum\w*",
        act=r"(?:contac?t\w*|escrev\w*|envi\w*|mand\w*|incomod\w*|importun\w*|receb\w*|ouvir|lig\w+|volt\w* a)",
        whom=r"me|nos|mais|de novo|novamente|outra vez|\w+-(?:me|nos)|volt\w*",
        ceasing=r"(?:deix\w+|par\w+|cess\w+) de (?:me |nos )?(?:escrev|contac?t|envi|mand)\w*|(?:o|seu|vosso) ultimo (?:e-?mail|mensagem|email)",
        again=r"(?:volt\w*) a (?:me |nos )?(?:escrev|contac?t|envi|mand|incomod)\w*|(?:contac?t\w*|escrev\w*|envi\w*|mand\w*)(?:-\w+)?(?: [\w'-]+){0,2}? (?:outra vez|de novo|novamente|mais)|(?:mais um|outro|outra|proximo|proxima|qualquer|cada)(?: \w+)? (?:e-?mail|mensagem|vez)|(?:me|nos) volt\w* a (?:escrev|contac?t|envi)\w*|(?:o )?proximo e-?mail",
        threat=r"queixa|advogad\w*|policia|denunci\w*|reclamac\w*|cnpd|anpd|processo-\w+|processar\w*|medidas legais|vias legais|tribunal|reportarei|reporto|reportad\w+|autoridade\w*|rgpd|lgpd|bloquearei|justica",
    ),
    Moods(
        mood=r"prijs|plezier|dankbaar|liever|hoop|hopen|fijn|zorg\w*|ga ervan uit|gaan ervan uit|vertrouw\w*|waarder\w*|verwacht\w*|blij|sta erop|wens\w*|vriendelijk",
        negation=r"niet|nooit|niets|geen|niemand",
        act=r"(?:aan)?schrij\w*|schree?f\w*|schreven|mail\w*|gemail\w*|contact\w*|benader\w*|bericht\w*|stuur\w*|stur\w*|hoor\w*|horen|ontvang\w*|lastig\w*|bel\w*|stoor\w*",
        whom=r"mij|me|ons|meer|ik|we|wij|weer|opnieuw|ooit",
        ceasing=r"(?:stopt|stoppen|stopte|ophoudt|ophouden) met|(?:de|uw|dit de|dit uw) laatste (?:mail|bericht|keer)",
        again=r"(?:mail\w*|schrij\w*|contact\w*|benader\w*|bericht\w*|stuur\w*|neem\w*)(?: [\w'-]+){0,3}? (?:nog (?:eens|een)|opnieuw|weer|nogmaals)|(?:nog (?:eens|een keer)|opnieuw|weer|nogmaals)(?: [\w'-]+){0,2}? (?:mail\w*|schrij\w*|contact\w*|benader\w*|bericht\w*|stuur\w*)|nog (?:een|zo'n) (?:mail|bericht|e-mail)|doorga\w* met|(?:volgende|elke|iedere) (?:\w+ )?(?:mail|bericht|keer|e-mail)",
        threat=r"klacht\w*|advocat\w*|advocaat|aangifte|politie|meld ik|(?:wordt|worden) gemeld|rapporteer|juridisch\w*|de ap|autoriteit\w*|rechter|rechtbank|avg|blokkeer ik",
    ),
    Moods(
        mood=r"wdzieczn\w*|przyslug\w*|wolal\w*|nadziej\w*|doceni\w*|milo|dopiln\w*|licz\w*|oczekuj\w*|chcial\w*|lepiej|prosze \w+c,|zycz\w*|prefer\w*|nalega\w*|zadb\w*|rad\b",
        negation=r"nie|nigdy|nikt|nic|zadn\w*",
        act=r"(?:na)?pis\w*|kontakt\w*|(?:przy|wy)?syl\w*|(?:przy|wy)sl\w*|dostaw\w*|dostan\w*|otrzym\w*|niepoko\w*|dzwon\w*|slysz\w*|odzywa\w*",
        whom=r"mnie|mi|nas|nam|do nas|do mnie|wiecej|juz|ze mna|ponownie|\w+ym|od was",
        ceasing=r"zaprzesta\w*|przesta\w*|ostatni\w* (?:mail|wiadomosc|raz)",
        again=r"(?:jeszcze raz|ponownie|znow\w*)(?: [\w'-]+){0,3}? (?:na)?(?:pis\w*|kontakt\w*|skontakt\w*|wysl\w*|przysl\w*)|(?:na)?pis\w*(?: [\w'-]+){0,2}? (?:jeszcze raz|ponownie|znow\w*)|(?:jeszcze jed\w+|kolejn\w*|nastepn\w*|kazd\w* nastepn\w*|kazd\w* kolejn\w*) (?:mail\w*|wiadomosc\w*|e-mail\w*|raz\w*)",
        threat=r"zglos\w*|zglasz\w*|uodo|policj\w*|prawnik\w*|adwokat\w*|skarg\w*|sadu|sadem|sadow\w*|prokuratur\w*|kroki prawne|doniesieni\w*|zawiadom\w*|pozw\w*|rodo|zablokuj\w*",
    ),
    Moods(
        mood=r"благодар\w*|одолжение|признател\w*|хотелось бы|хотел\w* бы|надею\w*|надеем\w*|предпоч\w*|рассчитыва\w*|сделайте так|было бы|лучше|прошу|просим|ожида\w*|убедитесь|проследите|настаива\w*|буду рад\w*|позаботьтесь",
        negation=r"не|никогда|никто|ничего|больше",
        act=r"(?:на)?пи(?:с|ш)\w*|присыла\w*|присла\w*|приход\w*|прише\w*|связыв\w*|беспоко\w*|побеспоко\w*|отправ\w*|звон\w*|обраща\w*|услыш\w*|слыш\w*|получ\w*|контакт\w*",
        whom=r"мне|меня|нам|нас|со мной|с нами|больше|снова|никогда|о вас|от вас",
        ceasing=r"переста\w*|прекрат\w*|последн\w* (?:письмо|сообщение|раз)",
        again=r"(?:еще раз|снова|опять)(?: [^\W\d]+){0,3}? (?:на)?(?:пи(?:с|ш)\w*|беспоко\w*|побеспоко\w*|связ\w*|свяж\w*|присл\w*|отправ\w*)|(?:на)?(?:пи(?:с|ш)\w*|свяж\w*|побеспоко\w*|беспоко\w*|присл\w*)(?: [^\W\d]+){0,3}? (?:еще раз|снова|опять)|еще одно (?:письмо|сообщение)|(?:следующ\w*|кажд\w* нов\w*|любое|повторн\w*|нов\w*) (?:письм\w*|сообщение)",
        threat=r"жалоб\w*|пожалу\w*|юрист\w*|адвокат\w*|полици\w*|суд\b|судом|роскомнадзор\w*|прокуратур\w*|заявлени\w*|заблокирую|фас\b|иск\b",
    ),
    Moods(
        mood=r"вдячн\w*|ласку|послугу|хотілося б|хоті\w* би?|сподіва\w*|волі\w*|розрахову\w*|зробіть так|було б|краще|прошу|просимо|очіку\w*|подбайте|переконайтеся|наполяга\w*|буду рад\w*",
        negation=r"не|ніколи|ніхто|нічого|більше",
        act=r"(?:на)?пи(?:с|ш)\w*|надсил\w*|надісл\w*|приход\w*|зв.?яз\w*|турбу\w*|потурбу\w*|дзвон\w*|зверта\w*|почу\w*|чути|отрим\w*|контакт\w*",
        whom=r"мені|мене|нам|нас|зі мною|з нами|більше|знову|ніколи|про вас|від вас",
        ceasing=r"переста\w*|припин\w*|останн\w* (?:лист|повідомлення|раз)",
        again=r"(?:ще раз|знову|знов)(?: [^\W\d]+){0,3}? (?:на)?(?:пи(?:с|ш)\w*|турбу\w*|потурбу\w*|зв.?яз\w*|зв.?яж\w*|надішл\w*)|(?:на)?(?:пи(?:с|ш)\w*|зв.?яж\w*|потурбу\w*|надішл\w*)(?: [^\W\d]+){0,3}? (?:ще раз|знову|знов)|ще один (?:лист|повідомлення)|(?:наступн\w*|кож\w* нов\w*) (?:лист|повідомлення)",
        threat=r"скарг\w*|поскарж\w*|юрист\w*|адвокат\w*|поліці\w*|суду|заяву|заблокую|позов\w*|прокуратур\w*",
    ),
)  # fmt: skip
"""English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian."""

STRONG = r"\b(?:(?:call|calling|to|tell|inform|notify|contact) the (?:police|cops|authorit\w+)|sue you|suing you|lawsuit|press charges|data protection (?:officer|authority|commissioner)|(?:my|our) (?:lawyers?|attorneys?|solicitors?) (?:will|is going|are going)|(?:strafanzeige|anzeige) (?:erstatt\w*|stell\w*)|erstatte (?:ich )?(?:\w+ )?(?:straf)?anzeige|zur polizei|die polizei|datenschutzbehorde|abmahn\w*|(?:porte|porter|deposer?|depose|porterai|deposerai) (?:\w+ )?plainte|une plainte|la police|gendarmerie|cnil|denunci(?:o|are|are|arlo|arlos|amos|os|arei|aremos)|una denuncia|(?:a|la) policia|aepd|carabinieri|querel(?:o|a)|la polizia|al garante|(?:apresent|faz|fac)\w* (?:uma )?queixa|a policia|cnpd|anpd|aangifte|(?:de|naar de) politie|(?:na|do) policj\w*|prokuratur\w*|uodo|(?:в|во) полици\w*|прокуратур\w*|роскомнадзор\w*|(?:в|у) поліці\w*|поліцію)\b"
"""Threats that need no condition beside them."""

NOT_YET = r"\b(?:(?:have|has|had) not|haven't|hasn't|pas (?:deja|encore)|nicht schon|noch nicht|before|until|till|earlier than|vor dem|vor montag|bevor|avant|antes|prima d\w+|voordat|voor maandag|przed|раньше|прежде|до понед\w*|раніше|doubt\w*|mind)\b|\b(?:vor|bis|voor|до|перед|at|um|on|am) (?:\d|mon|dien|mitt|don|frei|sam|sonn|week|wochen|понед|вторн|пятн)|\b(?:by|per|op de|am|au|por|par) (?:telefon\w*|phone|telephone)\b|\b(?:not|n't|never|haven't) (?:\w+ )?(?:received|heard back)\b"
"""A day, or another way: the writer only sets when, or how."""
