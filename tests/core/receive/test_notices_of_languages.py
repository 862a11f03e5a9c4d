"""Failure notices in the languages of the world, and refusals that sound like a dead address and are none."""

# ruff: noqa: RUF001  the scripts of these languages are meant

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import BounceClass, FailedRecipient, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GONE = "kim@acme.example"

NOTICES = (
    ("Wiadomość nie dotarła", "Nie udało się przekazać listu do kim@acme.example\n550 nieznany użytkownik"),
    ("Zpráva", "List pro kim@acme.example nebylo možné předat.\n550 5.1.1 neznámý příjemce"),
    ("Správa", "Správa pre kim@acme.example neprešla: 550 používateľ neexistuje"),
    ("Meddelande", "Brevet till kim@acme.example kom inte fram: 550 okänd användare"),
    ("Besked", "Mailen til kim@acme.example kom ikke frem: 550 brugeren findes ikke"),
    ("Melding", "E-posten til kim@acme.example kom ikke frem: 550 ukjent mottaker"),
    ("Viesti", "Viesti osoitteeseen kim@acme.example epäonnistui: 550 tuntematon vastaanottaja"),
    ("İleti", "kim@acme.example adresine ileti ulaşmadı: 550 kullanıcı bulunamadı"),
    ("Levél", "A levél nem ért célba: kim@acme.example\n550 nincs ilyen felhasználó"),
    ("Mesaj", "Mesajul către kim@acme.example nu a ajuns: 550 utilizator inexistent"),
    ("Μήνυμα", "Το μήνυμα προς kim@acme.example δεν έφτασε: 550 άγνωστος χρήστης"),
    ("邮件", "邮件 kim@acme.example 未能送出\n550 用户不存在"),
    ("メール", "kim@acme.example 宛のメール\n550 宛先不明"),
    ("메일", "kim@acme.example 메일\n550 존재하지 않는 사용자"),
    ("Письмо", "Ваше письмо для kim@acme.example не прошло: 550 нет такого пользователя"),
    ("Лист", "Лист до kim@acme.example не пройшов: 550 5.1.1 користувача не знайдено"),
)


def notice(
    text: str, *, subject: str = "Mail", path: str = "Return-Path: <>\n", sender: str = "MAILER-DAEMON"
) -> bytes:
    return (
        f"{path}From: Mail Delivery System <{sender}@mx.relay.example>\nTo: anna@outreach.example\nSubject: {subject}\n"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


def report(diagnostic: str, status: str, *, action: str = "failed") -> FailedRecipient:
    raw = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.relay.example\nTo: anna@outreach.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt failed.\n--b\n'
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; {GONE}\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}\n--b--\n"
    ).encode()
    found = classify(raw, received_at=NOW)
    assert found.kind is MailKind.BOUNCE
    return found.recipients[0]


@pytest.mark.parametrize("subject,text", NOTICES)
def test_a_daemons_notice_with_address_and_code_is_a_bounce_in_any_language(subject, text):
    found = classify(notice(text, subject=subject), received_at=NOW)
    assert found.kind is MailKind.BOUNCE
    (failed,) = found.recipients
    assert (failed.recipient, failed.reason, failed.hard) == (GONE, "userunknown", True)


def test_one_in_a_language_that_no_rule_knows_is_a_bounce_and_condemns_nobody():
    found = classify(notice("kim@acme.example ga xat yetmadi: 550 rad etildi", subject="Xat"), received_at=NOW)
    assert (found.kind, found.recipients[0].recipient, found.recipients[0].hard) == (MailKind.BOUNCE, GONE, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"path": ""},
        {"sender": "kim"},
        {"path": "Return-Path: <kim@acme.example>\n"},
    ],
)
def test_without_an_empty_return_path_or_a_daemon_it_is_none(changed):
    raw = notice("Das Gerät meldet 550 an kim@acme.example.", subject="Anlage 550", **changed)
    raw = raw.replace(b"Mail Delivery System", b"Kim") if "sender" in changed else raw
    assert classify(raw, received_at=NOW).kind is not MailKind.BOUNCE


def test_a_daemons_mail_without_a_code_is_none():
    assert classify(notice("Wiadomość do kim@acme.example czeka."), received_at=NOW).kind is not MailKind.BOUNCE


def test_mail_rus_own_notice():
    text = (
        "Это письмо создано автоматически\nсервером Mail.Ru, отвечать на него не\nнужно.\n\nК сожалению, Ваше письмо не может\n"
        "быть доставлено одному или нескольким\nполучателям:\n\n**********************\n\nkim@acme.example\nuser not found\n\n******\n"
    )
    (failed,) = classify(notice(text, subject="Mail failure."), received_at=NOW).recipients
    assert (failed.recipient, failed.reason, failed.hard) == (GONE, "userunknown", True)


@pytest.mark.parametrize(
    "diagnostic,status",
    [
        ("550 Benutzer unbekannt", "5.0.0"),
        ("550 utilisateur inconnu", "5.0.0"),
        ("550 5.1.1 użytkownik nie istnieje", "5.1.1"),
        ("450 4.1.1 <kim@acme.example>: Recipient address rejected: User unknown in virtual alias table", "4.1.1"),
    ],
)
def test_a_dead_address(diagnostic, status):
    assert (report(diagnostic, status).reason, report(diagnostic, status).hard) == ("userunknown", True)


@pytest.mark.parametrize(
    "diagnostic,status",
    [
        ("550 5.1.1 Rejected by recipient (allowlist only)", "5.1.1"),
        ("550 5.1.1 this mailbox does not accept mail from external senders", "5.1.1"),
        ("550 5.1.1 refused due to recipient preferences", "5.1.1"),
        ("550 5.1.1 rejected, the sending domain has no valid MX record", "5.1.1"),
        ("550 5.1.1 Verification failed for <anna@outreach.example>: user unknown", "5.1.1"),
        ("550 5.1.2 DNS timeout, temporarily no answer", "5.1.2"),
        ("450 4.1.1 User unknown", "4.1.1"),
    ],
)
def test_a_refusal_that_only_sounds_like_one(diagnostic, status):
    found = report(diagnostic, status)
    assert (found.hard, found.bounce_class is BounceClass.HARD) == (False, False)


def test_a_notice_that_speaks_of_a_disabled_account_condemns_nobody():
    raw = (
        b"Return-Path: <>\nFrom: Postmaster@mx.relay.example\nTo: anna@outreach.example\nSubject: Returned Mail\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nThis account is disabled.\n\n'
        b"<kim@acme.example>: 550 user unknown (in reply to RCPT TO command)\n--b\nContent-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 5.0.0\n--b--\n"
    )
    (failed,) = classify(raw, received_at=NOW).recipients
    assert (failed.reason, failed.hard) == ("suspend", False)
