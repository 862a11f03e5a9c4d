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


REGISTERED = """
    A support ticket #8841 has been opened for your request.|We have created ticket 8841 for your enquiry.|Your case 8841 was logged.|Your message was received and registered as request 8841.|Request 8841 has been received. Our team will respond within 2 business days.|Ticket #8841 has been assigned to our team.
    Ihr Ticket 8841 wurde angelegt.|Wir haben Ihre Anfrage unter der Nummer 8841 erfasst.|Ihr Anliegen wurde als Vorgang 8841 aufgenommen.|Zu Ihrer Anfrage wurde das Ticket 8841 eröffnet.|Vielen Dank für Ihre Nachricht. Ticket 8841 wurde erstellt.
    Votre demande a été enregistrée sous le numéro 8841.|Nous avons bien reçu votre message. Ticket n° 8841 a été ouvert.|Le ticket 8841 a été créé.|Votre requête 8841 a été prise en compte.
    Se ha creado el ticket 8841.|Su consulta ha sido registrada con el número 8841.|Hemos registrado su solicitud 8841.|Se ha abierto el caso 8841.
    Abbiamo ricevuto la sua richiesta. Il numero del ticket è 8841.|È stato creato il ticket 8841.|La sua segnalazione 8841 è stata registrata.|Abbiamo aperto la pratica 8841.
    O seu pedido foi registado com o número 8841.|Foi criado o ticket 8841.|Recebemos o seu pedido 8841.|O chamado 8841 foi aberto.
    Ticket 8841 is aangemaakt.|Uw melding is ontvangen onder nummer 8841.|Wij hebben uw verzoek 8841 ontvangen.|Uw vraag is geregistreerd met nummer 8841.
    Zgłoszenie 8841 zostało utworzone.|Zarejestrowano zgłoszenie nr 8841.|Przyjęto zgłoszenie 8841.|Otrzymaliśmy zgłoszenie. Numer sprawy: 8841.
    Создана заявка №8841.|Ваш запрос зарегистрирован, номер 8841.|Мы получили ваше обращение. Номер обращения: 8841.|Открыт тикет 8841.
    Створено заявку №8841.|Ми отримали ваш запит. Номер запиту: 8841.|Ваш запит зареєстровано, номер 8841.|Відкрито тікет 8841.
"""
PERSONS = """
    I have created ticket 8841 for you, let's talk tomorrow. |
    We have received your request for 2000 units, please call me. |
    Ticket 8841 was opened by my colleague, can you send the price? |
    Your offer 8841 was received, we will order. |
    Our case 8841 was about the same thing, interesting. |
    Ich habe Ticket 8841 angelegt, rufen Sie mich an. |
    Votre offre 8841 a été reçue, elle m'intéresse. |
    We have received your message and your quote of 1200 euros is fine. |
    Your request for 500 seats was received by our buyer, she will decide. |
    Su oferta 8841 ha sido recibida, me interesa.
"""


def texts(block):
    return [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]


@pytest.mark.parametrize("subject,in_thread", [("Re: A question [#8841]", True), ("Your message", False)])
def test_what_was_registered_under_a_number_is_a_receipt(subject, in_thread):
    found = [read(f"{text}\n\nSupport Team", subject=subject, in_thread=in_thread) for text in texts(REGISTERED)]
    assert len(found) >= 40
    assert [each.text for each in found if each.auto_reply is not AutoReplyKind.TICKET] == []


def test_who_answers_in_such_words_is_a_person():
    found = [read(text) for text in texts(PERSONS)]
    assert len(found) == 10
    assert [each.text for each in found if each.kind is not MailKind.REPLY] == []
