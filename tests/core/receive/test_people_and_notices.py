"""What people write in the words of mail systems, and what mail systems say of senders and of users that do not exist."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import BounceClass, FailedRecipient, MailKind
from outreach_pipeline.core.receive.reasons import reason_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAEMON = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"
PERSON = "Return-Path: <kim@acme.example>\nFrom: Kim <kim@acme.example>\n"


def mail(text: str, *, subject: str, sender: str = PERSON, extra: str = "") -> bytes:
    return (
        f"{sender}To: anna@outreach.example\nSubject: {subject}\n{extra}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


def report(diagnostic: str, *, status: str = "5.0.0") -> bytes:
    return (
        f"{DAEMON}To: anna@outreach.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\n\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n\n--b--\n"
    ).encode()


def only(raw: bytes) -> FailedRecipient:
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    (found,) = result.recipients
    return found


@pytest.mark.parametrize(
    "subject,text,extra",
    [
        ("Undeliverable: A question", "Hi Anna, this came back: 550 5.1.1 lee@c.example user unknown. Please write to my address.", ""),
        ("Undeliverable: A question", "Anna, my colleague is gone.\n\nlee@c.example\n550 5.1.1 user unknown", ""),
        ("Delivery failure", "The parcel was not delivered to our office, recipient unknown. Please send it again.", ""),
        ("Delivery failure", "The parcel could not be delivered to Main Street 5, recipient unknown.", ""),
        ("Unzustellbar", "Guten Tag, das Paket konnte nicht zugestellt werden, ich bin umgezogen: 550 lee@c.example", ""),
        ("Undeliverable: A question", "lee@c.example\n550 5.1.1 user unknown", "In-Reply-To: <step1.42@outreach.example>\n"),
        ("Returned mail", "Hi, I got this:\n\nFinal-Recipient: rfc822; lee@c.example\nAction: failed\nStatus: 5.1.1", ""),
    ],
)  # fmt: skip
def test_a_person_who_uses_the_words_of_a_notice_writes_none(subject, text, extra):
    result = classify(mail(text, subject=subject, extra=extra), received_at=NOW)
    assert result.kind is not MailKind.BOUNCE
    assert result.is_personal or result.kind is MailKind.REPLY


@pytest.mark.parametrize(
    "sender", [DAEMON, "From: postmaster@mx.example\n", "Return-Path: <>\nFrom: gate@mx.example\n"]
)
def test_the_same_words_of_a_mail_system_are_a_notice(sender):
    text = "Hi, I could not deliver your message.\n\nlee@c.example\n550 5.1.1 user unknown"
    found = only(mail(text, subject="Undeliverable: A question", sender=sender))
    assert (found.recipient, found.hard) == ("lee@c.example", True)


def test_a_notice_from_an_ordinary_address_is_one_if_no_person_speaks_in_it():
    text = "The message could not be delivered.\n\nlee@c.example\n550 5.1.1 user unknown"
    found = only(mail(text, subject="Undeliverable: A question", sender="From: gateway@mx.example\n"))
    assert (found.recipient, found.hard) == ("lee@c.example", True)


@pytest.mark.parametrize(
    "status,text",
    [
        ("5.1.8", "550 5.1.8 <anna@outreach.example>: Sender address rejected: Domain not found"),
        ("5.1.8", "550 5.1.8 domain does not exist"),
        ("5.1.7", "550 5.1.7 no such user"),
        ("5.1.8", "553 5.1.8 <anna@outreach.example>... Domain of sender address anna@outreach.example does not exist"),
        ("5.0.0", "550 Sender domain not found"),
        ("5.0.0", "550 unknown sender domain"),
        ("5.0.0", "550 Verification failed for <anna@outreach.example> Unrouteable address Sender verify failed"),
        ("5.0.0", "550 Verification failed for <anna@outreach.example> No Such User Here! Sender verify failed"),
        ("5.0.0", "550 Callout verification failed: 550 5.1.1 user unknown"),
        ("5.1.1", "550 5.1.1 unknown sender: no such user"),
        ("5.0.0", "550 Sender anna@outreach.example does not exist"),
        ("5.0.0", "550 anna@outreach.example: user unknown (sender callback)"),
        ("5.4.4", "554 5.4.4 nonexistent domain of sender"),
        ("5.1.1", "550 5.1.1 Sender address verify failed: user unknown anna@outreach.example"),
        ("5.1.1", "550 5.1.1 <anna@outreach.example>: Return-path verification failed: no such user"),
        ("5.1.1", "550 5.1.1 From address unknown: no such user"),
        ("5.1.1", "550 5.1.1 Envelope-from address could not be verified: user unknown"),
        ("5.1.1", "550 5.1.1 MAIL FROM address verification failed, user unknown"),
        ("5.1.1", "550 5.1.1 Reverse path <anna@outreach.example> rejected: user unknown"),
        ("5.1.1", "550 5.1.1 verification of sender address failed: no such user"),
        ("5.1.1", "550 5.1.1 unable to verify your return path: user unknown"),
        ("5.1.1", "550 5.1.1 Sender user unknown"),
    ],
)
def test_a_sender_that_does_not_exist_says_nothing_of_the_recipient(status, text):
    found = only(report(text, status=status))
    assert (found.reason, found.hard, found.bounce_class) == ("rejected", False, BounceClass.BLOCK)
    live = reason_of(code=550, enhanced_code=status if status in text else None, text=text)
    assert (live.name, live.hard, live.permanent) == ("rejected", False, True)


@pytest.mark.parametrize(
    "status,text",
    [
        ("5.0.0", "550 user unknown"),
        ("5.0.0", "550 Unknown user"),
        ("5.5.0", "550 5.5.0 no such user"),
        ("5.1.1", "550 5.1.1 Recipient address rejected: User unknown; returned to sender"),
        ("5.1.1", "550 5.1.1 Recipient address verification failed: user unknown"),
        ("5.0.0", "550 Invalid Recipient - https://community.gateway.example/docs/DOC-1369#550"),
        ("5.0.0", "550 mailbox not found"),
        ("5.0.0", "550 account does not exist"),
        ("5.0.0", "550 Message was not accepted -- invalid mailbox. Local mailbox kim@acme.example is unavailable: user not found"),
    ],
)  # fmt: skip
def test_a_user_who_is_clearly_unknown_is_dead_though_the_code_tells_nothing(status, text):
    found = only(report(text, status=status))
    assert (found.reason, found.hard, found.permanent) == ("userunknown", True, True)


@pytest.mark.parametrize(
    "status,text",
    [
        ("5.7.1", "550 5.7.1 user unknown"),
        ("5.0.0", "550 user unknown (in reply to end of DATA command)"),
        ("5.7.8", "535 5.7.8 authentication failed: unknown user"),
        ("5.2.0", "550 5.2.0 no such user"),
        ("5.0.0", "550 is not available"),
    ],
)
def test_who_may_only_be_refused_is_not_dead(status, text):
    assert not only(report(text, status=status)).hard


def test_a_transcript_that_refuses_the_data_condemns_nobody():
    text = "The following addresses had permanent fatal errors\n<kim@acme.example>\n\n>>> DATA\n<<< 550 User unknown\n<<< 503 Need RCPT"
    assert not only(mail(text, subject="Returned mail", sender=DAEMON)).hard


@pytest.mark.parametrize(
    "opening",
    [
        "Hallo! Dies ist das qmail-send-Programm auf mx.example.\nIch konnte Ihre Nachricht nicht zustellen.\n\n<kim@acme.example>:",
        "The attached message had the following undeliverable recipients:\n    kim@acme.example\n\nTransaction details:",
    ],
)
def test_a_clear_text_in_a_notice_without_fields_counts_too(opening):
    found = only(mail(f"{opening}\n550 no such user", subject="failure notice", sender=DAEMON))
    assert (found.recipient, found.reason, found.hard) == ("kim@acme.example", "userunknown", True)


def test_a_delay_that_speaks_of_a_permanent_failure_to_come_is_a_delay():
    text = (
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to kim@acme.example. Gmail will"
        " retry for 46 more hours. You'll be notified if the delivery fails permanently."
    )
    found = only(mail(text, subject="Delivery Status Notification (Delay)", sender=DAEMON))
    assert (found.recipient, found.permanent, found.hard) == ("kim@acme.example", False, False)


SENDMAIL = (
    "Return-Path: <>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>\nTo: anna@outreach.example\n"
    "Subject: Returned mail: see transcript for details\n\n   ----- The following addresses had permanent fatal errors -----\n"
    "<kim@harbor.example>\n\n   ----- Transcript of session follows -----\n{said}\n"
)


@pytest.mark.parametrize(
    "said,is_hard",
    [
        ("553 5.3.0 <kim@harbor.example>... Unknown user", True),
        ("553 5.3.0 <kim@harbor.example>... User unknown", True),
        ("553 5.3.0 kim@harbor.example... No such user here", True),
        ("550 5.1.1 <kim@harbor.example>... User unknown", True),
        ("550 <kim@harbor.example>... User unknown", True),
        (">>> DATA\n<<< 553 5.3.0 <kim@harbor.example>... Unknown user", False),
        ("553 5.3.0 <kim@harbor.example>... Spam of an unknown user refused", False),
        ("553 5.3.0 <kim@harbor.example>... Unknown user agent", False),
    ],
)
def test_sendmail_says_plainly_whom_it_does_not_know(said, is_hard):
    assert only(SENDMAIL.format(said=said).encode()).hard is is_hard
