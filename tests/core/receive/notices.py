"""Failure notices as the tests of them write them, and what is asked of each.

Belongs here: what the files of products share. Does not: any product's words.
"""

from datetime import UTC, datetime

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SENDER = "anna@outreach.example"
ORIGINAL = f"""Received: from [198.51.100.7] by mx.outreach.example; Mon, 2 Mar 2026 08:00:00 +0000
Message-ID: <step1.42@outreach.example>
From: Anna <{SENDER}>
To: Kim <kim@acme.example>
Subject: A question about your warehouse

Hello Kim,
may I ask you something? If not, unsubscribe here.
"""
QMAIL = """Hi. This is the qmail-send program at mx.relay.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<kim@acme.example>:
203.0.113.5 does not like recipient.
Remote host said: 550 5.1.1 no such mailbox (#5.1.1)
Giving up on 203.0.113.5.

--- Below this line is a copy of the message.

"""


def notice(
    body: str, *, sender: str = "MAILER-DAEMON@mx.relay.example", subject: str = "failure notice", extra: str = ""
) -> bytes:
    head = f"Return-Path: <>\nFrom: {sender}\nTo: {SENDER}\nSubject: {subject}\nDate: Mon, 2 Mar 2026 08:01:00 +0000\n{extra}"
    return (head + "\n" + body).encode()


def assert_read(raw: bytes, recipient: str, status: str, reason: str | None, *, hard: bool | None) -> None:
    """Hold a notice against the one address that it names, and what it says of it."""
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    assert [failed.recipient for failed in result.recipients] == [recipient]
    failed = result.recipients[0]
    assert failed.status == status
    if reason is not None:
        assert (failed.reason, failed.hard) == (reason, hard)
    assert result.intent is None
    assert result.auto_reply is None
