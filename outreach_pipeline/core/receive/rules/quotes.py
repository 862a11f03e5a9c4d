"""How mail programs introduce what they quote, and how people sign, by language.

Sources: the defaults of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Yandex, Mail.ru, GMX and mobile clients.
"""

# ruff: noqa: RUF001  Cyrillic is meant

from __future__ import annotations

ATTRIBUTION_ENDS: tuple[str, ...] = (
    "wrote",
    "writes",
    "schrieb",
    "schrieb am",
    "a écrit",
    "a ecrit",
    "écrivait",
    "escribió",
    "escribio",
    "ha scritto",
    "scrive",
    "escreveu",
    "schreef",
    "het volgende geschreven",
    "napisał",
    "napisał(a)",
    "napisała",
    "pisze",
    "написал",
    "написал(а)",
    "написала",
    "пишет",
    "писал",
    "написав",
    "пише",
    "skrev",
    "kirjoitti",
    "kirjutas",
    "yazdı",
    "şunu yazdı",
    "şunları yazdı",
    "napsal",
    "napsal(a)",
    "napsala",
    "napísal",
    "napísal(a)",
    "napísala",
    "je napisao",
    "je napisala",
    "je napisal",
    "ezt írta",
    "írta",
    "a scris",
    "έγραψε",
    "написа",
    "rašė",
    "rakstīja",
    "menulis",
    "đã viết",
)
"""The verbs before the colon with which an attribution line ends ("On Monday Ann wrote:")."""

ENDS_WITHOUT_SPACES: tuple[str, ...] = (
    "写道",
    "寫道",
    "님이 작성",
    "のメール",
    "さんは書きました",
    r"ezt írta \([^\n]{1,80}\)",
)
"""The same as regular expressions: in scripts that part no words, and where a time with its own colon follows."""

ORIGINAL_MARKERS: tuple[str, ...] = (
    (
        r"[-_=]{2,} ?(?:original (?:message|appointment)|forwarded message|reply message|ursprüngliche nachricht|originalnachricht"
        r"|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original|messaggio originale"
        r"|messaggio inoltrato|mensagem original|oorspronkelijk bericht|doorgestuurd bericht|wiadomość oryginalna|oryginalna wiadomość"
        r"|исходное сообщение|пересылаемое сообщение|пересланное сообщение|вихідне повідомлення|початкове повідомлення) ?[-_=]{0,}"
    ),
    r"begin forwarded message:",
)
"""Regular expressions for lines with which a quoted mail begins."""

HEADER_NAMES: tuple[str, ...] = (
    "from", "von", "de", "da", "van", "od", "от", "від", "från", "fra", "lähettäjä", "feladó", "küldő", "gönderen", "kimden", "expeditor", "de la", "από", "差出人", "送信者", "发件人", "寄件者", "寄件人", "보낸 사람", "보낸사람",
)  # fmt: skip
"""How Outlook's quoted header begins; a line with a date or subject follows."""
HEADER_FOLLOWERS: tuple[str, ...] = (
    "sent",
    "date",
    "to",
    "subject",
    "gesendet",
    "datum",
    "an",
    "betreff",
    "envoyé",
    "envoye",
    "à",
    "objet",
    "enviado",
    "enviado el",
    "fecha",
    "para",
    "asunto",
    "inviato",
    "data",
    "a",
    "oggetto",
    "verzonden",
    "aan",
    "onderwerp",
    "wysłano",
    "do",
    "temat",
    "отправлено",
    "дата",
    "кому",
    "тема",
    "надіслано",
    "assunto",
    "cc",
    *("skickat", "till", "ämne", "kopia", "sendt", "til", "emne", "kopi"),
    *("lähetetty", "päivämäärä", "vastaanottaja", "kopio", "aihe"),
    *("odesláno", "odoslané", "komu", "předmět", "predmet", "kopie", "kópia", "poslano", "za", "zadeva"),
    *("elküldve", "küldve", "dátum", "címzett", "másolatot kap", "tárgy", "trimis", "către", "subiect"),
    *("gönderildi", "gönderilme", "gönderme tarihi", "tarih", "kime", "alıcı", "bilgi", "konu"),
    *("στάλθηκε", "ημερομηνία", "προς", "θέμα", "изпратено", "до", "относно"),
    *("送信日時", "日時", "日付", "宛先", "件名", "发送时间", "发送日期", "时间", "日期", "收件人", "抄送", "主题", "寄件日期", "傳送時間", "收件者", "副本", "主旨"),
    *("보낸 날짜", "날짜", "받는 사람", "받는사람", "참조", "제목"),
)  # fmt: skip

