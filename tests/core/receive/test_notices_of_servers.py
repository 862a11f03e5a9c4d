"""One failure notice a mail server, worded as the product words it, with made-up hosts and addresses."""

import pytest

from outreach_pipeline.core.receive.classify import classify
from tests.core.receive.notices import NOW, ORIGINAL, QMAIL, SENDER, assert_read, notice

CASES = {
    "qmail": (notice(QMAIL + ORIGINAL), "kim@acme.example", "5.1.1", "userunknown", True),
    "qmail, the queue's time is over": (
        notice(
            "Hi. This is the qmail-send program at mx.relay.example.\nI'm afraid I wasn't able to deliver your message to the "
            "following addresses.\n\n<kim@acme.example>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"
            "I'm not going to try again; this message has been in the queue too long.\n\n"
            "--- Below this line is a copy of the message.\n\n" + ORIGINAL
        ),
        "kim@acme.example",
        "4.4.1",
        "expired",
        False,
    ),
    "Exim": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered "
            "to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
            "  kim@acme.example\n    host mx.acme.example [203.0.113.9]\n    SMTP error from remote mail server after RCPT "
            "TO:<kim@acme.example>:\n    550 5.1.1 User unknown\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
            extra="X-Failed-Recipients: kim@acme.example\nAuto-Submitted: auto-replied\n",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Exim, refused at MAIL FROM": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered "
            "to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
            "  kim@acme.example\n    host mx.acme.example [203.0.113.9]\n    SMTP error from remote mail server after MAIL "
            f"FROM:<{SENDER}> SIZE=2048:\n    550 no such domain outreach.example\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
        ),
        "kim@acme.example",
        "5.0.0",
        "rejected",
        False,
    ),
    "Exim, forwarded address": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered "
            "to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
            "  kim@private.example\n    (generated from kim@acme.example)\n    mailbox is full\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
            subject="Mail delivery failed: returning message to sender",
        ),
        "kim@private.example",
        None,
        "mailboxfull",
        False,
    ),
    "Postfix without a report": (
        notice(
            "This is the mail system at host mx.relay.example.\n\nI'm sorry to have to inform you that your message could not\n"
            "be delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to "
            "postmaster.\n\n                   The mail system\n\n<kim@acme.example>: host mx.acme.example[203.0.113.9] said: "
            "554 5.7.1\n    Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org\n    (in reply to "
            "RCPT TO command)\n\n" + ORIGINAL,
            subject="Undelivered Mail Returned to Sender",
        ),
        "kim@acme.example",
        "5.7.1",
        "blocked",
        False,
    ),
    "Sendmail": (
        notice(
            "The original message was received at Mon, 2 Mar 2026 08:00:00 GMT\nfrom localhost [127.0.0.1]\n\n"
            "   ----- The following addresses had permanent fatal errors -----\n<kim@acme.example>\n"
            "    (reason: 550 5.1.1 <kim@acme.example>... User unknown)\n\n   ----- Transcript of session follows -----\n"
            "... while talking to mx.acme.example.:\n>>> RCPT To:<kim@acme.example>\n<<< 550 5.1.1 <kim@acme.example>... User "
            "unknown\n550 5.1.1 <kim@acme.example>... User unknown\n\n   ----- Original message follows -----\n"
            + ORIGINAL,
            subject="Returned mail: see transcript for details",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Exchange 5.5": (
        notice(
            "Your message\n\n  To:      kim@acme.example\n  Subject: A question\n  Sent:    Mon, 2 Mar 2026 08:00:00 -0000\n\n"
            "did not reach the following recipient(s):\n\nkim@acme.example on Mon, 2 Mar 2026 08:01:00 -0000\n"
            "    The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=acme;l=MAIL1\n"
            "    MSEXCH:IMS:ACME:HQ:MAIL1 0 (000C05A6) Unknown Recipient\n",
            sender="System Administrator <postmaster@acme.example>",
            subject="Undeliverable: A question",
        ),
        "kim@acme.example",
        None,
        "userunknown",
        True,
    ),
    "Exchange 2013 in German": (
        notice(
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nkim@acme.example\n"
            "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\nDiagnoseinformationen für Administratoren:\n\n"
            "Generierender Server: mail1.acme.example\n\nkim@acme.example\nRemote Server returned '550 5.1.10 "
            "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'\n\n"
            "Ursprüngliche Nachrichtenkopfzeilen:\n\n" + ORIGINAL,
            sender="postmaster@acme.example",
            subject="Unzustellbar: A question about your warehouse",
        ),
        "kim@acme.example",
        "5.1.10",
        "userunknown",
        True,
    ),
    "Domino": (
        notice(
            "Your message\n\n  Subject: A question about your warehouse\n\nwas not delivered to:\n\n  kim@acme.example\n\nbecause:"
            "\n\n  User kim (kim@acme.example) not listed in Domino Directory\n",
            sender="Postmaster@acme.example",
            subject="DELIVERY FAILURE: User kim (kim@acme.example) not listed in Domino Directory",
        ),
        "kim@acme.example",
        None,
        "userunknown",
        True,
    ),
    "GroupWise": (
        notice(
            "The message that you sent was undeliverable to the following:\n\tkim@acme.example (550 5.2.2 mailbox full)\n\n"
            "Possibly truncated original message follows:\n\n" + ORIGINAL,
            sender="Mailer-Daemon@gw.acme.example",
            subject="Message status - undeliverable",
        ),
        "kim@acme.example",
        "5.2.2",
        "mailboxfull",
        False,
    ),
    "Courier": (
        notice(
            "This is a delivery status notification from mx.relay.example,\nrunning the Courier mail server, version 1.3.\n\n"
            "                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n"
            "<kim@acme.example>:\n    mx.acme.example [203.0.113.9]:\n>>> RCPT TO:<kim@acme.example>\n<<< 550 5.1.1 User unknown\n\n"
            "---------------------------------------------------------------------------\n",
            sender="postmaster@mx.relay.example",
            subject="NOTICE: mail delivery status.",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "OpenSMTPD": (
        notice(
            "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while "
            "attempting to deliver a message for\n    the following list of recipients:\n\nkim@acme.example: 550 5.1.1 "
            "<kim@acme.example>: Recipient address rejected: User unknown\n\n    Below is a copy of the original message:\n\n"
            + ORIGINAL,
            sender="Mailer Daemon <MAILER-DAEMON@mx.relay.example>",
            subject="Delivery status notification: error",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "IMail": (
        notice(
            "Invalid final delivery userid: kim@acme.example\n\n\nOriginal message follows.\n\n" + ORIGINAL,
            sender='"Postmaster" <postmaster@acme.example>',
            subject="Undeliverable Mail",
        ),
        "kim@acme.example",
        None,
        "userunknown",
        True,
    ),
}


@pytest.mark.parametrize("raw,recipient,status,reason,hard", CASES.values(), ids=CASES.keys())
def test_notice_of_each_product_is_read(raw, recipient, status, reason, hard):
    assert_read(raw, recipient, status, reason, hard=hard)


def test_forwarding_keeps_the_address_that_was_written_to():
    raw = CASES["Exim, forwarded address"][0]
    assert classify(raw, received_at=NOW).recipients[0].original_recipient == "kim@acme.example"
