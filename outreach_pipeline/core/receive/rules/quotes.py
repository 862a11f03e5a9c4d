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
)
"""The verbs before the colon with which an attribution line ends ("On Monday Ann wrote:")."""

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

HEADER_NAMES: tuple[str, ...] = ("from", "von", "de", "da", "van", "od", "от", "від", "från", "fra")
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
)

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
    "sent from my", "sent from outlook", "get outlook for", "sent via", "sent from yahoo", "sent from mail for", "von meinem iphone gesendet",
    "gesendet von", "gesendet mit", "envoyé de mon", "envoyé depuis", "enviado desde", "inviato da", "enviado do meu", "verstuurd vanaf",
    "verzonden vanaf", "wysłano z", "отправлено с", "отправлено из", "надіслано з", "diese nachricht wurde von meinem",
)  # fmt: skip
"""Beginnings of lines that phones and apps add."""
