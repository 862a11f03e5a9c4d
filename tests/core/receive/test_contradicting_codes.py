"""Bounces whose codes contradict each other, that quote another server's answer, or that have no code at all."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import FailedRecipient, MailKind

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
RETURNED = "Message-ID: <step1.42@outreach.example>\nTo: ben@acme.example\nFrom: anna@outreach.example\nSubject: Hi\n"


def of_report(fields: str, *, text: str) -> FailedRecipient:
    raw = (
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@mx.relay.example>\nTo: anna@outreach.example\n"
        "Subject: Delivery Status Notification (Failure)\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n'
        f"--b1\nContent-Type: text/plain\n\n{text}\n\n--b1\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; ben@acme.example\n{fields}\n\n"
        f"--b1\nContent-Type: text/rfc822-headers\n\n{RETURNED}\n--b1--\n"
    )
    return only(raw)


def of_notice(text: str, *, sender: str, subject: str) -> FailedRecipient:
    return only(
        f"Return-Path: <>\nFrom: {sender}\nTo: anna@outreach.example\nSubject: {subject}\nContent-Type: text/plain\n\n{text}\n"
    )


def only(raw: str) -> FailedRecipient:
    found = classify(raw.encode(), received_at=NOW)
    assert found.kind is MailKind.BOUNCE
    (failed,) = found.recipients
    assert failed.recipient == "ben@acme.example"
    return failed


POSTFIX = "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<ben@acme.example>: {}"
GMAIL = "** Address not found **\n\nYour message wasn't delivered to ben@acme.example because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n{}"
REFUSED = "550 #5.1.0 Address rejected."
SAID = f"host mx.acme.example[192.0.2.7] said: {REFUSED} (in reply to RCPT TO command)"
M365 = "550 5.0.350 Remote server returned an error -> 550 user unknown"


@pytest.mark.parametrize(
    "fields, text",
    [
        (f"Action: failed\nStatus: 5.1.0\nDiagnostic-Code: smtp; {REFUSED}", POSTFIX.format(SAID)),
        (f"Action: failed\nStatus: 4.4.2\nDiagnostic-Code: smtp; {REFUSED}", GMAIL.format(REFUSED)),
        (f"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {REFUSED}", POSTFIX.format(SAID)),
        ("Action: failed\nStatus: 4.4.2\nDiagnostic-Code: smtp; 550 5.1.1 User unknown", "It failed."),
        ("Action: failed\nStatus: 4.4.2\nDiagnostic-Code: smtp; 550 User unknown", "It failed."),
        (f"Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;{M365}", "Your message to ben@acme.example couldn't be delivered."),
        (f"Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;{M365.replace('550 user', '550 5.1.1 user')}", "It failed."),
        (f"Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;{M365.replace('550 user unknown', REFUSED)}", "It failed."),
    ],
)  # fmt: skip
def test_a_plain_refusal_of_the_address_is_hard_whatever_stands_around_it(fields, text):
    failed = of_report(fields, text=text)
    assert (failed.reason, failed.hard, (failed.status or "")[:1]) == ("userunknown", True, "5")


@pytest.mark.parametrize(
    "fields, reason",
    [
        # A delay and a vague code stay what they are.
        (f"Action: delayed\nStatus: 4.4.2\nDiagnostic-Code: smtp; {REFUSED}", "userunknown"),
        ("Action: failed\nStatus: 4.4.2\nDiagnostic-Code: smtp; 450 4.4.2 connection lost", "networkerror"),
        ("Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;550 5.0.350 Remote server returned an error -> 550 rejected as spam", "spamdetected"),
        ("Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;550 5.0.350 Remote server returned an error -> 450 user unknown", "filtered"),
    ],
)  # fmt: skip
def test_what_is_no_plain_refusal_of_the_address_is_not(fields, reason):
    failed = of_report(fields, text="It failed.")
    assert (failed.reason, failed.hard) == (reason, False)


@pytest.mark.parametrize("name", ["5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission", "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", "5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required"])  # fmt: skip
def test_who_may_not_write_to_a_recipient_has_no_dead_address(name):
    failed = of_report(f"Action: failed\nStatus: {name[:7]}\nDiagnostic-Code: smtp;550 {name}", text="It failed.")
    assert (failed.reason, failed.hard, failed.permanent) == ("rejected", False, True)


@pytest.mark.parametrize(
    "sender", ["Mail System <gw@acme.example>", "postmaster@acme.example", "Mailer <ben-admin@acme.example>"]
)
@pytest.mark.parametrize(
    "text, subject",
    [
        ("The message that you sent was undeliverable to the following:\n\tben@acme.example (user not found)", "Message status - undeliverable"),
        ("The message that you sent was undeliverable to the following:\n\tben@acme.example (user not found)", "Mail"),
        ("Unknown user: ben@acme.example\n\n\nOriginal message follows.\n\n" + RETURNED + "\nHi", "Undeliverable Mail"),
        ("User unknown: ben@acme.example", "Undeliverable Mail"),
        ("User unknown: ben@acme.example", "Mail"),
        ("Unknown user: ben@acme.example", "Mail"),
        ("Ihre Nachricht konnte nicht zugestellt werden:\n\n<ben@acme.example> ... unknown user", "Nachricht unzustellbar"),
        ("<ben@acme.example>... User unknown", "Returned mail"),
        ("ben@acme.example... No such user here.", "Returned mail"),
        ("<ben@acme.example>: unknown user", "Returned mail"),
    ],
)  # fmt: skip
def test_a_notice_without_a_code_that_names_an_unknown_user_is_hard(text, subject, sender):
    failed = of_notice(text, sender=sender, subject=subject)
    assert (failed.reason, failed.hard) == ("userunknown", True)


@pytest.mark.parametrize(
    "said",
    [
        "User unknown to the filter",
        "unknown user, or relaying is denied",
        "unknown user data",
        "Sender verify failed: unknown user",
    ],
)
def test_an_unknown_user_beside_other_words_and_without_a_code_is_not_hard(said):
    failed = of_notice(f"<ben@acme.example>... {said}", sender="postmaster@acme.example", subject="Returned mail")
    assert not failed.hard
