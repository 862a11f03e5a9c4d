"""Absence notes, leavers, tickets and challenges, in ten languages, and the people who must not be taken for them."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, MailKind
from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday


def mail(
    text: str, *, subject: str = "Re: A question", extra: str = "", date_header: str = "Mon, 2 Mar 2026 09:00:00 +0100"
) -> bytes:
    return (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nDate: {date_header}\n"
        f"In-Reply-To: <step1.42@outreach.example>\nContent-Type: text/plain; charset=utf-8\n{extra}\n{text}\n"
    ).encode()


ABSENT = {
    "en": (
        "Automatic reply: A question",
        "I am out of the office until 9 March and will answer on my return.",
        date(2026, 3, 9),
    ),
    "en, back": (
        "Out of office",
        "Thank you for your message. I will be back in the office on Monday, March 16th.",
        date(2026, 3, 16),
    ),
    "de": ("Automatische Antwort: A question", "Ich bin bis zum 13.03.2026 nicht im Büro.", date(2026, 3, 13)),
    "de, back": (
        "Abwesenheitsnotiz",
        "Ich bin im Urlaub und ab dem 16. März wieder für Sie erreichbar.",
        date(2026, 3, 16),
    ),
    "fr": ("Réponse automatique : A question", "Je suis absent du bureau jusqu'au 20 mars inclus.", date(2026, 3, 21)),
    "fr, back": ("Absence du bureau", "Je suis en congés. De retour le 23/03/2026.", date(2026, 3, 23)),
    "es": ("Respuesta automática: A question", "Estoy de vacaciones hasta el 15 de marzo.", date(2026, 3, 15)),
    "it": (
        "Risposta automatica: A question",
        "Sono fuori sede fino al 12 marzo 2026. Risponderò al mio rientro.",
        date(2026, 3, 12),
    ),
    "pt": ("Resposta automática: A question", "Estou de férias até 18 de março.", date(2026, 3, 18)),
    "nl": ("Automatisch antwoord: A question", "Ik ben afwezig tot en met 13 maart.", date(2026, 3, 14)),
    "pl": ("Automatyczna odpowiedź: A question", "Jestem na urlopie do 20 marca. Wracam 23 marca.", date(2026, 3, 23)),
    "ru": ("Автоматический ответ: A question", "Я в отпуске до 15 марта 2026 г.", date(2026, 3, 15)),
    "uk": ("Автоматична відповідь: A question", "Я у відпустці до 17 березня.", date(2026, 3, 17)),
    "en, a weekday tells day from month": ("Automatic reply: x", "I am on PTO through Friday 3/6.", date(2026, 3, 7)),
    "en, only out": ("Automatic reply: x", "I'll be out until the 16th of March.", date(2026, 3, 16)),
    "de, from to": ("Abwesenheitsnotiz", "Ich bin vom 2. bis 6. März auf Dienstreise.", date(2026, 3, 7)),
    "fr, from to": ("Réponse automatique : x", "Je suis en congés du 2 au 15 mars 2026.", date(2026, 3, 16)),
    "es, back": (
        "Respuesta automática: x",
        "Estaré fuera del 2 al 6 de marzo, volveré el día 9 de marzo.",
        date(2026, 3, 9),
    ),
    "it, only out": ("Risposta automatica: x", "Sarò fuori dal 2 al 6 marzo.", date(2026, 3, 7)),
    "pt, back": (
        "Resposta automática: x",
        "Estou fora do escritório. Volto na segunda-feira, 9/3.",
        date(2026, 3, 9),
    ),
    "nl, a weekday": ("Automatisch antwoord: x", "Ik ben maandag 9 maart weer op kantoor.", date(2026, 3, 9)),
    "pl, in numbers": (
        "Automatyczna odpowiedź: x",
        "Będę nieobecny od 02.03.2026 do 06.03.2026.",
        date(2026, 3, 7),
    ),
    "ru, both days": (
        "Автоответ: x",
        "Я в отпуске с 2 по 15 марта включительно. По срочным вопросам обращайтесь к Ивану.",
        date(2026, 3, 16),
    ),
    "uk, back": ("Автовідповідь: x", "Перебуваю у відрядженні, повернуся 10 березня.", date(2026, 3, 10)),
}


@pytest.mark.parametrize("subject,text,back", ABSENT.values(), ids=ABSENT.keys())
def test_absence_note_with_its_return_date(subject, text, back):
    result = classify(mail(text, subject=subject), received_at=NOW)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.OUT_OF_OFFICE)
    assert result.return_date == back
    assert result.intent is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "X-Autorespond: away",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    ],
)
def test_headers_mark_a_machine_whatever_the_text(header):
    assert classify(mail("Thanks for writing.", extra=header + "\n"), received_at=NOW).kind is MailKind.AUTO_REPLY


def test_notification_that_answers_nobody_is_other():
    raw = b"From: calendar@acme.example\nTo: anna@outreach.example\nSubject: Your week\nAuto-Submitted: auto-generated\n\nThree meetings.\n"
    assert classify(raw, received_at=NOW).kind is MailKind.OTHER


def test_auto_submitted_no_is_a_person():
    assert classify(mail("Sounds good, call me.", extra="Auto-Submitted: no\n"), received_at=NOW).kind is MailKind.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Hello, I am currently out of the office. For urgent matters please contact Lee at lee@acme.example.",
        "Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich an Lee.",
        "Je suis actuellement absent. En cas d'urgence, contactez Lee.",
        "Estoy fuera de la oficina. En caso de urgencia contacte con Lee.",
        "Sono fuori ufficio. Per urgenze scrivere a Lee.",
        "Estou fora do escritório. Em caso de urgência fale com Lee.",
        "Ik ben niet op kantoor. Voor dringende zaken kunt u Lee bellen.",
        "Jestem nieobecny. W pilnych sprawach proszę o kontakt z Lee.",
        "Я нахожусь в отпуске. По срочным вопросам пишите Lee.",
        "Я поза офісом. З термінових питань пишіть Lee.",
    ],
)
def test_complete_absence_note_is_known_by_its_text_alone(text):
    result = classify(mail(text), received_at=NOW)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.OUT_OF_OFFICE)


@pytest.mark.parametrize(
    "text,kind",
    [
        ("This is an automated reply. Kim no longer works at Acme.", AutoReplyKind.LEFT_COMPANY),
        ("Dies ist eine automatische Antwort. Kim ist nicht mehr im Unternehmen.", AutoReplyKind.LEFT_COMPANY),
        ("Ceci est une réponse automatique. Kim ne fait plus partie de la société.", AutoReplyKind.LEFT_COMPANY),
        ("Это автоматический ответ. Ким больше не работает в компании.", AutoReplyKind.LEFT_COMPANY),
        ("Respuesta automática. Kim ya no trabaja en esta empresa.", AutoReplyKind.LEFT_COMPANY),
        ("Resposta automática. Não faço mais parte do quadro da empresa.", AutoReplyKind.LEFT_COMPANY),
        ("Risposta automatica. Kim non lavora più in questa azienda.", AutoReplyKind.LEFT_COMPANY),
        ("Automatisch antwoord. Kim is niet meer werkzaam bij ons.", AutoReplyKind.LEFT_COMPANY),
        ("Automatyczna odpowiedź. Kim już nie pracuje w naszej firmie.", AutoReplyKind.LEFT_COMPANY),
        ("Автоматична відповідь. Олена більше не працює в компанії.", AutoReplyKind.LEFT_COMPANY),
        ("Automatische Antwort. Ich habe die Firma zum 31.12. verlassen.", AutoReplyKind.LEFT_COMPANY),
        ("This is an automated message. Your request has been received, ticket number 123.", AutoReplyKind.TICKET),
        ("This is an automated message. Your request (#12345) has been received by our staff.", AutoReplyKind.TICKET),
        ("Automatische Antwort. Ihre Ticketnummer lautet 4711.", AutoReplyKind.TICKET),
        ("Réponse automatique. Nous avons bien reçu votre message.", AutoReplyKind.TICKET),
        ("Respuesta automática. Hemos recibido su solicitud.", AutoReplyKind.TICKET),
        ("Risposta automatica. Abbiamo ricevuto la sua richiesta.", AutoReplyKind.TICKET),
        ("Resposta automática. O número do chamado é 4711.", AutoReplyKind.TICKET),
        ("Automatisch antwoord. Wij hebben uw bericht ontvangen.", AutoReplyKind.TICKET),
        ("Automatyczna odpowiedź. Numer zgłoszenia 4711.", AutoReplyKind.TICKET),
        ("Автоматический ответ. Ваше обращение зарегистрировано.", AutoReplyKind.TICKET),
        ("Автоматична відповідь. Ваше звернення зареєстровано.", AutoReplyKind.TICKET),
        (
            "This account is protected by SpamStop. Please click https://check.example/1 to be added to the allowed list.",
            AutoReplyKind.CHALLENGE,
        ),
    ],
)
def test_other_machines_are_told_apart(text, kind):
    result = classify(mail(text), received_at=NOW)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, kind)


@pytest.mark.parametrize(
    "text",
    [
        "I'm out of the office until Monday, but let's talk on Tuesday at 10?",
        "Just back from vacation, this is interesting. Can you send more details?",
        "We already have a ticket system, thanks.",
        "Bin gerade im Urlaub, melden Sie sich bitte im April wieder.",
        "My colleague Lee is no longer with us, I took over. Tell me more.",
    ],
)
def test_person_who_mentions_absence_is_not_swallowed(text):
    assert classify(mail(text), received_at=NOW).kind is MailKind.REPLY


@pytest.mark.parametrize(
    "subject,text",
    [
        ("RE: Out of Office: A question", "I'm back now. Let's talk on Tuesday."),
        ("Out of office next week - call before?", "Shall we speak on Thursday?"),
        ("Out of office? No!", "Yes please, send more."),
        ("Vacation plans and your offer", "I looked at it, please send prices."),
        ("Vacation plans and your offer", "I am on vacation next week, but I am interested."),
        ("Abwesend ab Montag", "Können wir vorher sprechen?"),
        ("Urlaub", "Bin im Urlaub, aber ich habe Interesse."),
        ("В отпуске с понедельника", "Давайте созвонимся до этого."),
    ],
)
def test_person_whose_subject_speaks_of_absence_is_not_swallowed(subject, text):
    assert classify(mail(text, subject=subject), received_at=NOW).kind is MailKind.REPLY


@pytest.mark.parametrize(
    "subject,text,extra",
    [
        ("Out of office", "Thank you, I will be back in the office on Monday.", ""),
        ("Abwesend", "Ich bin im Urlaub.", ""),
        ("Out of office", "Gone fishing.", "Precedence: bulk\n"),
        ("Urlaub", "Bis bald.", "X-Auto-Response-Suppress: All\n"),
        ("Vacation", "Hello.", "Auto-Submitted: auto-replied\n"),
        ("Automatic reply: A question", "Hello.", ""),
        ("Re: Automatic reply: A question", "I am out of the office until Monday.", ""),
    ],
)
def test_subject_of_absence_is_a_machines_where_text_or_headers_agree(subject, text, extra):
    assert classify(mail(text, subject=subject, extra=extra), received_at=NOW).kind is MailKind.AUTO_REPLY


def test_bounce_marked_as_automatic_is_still_a_bounce():
    raw = (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: anna@outreach.example\nSubject: failure notice\nAuto-Submitted: auto-replied\n\n"
        b"Hi. This is the qmail-send program at mx.example.\n\n<kim@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
    )
    assert classify(raw, received_at=NOW).kind is MailKind.BOUNCE


@pytest.mark.parametrize(
    "text,expected",
    [
        ("back on 2026-03-20", date(2026, 3, 20)),
        ("I return tomorrow", date(2026, 3, 3)),
        ("back on Monday", date(2026, 3, 9)),
        ("returning next week", date(2026, 3, 9)),
        ("out from March 3rd through March 6th", date(2026, 3, 7)),
        ("until 3 January", date(2027, 1, 3)),
        ("starting 02/27/2026 and will not return until 03/05/2026", date(2026, 3, 5)),
        ("ich bin vom 02.03. bis einschließlich 06.03.2026 nicht im Hause", date(2026, 3, 7)),
        ("bis 13.03. im Urlaub und ab dem 16.03. wieder erreichbar", date(2026, 3, 16)),
        ("W dniach 2-6 marca przebywam na urlopie", date(2026, 3, 7)),
        ("Je suis absente du 27 février au 9 mars inclus. De retour le mardi 10 mars.", date(2026, 3, 10)),
        ("Mon absence: je suis absent", None),
        ("out until May 5th, 2026", date(2026, 5, 5)),
        ("I was away until 12 May 2019", None),
        ("call 555-0100 or room 12", None),
        ("back on 31 February", None),
    ],
)
def test_return_date_of_phrases(text, expected):
    assert return_date_of(text, received_at=NOW) == expected


def test_month_and_day_order_follows_the_zone_of_the_note():
    text = "I am out of the office until 05/04/2026."
    assert classify(
        mail(text, subject="Out of office", date_header="Mon, 2 Mar 2026 09:00:00 -0500"), received_at=NOW
    ).return_date == date(2026, 5, 4)
    assert classify(mail(text, subject="Out of office"), received_at=NOW).return_date == date(2026, 4, 5)
