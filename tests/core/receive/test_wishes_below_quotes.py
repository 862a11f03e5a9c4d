"""Wishes to stop that a person typed below or into a quote without marks; our own quoted words ask for nothing."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import Classification, Intent, MailKind

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OURS = (
    "Hello Kim,\n\nmay I ask you how you stop churn today? We help you to reach more people.\n"
    "If you would rather not hear from me again, just say so and I will stop writing to you.\n\n"
    "Anna\n\n--\nHarbor Ltd, 1 Quay Street, London\nNo more mail like this: https://link.example/u/4711"
)
HEADINGS = (
    "From: Anna <anna@outreach.example>\nSent: Wednesday, November 25, 2026 10:00 AM\nTo: Kim <kim@acme.example>\nSubject: A question",
    "Von: Anna <anna@outreach.example>\nGesendet: Mittwoch, 25. November 2026 10:00\nAn: Kim\nBetreff: A question",
    "De : Anna <anna@outreach.example>\nEnvoyé : mercredi 25 novembre 2026 10:00\nÀ : Kim\nObjet : A question",
    "De: Anna <anna@outreach.example>\nEnviado el: miércoles, 25 de noviembre de 2026 10:00\nPara: Kim\nAsunto: A question",
    "Da: Anna <anna@outreach.example>\nInviato: mercoledì 25 novembre 2026 10:00\nA: Kim\nOggetto: A question",
    "De: Anna <anna@outreach.example>\nEnviado: quarta-feira, 25 de novembro de 2026 10:00\nPara: Kim\nAssunto: A question",
    "Van: Anna <anna@outreach.example>\nVerzonden: woensdag 25 november 2026 10:00\nAan: Kim\nOnderwerp: A question",
    "Od: Anna <anna@outreach.example>\nWysłano: środa, 25 listopada 2026 10:00\nDo: Kim\nTemat: A question",
    "От: Anna <anna@outreach.example>\nОтправлено: 25 ноября 2026 г. 10:00\nКому: Kim\nТема: A question",
    "Від: Anna <anna@outreach.example>\nНадіслано: 25 листопада 2026 р. 10:00\nКому: Kim\nТема: A question",
    'Gesendet: Mittwoch, 25. November 2026 um 10:00 Uhr\nVon: "Anna" <anna@outreach.example>\nAn: kim@acme.example\nBetreff: A question',
    "-------- Original Message --------\nOn Wednesday, November 25th, 2026 at 10:00, Anna <anna@outreach.example> wrote:",
    "On Wednesday, November 25, 2026 at 10:00:00 AM GMT+1, Anna <anna@outreach.example> wrote:",
    "Среда, 25 ноября 2026, 10:00 +03:00 от Anna <anna@outreach.example>:",
    '25.11.2026, 10:00, "Anna" <anna@outreach.example>:',
    "-----Original Message-----\nFrom: Anna <anna@outreach.example>\nSent: Wednesday\nSubject: A question",
)
WISHES = (
    "Please remove me from your list.",
    "Stop writing to me.",
    "Bitte schreiben Sie mir nicht mehr.",
    "Merci de ne plus me contacter.",
    "No me escribáis más.",
    "Non scrivetemi più.",
    "Não me escreva mais.",
    "Gelieve mij niet meer te mailen.",
    "Proszę do mnie więcej nie pisać.",
    "Больше мне не пишите.",
    "Не пишіть мені більше.",
    "[Kim] Please remove me from your list.",
    "STOP",
    "Please unsubscribe",
    "If you write again, I will report you.",
    "I don't want to hear from you any more.",
)


def read(text: str, *, content_type: str = "text/plain") -> Classification:
    raw = (
        f"From: Kim Roth <kim@acme.example>\nTo: anna@outreach.example\nSubject: Re: A question\nMIME-Version: 1.0\n"
        f"Content-Type: {content_type}; charset=utf-8\nContent-Transfer-Encoding: 8bit\nIn-Reply-To: <step1.42@outreach.example>\n\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize(
    "above",
    [
        "",
        "See below.",
        "Hi Anna,\n",
        "Siehe unten\n\nMit freundlichen Grüßen\nKim Roth",
        "Kim Roth",
        "Kim Roth\nkim@acme.example\nwww.acme.example",
    ],
)
def test_a_wish_below_a_quote_without_marks_is_perhaps_a_stop(above, wish):
    for place, heading in enumerate(HEADINGS):
        found = read(f"{above}\n\n{heading}\n\n{OURS}\n\n{wish}\n")
        assert (found.kind, found.intent, found.intent_is_sure) == (MailKind.REPLY, Intent.STOP, False), (place, found)


@pytest.mark.parametrize("wish", WISHES)
def test_so_is_one_typed_into_it(wish):
    inside = OURS.replace("people.\n", f"people.\n\n{wish}\n\n")
    found = read(f"{HEADINGS[0]}\n\n{inside}")
    assert (found.intent, found.intent_is_sure) == (Intent.STOP, False)
    assert wish.rpartition("] ")[2] in found.text


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("above", ["", "See below.", "Hi Anna,\n", "Kim Roth\nHead of Sales\nHarbor Ltd"])
def test_our_own_quoted_words_are_none(above, heading):
    assert read(f"{above}\n\n{heading}\n\n{OURS}").intent is Intent.OTHER


@pytest.mark.parametrize(
    "footer",
    [
        "Unsubscribe", "Unsubscribe here", "To unsubscribe, click here.", "Don't want these mails? Unsubscribe", "Keine weiteren E-Mails: Abmelden",
        "Wenn Sie keine Mails mehr wünschen, antworten Sie mit Stop.", "Si vous ne souhaitez plus recevoir mes messages, dites-le moi.", "Se désabonner",
        "Reply STOP to opt out.", "Not interested? Just say so and I'll stop writing.", "Se non vuole più ricevere le mie mail, me lo dica.", "Отписаться",
    ],
)  # fmt: skip
def test_a_mailings_footer_is_none(footer):
    assert read(f"{HEADINGS[0]}\n\nHello Kim,\n\nshall we talk?\n\n{footer}").intent is not Intent.STOP


@pytest.mark.parametrize(
    "sentence",
    [
        "I promise this is my last email.", "Should I stop writing to you?", "I will not contact you again.", "Is it ok to take you off my list?",
        "This is my last message, I won't bother you any more.", "Tell me to stop and I won't write again.", "We help you to stop churn.",
        "Ich werde Sie nicht mehr anschreiben.", "Das ist meine letzte Mail, danach schreibe ich Ihnen nicht mehr.", "Je ne vous écrirai plus.", "C'est mon dernier message.",
        "No le escribiré más.", "Es mi último correo, no le molestaré más.", "Non le scriverò più.", "Não lhe escreverei mais.", "Ik zal u niet meer schrijven.",
        "Nie będę już do Państwa pisać.", "Я больше не буду вам писать.", "Я більше не буду вам писати.", "Soll ich aufhören, Ihnen zu schreiben?",
    ],
)  # fmt: skip
def test_what_our_last_mail_promises_is_none(sentence):
    assert read(f"{HEADINGS[0]}\n\nHello Kim,\n\n{sentence}\n\nAnna").intent is not Intent.STOP


@pytest.mark.parametrize(
    "above,intent",
    [
        ("Yes, please send the pricing.", Intent.INTERESTED),
        ("Call me on Tuesday at ten.", Intent.MEETING),
        ("I passed it on to my colleague, she decides about such things.", None),
    ],
)
def test_who_answers_above_says_what_it_is(above, intent):
    mail = f"{above}\n\n{HEADINGS[0]}\n\nPlease remove me from your list."
    alone = read(f"{above}\n\n{HEADINGS[0]}\n\nHello.")
    found = read(mail)
    assert (found.intent, found.intent_is_sure) == (alone.intent, alone.intent_is_sure)
    assert intent in (found.intent, None)


def test_marked_lines_are_another_persons():
    assert read("On Monday Anna wrote:\n> Please remove me from your list.\n> Anna").intent is Intent.OTHER


@pytest.mark.parametrize("wish", [WISHES[0], WISHES[2], "Please unsubscribe me."])
def test_outlooks_html(wish):
    head = '<div id="divRplyFwdMsg"><b>From:</b> Anna<br><b>Sent:</b> Wednesday<br><b>Subject:</b> A question</div>'
    ours = "<p>Hello Kim,</p><p>may I ask you something?</p><p><a href='https://link.example/u'>No more mail like this</a></p>"
    page = f"<html><body><p></p><hr>{head}{ours}{{}}</body></html>"
    assert read(page.format(""), content_type="text/html").intent is Intent.OTHER
    found = read(page.format(f"<p>{wish}</p>"), content_type="text/html")
    assert (found.intent, found.intent_is_sure) == (Intent.STOP, False)
