"""Receipts of help desks that no header marks, and persons with words of theirs."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def read(text, *, subject="Re: A question about Harbor", in_thread=True):
    thread = "In-Reply-To: <step1.42@outreach.example>\n" if in_thread else ""
    raw = (
        f"From: Desk <desk@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{thread}\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Ihre Ticketnummer lautet 4711",
        "Vielen Dank für Ihre Anfrage. Ihre Ticketnummer lautet 4711.",
        "Your case has been created.",
        "Hello,\n\nThank you for your message. A ticket has been created.\n\nHarbor Support",
        "Un ticket a été créé",
        "Se ha creado un ticket con su solicitud.",
        "È stato creato un ticket.",
        "Foi criado um chamado.",
        "Er is een ticket aangemaakt.",
        "Zgłoszenie zostało utworzone.",
        "Ваше обращение зарегистрировано",
        "Ваше звернення зареєстровано.",
    ],
)
def test_a_receipt_without_headers_is_told_by_its_words(text):
    result = read(text)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.TICKET)


@pytest.mark.parametrize(
    "text",
    [
        "Your ticket is too expensive for us.",
        "I lost my ticket number 12, what is the price?",
        "We have a ticket system, and your ticket number idea fits it.",
        "A ticket has been created by me, let's talk about it.",
        "Ihre Ticketnummer 12 kenne ich nicht, rufen Sie mich an.",
        "Your case has been created. Please remove me from your list.",
    ],
)
def test_persons_with_such_words_are_no_machines(text):
    assert read(text).kind is MailKind.REPLY


NUMBERED = (
    "Thank you for contacting us. Your ticket number is 8841. We will reply within two working days.",
    "Vielen Dank für Ihre Nachricht. Ihre Anfrage wurde unter der Ticketnummer 8841 registriert. Wir melden uns so schnell wie möglich.",
    "Nous avons bien reçu votre demande. Elle porte le numéro 8841. Nous vous répondrons dans les meilleurs délais.",
    "Hemos recibido su solicitud. Su número de ticket es 8841. Le responderemos lo antes posible.",
    "La sua richiesta è stata registrata con il numero 8841. Le risponderemo al più presto.",
    "Recebemos a sua mensagem. O número do seu chamado é 8841. Responderemos em breve.",
    "Uw aanvraag is geregistreerd onder nummer 8841. Wij nemen zo snel mogelijk contact met u op.",
    "Twoje zgłoszenie zostało zarejestrowane pod numerem 8841. Odpowiemy najszybciej jak to możliwe.",
    "Ваше обращение зарегистрировано под номером 8841. Мы ответим вам в ближайшее время.",
    "Ваше звернення зареєстровано за номером 8841. Ми відповімо найближчим часом.",
)


@pytest.mark.parametrize(
    "subject,in_thread",
    [("Re: A question [#8841]", True), ("[#8841] A question", False), ("Your message", False)],
)
@pytest.mark.parametrize("text", NUMBERED)
def test_a_receipt_with_its_number_is_told_in_a_thread_and_fresh(text, subject, in_thread):
    result = read(text, subject=subject, in_thread=in_thread)
    assert (result.kind, result.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.TICKET)


@pytest.mark.parametrize(
    "subject,kind", [("Re: A question [#8841]", MailKind.AUTO_REPLY), ("Re: A question", MailKind.REPLY)]
)
@pytest.mark.parametrize("text", NUMBERED)
def test_beside_a_quote_the_number_of_the_subject_tells_a_receipt(text, subject, kind):
    quote = "On Mon, 2 Mar 2026 at 09:00, Ann <ann@outreach.example> wrote:\n> Hello,\n> a question.\n"
    assert read(f"{text}\n\n{quote}", subject=subject).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Your ticket number is 8841. I will look at it tomorrow, sounds good.",
        "Ihre Anfrage wurde unter der Ticketnummer 8841 registriert. Was kostet das für 20 Leute?",
        "Votre demande porte le numéro 8841. Je vous appelle demain.",
        "Su número de ticket es 8841. Envíeme la oferta, por favor.",
        "Uw aanvraag is geregistreerd onder nummer 8841. Bel me morgen.",
        "Ваше обращение зарегистрировано под номером 8841. Давайте созвонимся.",
    ],
)
def test_who_speaks_beside_a_number_is_a_person(text):
    assert read(text, subject="Re: A question [#8841]").kind is MailKind.REPLY
