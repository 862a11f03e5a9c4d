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


def tagged(address: str) -> str:
    name, _, domain = address.partition("@")
    return f"{name}+news@{domain}"


def test_a_fresh_mail_from_another_tag_of_the_only_contact_is_an_answer(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    write(day, person, DEMO, sender=tagged(person))
    day.read()
    assert inbound(day) == [("reply", "meeting", False, "address")]
    assert day.sequence(person)[:2] == ("stopped", "replied")


def test_a_fresh_mail_from_a_tag_of_two_contacts_is_of_neither(day):
    person = day.world.person()
    other = person.replace("@", "+work@")
    day.ready(person, other)
    day.send()
    write(day, person, DEMO, sender=tagged(person))
    _, processed = day.read()
    assert (processed.by_kind, processed.untied) == ({"other": 1}, 1)


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


def test_who_tells_of_a_bounce_is_alive(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    text = "Hi Ann, I forward you what I got: 550 5.1.1 jim@c.example user unknown. Please use my address instead."
    raw = f"From: {person}\nTo: us\nSubject: Undeliverable: A question\nMessage-ID: <a@relay.example>\n\n{text}\n"
    day.deliver(person, raw.encode())
    day.read()
    assert [kind for kind, *_ in inbound(day)] == ["reply"]
    assert (day.suppressed(), day.sequence(person)[:2]) == ({}, ("stopped", "replied"))


@pytest.mark.parametrize(
    "named,diagnostic",
    [
        ("jim@c.example", "550 5.1.1 user unknown"),
        (None, "550 5.1.8 <us@acme-mail.example>: Sender address rejected: Domain not found"),
        (None, "550 Verification failed for <us@acme-mail.example> Unrouteable address Sender verify failed"),
    ],
    ids=["another address", "sender's domain", "sender's address"],
)
def test_a_report_that_does_not_say_that_the_address_is_dead_suppresses_nobody(day, named, diagnostic):
    person = day.world.person()
    day.ready(person)
    day.send()
    report = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: us\nSubject: Undelivered Mail Returned to Sender\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt failed.\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {named or person}\nAction: failed\nStatus: {diagnostic.split()[1] if '5.' in diagnostic else '5.0.0'}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n\n--b\nContent-Type: message/rfc822\n\n"
        f"Message-ID: {day.message(person)['message_id']}\nTo: {person}\n\nHello\n--b--\n"
    )
    day.deliver(person, report.encode())
    _, processed = day.read()
    assert (processed.by_kind, processed.untied) == ({"bounce": 1}, 0)
    assert (day.suppressed(), day.sequence(person)[:2]) == ({}, ("stopped", "bounced"))
