"""A server that refuses the account which hands a message over says nothing of the recipient."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

SUSPENDED = (
    "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent exception with "
    "message WASCL UserAction verdict is Suspend."
)
NOT_OURS = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"


class _Refuses:
    """Takes every login and recipient, and refuses each message with the same words, unless they are empty."""

    def __init__(self) -> None:
        self.words = ""

    async def handle_DATA(self, _server, _session, _envelope) -> str:  # noqa: N802
        return self.words or "250 2.0.0 Ok"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def submission() -> Iterator[tuple[_Refuses, int]]:
    handler = _Refuses()
    controller = Controller(
        handler, hostname="127.0.0.1", port=_free_port(), auth_require_tls=False, auth_required=True,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    controller.start()
    yield handler, controller.port
    controller.stop()


def at(day, port: int) -> None:
    """Have all mailboxes submit there."""
    day.admin.execute(
        "update outreach.mailboxes set smtp_host = '127.0.0.1', smtp_port = %s, smtp_security = 'none'", (port,)
    )


@pytest.mark.parametrize("words", [SUSPENDED, NOT_OURS])
def test_a_message_waits_and_its_sequence_goes_on(day, submission, words):
    handler, port = submission
    person = day.world.person()
    day.ready(person, boxes=1)
    at(day, port)
    handler.words = words
    day.send()
    assert day.state(person) == ("deferred", "rejected")
    assert [each[0] for each in day.attempts(person)] == ["end-of-data"]
    assert (day.sequence(person), day.events(person), day.suppressed()) == (("active", None, 1), [], {})
    errors = day.admin.execute(
        "select consecutive_errors, send_failure from outreach.mailboxes order by 1 desc"
    ).fetchone()
    assert (errors[0], errors[1].startswith("end-of-data: 55")) == (1, True)


def test_an_account_that_is_blocked_for_spam_rests_for_a_day_and_people_are_told(day, submission):
    handler, port = submission
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    at(day, port)
    handler.words = SUSPENDED
    day.send()
    assert sum(len(day.attempts(person)) for person in people) == 1
    fired = day.admin.execute("select rule_name, action, until - fired_at from outreach.shaping_firings").fetchall()
    assert [(name, action) for name, action, _ in fired] == [("microsoft_365_outbound_spam", "suspend")]
    assert fired[0][2] == timedelta(days=1)
    told = day.admin.execute("select cause_key from outreach.alerts where cause_key like 'shaping/%%'").fetchall()
    assert [key.split("/")[1] for (key,) in told] == ["microsoft_365_outbound_spam"]


def test_what_is_given_up_for_the_account_is_asked_for_again(day, submission):
    handler, port = submission
    person = day.world.person()
    day.ready(person, boxes=1, policy={"give_up_after_attempts": 1})
    at(day, port)
    handler.words = NOT_OURS
    day.send()
    assert day.state(person) == ("cancelled", "rejected")
    assert (day.sequence(person), day.events(person)) == (("active", None, 1), [])
    handler.words = ""
    assert day.plan(days=1).planned == 1
