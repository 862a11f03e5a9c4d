"""Persons who are away or have left: what makes a person's answer of such words, and what a machine's note."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUOTE = "\n\nOn Fri, Feb 27, 2026 at 9:00 AM Anna <anna@outreach.example> wrote:\n> Hello Kim,\n> how do you plan your week?\n"

AWAY = (
    "On holiday, back Monday!",
    "I am on leave, I'll reply next week.",
    "Out until the 10th, will look at it then.",
    "Ich bin bis Freitag im Urlaub und melde mich danach.",
    "Je suis en congé, je vous répondrai la semaine prochaine.",
    "Estoy de vacaciones, vuelvo el lunes.",
    "Sono in ferie, rispondo la settimana prossima.",
    "Estou de férias até segunda-feira.",
    "Ik ben op vakantie tot maandag.",
    "Jestem na urlopie do piątku, odpowiem po powrocie.",
    "Я в отпуске до пятницы, отвечу потом.",
    "Я у відпустці до п'ятниці.",
)

LEFT = (
    "Kim Roth no longer works at Harbor.",
    "Ich arbeite nicht mehr bei Harbor.",
    "Frau Roth arbeitet nicht mehr hier.",
    "Kim ne fait plus partie de la société.",
    "J'ai quitté l'entreprise.",
    "Kim ya no trabaja aquí.",
    "He dejado la empresa.",
    "Já não trabalho aqui.",
    "Já não trabalho na empresa.",
    "Já não faço parte da empresa.",
    "Deixei a empresa.",
    "Ela saiu da empresa.",
    "Kim non lavora più qui.",
    "Ho lasciato l'azienda.",
    "Kim werkt niet meer bij ons.",
    "Ik werk hier niet meer.",
    "Kim nie pracuje już u nas.",
    "Odszedłem z firmy.",
    "Odeszłam z firmy.",
    "Ким больше не работает у нас.",
    "Она уволилась.",
    "Кім більше не працює в нас.",
    "Вона звільнилася.",
)


def read(text, *, extra="", subject="Re: A question about Harbor"):
    raw = (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"In-Reply-To: <step1.42@outreach.example>\n{extra}\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize("text", AWAY)
@pytest.mark.parametrize(
    "extra, below",
    [
        ("", QUOTE),
        ("", "\n\n> Hello Kim,\n> how do you plan your week?\n"),
        ("User-Agent: Mozilla Thunderbird\n", ""),
        ("X-Mailer: iPhone Mail (22E240)\n", ""),
        ("X-Mailer: Microsoft Outlook 16.0\n", QUOTE),
    ],
)
def test_who_quotes_or_writes_in_a_mail_program_is_a_person_who_answers_later(text, extra, below):
    result = read(text + below, extra=extra)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.LATER)


@pytest.mark.parametrize("text", AWAY)
@pytest.mark.parametrize(
    "extra, subject",
    [
        ("Auto-Submitted: auto-replied\n", "Re: A question about Harbor"),
        ("X-Autoreply: yes\n", "Re: A question about Harbor"),
        ("Precedence: auto_reply\nX-Mailer: Apple Mail (2.3)\n", "Re: A question about Harbor"),
        ("X-Auto-Response-Suppress: All\n", "Out of office: A question about Harbor"),
        ("", "Automatic reply: A question about Harbor"),
        ("User-Agent: Mozilla Thunderbird\n", "Abwesenheitsnotiz"),
    ],
)
def test_what_a_machine_marked_stays_a_note_whatever_it_quotes(text, extra, subject):
    result = read(text + QUOTE, extra=extra, subject=subject)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.OUT_OF_OFFICE)


def test_a_note_without_any_header_is_still_told_by_its_words():
    assert read("I am out of the office until 10 March.").auto_reply is AutoReplyKind.OUT_OF_OFFICE


@pytest.mark.parametrize("text", LEFT)
def test_a_machine_tells_that_somebody_has_left(text):
    result = read(text, extra="Auto-Submitted: auto-replied\n")
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.LEFT_COMPANY)


@pytest.mark.parametrize("text", [*LEFT, "He no longer works here.", "She is no longer with us."])
def test_a_person_who_tells_it_names_the_wrong_person(text):
    result = read(text + QUOTE)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.WRONG_PERSON)


@pytest.mark.parametrize(
    "text", ["He no longer works here.", "She is no longer with us.", "Он больше не работает у нас."]
)
def test_he_and_she_are_a_colleagues_words(text):
    result = read(text)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.WRONG_PERSON)


def under(subject, text, extra="", quote=""):
    return (
        f"From: Kim <kim@harbor.example>\nTo: ann@acme.example\nSubject: {subject}\nIn-Reply-To: <step1@acme.example>\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{extra}\n{text}\n{quote}"
    ).encode()


HISTORY = (
    "\nOn Mon, 2 Mar 2026 at 09:00, Ann <ann@acme.example> wrote:\n> Hello Kim,\n> how does Harbor plan its day?\n"
)
PROGRAM = "X-Mailer: Microsoft Outlook 16.0\n"


@pytest.mark.parametrize("extra,quote", [("", HISTORY), (PROGRAM, "")])
@pytest.mark.parametrize(
    "subject,text",
    [
        ("Out of office next week", "I'm out of office next week, can we move our call to the 20th?"),
        ("Automatic reply from my desk", "It's me, not a machine: the quote looks fine, please send the contract."),
        ("Abwesenheit", "Hallo Ann, ich war letzte Woche abwesend. Können wir am Dienstag sprechen?"),
        ("Urlaub", "Ich bin im Urlaub, passt es danach?"),
        ("Absence: congés", "Je suis en congés, pouvons-nous parler mardi ?"),
        ("Ausente esta semana", "Estoy de vacaciones. ¿Podemos hablar el martes?"),
        ("Assente", "Sono in ferie, possiamo sentirci martedì?"),
        ("De férias", "Estou de férias. Podemos falar na terça?"),
        ("Afwezigheid", "Hallo Ann, ik was afwezig. Kunnen we dinsdag bellen?"),
        ("Urlop", "Jestem na urlopie. Czy możemy porozmawiać we wtorek?"),
        ("В отпуске", "Я был в отпуске. Можем созвониться во вторник?"),
        ("У відпустці", "Я був у відпустці. Можемо поговорити у вівторок?"),
    ],
)
def test_who_asks_something_of_us_under_the_subject_of_a_note_is_a_person(subject, text, extra, quote):
    assert classify(under(subject, text, extra, quote), received_at=NOW).kind is MailKind.REPLY


@pytest.mark.parametrize(
    "subject,text,extra,quote",
    [
        ("Out of office next week", "I'm out of office next week, can we move our call to the 20th?", "Auto-Submitted: auto-replied\n", HISTORY),
        ("Out of office", "I am out of office until 9 March. Do you need immediate assistance? Please send your mail to jane@harbor.example.", "", HISTORY),
        ("Automatic reply: A question", "I am out of office. Can you wait until Monday?", "", HISTORY),
        ("Abwesenheit", "Ich bin bis 9. März abwesend. Ist es dringend? Frau Roth hilft gern.", "", HISTORY),
    ],
)  # fmt: skip
def test_a_note_stays_one_whatever_it_quotes(subject, text, extra, quote):
    assert classify(under(subject, text, extra, quote), received_at=NOW).kind is MailKind.AUTO_REPLY
