"""Notices and challenges whose one mark is their words."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.headers import address_of
from outreach_pipeline.core.receive.model import AutoReplyKind, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def mail(text, *, sender, extra=""):
    raw = (
        f"From: {sender}\nTo: anna@outreach.example\nSubject: Mail\n{extra}"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "Uw bericht kon niet worden afgeleverd bij kim@acme.example. De gebruiker bestaat niet.",
        "Het bericht aan kim@acme.example kan niet worden bezorgd. Onbekende gebruiker.",
        (
            "A message that you sent could not be delivered to one or more of its recipients. The following address(es) failed:\n\n"
            "  kim@acme.example\n    Non-existent mailbox"
        ),
    ],
)
def test_a_notice_without_a_code_that_says_that_there_is_no_such_user_is_hard(text):
    found = mail(text, sender="postmaster@acme.example", extra="Return-Path: <>\n")
    assert [(each.recipient, each.reason, each.hard) for each in found.recipients] == [
        ("kim@acme.example", "userunknown", True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Please confirm that you are a human by clicking this link so that your message is delivered: https://x.example/c",
        "To reach me, prove that you are human: https://x.example/c",
        "Bitte bestätigen Sie, dass Sie ein Mensch sind: https://x.example/c",
        "Confirmez que vous êtes humain : https://x.example/c",
    ],
)
def test_who_is_to_prove_to_be_human_is_challenged(text):
    found = mail(text, sender="kim@acme.example", extra="Auto-Submitted: auto-replied\n")
    assert (found.kind, found.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.CHALLENGE)


@pytest.mark.parametrize(
    "value,address",
    [
        ('rfc822; "kim roth"@acme.example', '"kim roth"@acme.example'),
        ('rfc822; <"kim roth"@acme.example>', '"kim roth"@acme.example'),
        ('rfc822; "kim@acme.example"', "kim@acme.example"),
        ("rfc822; <kim@acme.example>", "kim@acme.example"),
    ],
)
def test_a_quoted_local_part_is_read(value, address):
    assert address_of(value) == address
