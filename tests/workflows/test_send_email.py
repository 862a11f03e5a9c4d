"""Every way in which an attempt can end leaves exactly the state that it should, and nothing is ever sent twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.adapters.smtp.session import Timeouts, _reply
from outreach_pipeline.workflows import mailbox_login
from outreach_pipeline.workflows.send_ledger import Result

pytestmark = pytest.mark.xdist_group("send_email")
TWO_HOURS, A_DAY = timedelta(hours=2), timedelta(days=1)


def test_all_goes_well(day):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people)
    outcome = day.send()
    assert outcome.by_state == {"sent": 6}
    assert sorted(day.accepted()) == sorted(people)
    assert {day.state(person) for person in people} == {("sent", None)}
    assert {day.sequence(person) for person in people} == {("active", None, 2)}
    assert day.attempts(people[0]) == [("done", "sent", 250)]
    assert day.leases() == 0
    assert day.judge().agrees


@pytest.mark.parametrize(
    "fault, more, expected",
    [
        ("drop_at_connect", {}, ("connect", None, True)),
        ("reply_421", {"stage": "connect"}, ("connect", 421, True)),
        ("drop_at_ehlo", {}, ("tls", None, True)),
        ("drop_at_starttls", {}, ("tls", None, True)),
        ("drop_at_auth", {}, ("auth", None, True)),
        ("auth_later", {}, ("auth", 454, True)),
        ("drop_at_mail", {}, ("mail", None, True)),
        ("reply_421", {"stage": "mail"}, ("mail", 421, True)),
        ("drop_at_rcpt", {}, ("rcpt", None, False)),
        ("reply_421", {"stage": "rcpt"}, ("rcpt", 421, False)),
        ("reply_421", {"stage": "data"}, ("data", 421, False)),
        ("drop_before_data", {}, ("data", None, False)),
        ("reply_421", {"stage": "end"}, ("end-of-data", 421, False)),
    ],
)
def test_what_fails_before_the_server_has_it_is_tried_again(day, fault, more, expected):
    stage, code, is_ours = expected
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject(fault, **more)
    day.send()
    message = day.message(person)
    assert (message["state"], message["smtp_code"], message["sending_at"]) == ("deferred", code, None)
    assert message["retry_at"] > day.now + timedelta(minutes=1)
    assert [(each[0], each[2]) for each in day.attempts(person)] == [(stage, code)]
    # Of the recipient it says something only if it was asked for them.
    assert day.events(person) == ([("deferred", None)] if code and not is_ours else [])
    errors = day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone()[0]
    # A host that fails has its breaker, and its mailboxes go on with it.
    is_of_host = stage in {"connect", "tls"} or code == 421
    assert (errors, day.count("breakers")) == (int(is_ours and not is_of_host), int(is_of_host))
    assert (day.accepted(), day.leases()) == ([], 0)

    day.send(later=TWO_HOURS)
    assert day.state(person) == ("sent", None)
    assert day.accepted() == [person]
    assert day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone()[0] == 0


def test_a_wrong_password_is_tried_once_an_attempt(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("auth_fail", count=10)
    day.send()
    assert day.world.running.control.stats()["faults_armed"] == 9


def test_a_mailbox_whose_own_errors_do_not_end_rests(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, policy={"max_consecutive_errors": 2})
    day.inject("auth_later", count=10)
    outcome = day.send()
    assert outcome.by_state == {"deferred": 2}
    paused = day.admin.execute("select paused_reason, paused_until from outreach.mailboxes").fetchone()
    assert paused == ("consecutive_errors", day.now + timedelta(minutes=61))
    assert sorted(day.state(person)[0] for person in people) == ["deferred", "deferred", "planned"]

    day.world.running.control.clear_faults()
    assert day.send(later=TWO_HOURS).by_state == {"sent": 3}


def test_given_up_for_the_mailbox_s_own_sake_is_cancelled_and_asked_for_again(day):
    person = day.world.person()
    day.ready(person, boxes=1, policy={"give_up_after_attempts": 1})
    day.inject("auth_later")
    day.send()
    assert day.state(person)[0] == "cancelled"
    assert (day.sequence(person), day.events(person)) == (("active", None, 1), [])
    assert day.plan(days=1).planned == 1


@pytest.mark.parametrize(
    "behaviour, expected",
    [
        ("unknown_user", ("failed", "rcpt", [("bounced", "hard")], True, ("stopped", 1))),
        ("policy_block", ("failed", "end-of-data", [("bounced", "block")], False, ("stopped", 1))),
        ("mailbox_full", ("deferred", "rcpt", [("deferred", None)], False, ("active", 1))),
        ("greylist", ("deferred", "rcpt", [("deferred", None)], False, ("active", 1))),
        ("rate_limit", ("deferred", "rcpt", [("deferred", None)], False, ("active", 1))),
    ],
)
def test_what_a_recipient_s_server_answers(day, behaviour, expected):
    state, stage, events, suppressed, sequence = expected
    person = day.world.person(behaviour, site="direct")
    day.ready(person, boxes=1)
    day.send()
    assert day.state(person)[0] == state
    assert [each[0] for each in day.attempts(person)] == [stage]
    assert (day.events(person), day.accepted()) == (events, [])
    assert day.suppressed() == ({person: "bounce"} if suppressed else {})
    found = day.sequence(person)
    assert (found[0], found[2]) == sequence
    assert day.leases() == 0
    assert day.judge().agrees


@pytest.mark.parametrize("behaviour", ["greylist", "rate_limit"])
def test_who_asked_for_patience_gets_it(day, behaviour):
    person = day.world.person(behaviour, site="direct")
    day.ready(person, boxes=1)
    day.send()
    assert day.send(later=timedelta(minutes=2)).by_state == {}
    day.send(later=TWO_HOURS)
    assert day.state(person) == ("sent", None)
    assert day.accepted() == [person]
    assert day.judge().agrees


def test_who_never_has_room_is_given_up(day):
    person = day.world.person("mailbox_full", site="direct")
    day.ready(person, boxes=1, policy={"give_up_after_attempts": 2})
    day.send()
    day.send(later=TWO_HOURS)
    assert day.state(person)[0] == "failed"
    assert day.events(person) == [("deferred", None), ("bounced", "soft")]
    assert (day.sequence(person)[0], day.suppressed()) == ("stopped", {})


@pytest.mark.parametrize("fault", ["drop_in_data", "drop_after_data"])
def test_a_connection_lost_in_data_is_an_unknown_outcome_until_its_deadline(day, fault):
    person = day.world.person()
    day.ready(person, boxes=1, provider="silent", policy={"unknown_outcome_seconds": 3600})
    day.inject(fault)
    day.send()
    message = day.message(person)
    assert (message["state"], message["reason"]) == ("outcome_unknown", "connection_lost_after_data")
    assert message["unknown_until"] == day.now + timedelta(minutes=61)
    assert (day.sequence(person), day.leases()) == (("active", None, 1), 0)

    # Neither time nor another plan nor reading sends it again.
    assert day.plan().planned == 0
    day.send(later=timedelta(minutes=30))
    day.read()
    assert day.state(person)[0] == "outcome_unknown"

    day.send(later=TWO_HOURS)
    assert day.state(person) == ("presumed_sent", "unknown_deadline")
    assert day.sequence(person) == ("active", None, 2)
    assert day.plan().planned == 0
    assert day.accepted() == ([person] if fault == "drop_after_data" else [])
    assert day.judge(later=TWO_HOURS).agrees


def test_a_copy_in_sent_settles_an_unknown_outcome(day):
    person = day.world.person()
    day.ready(person, boxes=1, provider="filing")
    day.inject("drop_after_data")
    day.send()
    synced, _ = day.read()
    assert synced.proven_sent == 1
    assert day.state(person) == ("sent", "proven_by_imap")
    assert day.sequence(person) == ("active", None, 2)
    assert day.admin.execute("select kind, origin from outreach.events").fetchall() == [("sent", "imap")]
    assert day.judge(later=A_DAY).agrees


@pytest.mark.parametrize("already_presumed", [False, True])
def test_a_bounce_settles_an_unknown_outcome(day, already_presumed):
    person = day.world.person("unknown_user")
    day.ready(person, boxes=1, provider="silent", policy={"unknown_outcome_seconds": 3600})
    day.inject("drop_after_data")
    day.send()
    if already_presumed:
        day.send(later=TWO_HOURS)
        assert day.state(person)[0] == "presumed_sent"
    day.read(later=TWO_HOURS)
    assert day.state(person) == ("sent", "proven_by_imap")
    assert day.events(person) == [("bounced", "hard")]
    assert day.suppressed() == {person: "bounce"}
    assert day.sequence(person)[0] == "stopped"
    assert day.judge(later=A_DAY).agrees


def test_a_connection_serves_the_next_message_after_a_refusal(day):
    people = [day.world.person("unknown_user", site="direct"), *(day.world.person() for _ in range(3))]
    day.ready(*people, boxes=1)
    assert day.send().by_state == {"sent": 3, "failed": 1}
    assert sorted(day.accepted()) == sorted(people[1:])


def test_a_reply_that_comes_too_late_is_not_taken_for_another_one_s(day, monkeypatch):
    class Impatient(mailbox_login.SmtpSession):
        def __init__(self, account, **_):
            super().__init__(account, timeouts=Timeouts.of(0.5))

    monkeypatch.setattr(mailbox_login, "SmtpSession", Impatient)
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    day.inject("slow", stage="rcpt", seconds=1.0)
    assert day.send().by_state == {"deferred": 1, "sent": 2}
    assert day.send(later=TWO_HOURS).by_state == {"sent": 1}
    assert sorted(day.accepted()) == sorted(people)
    assert day.judge().agrees


def test_a_follow_up_goes_into_the_same_thread(day):
    people = [day.world.person() for _ in range(4)]
    day.ready(*people, boxes=2)
    day.send()
    first = {person: day.message(person) for person in people}
    assert day.plan(days=1).planned == 4
    day.send(later=A_DAY + timedelta(minutes=1))
    for person in people:
        earlier, later = day.mails(person)
        message = day.message(person, step=2)
        assert message["state"] == "sent"
        assert message["mailbox_id"] == first[person]["mailbox_id"]
        assert earlier["From"] == later["From"]
        assert (earlier["Subject"], later["Subject"]) == ("Zoë, a question", "Re: Zoë, a question")
        assert (later["In-Reply-To"], later["References"]) == (earlier["Message-ID"], earlier["Message-ID"])
        assert earlier["Message-ID"] == first[person]["message_id"] != later["Message-ID"] == message["message_id"]
        assert (earlier["In-Reply-To"], earlier["References"]) == (None, None)
        assert later["List-Unsubscribe"] != earlier["List-Unsubscribe"]
    assert {day.sequence(person) for person in people} == {("finished", "completed", 3)}
    assert day.plan(days=2).planned == 0


def test_a_third_step_answers_the_second_and_names_the_whole_thread(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.admin.execute(
        "insert into outreach.campaign_steps (tenant_id, campaign_id, step_number, variant, wait_days, subject, text_body)"
        " select tenant_id, campaign_id, 3, variant, 1, subject, text_body from outreach.campaign_steps"
        " where step_number = 2 and campaign_id in (select campaign_id from outreach.enrollments)"
    )
    for days in range(3):
        if days:
            assert day.plan(days=days).planned == 1
        day.send(later=days * A_DAY + timedelta(minutes=1))
    first, second, third = day.mails(person)
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    assert third["Subject"] == second["Subject"] == "Re: Zoë, a question"


def test_a_server_may_answer_in_any_bytes(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    (claimed,) = day.claim()
    reply = _reply(550, b"5.7.1 zur\xfcckgewiesen\x00".decode("utf-8", "surrogateescape"))
    (answer,) = day.write(
        Result(
            tenant_id=day.tenant.id,
            id=claimed.id,
            token=claimed.token,
            mailbox_id=claimed.mailbox_id,
            state="failed",
            stage="rcpt",
            outcome="bounced",
            started_at=day.now,
            finished_at=day.now,
            duration_ms=1,
            smtp_code=reply.code,
            enhanced_code=reply.enhanced_code,
            reply=reply.text,
            event_kind="bounced",
        ),
    )
    assert answer == "written"
    assert day.admin.execute("select text from outreach.send_attempts").fetchone()[0] == "5.7.1 zur\ufffdckgewiesen"
