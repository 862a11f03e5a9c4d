"""RFC 5321's own words for a mailbox that is not there, as Outlook.com, GMX and WEB.DE say them."""

import pytest

from outreach_pipeline.core.receive.reasons import reason_of
from tests.core.receive.test_contradicting_codes import GMAIL, POSTFIX, of_notice, of_report

UNAVAILABLE = "Requested action not taken: mailbox unavailable"
HOST = "host mx.acme.example[192.0.2.7] said:"
OUTLOOK = "[AM7EUR06FT052.eop-eur06.prod.protection.outlook.com 2026-11-26T08:00:00.000Z 08DC12345678ABCD]"
FAILED = "Action: failed\nStatus: 5.5.0\nDiagnostic-Code: smtp; "


@pytest.mark.parametrize(
    "fields, text",
    [
        (f"{FAILED}550 5.5.0 {UNAVAILABLE} (S2017062302).", "It failed."),
        (f"{FAILED}550 5.5.0 {UNAVAILABLE} (S2017062302). {OUTLOOK}", "It failed."),
        (f"{FAILED}550 {UNAVAILABLE} (-1:2:-3)", "It failed."),
        (f"{FAILED}550 {UNAVAILABLE}", "It failed."),
        (f"{FAILED}550 5.5.0 {UNAVAILABLE}", f"Remote Server returned '550 5.5.0 {UNAVAILABLE}'"),
        (
            f"{FAILED}550 5.5.0 {UNAVAILABLE}\n    (S2017062302). {OUTLOOK} (in reply to RCPT TO command)",
            POSTFIX.format(f"{HOST} 550\n    5.5.0 Requested action not taken: mailbox unavailable\n    (S2017062302). {OUTLOOK} (in\n    reply to RCPT TO command)"),
        ),
        (f"{FAILED}550 5.5.0 {UNAVAILABLE} (S2017062302). {OUTLOOK}", GMAIL.format(f"550 5.5.0 {UNAVAILABLE} (S2017062302). {OUTLOOK}")),
        (f"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp;550 {UNAVAILABLE}", "It failed."),
        (
            f"Action: failed\nStatus: 5.0.350\nDiagnostic-Code: smtp;550 5.0.350 Remote server returned an error -> 550 5.5.0 {UNAVAILABLE} (S2017062302).",
            "Your message to ben@acme.example couldn't be delivered.",
        ),
    ],
)  # fmt: skip
def test_a_report_of_an_unavailable_mailbox_is_hard(fields, text):
    failed = of_report(fields, text=text)
    assert (failed.reason, failed.hard) == ("userunknown", True)


@pytest.mark.parametrize(
    "text, sender, subject",
    [
        (POSTFIX.format(f"{HOST} 550\n    {UNAVAILABLE} (in reply to RCPT TO command)"), "MAILER-DAEMON@mx.relay.example", "Undelivered Mail Returned to Sender"),
        (POSTFIX.format(f"{HOST} 550 5.5.0\n    {UNAVAILABLE} (S2017062302). {OUTLOOK}\n    (in reply to RCPT TO command)"), "MAILER-DAEMON@mx.relay.example", "Undelivered Mail Returned to Sender"),
        (f"Hi. This is the qmail-send program at mx.relay.example.\n\n<ben@acme.example>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 {UNAVAILABLE}\nGiving up on 192.0.2.7.", "MAILER-DAEMON@mx.relay.example", "failure notice"),
        (f"Delivery has failed to these recipients or groups:\n\nben@acme.example\n\nRemote Server returned '550 5.5.0 {UNAVAILABLE} (S2017062302).'", "postmaster@outlook.com", "Undeliverable: Hello"),
        (GMAIL.format(f"550 5.5.0 {UNAVAILABLE} (S2017062302)."), "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)"),
    ],
)  # fmt: skip
def test_a_notice_of_an_unavailable_mailbox_is_hard(text, sender, subject):
    failed = of_notice(text, sender=sender, subject=subject)
    assert (failed.reason, failed.hard) == ("userunknown", True)


@pytest.mark.parametrize(
    "code, enhanced, text, reason, hard",
    [
        (550, "5.5.0", f"550 5.5.0 {UNAVAILABLE} (S2017062302).", "userunknown", True),
        (550, None, f"550 {UNAVAILABLE}", "userunknown", True),
        (550, None, f"550-{UNAVAILABLE}\n550 Reject due to policy restrictions.", "policyviolation", False),
        (550, None, f"550 {UNAVAILABLE}. Reject due to policy restrictions.", "policyviolation", False),
        (550, "5.5.0", f"550 5.5.0 {UNAVAILABLE} (low reputation)", "badreputation", False),
        (550, None, f"550 {UNAVAILABLE}. Message classified as spam", "spamdetected", False),
        (550, None, f"550-{UNAVAILABLE} 550 Sender address is not allowed.", "rejected", False),
        (550, None, f"550-{UNAVAILABLE}\n550 See elsewhere", "filtered", False),
        (550, None, f"550 {UNAVAILABLE} [see https://postmaster.acme.example/bad]", "filtered", False),
        (550, None, f"550 {UNAVAILABLE}\n    for what is said on another line", "filtered", False),
        (550, "5.5.0", f"550 5.5.0 {UNAVAILABLE} (in reply to end of DATA command)", "filtered", False),
        (550, "5.2.1", f"550 5.2.1 {UNAVAILABLE}", "filtered", False),
        (550, "5.7.1", f"550 5.7.1 {UNAVAILABLE}", "filtered", False),
        (450, None, "450 Requested mail action not taken: mailbox unavailable", "filtered", False),
        (550, "5.5.0", f"550 5.5.0 {UNAVAILABLE} (in reply to MAIL FROM command)", "rejected", False),
    ],
)  # fmt: skip
def test_what_is_said_beside_it_counts(code, enhanced, text, reason, hard):
    found = reason_of(code=code, enhanced_code=enhanced, text=text)
    assert (found.name, found.hard) == (reason, hard)
