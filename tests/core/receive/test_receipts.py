"""Receipts of help desks that no header marks, and persons with words of theirs."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def read(text):
    raw = (
        "From: Desk <desk@acme.example>\nTo: anna@outreach.example\nSubject: Re: A question about Harbor\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"In-Reply-To: <step1.42@outreach.example>\n\n{text}\n"
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
