"""A report that shows nothing of our message condemns an address only where it has a mail system's marks, in the days after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.receive.model import BounceClass, MailKind
from outreach_pipeline.workflows.bounce_process import ProcessOutcome
from outreach_pipeline.workflows.inbox import InboxRow, list_inbox, read_thread
from outreach_pipeline.workflows.reclassify import Verdict, reclassify

pytestmark = pytest.mark.xdist_group("bounce_process")
DAEMON = "MAILER-DAEMON@mx.relay.example"


def report(
    day, person: str, *, sender: str = DAEMON, path: str = "<>", returned: str = "", with_fields: bool = True
) -> ProcessOutcome:
    """Put a report of a dead address into the mailbox that wrote there, and process it."""
    fields = (
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; {person}\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n"
    )
    enclosed = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {returned}\nTo: {person}\n" if returned else ""
    text = f"Your message could not be delivered.\n\n<{person}>: 550 5.1.1 user unknown\n"
    content = (
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\n{text}{fields}{enclosed}--b--\n'
        if with_fields
        else f"Content-Type: text/plain\n\n{text}"
    )
    raw = (
        f"Return-Path: {path}\nFrom: {sender}\nTo: us\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        f"Message-ID: <{len(content)}.{len(sender)}@mx.relay.example>\n{content}"
    )
    day.deliver(person, raw.encode())
    return day.read()[1]


def written_to(day) -> str:
    person = day.world.person()
    day.ready(person)
    day.send()
    return person


@pytest.mark.parametrize("with_fields", [True, False])
def test_a_mail_systems_report_in_the_days_after_is_believed(day, with_fields):
    person = written_to(day)
    report(day, person, with_fields=with_fields)
    assert (day.suppressed(), day.events(person)) == ({person: "bounce"}, [("bounced", "hard")])


@pytest.mark.parametrize(
    "marks",
    [
        {"path": "<someone@evil.example>"},
        {"path": "<someone@evil.example>", "sender": "someone@evil.example"},
        {"sender": "someone@evil.example"},
    ],
)
def test_one_without_a_mail_systems_marks_is_kept_and_suppresses_nobody(day, marks):
    person = written_to(day)
    report(day, person, **marks)
    assert (day.suppressed(), day.events(person)) == ({}, [("bounced", "soft")])
    mail, kind, tied_by = day.admin.execute(
        "select id, kind, tied_by from outreach.inbound_messages where direction = 'in'"
    ).fetchone()
    assert (kind, tied_by) == ("bounce", "address")
    # Whoever looks at it may say what it is.
    verdict = Verdict(MailKind.BOUNCE, bounce_class=BounceClass.HARD)
    reclassify(day.installation, None, mail, verdict, author="ann", now=day.now)
    assert day.suppressed() == {person: "bounce"}


def test_one_that_comes_long_after_is_kept_and_suppresses_nobody(day):
    person = written_to(day)
    day.admin.execute("update outreach.messages set sending_at = sending_at - interval '6 days'")
    report(day, person)
    assert (day.suppressed(), day.events(person)) == ({}, [("bounced", "soft")])


def test_one_that_returns_our_message_needs_no_marks(day):
    person = written_to(day)
    (sent,) = day.mails(person)
    day.admin.execute("update outreach.messages set sending_at = sending_at - interval '6 days'")
    report(day, person, path="<relay@relay.example>", returned=sent["Message-ID"])
    assert day.suppressed() == {person: "bounce"}


def bounce_of(day) -> InboxRow:
    (row,) = list_inbox(day.installation, day.tenant, now=day.now + timedelta(hours=1), kinds=[MailKind.BOUNCE])
    return row


@pytest.mark.parametrize("marks, is_unproven", [({}, False), ({"path": "<someone@evil.example>"}, True)])
def test_people_see_what_a_bounce_says_and_whether_it_waits_for_their_word(day, marks, is_unproven):
    person = written_to(day)
    outcome = report(day, person, **marks)
    row = bounce_of(day)
    assert dict(outcome.by_bounce_class) == {"unproven" if is_unproven else "hard": 1}
    assert (row.bounce_class, row.status, row.reason, row.recipients) == ("hard", "5.1.1", "userunknown", person)
    assert (row.is_hard, row.is_permanent, row.is_unproven) == (True, True, is_unproven)
    shown = read_thread(day.installation, None, row.id).mail
    assert (shown.bounce_class, shown.status, shown.reason) == ("hard", "5.1.1", "userunknown")
    assert shown.classified["bounce"] == {
        "hard": True,
        "permanent": True,
        "unproven": is_unproven,
        "recipients": [person],
    }


def test_a_bounce_that_a_person_has_judged_is_unproven_no_more(day):
    person = written_to(day)
    report(day, person, path="<someone@evil.example>")
    mail = bounce_of(day).id
    verdict = Verdict(MailKind.BOUNCE, bounce_class=BounceClass.HARD)
    reclassify(day.installation, None, mail, verdict, author="ann", now=day.now)
    row = bounce_of(day)
    assert (row.bounce_class, row.is_hard, row.is_unproven, row.recipients) == ("hard", True, False, person)
