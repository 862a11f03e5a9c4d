"""Which answers to a message name the Message-ID that its recipient will see."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.send.wire_id import wire_message_id

OURS = "<0f3a@acme-mail.example>"
SES = "0102018f2b6c7d8e-1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809-000000"
OUTLOOK = "AM0PR05MB4801E5C4@AM0PR05MB4801.eurprd05.prod.outlook.com"


@pytest.mark.parametrize(
    "reply, host, wire",
    [
        (f"2.0.0 OK <{OUTLOOK}> [Hostname=AM0PR05MB4801.eurprd05.prod.outlook.com]", "smtp.office365.com", f"<{OUTLOOK}>"),
        (f"2.0.0 OK {OURS} [Hostname=AM0PR05MB4801.eurprd05.prod.outlook.com]", "smtp.office365.com", None),
        (f"Ok {SES}", "email-smtp.eu-west-1.amazonaws.com", f"<{SES}@eu-west-1.amazonses.com>"),
        (f"Ok {SES}", "email-smtp.us-east-1.amazonaws.com", f"<{SES}@email.amazonses.com>"),
        (f"Ok {SES}", "smtp.acme-mail.example", None),
        ("2.0.0 Ok: queued as 4XyZ1", "smtp.acme-mail.example", None),
        ("2.0.0 OK 1716900000 a1-20020a5d.12 - gsmtp", "smtp.gmail.com", None),
        ("2.0.0 <joe@people.example> accepted", "smtp.acme-mail.example", None),
        ("OK id=1sBQ2x-000000001ab-2cDe", "smtp.acme-mail.example", None),
        ("", "email-smtp.eu-west-1.amazonaws.com", None),
    ],
)  # fmt: skip
def test_the_id_that_a_relay_gives(reply, host, wire):
    assert wire_message_id(reply, host=host, ours=OURS) == wire
