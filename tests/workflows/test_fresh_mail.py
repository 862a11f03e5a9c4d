"""What contacts write without answering, and what is no answer although a contact's address sends it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.xdist_group("bounce_process")
DEMO = "We would like to see a demo, can you call me tomorrow?"


def write(day, person: str, text: str, *, to: str | None = None, sender: str | None = None, extra: str = "") -> None:
    """Put a mail that answers nothing into the mailbox that wrote to ``to``, or else to its writer."""
    raw = (
        f"From: {sender or person}\nTo: us\nSubject: Your offer\nMessage-ID: <{len(text)}.fresh@relay.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n{extra}\n{text}\n"
    )
    day.deliver(to or person, raw.encode())


def inbound(day) -> list[tuple[str, str | None, bool | None, str | None]]:
    return day.admin.execute(
        "select kind, intent, intent_is_sure, tied_by from outreach.inbound_messages where direction = 'in' order by id"
    ).fetchall()


def test_a_contacts_fresh_mail_is_an_answer(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    write(day, person, DEMO, sender=f"Kim <{person.upper()}>")
    _, processed = day.read()
    assert (processed.by_kind, processed.untied, processed.unsure) == ({"reply": 1}, 0, 1)
    assert inbound(day) == [("reply", "meeting", False, "address")]
    assert (day.events(person), day.sequence(person)[:2]) == ([("reply", None)], ("stopped", "replied"))
    assert day.suppressed() == {}
    assert day.plan(days=1).planned == 0


def test_a_contacts_long_fresh_mail_that_asks_to_stop_is_final(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    long = "We have talked about your messages of the last weeks, and I am to write to you about them. " * 5
    write(day, person, f"{long}Please take us off your list and do not contact us again.")
    day.read()
    assert inbound(day) == [("reply", "stop", True, "address")]
    assert (day.suppressed(), day.sequence(person)[:2]) == ({person: "stop"}, ("stopped", "suppressed_stop"))


@pytest.mark.parametrize(
    "extra", ["List-Id: <news.relay.example>\n", "Precedence: bulk\n", "Auto-Submitted: auto-generated\n"]
)
def test_a_newsletter_or_notification_from_a_contacts_address_is_none(day, extra):
    person = day.world.person()
    day.ready(person)
    day.send()
    write(day, person, "Our catalogue of March is out.", extra=extra)
    _, processed = day.read()
    assert (processed.by_kind, processed.untied) == ({"other": 1}, 1)
    assert (day.events(person), day.sequence(person)[0]) == ([], "active")


def test_a_fresh_mail_of_whom_nobody_wrote_to_is_none(day):
    person, other = day.world.person(), day.world.person()
    day.ready(person, other)
    day.send()
    write(day, person, DEMO, sender="stranger@elsewhere.example")
    # Written to longer ago than any tie reaches.
    day.admin.execute(
        "update outreach.messages set sending_at = sending_at - interval '61 days' where to_address = %s", [other]
    )
    write(day, other, f"{DEMO} Thank you.")
    _, processed = day.read()
    assert (processed.by_kind, processed.untied) == ({"other": 2}, 2)
    assert (day.sequence(person)[0], day.sequence(other)[0]) == ("active", "active")
