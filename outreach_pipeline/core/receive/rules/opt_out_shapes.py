"""By which shapes people wish to be written to no more, by language: a small grammar beside the phrases.

A wish is built of a few pieces: somebody does not want, asks, or ends; and what is to end is writing, a mail, a list. ``SHAPES``
joins these pieces in any of their forms (persons, numbers, moods), ``SURE`` names those of the shapes that mean nothing else.
Pieces are regular expressions over text as ``core.receive.phrases`` folds it; ``{n}`` stands for at most n words, ``^^`` for
the beginning of a clause. Belongs here: shapes. Does not: single phrases (``opt_outs``, ``opt_out_words``).
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """The pieces of a language.

    Attributes:
        known_by: words by which a text of the language is known from most others; empty: by its Cyrillic letters.
        unwilling: a negated wish; what is not wanted follows.
        none: "no", "enough of": before mails, where a clause begins.
        plea: a request; a negation and writing follow.
        negation: before a form of writing.
        act: forms of writing to somebody, and of getting mail, as requests have them.
        mail: what is written, and the list by which.
        end: to stop or cancel; writing or mails follow.
        take: to remove; ``off`` follows.
        off: who or what is removed, and from where.
        more: whole shapes of other kinds.
    """

    known_by: str
    unwilling: str
    none: str
    plea: str
    negation: str
    act: str
    mail: str
    end: str
    take: str
    off: str
    more: str


GRAMMARS: tuple[Grammar, ...] = (
    Grammar(
        known_by="i you your please not the to my this we us from and never these kindly do",
        unwilling=r"(?:not|\w+n't|never|no longer)(?: \w+)?? (?:want|wish|need|like|care|desire|require|agree|consent|accept|appreciate)(?! (?:to |you to )?(?:miss|lose|stop|unsub|be left out|hesitate))|(?:not|\w+n't)(?: \w+){1,4}? interested in (?:any|further|more|your|these|such|getting|receiving)|no (?:wish|desire|need|use|interest|intention)|refuse|(?:not|n't|never)(?: \w+)?? (?:agreed|consented|subscribed|willing|interested in (?:getting|receiving|being))|(?:nobody|no one|none of us)(?: \w+){0,2}? (?:wants|needs|asked|reads)|(?:sick|tired|weary) of|fed up with|done with|do not welcome|don't welcome|spare (?:me|us)|forbid|enough of|cut (?:it|this) out|(?:like|want|wish|need|accept) (?:to (?:get|receive|have) )?no",
        none=r"(?:please )?(?:no|not any|enough|zero|not another|not one)(?: of)?(?! \w+ (?:yet|so far|arrived|received|came|is|was|has|attached))",
        plea=r"please|kindly|pls|plz|ask\w*|request\w*|beg|urge|want|like|good|prefer\w*|rather|must|need|(?:would|could|can|will) you|mind|see to it",
        negation=r"(?:no longer|not|never|avoid|stop|cease|refrain|quit|end|discontinue|halt|\w+n't)(?! (?:\w+ )?(?:hesitate|forget|fail|miss|worry|stop|cease|mind|delay|wait))",
        act=r"contact(?:ed|ing)?|e-?mail(?:ed|ing)?|mail(?:ed|ing)?|messag(?:e|ed|ing)|writ(?:e|ten|ing)|(?<!\ba )(?<!\bthe )(?<!\bany )(?<!\bthis )(?<!\byour )(?<!\bquick )call(?:ed|ing)?|approach(?:ed|ing)?|hear(?:ing)? from|hear(?:ing)? of|reach(?:ing)? out|bother\w*|disturb\w*|solicit\w*|spam\w*|follow(?:ing)? up|get (?:any |more |no more )?of (?:this|these|it|them)|(?:get|getting|receive|receiving) (?:any|these|this|your|such|more|further|them)|send(?:ing)? (?:me|us|more|mail|any|further|these|this|your|e-?mails?)",
        mail=r"e-?mails?|mails?|mailings?|messages?|letters?|newsletters?|correspondence|communications?|outreach|campaigns?|notifications?|marketing|promotions?|advert\w*|solicitations?|spam|(?:your|the|this|any|mailing|that|these) (?:\w+ )?lists?|database|subscription",
        end=r"cancel\w*|call off|terminate|end|ending|discontinue|quit|halt|cease|stop|unsubscribe|avoid",
        take=r"remove|delete|erase|take|strike|drop|exclude|keep|leave|scratch|cross|cut|unlist|de-?register",
        off=r"(?:me|us|my|our|this|name|address) (?:[\w'-]+ ){0,3}?(?:off|out of|from)\b(?! (?:the |this |your )?(?:cc|copy|thread|meeting|loop|invit\w+|chat|call|mute|hold|speaker|fence)\b)",
        more=r"\b(?:not|\w+n't) (?:expect|want|wish|need|like|care)\b[^.!?]{0,40}?\b(?:in touch|reach out|contact|write|mail|email)\b[^.!?]{0,20}? (?:again|any ?more)\b|\b\w+ (?:me|us) (?:out of|off) (?:this|your|the|these) (?:\w+ )?(?:lists?|e-?mails?|mails?|mailings?|campaigns?)\b|\b(?:my|our|this) (?:e-?mail |mail )?(?:address|inbox|mailbox) is(?:n't| not) (?:for|meant|intended|to be)\b|\bget (?:me|us|my|our) (?:[\w'-]+ ){0,3}?(?:off|out of)\b|\bde-?register (?:me|us|my|our)\b|\b(?:last|final) (?:e-?mail|mail|message)\b|\bplease end (?:it|this|these)\b|\bnot use (?:this|my|our) (?:e-?mail )?address\b|\b(?:not|never|n't) (?:\w+ ){0,2}?(?:write|contact|email|e-mail|mail|message)\b(?: \w+){0,3}? (?:any ?more|again|any longer|ever)\b|\b(?:your|these) (?:e-?mails?|mails?|messages) (?:\w+ )?(?:came to an end|to end|to stop)\b|\bwithdraw (?:me|us|my|our)\b|\bforget (?:about )?(?:me|us)\b|\bno need to (?:write|contact|email|e-mail|mail|message)\b|\b(?:send|write|mail|e-?mail|tell) (?:me|us) nothing (?:more|further|else)\b|\bdid(?: not|n't) (?:ask|sign up) for (?:this|these|your)\b",
    ),
    Grammar(
        known_by="ich mich mir uns wir sie bitte nicht kein keine keinen keiner mit den der das euch ihr ihre von und zu",
        unwilling=r"(?:mocht\w*|will|wollen|wunsch\w*|brauch\w*|benotig\w*|bedurf\w*|bekomme|mag|mogen)(?: [\w'-]+){0,6}? (?:nicht\w*|nie\w*|kein\w*)(?! (?:[\w-]+ )?(?:verpass|verlier|versaum|ubersehen))|verzicht\w*|verbitt\w*|lehne\w*|(?:untersag|verbiet)\w*(?: ihnen| euch| dir)?|keine lust auf|mir reicht'?s mit|keinen wert auf|nicht einverstanden|spar\w* (?:sie |dir |ihr )?(?:sich|euch)?|kein bedurfnis|kein\w* bedarf",
        none=r"(?:bitte )?(?:kein\w*|genug|schluss|es reicht|nie wieder|ohne)",
        plea=r"bitte\w*|ersuch\w*|forder\w*|konnt\w*|wurd\w*|darf",
        negation=r"nicht|nie|nichts|kein\w*|niemals|aufhor\w*|vermeid\w*|abzusehen|absehen",
        act=r"(?:an|zu|zuzu)?schreib\w*|angeschrieben|(?:zu )?kontaktier\w*|(?:zu)?(?:send|schick)\w*|mail(?:en|t)|gemailt|von (?:ihnen|euch|dir) (?:hor|angesch)\w*|erhalten|bekommen|kriegen|empfangen|anruf\w*|melden|belastig\w*|kontaktaufnahme\w*|anzuschreiben|haben",
        mail=r"(?:e-?)?mails?|nachricht\w*|newsletter\w*|post|werb\w*|zusendung\w*|schreiben|kontakt\w*|anruf\w*|mailing\w*|abo\w*|spam|verteiler\w*|korrespondenz|zuschrift\w*|(?:ihr|eur|dein)\w* (?:liste|datenbank)",
        end=r"beend\w*|stopp\w*|unterlass\w*|vermeid\w*(?: sie)?(?: es)?(?: bitte)?,?|verzicht\w*|kundig\w*|reicht|schluss|verschon\w*|genug|hor\w* (?:bitte )?(?:endlich )?(?:damit )?auf,?|absehen|frieden|ruhe",
        take=r"nehm\w*|nimm|streich\w*|losch\w*|entfern\w*|trag\w*|schmeiss\w*|werf\w*|wirf|hol\w*",
        off=r"(?:mich|uns|meine?\w*|unsere?\w*) (?:[\w'-]+ ){0,4}?(?:aus|von|vom|raus|runter)\b",
        more=r"\b(?:e-?mails?|mails?|nachrichten|newsletter|werbung|post)(?: [\w'-]+){0,2}? (?:will|wollen|mocht\w*|brauch\w*) (?:ich|wir|hier niemand) (?:nicht|verzicht)\w*|\b(?:e-?mails?|mails?|nachrichten|newsletter|werbung)(?: [\w'-]+){0,2}? (?:mocht\w*|will|wollen) (?:ich|wir) (?:\w+ )?verzicht\w*|\b(?:mocht\w*|will|wollen|brauch\w*|benotig\w*)(?: [\w'-]+){0,4}? (?:e-?mails?|mails?|nachrichten|newsletter|werbung|post)(?: \w+){0,1}? nicht\b(?! (?:[\w-]+ )?(?:verpass|verlier|versaum|ubersehen|missen))|\bstell\w*(?: [\w'-]+){0,5}? (?:e-?mails?|mails?|schreiben|zusendung\w*|versand|werbung|nachrichten|kontakt\w*)(?: \w+){0,2}? ein\b|\bmeld\w*(?: sie)? (?:mich|uns)(?: [\w'-]+){0,4}? ab\b|^^(?:bitte )?(?:schreib\w*|kontaktier\w*|send\w*|schick\w*|mail(?:en|t)|meld\w*)(?: [\w'-]+){0,4}? (?:nicht|nie|nichts|kein\w*)\b|\blass\w*(?: [\w'-]+){0,6}? in (?:frieden|ruhe)\b|\bnicht (?:erneut|wieder|weiter|mehr|noch ?mal\w*)(?: [\w'-]+){0,3}? (?:zu )?(?:schreib|kontaktier|mail|anschreib|anzuschreib|angeschrieb|send|schick|zusend|zuschick)\w*|\b(?:liste|verteiler|newsletter) (?:runter|raus)\b|\b(?:mails?|e-mails?|werbung|nachrichten|newsletter) (?:so |echt |wirklich )?(?:satt|leid)\b|\bstreich\w* (?:sie )?(?:mich|uns)\b",
    ),
    Grammar(
        known_by="je ne pas vous nous vos votre merci les moi n m d l est et svp plus avec",
        unwilling=r"n(?:e |')(?:en )?(?:veu\w*|voul\w*|souhait\w*|desir\w*|accept\w*|(?:ai|avons) (?=\w+ (?:besoin|envie))|tien\w*|faut) ?(?:pas|plus|jamais|rien|aucun\w*)(?! (?:rat|manqu|perd|loup)\w+)|(?:je|nous) refus\w+|(?:assez|marre|ras le bol) d\w*|(?:vous|t')? ?interdi[st]\w*(?: de)?|pas (?:envie|besoin) de",
        none=r"(?:merci,? |et )?(?:pas|plus|aucun\w*|assez|plus aucun\w*|stop|ca suffit|marre)(?: avec)?",
        plea=r"merci|veuillez|priere|demand\w*|pri\w*|pouvez|pourriez\w*|peux\w*|voudrais|aimerais|inutile|prefer\w*",
        negation=r"ne (?:plus|pas|jamais|rien)|arret\w*|cess\w*|evit\w*|abst\w*(?:[ -]vous)?(?: de)?",
        act=r"(?:m'|me |nous )?(?:re)?(?:ecri(?:re|vez|s|vent)|contact(?:er|ez|e|es)|envoy(?:er|ez|e|es)|envoi\w*|adress(?:er|ez)|sollicit(?:er|ez)|relanc(?:er|ez|e)|appel(?:er|ez)|joindre|derangez|spamm\w+|recevoir|entendre)",
        mail=r"(?:e-?)?mails?|courriels?|messages?|newsletters?|envois?|lettres?|publicites?|pub|vos nouvelles|relances?|sollicitations?|(?:votre|vos|ta|cette) (?:liste|base)s?|(?:etre )?(?:contact|sollicit|relanc|appel|demarch)e\w*|abonnement",
        end=r"arret\w*|cess\w*|evit\w*|abst\w*(?:-vous)?|resili\w*|annul\w*|met\w* fin|mettre fin|stopp\w*|termin\w*|interromp\w*",
        take=r"enlev\w*|retir\w*|supprim\w*|sort\w*|ot(?:e|er|ez)|ray\w*|efface\w*|exclu\w*|desinscri\w*|desabonn\w*",
        off=r"(?:(?:moi|nous)\b|mon|mes|ma|notre|nos)",
        more=r"\b(?:m'oublier|nous oublier|oubli(?:e|ez)[ -](?:moi|nous))\b|\b(?:assez|marre) de (?:vos|ces|tes) (?:e-?)?mails?|\b(?:vos|ces|tes) (?:e-?mails?|mails?|messages|courriels?) ne (?:m'|nous )interess\w*|\b(?:enlev|retir|supprim|sort|ot|ray|effac|exclu|desinscri|desabonn)\w*[ -](?:moi|nous)\b|\bn(?:e |')(?:(?:m'|nous |me |plus |pas |jamais |rien |n')){0,3}(?:re)?(?:ecri(?:re|vez|s)|contact(?:er|ez|e)|envoy(?:er|ez|e|es)|envoi\w*|sollicit(?:er|ez)|relanc(?:er|ez)|appel(?:er|ez))\b|\binutile de (?:m'|me |nous )?(?:re)?(?:ecrire|contacter|envoyer|relancer)",
    ),
    Grammar(
        known_by="de la mi nos por su sus que nada ya ni lista el los una mas y en",
        unwilling=r"(?:no|ya no|nunca)(?: me| nos)? (?:quier\w*|quer\w*|dese\w*|necesit\w*|interesa(?: \w+)? recibir|hace falta|acept\w*|autoriz\w*|teng\w* interes en recib\w*|di mi consentimiento)(?! (?:perder|dejar|que (?:me|nos) (?:borr|elimin)))|(?:hart|cansad)[oa]s? de|prohib\w*",
        none=r"(?:por favor,? )?(?:nada de|ningun\w*|ni un\w*|basta|ya basta|basta ya|no mas|sin mas|suficientes)(?: de)?",
        plea=r"por favor|favor de|pido|pedimos|ruego|rogamos|solicito|pued\w*|podri\w*|prefier\w*|preferiri\w*|agradec\w*",
        negation=r"(?:no|nunca|dej\w*|cesen|cese|evit\w*|abst\w*|par\w*)(?: (?:me|nos|de|a))*",
        act=r"(?:escrib(?:a|as|an|ais|ir|irme|irnos|iendo)|contact(?:e|es|en|eis|ar|arme|arnos)|(?:re)?envi(?:e|es|en|eis|ar|arme|arnos)|mand(?:e|es|en|eis|ar|arme|arnos)|llam(?:e|es|en|ar|arme)|molest(?:e|es|en|eis|ar|arme|arnos)|recibir\w*|reciba\w*|llegue\w*|vuelv\w*)",
        mail=r"correos?|(?:e-?)?mails?|mensajes?|boletin\w*|publicidad|newsletter\w*|envios?|cartas?|comunicacion\w*|contactad[oa]s?|(?:su|tu|vuestra|sus|la|esta) (?:lista|base)s?|suscripcion|saber (?:nada |mas )*de (?:usted|vosotr|ti)\w*",
        end=r"cancel\w*|anul\w*|cese\w*|dej\w* de|par(?:e|en|a|ad|ar) de|evit\w*|abst\w*|termin\w*|basta",
        take=r"(?:borr|elimin|quit|sac|sáqu|retir|exclu|suprim|tach)\w*",
        off=r"(?:(?:mi|mis|nuestr\w+) (?:correo|email|e-mail|direccion|nombre|datos|contacto)|de (?:la|su|tu|vuestra|esta|sus) (?:lista|base)s?)",
        more=r"^^(?:ya )?(?:paren|parad|parense)(?: ya| por favor| esto| de)?(?=[.!,]| *$)|\b(?:correos|mensajes|emails|mails) no (?:me|nos) interesa\w*|\bolvid\w*(?:se|nse|d)? ?de (?:mi|nosotros)\b|\bque no (?:me|nos) (?:llegu|escrib|envi|mand|contact)\w*|\b(?:borr|elimin|quit|sac|retir|exclu|suprim)(?:a|e|en|ad|ar)(?:me|nos)\b|\b(?:dadme|dame|denme|deme|darme|danos|dadnos) de baja\b|\bno (?:vuelv\w*|volv\w*) a\b|\bdej(?:ad|a|e|en) de \w+(?:me|nos)\b",
    ),
    Grammar(
        known_by="nao de da dos meu minha por que voces sua seu lista mais e o os dessa",
        unwilling=r"(?:nao|ja nao|nunca)(?: me| nos)? (?:quer\w*|quis\w*|desej\w*|precis\w*|interessa receber|aceit\w*|autoriz\w*|gostaria\w*|e preciso|e necessario|ten(?:ho|mos) interesse em|autorizei)(?! (?:perder|deixar))|(?:fart|cansad)[oa]s? d[eoa]\w*|proib\w*(?: que)?",
        none=r"(?:por favor,? )?(?:nada de|nenhum\w*|nem um\w*|chega|basta|sem|sem mais|nao mais)(?: de)?",
        plea=r"por favor|favor|peco|pedimos|solicito|pod\w*|poderi\w*|prefir\w*|preferi\w*|agradec\w*",
        negation=r"(?:nao|nunca|deix\w*|parem|pare|parar|cess\w*|evit\w*|abst\w*)(?: (?:me|nos|de|a|volt\w*))*",
        act=r"(?:(?:re)?escrev(?:a|as|am|er|er-me|er-nos)|cont(?:a|ac)t(?:e|es|em|ar|ar-me|ar-nos)|envi(?:e|es|em|ar|ar-me)|mand(?:e|es|em|ar|ar-me)|lig(?:ue|uem|ar)|incomod\w*|importun\w*|receber\w*|receba\w*|enviarem)",
        mail=r"(?:e-?)?mails?|mensage\w*|newsletter\w*|publicidade|propaganda|correio|envios?|cartas?|comunicac\w*|conta(?:c)?tad[oa]s?|(?:sua|tua|vossa|da|esta|dessa|desta) lista|inscricao|subscricao|assinatura|saber (?:nada |mais )*de voces?|envio",
        end=r"cancel\w*|anul\w*|cess\w*|encerr\w*|deix(?:e|em|a|ar) de|par(?:e|em|a|ar) de|pare|parem|evit\w*|abst[\w-]*|termin\w*|chega de|basta de",
        take=r"(?:tir|remov|retir|exclu|apag|elimin)\w*(?:-me|-nos)?",
        off=r"(?:(?:o |os |a )?(?:meu|meus|minha|nosso|nossa)s? (?:\w+ )?(?:e-?mail|endereco|nome|dados|conta(?:c)?to|inscricao)|d(?:a|as|esta|essa) (?:\w+ )?listas?)",
        more=r"\b(?:e-?mails|mensagens) nao (?:me|nos) interess\w*|\bnao (?:me|nos) procur\w*|\besque[cç]\w*-(?:me|nos)\b|\b(?:me|nos) (?:tir|remov|retir|exclu|apagu?)\w*|\b(?:tir|remov|retir|exclu|elimin)\w*-(?:me|nos)\b|\bsair (?:da|desta|dessa) lista\b|\bnao (?:me |nos )?(?:volt\w*) a\b",
    ),
    Grammar(
        known_by="non mi ci di la il vostra vostre per lista dalla che e piu con",
        unwilling=r"non (?:vogl\w*|vorre\w*|desider\w*|ho bisogno|abbiamo bisogno|mi interessa ricevere|ci interessa ricevere|accett\w*|serve|servono|c'e bisogno|occorre|autorizz\w*|ho dato il consenso|abbiamo interesse a ricev\w*)(?! (?:perder|smett))|(?:stuf|stanc)(?:o|a|i|hi) d\w*|diffid\w*(?: dal\w*)?|vieto",
        none=r"(?:per favore,? )?(?:niente|nessun\w*|basta|non piu|mai piu)(?: con| di)?",
        plea=r"per favore|per piacere|chied\w*|preg\w*|pot\w*|puo\w*|prefer\w*|gentilmente|vorrei",
        negation=r"(?:non|mai|smett\w*|evit\w*|asten\w*|cess\w*)(?: (?:mi|ci|di|dal|piu|vi))*",
        act=r"(?:(?:ri)?scriv\w*|(?:ri)?contatt\w*|(?:ri)?mand(?:i|ate|are|ar)\w*|invi(?:a|i|ate|are|ar)\w*|chiam(?:i|ate|are|ar)\w*|disturb\w*|ricever\w*|importun\w*)",
        mail=r"(?:e-?)?mail|messaggi\w*|newsletter|pubblicita|comunicazion\w*|(?:l')?invi(?:o|i)|lettere|posta|contattat[oaie]|(?:vostr[ae]|tua|sua|questa|dalla|nella) (?:\w+ )?list[ae]|iscrizione|abbonamento|vostre notizie|(?:piu )?niente da (?:voi|lei)",
        end=r"cancell\w*|annull\w*|smett\w*|cess\w*|evit\w*|asten\w*|interromp\w*|termin\w*|basta|finit\w*",
        take=r"(?:togl\w*|tolga|lev\w*|cancell\w*|elimin\w*|rimuov\w*|esclud\w*|disiscriv\w*)",
        off=r"(?:(?:il |i |la )?(?:mio|miei|mia|nostro|nostri|nostra) (?:\w+ )?(?:indirizzo|nome|contatto|dati|mail|email|nominativo)|d(?:a|al|alla|all'|ai|agli) ?(?:\w+ )?(?:list[ae]|elenc\w+|invii|database|rubrica|newsletter))",
        more=r"\b(?:togli|lev|cancell|elimin|rimuov|esclud|disiscriv)(?:i|a|e|ete|ate|er|ar)?(?:mi|ci|temi|teci|etemi|eteci|atemi|ateci)\b|\bnon (?:mi |ci )?(?:ri)?(?:scriv|contatt|mand)(?:i|a|ete|ate|er|ar|et|at)\w*|\bnon mandate\w*|\b(?:mail|email|messaggi) non (?:mi|ci) interess\w*|\bessere (?:rimoss|tolt|cancellat|disiscritt)\w*|\bdimentica\w* di (?:me|noi)\b|\bnon (?:mi )?rispond(?:ete|a|ere) piu\b|\blasci\w*(?:mi|ci|temi|teci)? in pace\b|\buscire dalla (?:vostra )?lista\b",
    ),
    Grammar(
        known_by="ik niet geen u uw jullie van de het een met mij ons wij graag",
        unwilling=r"(?:wil|willen|wens\w*|hoef\w*|(?:heb|hebben)(?=[^.!?]{0,40} nodig)|wou|zou)(?: [\w'-]+){0,5}? (?:niet|geen|nooit|niets)(?! (?:missen|kwijt|verliezen))|verbied\w*|bespaar\w*|(?:liever|voorkeur)(?: [\w'-]+){0,3}? (?:niet|geen)",
        none=r"(?:graag |svp |a\.?u\.?b\.? )?(?:geen|genoeg|stop|niet meer|nooit meer)",
        plea=r"graag|gelieve|vraag\w*|verzoek\w*|wilt|wil je|kunt|kun je|zou\w*|alstublieft|alsjeblieft|liever",
        negation=r"niet|geen|nooit|niets|stopp\w*|ophoud\w*",
        act=r"mail(?:en|t)?|gemaild|(?:aan)?schrij\w*|stur\w*|stuur|contacter\w*|benader\w*|bel(?:len|t)?|ontvang\w*|horen|contact|bericht\w*|staan|lastig\w*",
        mail=r"(?:e-?)?mails?|mailtjes|berichten|nieuwsbrie\w*|reclame|post|contact|mailing\w*|abonnement|(?:uw|jullie|je|de) (?:\w+ )?lijst|horen",
        end=r"stop\w*|staak|staken|beeindig\w*|vermijd\w*|hou(?:d|den)? op|zeg\w*|opzeg\w*|annuleer|annuler\w*|genoeg",
        take=r"haal|halen|verwijder\w*|schrijf|meld|schrap\w*|gooi",
        off=r"(?:mij|me|ons|mijn|onze)(?: [\w'-]+){0,4}? (?:van|uit|af|lijst|bestand)\b",
        more=r"\b(?:mails?|e-mails?|berichten|reclame|dit) (?:echt |nu )?(?:zat|beu|moe)\b|\b(?:mails|berichten|nieuwsbrief) interesse\w* (?:mij|me|ons) niet\b|\bvergeet (?:mij|me|ons)\b|\bniet meer (?:toe|op)?(?:sturen|zenden|toezenden)\b|\bontvang\w* liever (?:niets|geen)\b|^^(?:mail|schrijf|stuur|bel|benader|contacteer)(?: [\w'-]+){0,3}? (?:niet|geen|niets|nooit)\b|\b(?:wil|willen|(?:heb|hebben)(?=[^.!?]{0,40} nodig)|hoef\w*)(?: [\w'-]+){0,3}? (?:mails?|e-mails?|berichten|nieuwsbrief|reclame)(?: \w+)?? niet\b|\bwil hier\s?van ?af\b|\bhiervan af\b|\bvanaf\b(?=[.!]? *$)|\bverwijder (?:mij|me|ons|mijn|onze)\b",
    ),
    Grammar(
        known_by="nie prosze mnie z do sie i nas moj moje moja maili zadnych dosc bez koniec",
        unwilling=r"nie (?:chc\w*|potrzebuj\w*|zycz\w*|wyraz\w*|interesuj\w* (?:mnie|nas)(?: otrzym\w*)?|zgadz\w*|ma potrzeby|trzeba|musi\w*)(?! (?:straci|przegapi|przesta)\w*)|zabrania\w*|oszczedz\w* (?:mi|nam)|wol\w* nie|wolal\w*",
        none=r"(?:prosze,? )?(?:zadnych|bez|dosc|dosyc|koniec|nigdy wiecej|ani jednego)(?: z| tych)?",
        plea=r"prosz\w*|prosi\w*|moze\w*|moglby\w*|mogliby\w*|zada\w*|wol\w*",
        negation=r"(?:nie|nigdy|przesta\w*|zaprzesta\w*|unika\w*|skoncz\w*)(?: (?:do|mnie|nas|sie|ze|z|mi|nam|juz|wiecej))*",
        act=r"(?:na)?pis(?:z|zcie|ac|ali|zecie)|wysyla\w*|przysyla\w*|(?:s)?kontakt\w*|dzwon\w*|otrzymyw\w*|dostaw\w*|niepoko\w*|slac|nekac|byli",
        mail=r"mail\w*|e-?mail\w*|wiadomosc\w*|newsletter\w*|list(?:ow|y|e|ami)|reklam\w*|korespondenc\w*|kontakt\w*|ofert|spam\w*|subskrypcj\w*|(?:waszej|tej|panstwa) (?:liscie|listy|bazie|bazy)|(?:od was|wiecej) nic|nic wiecej",
        end=r"przesta\w*|zaprzesta\w*|zakoncz\w*|skoncz\w*|anuluj\w*|unika\w*|rezygnuj\w*|koniec|dosc|zrezygnow\w*|odwol\w*",
        take=r"usun\w*|usuwa\w*|skresl\w*|wykresl\w*|wypis\w*",
        off=r"(?:mnie|nas|moj\w*|nasz\w*|adres\w*|list\w*|baz\w*)",
        more=r"\b(?:maile|wiadomosci|oferty) (?:mnie|nas) nie interesuj\w*|\bzapomnij\w* o (?:mnie|nas)\b|\bnie (?:slij|slijcie|odzywaj\w*)\b|\bodpisz\w* (?:mnie|nas)\b|\b(?:wypisz|usun|wykresl|skresl)\w* (?:mnie|nas|moj\w*|nasz\w*)\b|\bnie pis(?:z|zcie|ac|ali)\b|\b(?:prosze|macie|nalezy) (?:o )?zaprzesta\w*|\bmam\w* dosc\b|\bzostaw\w* (?:mnie|nas) w spokoju|\bdaj\w* (?:mi |nam )?(?:juz )?spokoj\b",
    ),
    Grammar(
        known_by="",
        unwilling=r"не (?:хоч\w*|хот\w*|жела\w*|нужн\w*|надо|нуждаюсь|нуждаемся|соглас\w*|интересно получать)(?! (?:пропус|потеря|упус)\w*)|предпочита\w* не|надоел\w*|запрещаю|избавьте (?:меня|нас) от|устал\w* от|лучше бы (?:\w+ ){0,2}?не|отказываюсь|отказываемся",
        none=r"(?:пожалуйста,? )?(?:никаких|без|хватит|достаточно|довольно|больше никаких|ни одного)",
        plea=r"прошу|просим|просьба|пожалуйста|може\w*|могли|требу\w*",
        negation=r"(?:не|никогда|прекрат\w*|перестан\w*|избега\w*|воздерж\w*)(?: (?:мне|нам|больше|сюда|меня|нас|со|с))*",
        act=r"(?:на)?пи(?:шите|ши|сать|сали|шет\w*)|присыла\w*|присла\w*|отправл\w*|слать|шлите|шли|связыв\w*|звони\w*|беспоко\w*|надоеда\w*|обраща\w*|контактир\w*|получа\w*",
        mail=r"пис(?:ьм\w*|ем)|рассыл\w*|сообщен\w*|спам\w*|реклам\w*|переписк\w*|подписк\w*|(?:вашем|этом|вашего|этого) спис\w*|звонк\w*|почт\w*|слышать",
        end=r"прекрат\w*|перестан\w*|законч\w*|останов\w*|отмен\w*|воздерж\w*|избега\w*|откаж\w*|отказыва\w*|хватит",
        take=r"удал\w*|убер\w*|убрать|вычерк\w*|исключ\w*|отпи\w*|выпи\w*|сотр\w*",
        off=r"(?:меня|нас|мо[йиюяе]\w*|наш\w*|адрес\w*|спис\w*|баз\w*|рассыл\w*)",
        more=r"\b(?:письма|сообщения) (?:меня|нас) не интересу\w*|\bзабудьте (?:обо мне|о нас)\b|\b(?:отстань|отстаньте|отвяжи|отвяжитесь)\b|\bне (?:хочу|хотим|желаю|желаем) (?:с вами |больше )*(?:общаться|переписываться)|\bостав(?:ьте|ь) (?:меня|нас) в покое\b|\bне (?:на)?пиши(?:те)?\b",
    ),
    Grammar(
        known_by="",
        unwilling=r"не (?:хоч\w*|хот\w*|бажа\w*|потріб\w*|треба|потребу\w*|згод\w*)(?! (?:пропус|втрат)\w*)|воліє?\w* не|волію не|краще б (?:\w+ ){0,2}?не|відмовля\w*|набрид\w*|забороняю|позбавте (?:мене|нас)|втомил\w* від",
        none=r"(?:будь ласка,? )?(?:жодних|жодного|без|досить|годі|більше ніяких|ніяких)",
        plea=r"прошу|просимо|прохання|будь ласка|може\w*|могли|вимага\w*",
        negation=r"(?:не|ніколи|припин\w*|перестан\w*|уника\w*|утрима\w*)(?: (?:мені|нам|більше|сюди|мене|нас|зі|з|із))*",
        act=r"(?:на)?пи(?:шіть|ши|сати|сали|шет\w*)|надсила\w*|надісла\w*|відправл\w*|слати|шліть|шли|зв.?язу\w*|дзвон\w*|телефон\w*|турбу\w*|зверта\w*|контакту\w*|отриму\w*",
        mail=r"лист(?:и|ів|а|ування|ами|уванн\w*)|розсил\w*|повідомл\w*|спам\w*|реклам\w*|підписк\w*|(?:вашому|цьому|вашого|цього) спис\w*|дзвінк\w*|пошт\w*|чути",
        end=r"припин\w*|перестан\w*|закінч\w*|зупин\w*|скас\w*|утрима\w*|уника\w*|відмов\w*|досить|годі",
        take=r"видал\w*|прибер\w*|прибрати|викресл\w*|виключ\w*|відпи\w*|випи\w*",
        off=r"(?:мене|нас|мо[йїєюя]\w*|наш\w*|адрес\w*|спис\w*|баз\w*|розсил\w*)",
        more=r"\bвідчеп\w*|\b(?:листи|повідомлення) (?:мене|нас) не цікавл\w*|\bзабудьте про (?:мене|нас)\b|\bне (?:хочу|хочемо|бажаю|бажаємо) (?:з вами |більше )*(?:спілкуватис|листуватис)\w*|\bдай(?:те)? (?:мені|нам) спокій\b|\bзалиш\w* (?:мене|нас) (?:в|у) спокої\b|\bне (?:на)?пиш(?:и|іть)\b",
    ),
)  # fmt: skip
"""English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Ukrainian."""

OTHER_LANGUAGES: tuple[str, ...] = (
    r"\b(?:nepiste|nepis) (?:mi|nam)|\buz (?:mi |nam )?nepis\w*|\bodhlas\w* (?:me|nas|mne)|\b(?:vymaz|odstran|vyrad)\w* (?:me|nas|mne|moj\w*|muj)\b|\bne(?:chci|chceme|preji|prejeme)\b[^.!?]{0,40}(?:mail|zprav|newsletter|dostavat)|\bprestan\w* (?:mi |nam )?(?:psat|posilat)|\bneposilej\w*|\bnekontaktuj\w*",
    r"\b(?:skriv|kontakt|send)\w* (?:ikke|mig ikke|mig aldrig)\b|\bikke (?:skriv|kontakt|send)\w*|\b(?:fjern|slet|afmeld|slett|meld) (?:mig|meg|os|oss|min|mit|vores)\b|\b(?:onsker|vil) (?:gerne )?(?:ikke|aldri)[^.!?]{0,40}(?:mail|e-?post|meddel|nyhedsbrev|nyhetsbrev|kontakt)|\b(?:stop|slutt|hold op)\w* (?:med )?(?:at|a) (?:skriv|send|kontakt|mail)\w*|\b(?:ingen|ikke flere) (?:flere )?(?:mails?|e-?post|e-?mails?|beskeder|meldinger)\b",
    r"\b(?:skriv|kontakta|skicka|mejla) (?:inte|mig inte|aldrig|inga|inget)\b|\b(?:ta bort|avregistrera|avanmal|stryk|radera) (?:mig|oss|min|mitt|var)\b|\bvill inte[^.!?]{0,40}(?:mejl|mail|e-?post|nyhetsbrev|kontakt|meddel)|\bsluta (?:att )?(?:skriv|skicka|mejla|kontakta)\w*|\b(?:inga|inte fler) (?:fler )?(?:mejl|mail|e-?post|utskick|meddelanden)\b|\bonskar inte\b[^.!?]{0,40}(?:mejl|mail|e-?post|kontakt)",
    r"\balkaa (?:enaa )?(?:kirjoit|laheta|ottako|lahett|soit)\w*|\bala (?:enaa )?(?:kirjoita|laheta|ota)\b|\bpoista(?:kaa)? (?:minut|meidat|osoitteeni|tietoni)|\ben (?:enaa )?halua\w*[^.!?]{0,40}(?:viest|sahkopost|post|uutiskirj)|\blopetta\w*[^.!?]{0,40}(?:viest|sahkopost|lahett|kirjoit)|\bperuut\w*[^.!?]{0,20}tila\w*",
    r"\b(?:bana|bize) (?:bir daha |artik )?(?:\S+ )?(?:yazmay|gondermey|yazma\b|gonderme\b|mail atma)\w*|\b(?:beni|bizi) (?:\w+ )?(?:listeden|listenizden) (?:cikar|sil)\w*|\b(?:e-?posta|mail|mesaj)\w* (?:almak )?istemiyor\w*|\babone\w* iptal|\b(?:bir daha|artik) (?:yazma|gonderme|arama)\w*|\biletisime gecme\w*",
    r"\bnu-?(?:mi| imi| ne| ma| va rog)?(?: mai)? (?:scri|trimite|contacta|suna)\w*|\bnu (?:ma|ne) mai \w+|\b(?:scoate|sterge|elimina|dezabon)\w*-?(?:ti-?ma|ti-?ne|ma|ne)\b|\b(?:scoate|sterge|elimina)\w* (?:adresa|numele|datele)|\bnu (?:mai )?(?:vrea|vreau|vrem|dor\w+)[^.!?]{0,40}(?:mail|mesaj|newsletter|contactat)\w*|\bdezabonat\w*",
    r"\bne (?:irj|kuldj|keress|zavarj|hivj)\w*|\b(?:torolj|vegy|iratkoztass)\w*[^.!?]{0,30}(?:listarol|cimemet|cimunket|le\b|engem|minket|adataimat)|\bnem (?:kerek|kerunk|szeretne\w*|akar\w*)[^.!?]{0,40}(?:level|mail|uzenet|hirlevel|megkeres)\w*|\bhagyj\w*[^.!?]{0,20}beken",
)
"""Czech, Danish and Norwegian, Swedish, Finnish, Turkish, Romanian, Hungarian: never more than a doubt."""

CLAUSE = r"(?:^|[.!?,;:(-] ?|(?<!\w)(?:please|kindly|and|but|so|bitte|und|et|merci|y|e|en|i|и|і|por favor|per favore|prosze|пожалуйста|будь ласка) )"
"""Where a clause begins."""

ENGLISH = "the you your and please"
"""Words of texts in none of those seven."""

SURE: tuple[str, ...] = (
    r"\b(?:i|we) (?:really )?(?:do not|don't|no longer|never) (?:want|wish|care) to (?:be (?:e-?mailed|mailed|contacted|messaged|written to)|be on (?:your|this|any) (?:mailing )?lists?|(?:get|receive) (?:any |more |further |your |these |such |another )*(?:e-?mails?|mails?|messages?|mailings)|hear from you)\b",
    r"\b(?:i|we) (?:really )?(?:do not|don't|no longer|never) want (?:any |more |further |your |these |such )*(?:e-?mails|mails|messages) from you\b",
    r"\b(?:please|kindly|asking you to|ask you to) (?:to )?(?:no longer|never|avoid) (?:sending (?:me|us)|(?:e-?mail|contact|mail|messag|writ)\w*(?: to)? (?:me|us))\b|\bexclude (?:my|our|this) (?:e-?mail |mail )?address from (?:all |any |your |future |further )+(?:e-?mails|mails|mailings|lists?)\b",
    r"\b(?:ich|wir) (?:mocht\w*|will|wollen|wunsch\w*) (?:bitte )?(?:nicht mehr|nicht|nie wieder|nie mehr) (?:von (?:ihnen|euch|dir) )?(?:angeschrieben|kontaktiert|angemailt) (?:werden)\b|\b(?:ich|wir) (?:mocht\w*|will|wollen) nichts mehr von (?:ihnen|euch|dir) horen\b|\b(?:kontaktiert|schreibt|mailt) (?:mich|mir|uns) (?:bitte )?(?:nicht|nie) (?:mehr|wieder)\b|\bnehm\w* (?:sie )?(?:mich|uns) (?:bitte )?(?:aus|von) (?:ihr|eur|dem|der)\w* (?:verteiler|liste)\b|\bnimm (?:mich|uns) (?:bitte )?(?:aus|von) (?:dein|eur|dem|der)\w* (?:verteiler|liste)\b",
    r"\bne (?:veux|voulons|souhait\w+|desir\w+) (?:pas|plus) recevoir (?:de |d'|vos |aucun )*(?:e-?mails?|mails?|courriels?|messages?)\b|\bne (?:veux|voulons|souhait\w+|desir\w+) (?:pas|plus) etre contacte\w*|\bne (?:m'|nous )ecri(?:s|vez) (?:plus|jamais)\b|\b(?:arret\w*|cess\w*) de (?:m'ecrire|nous ecrire|me contacter|nous contacter)\b|\b(?:enleve|retire|supprime|sortez|otez|desinscris|desabonne)[ -](?:moi|nous)(?: de (?:la|ta|votre|vos|cette) (?:liste|base)s?)?\b",
    r"\b(?:borr|elimin|quit|sac)(?:a|e|en|ad)(?:me|nos) de (?:la|su|tu|vuestra|esta|vustra) (?:lista|base)\b|\bdej(?:ad|a|e|en) de (?:escribir|contactar)(?:me|nos)\b|\bno (?:me|nos) (?:escrib(?:a|as|an|ais)|contact(?:e|es|en|eis)) mas\b|\b(?:dadme|dadnos) de baja\b|\bno quiero que me (?:escriban|contacten)\b",
    r"\bme (?:tira|tire|tirem|remova|remove|removam|retire|retirem) d(?:a|essa|esta) (?:sua |tua |vossa )?lista\b|\b(?:tira|tirem|remova|removam)-me d(?:a|essa|esta) (?:sua |tua |vossa )?lista\b|\b(?:par|deix)em? de me (?:escrever|contatar|contactar)\b|\bnao me (?:escrev(?:a|as|am)|cont(?:a|ac)t(?:e|es|em)) mais\b",
    r"\bnon (?:mi scrivere|scrivermi|scriveteci|contattarmi|contattarci|ci contattate|mi contattate) (?:mai )?piu\b|\b(?:smetti|smettete|smetta) di (?:scriver|contattar)(?:mi|ci)\b|\b(?:toglie|leva|cancella|elimina|rimuove)temi dalla (?:vostra )?lista\b|\b(?:toglimi|levami|cancellaci|eliminami) dalla (?:tua |vostra )?lista\b",
    r"\b(?:mail|schrijf) (?:me|mij|ons) (?:nooit|niet) meer\b|\bhaal (?:me|mij|ons) van (?:je|uw|jullie|de) (?:mail)?lijst\b|\bik wil (?:geen mails|niets) meer van (?:u|jullie|je) (?:ontvangen|horen|krijgen)\b",
    r"\bnie pisz(?:cie)? (?:juz |wiecej )*do (?:mnie|nas)\b|\b(?:usun|usuncie|wykresl\w*|skresl\w*|wypisz\w*) (?:mnie|nas) z (?:waszej |tej |swojej )?listy\b|\bprzesta(?:n|ncie) do (?:mnie|nas) pisac\b",
    r"\b(?:больше|никогда) (?:мне|нам) не пишите\b|\b(?:вычеркните|удали|удалите) (?:меня|нас) из (?:вашего |своего |этого )?списка\b|\bперестан(?:ь|ьте) (?:мне|нам) писать\b|\bбільше (?:мені|нам) не пишіть\b|\b(?:викресліть|видали|видаліть) (?:мене|нас) (?:зі|із|з) (?:вашого |свого |цього )?списку\b|\bперестан(?:ь|ьте) (?:мені|нам) писати\b",
)
"""Of these shapes those that mean nothing else: sure, where nothing in the mail speaks against them."""