NOTES_TO: frozenset[str] = frozenset({"to", "an", "a", "à", "para", "aan", "do", "кому"})
NOTES_SUBJECT: frozenset[str] = frozenset(
    {"subject", "thema", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "temat", "тема"}
)
"""Lotus Notes' names of header lines, each alone on its line below the writer and the time."""

VALEDICTIONS: tuple[str, ...] = (
    "best", "best regards", "kind regards", "regards", "warm regards", "many thanks", "thanks", "thank you", "thanks again",
    "cheers", "sincerely", "yours sincerely", "all the best", "best wishes", "with kind regards", "with best regards", "br", "kr",
    "mit freundlichen grüßen", "mit freundlichen gruessen", "freundliche grüße", "freundliche grüsse", "viele grüße", "beste grüße",
    "liebe grüße", "herzliche grüße", "mit besten grüßen", "mfg", "vg", "lg",
    "cordialement", "bien cordialement", "bien à vous", "sincères salutations", "bonne journée", "salutations", "merci",
    "saludos", "un saludo", "saludos cordiales", "atentamente", "cordialmente", "gracias",
    "cordiali saluti", "saluti", "distinti saluti", "un saluto", "a presto", "grazie",
    "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "abraço", "abraços", "obrigado", "obrigada",
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten", "groet", "mvg",
    "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "pozdrowienia",
    "с уважением", "с наилучшими пожеланиями", "з повагою", "з найкращими побажаннями", "спасибо",
)  # fmt: skip
"""Lines with which people close a letter; what follows is the signature."""

MOBILE_SIGNATURES: tuple[str, ...] = (
    "sent from my", "sent from outlook", "get outlook for", "sent via", "sent from yahoo", "sent from mail for", "sent with proton", "von meinem iphone gesendet",
    "gesendet von", "gesendet mit", "envoyé de mon", "envoyé depuis", "enviado desde", "inviato da", "enviado do meu", "verstuurd vanaf",
    "verzonden vanaf", "wysłano z", "отправлено с", "отправлено из", "надіслано з", "diese nachricht wurde von meinem",
)  # fmt: skip
"""Beginnings of lines that phones and apps add."""

GREETINGS: tuple[str, ...] = (
    "hi", "hello", "hey", "dear", "good (?:morning|day|afternoon)", "hallo", "guten (?:tag|morgen)", "liebe[rs]?", "sehr geehrte[rs]?", "moin", "servus",
    "bonjour", "cher", "chère", "hola", "buen(?:os|as) (?:días|tardes)", "estimad[oa]", "ciao", "buongiorno", "salve", "gentile", "ol[aá]", "bom dia", "boa tarde",
    "caro", "cara", "prezad[oa]", "beste", "geachte", "goede(?:morgen|middag)", "dag", "dzień dobry", "witam", "cześć", "здравствуйте", "добрый день", "привет",
    "вітаю", "добрий день", "доброго дня",
)  # fmt: skip
"""Words with which people greet, as regular expressions."""

POINTERS: tuple[str, ...] = (
    "see", "please", "read", "my", "answer", "answers", "reply", "replies", "response", "comment", "comments", "note", "notes", "below", "inline", "in", "line", "red", "blue", "bold", "the", "text", "fyi",
    "siehe", "unten", "bitte", "meine", "antwort", "antworten", "kommentar", "kommentare", "s", "u", "rot", "im", "steht", "weiter", "unterhalb",
    "voir", "ci", "dessous", "ma", "mes", "réponse", "réponses", "merci", "de", "cf", "plus", "bas",
    "ver", "véase", "vea", "abajo", "mi", "mis", "respuesta", "respuestas", "más", "por", "favor",
    "vedi", "vedere", "sotto", "mia", "mie", "risposta", "risposte", "di", "seguito", "qui",
    "abaixo", "minha", "minhas", "resposta", "respostas", "veja", "em", "baixo",
    "zie", "onder", "hieronder", "mijn", "antwoord", "antwoorden", "beneden",
    "patrz", "zobacz", "poniżej", "moja", "odpowiedź", "odpowiedzi", "proszę",
    "см", "смотрите", "ниже", "мой", "ответ", "ответы", "мои", "пожалуйста", "в", "тексте",
    "дивіться", "нижче", "моя", "відповідь", "відповіді", "див",
)  # fmt: skip
"""Of what a person writes above a quote to point below it, every word."""

FOOTER_LINKS: tuple[str, ...] = (
    "unsubscribe", "unsubscribe here", "opt out", "opt-out", "no more mail like this", "manage preferences", "abmelden", "abbestellen", "austragen", "se désabonner", "se désinscrire", "désinscription", "désabonnement",
    "darse de baja", "cancelar suscripción", "anular suscripción", "disiscriviti", "cancellati", "annulla l'iscrizione", "cancelar inscrição", "cancelar subscrição", "descadastrar",
    "uitschrijven", "afmelden", "wypisz się", "rezygnacja", "отписаться", "відписатися",
)  # fmt: skip
"""The ends of footers' sentences, whose links a quote may have lost."""

