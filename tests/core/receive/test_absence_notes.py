"""Absence notes that nothing but their words tells, persons who only mention an absence, and the days that notes name."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import AutoReplyKind, Classification, Intent, MailKind
from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AWAY, LEFT = AutoReplyKind.OUT_OF_OFFICE, AutoReplyKind.LEFT_COMPANY

NOTES = (
    ("I will be back on Tuesday, March 10th.", AWAY, date(2026, 3, 10)),
    ("Hello,\n\nI am out of the office until 10 March with limited access to email.\n\nKim Roth", AWAY, date(2026, 3, 10)),
    ("Thank you for your message. I'm on vacation until March 10.", AWAY, date(2026, 3, 10)),
    ("Ich bin bis einschließlich 10.03.2026 nicht im Büro.", AWAY, date(2026, 3, 11)),
    ("Je serai de retour le 10 mars.", AWAY, date(2026, 3, 10)),
    ("Je suis en congés jusqu'au 10 mars.", AWAY, date(2026, 3, 10)),
    ("Estoy de vacaciones hasta el 10 de marzo.", AWAY, date(2026, 3, 10)),
    ("Sono in ferie fino al 10 marzo.", AWAY, date(2026, 3, 10)),
    ("Ik ben op vakantie tot 10 maart.", AWAY, date(2026, 3, 10)),
    ("Jestem na urlopie do 10 marca.", AWAY, date(2026, 3, 10)),
    ("Estarei de férias até 10 de março.", AWAY, date(2026, 3, 10)),
    ("Я в отпуске до 10 марта. По срочным вопросам пишите на lee@acme.example.", AWAY, date(2026, 3, 10)),
    ("Я у відпустці до 10 березня.", AWAY, date(2026, 3, 10)),
    ("Kim Roth is no longer with Harbor.", LEFT, None),
    ("Kim Roth is no longer with Harbor. Please contact lee@acme.example.", LEFT, None),
    ("Frau Roth ist nicht mehr in unserem Unternehmen.", LEFT, None),
    ("Kim ne travaille plus chez Harbor.", LEFT, None),
    ("Kim ya no trabaja en Harbor.", LEFT, None),
    ("Ким больше не работает в компании.", LEFT, None),
)  # fmt: skip

PERSONS = (
    "I will look at it when I am back in the office.",
    "I am on vacation until Monday, let's talk then.",
    "I'm out of office this week but this sounds interesting.",
    "I am on leave until May. Can you send the prices?",
    "I no longer work at Harbor. Call me at my new company.",
    "My colleague Lee is no longer with us, I took over. Tell me more.",
    "Kim is no longer with Harbor. Please remove the address.",
    "Ich bin bis Freitag im Urlaub, rufen Sie mich danach an.",
    "Ich bin nächste Woche im Urlaub. Was kostet das?",
    "Je suis en vacances, mais votre offre m'intéresse.",
    "Estoy de vacaciones, hablamos a la vuelta.",
    "Я в отпуске до пятницы, потом созвонимся.",
    "Jestem na urlopie, ale proszę o ofertę.",
)


def read(text: str, *, extra: str = "") -> Classification:
    raw = (
        "From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: Re: A question about Harbor\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"In-Reply-To: <step1.42@outreach.example>\n{extra}\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize("text,machine,back", NOTES)
def test_a_text_that_is_nothing_but_a_note_is_an_auto_reply(text, machine, back):
    found = read(text)
    assert (found.kind, found.auto_reply, found.return_date) == (MailKind.AUTO_REPLY, machine, back)


@pytest.mark.parametrize("text", PERSONS)
def test_a_person_who_speaks_of_an_absence_is_none(text):
    assert read(text).kind is MailKind.REPLY


@pytest.mark.parametrize(
    "text,expected",
    [
        ("I am on annual leave, returning in two weeks.", date(2026, 3, 16)),
        ("Back in 3 days.", date(2026, 3, 5)),
        ("Ich bin in zwei Wochen wieder erreichbar. Zurück in zwei Wochen.", date(2026, 3, 16)),
        ("Je serai de retour dans une semaine.", date(2026, 3, 9)),
        ("Estaré de vuelta en dos semanas.", date(2026, 3, 16)),
        ("Вернусь через две недели.", date(2026, 3, 16)),
        ("Sono in ferie dal 4 al 15 marzo, rientro il 18.", date(2026, 3, 18)),
        ("Ich bin vom 4.3. bis 15.3. im Urlaub.", date(2026, 3, 16)),
        ("Estoy de vacaciones del 4 al 15 de marzo.", date(2026, 3, 16)),
        ("Będę nieobecny w dniach 4-15 marca.", date(2026, 3, 16)),
        ("Меня не будет с 4 по 15 марта.", date(2026, 3, 16)),
        ("I am away from 4 March to 8 March.", date(2026, 3, 9)),
        ("I am out until 15 March.", date(2026, 3, 15)),
        ("I am OOO today and back tomorrow.", date(2026, 3, 3)),
        ("From 2 March on you reach me again, I was away for 14 days.", None),
    ],
)
def test_days_that_are_named_by_a_range_or_by_how_far_off_they_are(text, expected):
    assert return_date_of(text, received_at=NOW) == expected


def test_ooo_is_an_absence():
    found = read("Thanks for your message. I am OOO today and back tomorrow.", extra="Auto-Submitted: auto-replied\n")
    assert (found.auto_reply, found.return_date) == (AWAY, date(2026, 3, 3))


@pytest.mark.parametrize(
    "text,intent",
    [
        ("Volontiers, on peut se voir jeudi à 14h ?", Intent.MEETING),
        ("Можемо поговорити у вівторок?", Intent.MEETING),
        ("Зараз ні, напишіть у вересні.", Intent.LATER),
        ("Interested? No.", Intent.NOT_INTERESTED),
        ("I'd be interested to know where you got my address.", Intent.OTHER),
        ("Mich würde interessieren, woher Sie meine Adresse haben.", Intent.OTHER),
    ],
)
def test_intents_that_one_word_misleads(text, intent):
    assert intent_of(text=text, subject="Re: A question").intent is intent
