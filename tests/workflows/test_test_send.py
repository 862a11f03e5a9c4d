"""A test goes to the operator's own address, by the same way as all mail, and takes nothing along."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.workflows import preview
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_mailboxes
from outreach_pipeline.workflows.preview import send_test
from outreach_pipeline.workflows.send_email import send_until
from outreach_pipeline.workflows.suppress import suppress

OWN = "operator@relay06.example"
STOPS_WITHIN_SECONDS = 10.0


def send_one(day, person: str, *, to: str = OWN, step: int = 1, **more) -> dict:
    return send_test(
        day.installation,
        day.tenant,
        campaign="spring",
        step=step,
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
    assert (waits["state"], waits["reason"]) == ("cancelled", "test_not_sent")
    assert "6/hour, the next one at" in waits["problem"]
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
    pause_mailboxes(
        day.installation, [row], until=day.now + timedelta(days=1), reason="test", author="test", now=day.now
    )
    paused = send_one(day, person)["problem"]
    assert paused.startswith("The mailbox is paused until ")
    assert paused.endswith(f": test. `outreach resume mailbox {row.address} --tenant acme` ends that.")
    assert day.count("messages", "kind = 'test' and state = 'cancelled' and reason = 'test_not_sent'") == 2
    assert day.accepted() == [OWN]


def test_a_server_that_is_away_is_named_and_not_tried_again(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("drop_at_connect", count=1)
    outcome = send_one(day, person)
    # As it is stored, and with what the attempt came to.
    assert (outcome["state"], outcome["reason"], outcome["attempt_reason"]) == (
        "cancelled",
        "test_not_sent",
        "networkerror",
    )
    assert outcome["problem"].startswith("It was not sent (networkerror), on the way to 127.0.0.1:")
    assert "The connection failed at connect" in outcome["problem"]
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
    assert waits["state"] == "cancelled"
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


def test_a_server_that_says_nothing_to_the_message_leaves_it_unknown_whether_it_was_sent(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("drop_after_data", count=1)
    outcome = send_one(day, person)
    assert outcome["state"] == "outcome_unknown"
    assert outcome["problem"].startswith(
        "It is unknown whether it was sent (connection_lost_after_data): The connection failed at end-of-data"
    )
    assert f"Look into the inbox of {OWN} before you test again." in outcome["problem"]
    assert f"{day.now + timedelta(hours=25):%Y-%m-%d %H:%M} UTC: it counts as sent then." in outcome["problem"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "stage, state, told",
    [
        ("connect", "cancelled", "It was stopped before 127.0.0.1:"),
        ("end", "outcome_unknown", "It is unknown whether it was sent (stopped_in_data)"),
    ],
)
def test_a_silent_server_does_not_keep_it_from_stopping(day, stage, state, told, number):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("slow", stage=stage, seconds=60, count=9)
    sender = day.start(
        "test-send", "--tenant", "acme", "--campaign", "spring", "--step", "1", "--contact", person, "--mailbox",
        day.mailboxes[0], "--to", OWN, "--json", later=timedelta(hours=1), stdout=subprocess.PIPE,
    )  # fmt: skip
    at = "sending" if stage == "end" else "claimed"
    deadline = time.monotonic() + 40
    while not day.count("messages", f"kind = 'test' and state = '{at}'"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.5)
    stopped_at = time.monotonic()
    sender.send_signal(number)
    said, _ = sender.communicate(timeout=30)
    assert time.monotonic() - stopped_at < STOPS_WITHIN_SECONDS
    day.world.running.control.clear_faults()
    assert sender.returncode == 1
    outcome = json.loads(said)
    assert outcome["state"] == state
    assert outcome["problem"].startswith(told)
    assert day.count("messages", "kind = 'test' and state in ('planned', 'deferred', 'claimed', 'sending')") == 0


def test_a_refused_password_is_told_with_its_server_s_words_and_takes_the_mailbox_out(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("auth_fail", count=9)
    first, second = send_one(day, person)["problem"], send_one(day, person)["problem"]
    assert first.startswith("It was not sent (securityerror): 127.0.0.1:")
    assert " said at the login: 535 5.7.8 Error: authentication failed: wrong login or password. The mail" in first
    for told in (first, second):
        assert "The mailbox is paused without an end: password_refused" in told
        assert "Cure: apply the right login and password, or allow the login at the provider" in told
    assert second.startswith("The mailbox is paused")
    assert "after it failed at auth: 535 5.7.8" in second
    assert day.world.running.control.stats()["faults_armed"] == 8


def test_a_rule_that_rests_the_mailbox_is_named_with_its_end_and_not_lifted(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    until = day.now + timedelta(days=1)
    day.admin.execute(
        "update outreach.mailboxes set paused_until = %s, paused_reason = 'rule/zoho_sender_blocked'", [until]
    )
    told = send_one(day, person)["problem"]
    local = until.astimezone(ZoneInfo(day.tenant.time_zone))
    assert f"paused until {local:%Y-%m-%d %H:%M} in {day.tenant.time_zone}: rule/zoho_sender_blocked" in told
    assert "Wait until that ends" in told
    assert "resume" not in told


@pytest.mark.parametrize(
    "reason, told",
    [("unsubscribe", "That is for good, an opt-out is final."), ("unclear_stop", "until `outreach reclassify` says")],
)
def test_whom_nobody_writes_to_is_told_why(day, reason, told):
    person = day.world.person()
    day.ready(person, boxes=1)
    with day.installation.database.tenant(day.tenant.id) as transaction:
        suppress(transaction, scope="address", value=OWN, reason=reason, origin="mail 7", now=day.now)
    outcome = send_one(day, person)
    assert (outcome["state"], outcome["reason"], outcome["attempt_reason"]) == (
        "cancelled",
        "suppressed",
        "suppressed",
    )
    problem = outcome["problem"]
    assert problem.startswith(f"It was not sent: {OWN} is suppressed by address {OWN} ({reason}")
    assert told in problem
    assert day.accepted() == []
    assert day.count("send_attempts") == 0


def test_an_address_that_its_server_refuses_is_told_in_its_words_and_is_not_suppressed(day):
    person, dead = day.world.person(), day.world.person("unknown_user", site="direct")
    day.ready(person, boxes=1)
    # A second one is tried as well as the first.
    for _ in range(2):
        outcome = send_one(day, person, to=dead)
        assert (outcome["state"], outcome["reason"], outcome["attempt_reason"]) == (
            "failed",
            "userunknown",
            "userunknown",
        )
        assert re.match(
            r"It was not sent \(userunknown\): 127\.0\.0\.1:\d+ said to the recipient \(RCPT\): 550 5\.1\.1 ",
            outcome["problem"],
        )
        assert day.suppressed() == {}
    assert day.count("send_attempts", "stage = 'rcpt' and code = 550") == 2


def test_what_a_server_said_is_told_also_to_who_is_suppressed_by_then(day, monkeypatch):
    person, dead = day.world.person(), day.world.person("unknown_user", site="direct")
    day.ready(person, boxes=1)

    def send_and_suppress(*arguments, **more):
        ran = send_until(*arguments, **more)
        with day.installation.database.tenant(day.tenant.id) as transaction:
            suppress(transaction, scope="address", value=dead, reason="manual", origin="test", now=day.now)
        return ran

    monkeypatch.setattr(preview, "send_until", send_and_suppress)
    assert " said to the recipient (RCPT): 550 5.1.1 " in send_one(day, person, to=dead)["problem"]
    assert day.suppressed() == {dead: "manual"}


def test_a_host_that_turns_it_away_is_named_with_the_stage(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("reply_421", stage="connect", count=1)
    problem = send_one(day, person)["problem"]
    assert re.match(r"It was not sent \(\w+\): 127\.0\.0\.1:\d+ said at the greeting: 421 4\.\S+ ", problem)


def test_tests_that_fail_take_neither_a_mailbox_nor_its_host_out(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    for fault, more in [("auth_later", {}), ("drop_at_connect", {}), ("reply_421", {"stage": "rcpt"})] * 2:
        day.inject(fault, count=1, **more)
        assert send_one(day, person)["state"] == "cancelled"
    assert day.count("breakers") == 0
    query = "select consecutive_errors, send_failure, paused_until from outreach.mailboxes"
    assert day.admin.execute(query).fetchone() == (0, None, None)
    # Nor do they end the errors in a row that others have made.
    day.admin.execute("update outreach.mailboxes set consecutive_errors = 3, send_failure = 'auth: 454 Later'")
    day.inject("drop_at_connect", count=1)
    send_one(day, person)
    assert day.admin.execute(query).fetchone() == (3, "auth: 454 Later", None)


def test_a_follow_up_has_the_subject_of_its_thread(day):
    person = day.world.person()
    first = {"step": 1, "subject": "{{ first_name }}, a question", "text": "Hello {{ first_name }},"}
    later = {"step": 2, "subject": "Once more", "text": "Just asking once more."}
    other = {"step": 1, "variant": "b", "subject": "Another question", "text": "Hello,"}
    day.configure(boxes=1, campaign={"steps": [first, other, later, {**later, "variant": "b"}]})
    day.invite(person)
    which = {"campaign": "spring", "step": 2, "contact": person}
    shown = preview.preview_step(day.installation, day.tenant, variant="a", **which)
    assert (shown["subject"], shown["refused_by"]) == ("Re: Zoë, a question", None)
    shown = preview.preview_step(day.installation, day.tenant, variant="b", **which)
    assert (shown["subject"], shown["refused_by"]) == ("Re: Another question", None)
    assert send_one(day, person, step=2)["state"] == "sent"
    (mail,) = day.mails(OWN)
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Zoë, a question", None)
    assert "Just asking once more." in mail.get_content()
    # Where the first step has gone out, the subject that it had.
    day.admin.execute("update outreach.enrollments set thread_subject = 'As it was'")
    assert preview.preview_step(day.installation, day.tenant, variant="b", **which)["subject"] == "Re: As it was"
    assert send_one(day, person, step=2)["state"] == "sent"
    assert day.mails(OWN)[-1]["Subject"] == "Re: As it was"


def test_a_follow_up_whose_first_subject_has_a_gap_is_not_sent(day):
    person = day.world.person()
    first = {"step": 1, "subject": "{{ company }}, a question", "text": "Hello,"}
    day.configure(boxes=1, campaign={"steps": [first, {"step": 2, "subject": "More", "text": "Once more."}]})
    day.invite(person, company="")
    shown = preview.preview_step(day.installation, day.tenant, campaign="spring", step=2, variant="a", contact=person)
    assert (shown["refused_by"], shown["subject"]) == ("gate_template_gap", None)
    with pytest.raises(ConfigurationError, match="company is empty"):
        send_one(day, person, step=2)
    assert day.count("messages", "kind = 'test'") == 0
