"""One failure notice a mail service or filter, worded as the product words it, with made-up hosts and addresses."""

import pytest

from outreach_pipeline.core.receive.classify import classify
from tests.core.receive.notices import NOW, ORIGINAL, SENDER, assert_read, notice

CASES = {
    "Gmail before its reports": (
        notice(
            "Delivery to the following recipient failed permanently:\n\n     kim@acme.example\n\nTechnical details of permanent "
            "failure: \nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain "
            "acme.example by mx.acme.example. [203.0.113.9].\n\nThe error that the other server returned was:\n"
            "552 5.2.2 The email account that you tried to reach is over quota\n\n----- Original message -----\n\n"
            + ORIGINAL,
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject="Delivery Status Notification (Failure)",
            extra="X-Failed-Recipients: kim@acme.example\n",
        ),
        "kim@acme.example",
        "5.2.2",
        "mailboxfull",
        False,
    ),
    "Google Groups in French": (
        notice(
            f"Bonjour {SENDER},\n\nNous vous informons que le groupe que vous avez essayé de contacter (ops) n'existe peut-être "
            "pas.\n\nhttps://groups.google.com/support/\n\nGoogle Groupes\n\n----- Original message -----\n\n"
            + ORIGINAL,
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject="Delivery Status Notification (Failure)",
            extra="X-Failed-Recipients: ops@acme.example\nAuto-Submitted: auto-replied\n",
        ),
        "ops@acme.example",
        None,
        "rejected",
        False,
    ),
    "Yahoo": (
        notice(
            "Sorry, we were unable to deliver your message to the following address.\n\n<kim@acme.example>:\nRemote host said: "
            "550 5.1.1 unknown recipient [RCPT_TO]\n\n--- Below this line is a copy of the message.\n\n" + ORIGINAL,
            sender="MAILER-DAEMON@yahoo.example",
            subject="Failure Notice",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Zoho": (
        notice(
            "This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to "
            "one or more of its recipients. This is a permanent error. \n\nkim@acme.example Invalid Address, ERROR_CODE :552, "
            "ERROR_CODE :5.2.2 Mailbox full\n\nReceived:from mail.zoho.example by mx.zoho.example\n",
            sender="mailer-daemon@mail.zoho.example",
            subject="Undelivered Mail Returned to Sender",
        ),
        "kim@acme.example",
        "5.2.2",
        "mailboxfull",
        False,
    ),
    "GMX, Web.de, 1&1": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to"
            "\none or more of its recipients. This is a permanent error. The following address\nfailed:\n\n"
            '"kim@acme.example":\nSMTP error from remote server after RCPT command:\nhost: mx.acme.example\n5.1.1 '
            "<kim@acme.example>: unknown user account\n\n--- The header of the original message is following. ---\n\n"
            + ORIGINAL,
            sender="mailer-daemon@gmx.example",
            subject="Mail delivery failed: returning message to sender",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Mail.ru": (
        notice(
            "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to"
            " one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  kim@acme.example\n"
            "    user not found\n    550 Message was not accepted -- invalid mailbox. Local mailbox kim@acme.example is unavailable:"
            " user not found\n\n------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
            sender="mailer-daemon@corp.mail.example",
            subject="Mail failure.",
            extra="X-Failed-Recipients: kim@acme.example\n",
        ),
        "kim@acme.example",
        "5.0.0",
        None,
        None,
    ),
    "Yandex": (
        notice(
            "This message was created automatically by the mail system at Yandex.\n\nUnfortunately your message could not be"
            " delivered to one or more recipients:\n\n<kim@acme.example>: host mx.yandex.example[203.0.113.9] said: 550 5.7.1"
            " No such user! 1700000000-abcdef (in reply to RCPT TO command)\n\n" + ORIGINAL,
            sender="mailer-daemon@yandex.example",
            subject="Undelivered Mail Returned to Sender",
        ),
        "kim@acme.example",
        "5.7.1",
        "userunknown",
        True,
    ),
    "Microsoft 365 in Spanish": (
        notice(
            "Error de entrega a estos destinatarios o grupos:\n\nkim@acme.example\nNo se encontró la dirección de correo.\n\n"
            "Servidor remoto devuelto '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'\n",
            sender="postmaster@acme.example",
            subject="No se puede entregar: Una pregunta",
        ),
        "kim@acme.example",
        "5.1.10",
        "userunknown",
        True,
    ),
    "Microsoft 365 in Polish": (
        notice(
            "Dostarczenie wiadomości do następujących adresatów lub grup nie powiodło się:\n\nkim@acme.example\n"
            "Nie odnaleziono wprowadzonego adresu e-mail.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
            sender="postmaster@acme.example",
            subject="Niedostarczone: Pytanie",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Amazon SES": (
        notice(
            "An error occurred while trying to deliver the mail to the following recipients:\nkim@acme.example\n",
            sender="MAILER-DAEMON@amazonses.example",
            subject="Delivery Status Notification (Failure)",
        ),
        "kim@acme.example",
        None,
        "undefined",
        False,
    ),
    "Barracuda": (
        notice(
            "Your message to: kim@acme.example\nwas blocked by our Spam Firewall. The email you sent with the following subject "
            "has NOT BEEN DELIVERED:\n\nSubject: A question\n",
            sender="MAILER-DAEMON <>",
            subject="**Message you sent blocked by our bulk email filter**",
        ),
        "kim@acme.example",
        None,
        "spamdetected",
        False,
    ),
    "MailMarshal": (
        notice(
            "Your message:\n   From:    anna@outreach.example\n   Subject: A question\n\nCould not be delivered because of\n\n"
            "550 5.1.1 User unknown (in reply to RCPT TO)\n\nThe following recipients were affected: \n    kim@acme.example\n\n",
            sender="Postmaster@mm.acme.example",
            subject="Undeliverable mail: A question",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
    "Mimecast style sentence": (
        notice(
            "Your message couldn't be delivered to kim@acme.example because the remote server said:\n\n550 Rejected by policy "
            "[a1b2c3]\n",
            sender="postmaster@relay.example",
            subject="[Postmaster] Email Delivery Failure",
        ),
        "kim@acme.example",
        "5.0.0",
        "policyviolation",
        False,
    ),
    "GMX in answer to RCPT": (
        notice(
            "This is the mail system at host mx.relay.example.\n\n<kim@acme.example>: host mx00.acme.example[203.0.113.9] said: 550 "
            "Requested action not taken: mailbox unavailable (in reply to RCPT TO command)\n\n" + ORIGINAL,
            subject="Undelivered Mail Returned to Sender",
        ),
        "kim@acme.example",
        "5.0.0",
        "userunknown",
        True,
    ),
    "the same words after the data": (
        notice(
            "This is the mail system at host mx.relay.example.\n\n<kim@acme.example>: host mx00.acme.example[203.0.113.9] said: 550 "
            "Requested action not taken: mailbox unavailable (in reply to end of DATA command)\n\n" + ORIGINAL,
            subject="Undelivered Mail Returned to Sender",
        ),
        "kim@acme.example",
        "5.0.0",
        "filtered",
        False,
    ),
    "unknown system": (
        notice(
            "We could not deliver your mail.\n\nRecipient: kim@acme.example\nReason: 550 5.1.1 mailbox does not exist\n",
            sender="Mail Delivery <noreply@strange.example>",
            subject="Mail could not be delivered",
        ),
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
    ),
}


@pytest.mark.parametrize("raw,recipient,status,reason,hard", CASES.values(), ids=CASES.keys())
def test_notice_of_each_product_is_read(raw, recipient, status, reason, hard):
    assert_read(raw, recipient, status, reason, hard=hard)


def test_groupwise_names_the_dead_user_without_a_code():
    body = "The message that you sent was undeliverable to the following:\n\tkim (user not found)\n\tkim@acme.example\n"
    failed = classify(notice(body, subject="Message status - undeliverable"), received_at=NOW).recipients
    assert [(each.recipient, each.reason, each.hard) for each in failed] == [("kim@acme.example", "userunknown", True)]


@pytest.mark.parametrize("again,reason,hard", [(", try again", "networkerror", False), ("", "hostunknown", True)])
def test_a_host_that_is_not_found_for_now_is_not_dead(again, reason, hard):
    said = "Host or domain name not found. Name service error for name=acme.example type=MX: Host not found"
    raw = notice(f"<kim@acme.example>: {said}{again}\n\n{ORIGINAL}", subject="Undelivered Mail Returned to Sender")
    failed = classify(raw, received_at=NOW).recipients[0]
    assert (failed.reason, failed.hard) == (reason, hard)
