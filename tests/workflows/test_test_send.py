"""A test goes to the operator's own address, by the same way as all mail, and takes nothing along."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows import preview
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_mailboxes
from outreach_pipeline.workflows.preview import send_test

OWN = "operator@relay06.example"


def send_one(day, person: str, *, to: str = OWN, **more) -> dict:
    return send_test(
        day.installation,
        day.tenant,
        campaign="spring",
        step=1,
        variant="a",
        contact=person,
        mailbox=day.mailboxes[0],
        to=to,
        now=day.now + timedelta(hours=1),
        **more,
    )


def test_a_test_takes_nothing_along_that_is_due_from_its_mailbox(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    outcome = send_one(day, people[0])
    assert outcome["state"] == "sent"
    assert day.accepted() == [OWN]
    assert [day.state(person)[0] for person in people] == ["planned"] * 3
    (mail,) = day.mails(OWN)
    assert mail["Subject"] == "Zoë, a question"
    # It stands in no statistics, and what is due goes out afterwards.
    assert day.admin.execute("select count(*) from outreach.events").fetchone()[0] == 0
    assert day.send().by_state == {"sent": 3}


def test_what_does_not_go_out_says_why_and_is_not_sent_later(day, monkeypatch):
    monkeypatch.setattr(preview, "_TEST_SECONDS", 0.5)
    person = day.world.person()
    day.ready(person, boxes=1, policy={"minimum_gap_seconds": 600})
    assert send_one(day, person)["problem"] is None
    waits = send_one(day, person)
    assert waits["state"] == "planned"
    assert "6/hour, the next one at" in waits["problem"]
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
    pause_mailboxes(
        day.installation, [row], until=day.now + timedelta(days=1), reason="test", author="test", now=day.now
    )
    assert "is paused: `outreach resume mailbox" in send_one(day, person)["problem"]
    assert day.count("messages", "kind = 'test' and state = 'cancelled' and reason = 'test_not_sent'") == 2
    assert day.accepted() == [OWN]


def test_a_server_that_is_away_is_named_and_not_tried_again(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("drop_at_connect", count=1)
    outcome = send_one(day, person)
    assert (outcome["state"], outcome["reason"]) == ("deferred", "networkerror")
    assert "networkerror" in outcome["problem"]
    assert day.count("messages", "kind = 'test' and state = 'cancelled'") == 1


@pytest.mark.parametrize("to", ["notanaddress", "two@at@signs.example", ""])
def test_nobody_is_written_to_who_cannot_be(day, to):
    person = day.world.person()
    day.ready(person, boxes=1)
    with pytest.raises(UsageError, match="no address to send a test to"):
        send_one(day, person, to=to)
    assert day.count("messages", "kind = 'test'") == 0


def test_a_preview_of_what_has_a_gap_is_refused_and_says_why(day):
    person = day.world.person()
    day.configure(boxes=1, campaign={"steps": [{"step": 1, "subject": "Hello", "text": "Hello {{ company }},"}]})
    day.invite(person, company="")
    shown = preview.preview_step(day.installation, day.tenant, campaign="spring", step=1, variant="a", contact=person)
    assert (shown["refused_by"], shown["text"]) == ("gate_template_gap", None)
    assert "company is empty" in shown["problem"]
    day.admin.execute("update outreach.contacts set company = 'Acme'")
    shown = preview.preview_step(day.installation, day.tenant, campaign="spring", step=1, variant="a", contact=person)
    assert (shown["refused_by"], shown["problem"]) == (None, None)
    assert shown["text"].startswith("Hello Acme,")
