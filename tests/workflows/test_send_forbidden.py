"""What forbids a send is asked until the last moment, holds in the database itself, and stops no more than it should."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from outreach_pipeline.workflows.due_days import close_days
from outreach_pipeline.workflows.fleet import pause_campaign, pause_tenant
from outreach_pipeline.workflows.lanes import due_send_lanes
from outreach_pipeline.workflows.send_email import recover, send_until
from outreach_pipeline.workflows.send_ledger import Begin, Result, write_group
from outreach_pipeline.workflows.suppress import suppress, suppress_everywhere

pytestmark = pytest.mark.xdist_group("send_forbidden")
A_DAY = timedelta(days=1)


def wait_for(find: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while not (found := find()):
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.02)
    return found


def opt_out(day, value: str, *, scope: str = "address") -> None:
    with day.installation.database.tenant(day.tenant.id) as transaction:
        suppress(transaction, scope=scope, value=value, reason="stop", origin="test", now=day.now)


def pause(day, what: str, person: str, *, paused: bool) -> None:
    how = {"paused": paused, "reason": "test", "author": "test", "now": day.now}
    match what:
        case "campaign":
            pause_campaign(day.installation, day.tenant, "spring", **how)
        case "tenant":
            pause_tenant(day.installation, day.tenant, **how)
        case "site":
            statement = "insert into outreach.paused_sites values (%s, 'test', 'test', now())"
            statement = statement if paused else "delete from outreach.paused_sites where site = %s"
            day.admin.execute(statement, [day.message(person)["recipient_site"]])
        case "mailbox":
            until = day.now + timedelta(hours=1) if paused else None
            day.admin.execute("update outreach.mailboxes set paused_until = %s", [until])
        case "lifecycle":
            day.admin.execute("update outreach.mailboxes set lifecycle = %s", ["quarantined" if paused else "active"])
        case "plan":
            day.admin.execute("update outreach.plans set state = %s", ["held" if paused else "ready"])
        case "domain":
            day.admin.execute("update outreach.sending_domains set unauthenticated = %s", ["dkim" if paused else None])


@pytest.mark.parametrize("what", ["campaign", "tenant", "site", "mailbox", "lifecycle", "plan", "domain"])
def test_a_pause_holds_until_it_is_over(day, what):
    person = day.world.person()
    day.ready(person, boxes=1)
    pause(day, what, person, paused=True)
    # Without a bound: what cannot go now must not keep a run up.
    assert day.send(for_seconds=None).by_state == {}
    assert day.state(person) == ("planned", None)
    assert due_send_lanes(day.installation, now=day.now + timedelta(minutes=30), horizon_seconds=60) == []

    pause(day, what, person, paused=False)
    assert day.send().by_state == {"sent": 1}


@pytest.mark.parametrize("what", ["campaign", "tenant", "site", "mailbox", "lifecycle", "plan", "domain"])
def test_a_pause_reaches_a_message_that_is_claimed(day, what):
    person = day.world.person()
    day.ready(person, boxes=1)
    (claimed,) = day.claim()
    pause(day, what, person, paused=True)
    (answer,) = day.write(begin_of(day, claimed))
    message = day.message(person)
    assert message["state"] == "deferred"
    assert message["reason"] == answer
    assert answer.endswith(("_paused", "_quarantined", "_held", "_unauthenticated"))
    assert (message["sending_at"], message["lease_token"], day.leases()) == (None, None, 0)
    # Nothing was tried.
    assert message["attempts"] == 0

    pause(day, what, person, paused=False)
    assert day.send(later=timedelta(minutes=5)).by_state == {"sent": 1}


@pytest.mark.parametrize("how", ["address", "domain", "everywhere", "reply", "absence"])
def test_an_opt_out_between_claim_and_begin_is_in_time(day, how):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("slow", stage="rcpt", seconds=0.8)
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(day.send)
        # The server keeps RCPT waiting: the message is claimed and has not begun.
        wait_for(lambda: day.truth("fault"))
        assert day.state(person)[0] == "claimed"
        match how:
            case "address":
                opt_out(day, person.upper())
            case "domain":
                opt_out(day, person.split("@")[1], scope="domain")
            case "everywhere":
                with day.installation.database.operator() as transaction:
                    suppress_everywhere(transaction, scope="address", value=person, reason="legal", now=day.now)
            case "reply":
                day.admin.execute("update outreach.enrollments set state = 'stopped', stop_reason = 'replied'")
            case "absence":
                day.admin.execute("update outreach.contacts set out_until = %s", [day.today + 3 * A_DAY])
        assert sending.result(30).by_state == {}
    assert day.state(person) == (
        "cancelled",
        {"everywhere": "suppressed", "reply": "enrollment_stopped", "absence": "out_of_office"}.get(
            how, "suppressed_stop"
        ),
    )
    assert (day.accepted(), day.leases()) == ([], 0)
    assert day.plan(days=1).planned == 0


def test_an_opt_out_waits_for_a_send_that_begins_and_none_begins_after_it(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    (claimed,) = day.claim()
    with ThreadPoolExecutor() as pool:
        with day.installation.database.tenant(day.tenant.id) as beginning:
            answers = write_group(beginning, [], [begin_of(day, claimed, later=timedelta(minutes=1))])
            assert answers == {(Begin, claimed.id, claimed.token): "sending"}
            waiting = pool.submit(opt_out, day, person)
            wait_for(lambda: day.admin.execute("select from pg_locks where not granted").fetchall())
            assert (day.suppressed(), waiting.done()) == ({}, False)
        waiting.result(20)
    assert day.state(person)[0] == "sending"
    assert day.suppressed() == {person: "stop"}


def test_when_the_day_is_over_nothing_begins_and_the_step_is_asked_for_again(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    (claimed,) = day.claim()
    assert day.write(begin_of(day, claimed, later=A_DAY)) == ["day_over"]
    assert day.send(later=A_DAY).by_state == {}
    assert close_days(day.installation, now=day.now + A_DAY) == 2
    assert {day.state(person) for person in people} == {("cancelled", "day_over")}
    assert day.accepted() == []
    assert day.plan(days=1).planned == 3


@pytest.mark.parametrize(
    "step, columns, reason",
    [
        ({"subject": "{{ first_name }}"}, {"first_name": "Re: us"}, "gate_false_reply_prefix"),
        ({"text": "See {{ first_name }}"}, {"first_name": "http://acme.example/"}, "gate_insecure_link"),
        ({"subject": "{% if first_name %}{{ first_name }}{% endif %}"}, {"first_name": ""}, "gate_subject_missing"),
        ({"subject": "See {{ first_name }}"}, {"first_name": "http://acme.example/"}, "gate_insecure_link"),
        ({"html": '<a href="{{ first_name }}">x</a>'}, {"first_name": "javascript:alert(1)"}, "gate_insecure_link"),
        ({"subject": "A question about {{ first_name }}"}, {"first_name": ""}, "gate_template_gap"),
        ({"text": "Hello {{ first_name }}"}, {"first_name": "{{ 7*7 }}"}, "gate_template_gap"),
    ],
)
def test_content_that_must_not_go_does_not(day, step, columns, reason):
    person = day.world.person()
    day.configure(boxes=1, campaign={"steps": [{"step": 1, "subject": "Hello", "text": "Hello", **step}]})
    day.invite(person, **columns)
    assert day.plan().planned == 1
    day.send()
    assert day.state(person) == ("cancelled", reason)
    assert day.attempts(person) == [("gate", "cancelled", None)]
    assert (day.accepted(), day.leases()) == ([], 0)


def test_a_step_that_is_gone_is_not_filled_in_with_something_else(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.admin.execute("delete from outreach.campaign_steps")
    day.send()
    assert day.state(person) == ("cancelled", "gate_step_missing")
    assert day.accepted() == []


def test_a_mailbox_without_a_secret_sends_nothing(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.admin.execute("update outreach.mailboxes set secret_ciphertext = null, data_key_id = null")
    day.send()
    assert day.state(person) == ("cancelled", "mailbox_secret_missing")


def test_the_database_refuses_a_second_message_in_flight(day):
    day.ready(*(day.world.person() for _ in range(2)), boxes=1)
    first, second = day.admin.execute("select id from outreach.messages order by id").fetchall()
    day.admin.execute("update outreach.messages set state = 'sending' where id = %s", first)
    with pytest.raises(psycopg.errors.UniqueViolation, match="messages_one_in_flight"):
        day.admin.execute("update outreach.messages set state = 'sending' where id = %s", second)


def test_one_message_that_the_database_refuses_takes_no_other_down(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=3)
    claimed = day.claim()
    assert len(claimed) == 3
    # Somebody else's message of the first mailbox is on its way.
    day.admin.execute(
        "update outreach.messages set mailbox_id = %s, state = 'sending' where id = %s",
        [claimed[0].mailbox_id, claimed[1].id],
    )
    results = day.write(*(begin_of(day, each) for each in claimed))
    assert isinstance(results[0], psycopg.errors.UniqueViolation)
    assert results[1:] == ["lease_lost", "sending"]


def begin_of(day, claimed, *, later: timedelta = timedelta(minutes=1)) -> Begin:
    return Begin(
        tenant_id=claimed.tenant_id,
        id=claimed.id,
        token=claimed.token,
        subject="Hello",
        to_address=claimed.to_address,
        company_domain=claimed.company_domain,
        now=day.now + later,
    )


def sent(day, claimed) -> Result:
    return Result(
        tenant_id=claimed.tenant_id,
        id=claimed.id,
        token=claimed.token,
        mailbox_id=claimed.mailbox_id,
        state="sent",
        stage="done",
        outcome="sent",
        started_at=day.now,
        finished_at=day.now,
        duration_ms=1.0,
        event_kind="sent",
    )


def test_what_a_dead_worker_had_claimed_is_planned_and_what_it_had_begun_is_unknown(day):
    people = [day.world.person() for _ in range(2)]
    day.ready(*people, boxes=2)
    idle, begun = day.claim(lease_seconds=0.6)
    assert day.write(begin_of(day, begun)) == ["sending"]
    assert recover(day.installation, day.tenant, now=day.now) == {}
    wait_for(
        lambda: day.admin.execute(
            "select from outreach.messages having max(lease_expires_at) < clock_timestamp()"
        ).fetchall()
    )
    # Whoever was stopped past its lease begins nothing and finishes nothing.
    assert day.write(begin_of(day, idle)) == ["lease_lost"]
    assert recover(day.installation, day.tenant, now=day.now) == {"planned": 1, "outcome_unknown": 1}
    before = day.tables()
    assert day.write(*(sent(day, each) for each in (idle, begun))) == ["fenced", "fenced"]
    assert day.tables() == before
    assert day.state(begun.to_address) == ("outcome_unknown", "worker_lost")
    assert day.message(begun.to_address)["unknown_until"] == day.now + A_DAY
    assert (day.state(idle.to_address), day.leases()) == (("planned", None), 0)
    assert recover(day.installation, day.tenant, now=day.now) == {}

    # The other is claimed anew: the old token is still worth nothing.
    (again,) = day.claim()
    assert day.write(sent(day, idle)) == ["fenced"]
    assert day.write(begin_of(day, again)) == ["sending"]
    assert day.write(sent(day, again)) == ["written"]
    assert day.state(idle.to_address)[0] == "sent"


def test_asked_to_stop_a_run_finishes_what_it_has_begun(day):
    people = [day.world.person() for _ in range(12)]
    day.ready(*people, boxes=2, policy={"minimum_gap_seconds": 0.2})
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        run = pool.submit(send_until, day.installation, now=day.now + timedelta(minutes=1), for_seconds=60, stop=stop)
        wait_for(lambda: len(day.accepted()) >= 3)
        stop.set()
        outcome = run.result(30)
    assert outcome.stopped
    states = dict(day.admin.execute("select state, count(*) from outreach.messages group by state").fetchall())
    assert set(states) == {"sent", "planned"}
    assert states["sent"] == len(day.accepted()) < 12
    assert day.leases() == 0
    assert json.loads(json.dumps(outcome.as_metadata()))["by_state"] == {"sent": states["sent"]}
