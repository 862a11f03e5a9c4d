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


def test_a_mailbox_that_is_busy_is_named_as_that(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    assert len(day.claim()) == 1
    waits = send_one(day, person)
    assert waits["state"] == "planned"
    assert waits["problem"] == (
        "The mailbox is busy: another message of it is on the way. Test again in a moment, or from another one."
    )
    assert day.accepted() == []


def test_a_host_that_is_busy_is_named_as_that(day):
    person = day.world.person()
    day.ready(person, boxes=2)
    (claimed,) = day.claim()
    day.mailboxes.remove(claimed.from_address)
    day.admin.execute("update outreach.rate_limits set in_flight = 1 where scope = 'provider_host'")
    problem = send_one(day, person)["problem"]
    assert problem.startswith("The provider host 127.0.0.1:")
    assert "is busy: another message is on the way" in problem
    assert day.accepted() == []


@pytest.mark.parametrize(
    "change, told",
    [
        ("update outreach.tenants set state = 'paused'", "as the tenant is paused"),
        ("update outreach.campaigns set state = 'paused'", "as its campaign is paused"),
        ("update outreach.sending_domains set unauthenticated = 'spf'", "as its sending domain is not authenticated"),
        (
            "insert into outreach.paused_sites values ('relay06.example', 'test', 'test', now())",
            "recipient's site is paused",
        ),
    ],
)
def test_what_forbids_it_is_named(day, change, told):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.admin.execute(change)
    assert told in send_one(day, person)["problem"]
    assert day.accepted() == []


def test_a_login_without_a_place_is_named(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, theoretical_arrival_at)"
        " values ('host_logins', '*', 1, 86400, 1, clock_timestamp() + interval '1 day')"
    )
    day.admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, theoretical_arrival_at)"
        " select 'host_logins', smtp_host || ':' || smtp_port, 1, 86400, 1, clock_timestamp() + interval '1 day'"
        " from outreach.mailboxes"
    )
    assert "no place for another login now" in send_one(day, person)["problem"]
    assert day.accepted() == []


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
