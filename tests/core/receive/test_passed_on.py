"""Reports and notices that a person passes on: with words of their own an answer, without any the bounce."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOTICE = (
    "This is the mail system at host mx.acme.example.\n\nI'm sorry to have to inform you that your message could not\n"
    "be delivered to one or more recipients.\n\n<kim@harbor.example>: host mx.harbor.example said: 550 5.1.1\n"
    "    <kim@harbor.example>: User unknown (in reply to RCPT TO command)\n"
)
REPORT = (
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example (Mail Delivery System)\nTo: ann@acme.example\n"
    "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=inner\n\n"
    "--inner\nContent-Type: text/plain\n\nThis is the mail system.\n"
    "--inner\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n"
    "Final-Recipient: rfc822; kim@harbor.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
    "--inner\nContent-Type: text/rfc822-headers\n\nMessage-ID: <step1@acme.example>\nTo: kim@harbor.example\n\n--inner--\n"
)
DAEMONS_NOTICE = f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nSubject: failure notice\n\n{NOTICE}"
HEADERS = {
    "en": ("FW", "Original Message", ("From", "Sent", "To", "Subject")),
    "de": ("WG", "Ursprüngliche Nachricht", ("Von", "Gesendet", "An", "Betreff")),
    "fr": ("TR", "Message d'origine", ("De", "Envoyé", "À", "Objet")),
    "es": ("RV", "Mensaje original", ("De", "Enviado el", "Para", "Asunto")),
    "it": ("I", "Messaggio originale", ("Da", "Inviato", "A", "Oggetto")),
    "pt": ("ENC", "Mensagem original", ("De", "Enviado", "Para", "Assunto")),
    "nl": ("FW", "Oorspronkelijk bericht", ("Van", "Verzonden", "Aan", "Onderwerp")),
    "pl": ("PD", "Oryginalna wiadomość", ("Od", "Wysłano", "Do", "Temat")),
    "ru": ("FW", "Исходное сообщение", ("От", "Отправлено", "Кому", "Тема")),
    "uk": ("FW", "Вихідне повідомлення", ("Від", "Надіслано", "Кому", "Тема")),
}
NO_WORDS = [
    "",
    "FYI\n\n",
    "Zur Info\n\n",
    "Pour info.\n\n",
    "Para su información\n\n",
    "Per conoscenza\n\n",
    "Para informação\n\n",
    "Ter info\n\n",
    "Do wiadomości\n\n",
    "Для информации\n\n",
    "До відома\n\n",
    "Bob\n\n",
    "Viele Grüße\nBob\nAcme GmbH\n\n",
    "-- \nBob Roth\nAcme\n\n",
]
WORDS = ["Ann, please look, is that our fault? I will ask them.\n\n", "Bitte nicht mehr schreiben, Kim ist weg.\n\n"]


def passed_on(above: str, language: str, *, has_title: bool) -> bytes:
    prefix, title, (sender, sent, to, subject) = HEADERS[language]
    begin = f"-----{title}-----\n" if has_title else f"{'_' * 32}\n"
    header = f"{sender}: Mail Delivery System <MAILER-DAEMON@mx.acme.example>\n{sent}: Monday, 2 March 2026 10:00\n{to}: ann@acme.example\n"
    return (
        f"From: Bob <bob@acme.example>\nTo: ann@acme.example\nSubject: {prefix}: Undelivered Mail Returned to Sender\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{above}{begin}{header}{subject}: Undelivered Mail Returned to Sender\n\n{NOTICE}"
    ).encode()


def attached(above: str, inner: str) -> bytes:
    return (
        "From: Bob <bob@acme.example>\nTo: ann@acme.example\nSubject: FW: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: text/plain; charset=utf-8\n\n{above}\n"
        f"--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--\n"
    ).encode()


@pytest.mark.parametrize("has_title", [True, False])
@pytest.mark.parametrize("language", HEADERS)
def test_a_notice_below_the_header_of_outlook_is_the_bounce(language, has_title):
    found = classify(passed_on("", language, has_title=has_title), received_at=NOW)
    assert found.kind is MailKind.BOUNCE
    assert [(each.recipient, each.reason, each.hard) for each in found.recipients] == [
        ("kim@harbor.example", "userunknown", True)
    ]
    assert not found.is_system_mail


@pytest.mark.parametrize("has_title", [True, False])
@pytest.mark.parametrize("above", NO_WORDS)
def test_what_says_nothing_above_a_notice_leaves_it_a_bounce(above, has_title):
    assert classify(passed_on(above, "de", has_title=has_title), received_at=NOW).kind is MailKind.BOUNCE


@pytest.mark.parametrize("has_title", [True, False])
@pytest.mark.parametrize("above", WORDS)
def test_words_above_a_notice_make_it_an_answer(above, has_title):
    assert classify(passed_on(above, "de", has_title=has_title), received_at=NOW).kind is MailKind.REPLY


@pytest.mark.parametrize("inner", [REPORT, DAEMONS_NOTICE])
@pytest.mark.parametrize("above", NO_WORDS)
def test_an_attached_report_without_words_is_the_bounce(above, inner):
    found = classify(attached(above, inner), received_at=NOW)
    assert found.kind is MailKind.BOUNCE
    assert [(each.recipient, each.hard) for each in found.recipients] == [("kim@harbor.example", True)]
    assert not found.is_system_mail


def test_an_attached_report_names_the_mail_that_it_returns():
    assert classify(attached("", REPORT), received_at=NOW).original_message_id == "step1@acme.example"


@pytest.mark.parametrize("inner", [REPORT, DAEMONS_NOTICE])
@pytest.mark.parametrize("above", WORDS)
def test_words_beside_an_attached_report_make_it_an_answer(above, inner):
    assert classify(attached(above, inner), received_at=NOW).kind is MailKind.REPLY


def test_an_attached_mail_of_a_person_is_no_bounce():
    inner = "From: Kim <kim@harbor.example>\nSubject: Hello\n\nThe mail could not be delivered to kim@harbor.example.\n"
    assert classify(attached("FYI", inner), received_at=NOW).kind is MailKind.REPLY