CONDITIONS: tuple[str, ...] = (
    "if", "in case", "just (?:say|tell|reply|let)", "let me know", "reply with", "wenn", "falls", "sollten sie", "sofern", "si", "s'il", "se", "caso", "als u", "als je", "indien", "mocht u",
    "jeśli", "jeżeli", "gdyby", "jesli", "jezeli", "если", "якщо",
)  # fmt: skip
"""Words of a sentence that offers an end for a case, folded or not, as regular expressions."""

OF_A_WRITER: tuple[str, ...] = (
    "(?:to|contact|contacting|e-?mail|e-?mailing|bother|bothering|disturb|take|remove|leave|leaving|write|writing|chase|chasing|ping|pinging|removing|taking|delete) you", "hear from me", "my (?:last|final|list|e-?mails?|messages?|follow-?ups?)",
    "(?:i|we) (?:won't|will not|will stop|shall not|promise)", "(?:i'll|we'll) (?:not|stop|never|close|remove|take)", "should i", "shall i",
    "(?:ich|wir) werden? (?:sie|ihnen|dich|dir|mich|uns)", "soll ich", "mein[e]? letzte[rs]?", "(?:ihnen|dir|sie|dich) (?:nicht|keine) (?:mehr|weiter\\w*)",
    "(?:je|nous) ne vous", "vous (?:écrire|ecrire|contacter|déranger|deranger|relancer)", "(?:mon|ma) derni\\w+", "dois-je",
    "(?:escribir|contactar|molestar)(?:le|te|os|les)", "no (?:le|te|les|os) (?:volveré|escribiré|molestaré|volvere|escribire|molestare|contactar\\w+)", "mi [uú]ltim[oa]",
    "(?:scriver|contattar|disturbar)(?:le|la|ti|vi)", "non (?:la|le|ti|vi) (?:scriver[oòó]|contatter[oòó]|disturber[oòó])", "(?:mia|mio) ultim[oa]",
    "não (?:lhe|o|a|te|vou) \\w+", "nao (?:lhe|o|a|te|vou) \\w+", "(?:meu|minha) [uú]ltim[oa]", "(?:contactá|incomodá|contacta|incomoda)-(?:lo|la)",
    "(?:zal|zullen) (?:u|je)", "mijn laatste", "moja ostatnia", "m[oó]j ostatni", "nie bed[eę] (?:juz|już)? ?(?:pisa\\w+|do)", "nie będę", "do (?:państwa|panstwa|pana|pani|ciebie)",
    "(?:я|мы) (?:больше )?не (?:буду|будем)", "вам (?:больше|писать)", "беспокоить вас", "мо[её]е? последнее", "(?:я|ми) (?:більше )?не (?:буду|будемо)", "вам більше", "турбувати вас", "мі[йи] останн\\w+",
)  # fmt: skip
"""How the writer of a mailing speaks of stopping: of writing to "you", of a last mail; folded or not, as regular expressions."""

OF_A_MACHINE: tuple[str, ...] = (
    "we", "will", "is", "are", "was", "were", "be", "been", "wir", "wird", "werden", "wurden?", "nous", "sera", "seront", "est", "sont", "será", "serán", "es", "son", "sono", "saranno", "verranno", "são", "serão",
    "wij", "wordt", "worden", "zal", "zullen", "są", "będą", "zostaną", "zostały", "мы", "будут", "будем", "ми", "будуть", "будемо",
    "no-?reply", "repl\\w+", "answer\\w*", "antwort\\w*", "répon\\w+", "respond\\w+", "rispond\\w+", "beantwoord\\w*", "odpowiada\\w+", "отвеча\\w+", "відповіда\\w+",
    "access", "zugriff", "accès", "acceso", "accesso", "acesso", "toegang", "dostęp\\w*", "доступ\\w*", "until", "till?", "bis", "jusqu\\S*", "hasta", "fino", "até", "tot", "до",
    "vacation", "holidays?", "urlaub", "vacances", "congés?", "vacaciones", "ferie", "férias", "vakantie", "urlop\\w*", "отпуск\\w*", "відпуст\\w*",
    "check", "read", "delivery", "lese", "can", "can't", "cannot", "kann", "können", "peux", "puedo", "posso", "kan", "mogę", "могу", "можу",
)  # fmt: skip
"""Words of a machine about mail in general or of an absence, which no short wish to stop has; folded or not, as regular expressions."""
