"""A password that a server refuses for good is shown once; its mailbox waits until somebody has done something about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.fleet import FOR_GOOD, list_mailboxes, pause_mailboxes
from outreach_pipeline.workflows.health_check import check_mailbox

pytestmark = pytest.mark.xdist_group("refused_passwords")
AN_HOUR, TWO_HOURS = timedelta(hours=1), timedelta(hours=2)
MOST = 100
WORDS = "auth: 535 5.7.8 Error: authentication failed: wrong login or password"


def tries(day) -> int:
    """How many logins have met the fault, of which as many as MOST were armed."""
    return MOST - day.world.running.control.stats()["faults_armed"]


def alerts(day) -> list[tuple[str, bool]]:
    return day.admin.execute("select cause_key, resolved_at is null from outreach.alerts order by id").fetchall()


def pause(day) -> tuple[object, ...]:
    query = "select paused_reason, paused_until, paused_since, consecutive_errors from outreach.mailboxes"
    return day.admin.execute(query).fetchone()


def last_told(day) -> str:
    return f"At {day.now + timedelta(minutes=1):%Y-%m-%d %H:%M} UTC it failed at {WORDS}"


def resume(day, *, later: timedelta = AN_HOUR, until=None, reason=None) -> None:
    now = day.now + later
    rows = list_mailboxes(day.installation, day.tenant, filters={}, now=now)
    assert pause_mailboxes(day.installation, rows, until=until, reason=reason, author="ann", now=now) == 1


def refuse(day, *, people: int = 3, fast: bool = False, **policy) -> list[str]:
    """Have a mailbox's password refused while so many of its messages are due."""
    found = [day.world.person() for _ in range(people)]
    day.ready(*found, boxes=1, policy={"first_retry_seconds": 1, **policy})
    if fast:
        day.admin.execute(
            "update outreach.rate_limits set in_flight = null, message_count = 1000, per_seconds = 1, burst = 99"
        )
    day.inject("auth_fail", count=MOST)
    return found


@pytest.mark.parametrize("fast", [False, True], ids=["one claimed", "all claimed at once"])
def test_it_is_shown_once_by_all_senders_together_and_no_message_loses_an_attempt(day, fast):
    people = refuse(day, fast=fast)
    senders = [day.start_sender("--until-idle") for _ in range(2)]
    assert [each.wait(timeout=60) for each in senders] == [0, 0]
    assert tries(day) == 1
    day.send(later=TWO_HOURS)
    assert tries(day) == 1
    assert pause(day) == ("password_refused", FOR_GOOD, day.now + timedelta(minutes=1), 0)
    states = sorted(day.state(person) for person in people)
    assert states == [("deferred", "securityerror"), ("planned", None), ("planned", None)]
    assert day.admin.execute("select distinct attempts, retry_at from outreach.messages").fetchall() == [(0, None)]
    assert day.count("send_attempts", "stage = 'auth' and code = 535 and attempt = 1") == 1
    assert (day.count("breakers"), day.leases()) == (0, 0)


def test_even_the_last_attempt_waits(day):
    (person,) = refuse(day, people=1, give_up_after_attempts=1)
    day.send()
    assert day.state(person) == ("deferred", "securityerror")
    day.world.running.control.clear_faults()
    resume(day)
    assert day.send(later=AN_HOUR).by_state == {"sent": 1}


def test_what_the_server_does_not_mean_for_good_is_tried_again(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, policy={"first_retry_seconds": 1})
    day.inject("auth_later", count=2)
    day.send()
    assert (pause(day)[0], alerts(day)) == (None, [])
    assert day.send(later=AN_HOUR).by_state == {"sent": 2}
    assert day.accepted() != []


def test_a_person_s_resume_tries_once(day):
    refuse(day)
    day.send()
    key = f"mailbox/{day.mailboxes[0]}/password_refused"
    assert alerts(day) == [(key, True)]
    resume(day)
    assert alerts(day) == [(key, False)]
    day.send(later=AN_HOUR)
    assert tries(day) == 2
    assert pause(day)[:2] == ("password_refused", FOR_GOOD)
    assert alerts(day) == [(key, False), (key, True)]

    day.world.running.control.clear_faults()
    resume(day, later=TWO_HOURS)
    assert day.send(later=TWO_HOURS).by_state == {"sent": 3}
    assert alerts(day) == [(key, False), (key, False)]


def test_the_check_s_login_ends_this_pause_and_no_other(day):
    refuse(day)
    day.send()
    (address,) = day.mailboxes
    check_mailbox(day.installation, day.tenant, address, now=day.now + AN_HOUR)
    assert tries(day) == 2
    assert pause(day)[0] == "password_refused"
    day.world.running.control.clear_faults()
    check_mailbox(day.installation, day.tenant, address, now=day.now + AN_HOUR)
    assert pause(day)[:2] == (None, None)
    assert [is_open for _, is_open in alerts(day)] == [False, False]
    assert day.send(later=AN_HOUR).by_state == {"sent": 3}

    resume(day, until=FOR_GOOD, reason="on leave")
    check_mailbox(day.installation, day.tenant, address, now=day.now + AN_HOUR)
    assert pause(day)[:2] == ("on leave", FOR_GOOD)


def test_another_password_ends_it_and_the_same_does_not(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, mailbox={"password": "an old one"})
    day.send()
    key = f"mailbox/{day.mailboxes[0]}/password_refused"
    assert alerts(day) == [(key, True)]
    day.configure(boxes=1, mailbox={"password": "an old one", "display_name": "Another name"})
    assert pause(day)[0] == "password_refused"
    day.configure(boxes=1)
    assert pause(day)[:2] == (None, None)
    assert alerts(day) == [(key, False)]
    assert day.send(later=AN_HOUR).by_state == {"sent": 3}


def test_a_pause_that_stands_is_left_as_it_is(day):
    """A person pauses a mailbox while it logs in: its refusal comes when the pause stands already."""
    refuse(day, people=1)
    day.admin.execute(
        "create function outreach.pause_first() returns trigger language plpgsql as $$ begin"
        " update outreach.mailboxes set paused_until = 'infinity', paused_reason = 'on leave'; return new; end $$;"
        "create trigger pause_first after update on outreach.messages for each row when (new.state = 'claimed')"
        " execute function outreach.pause_first()"
    )
    day.send()
    assert tries(day) == 1
    assert day.admin.execute("select paused_reason from outreach.mailboxes").fetchone() == ("on leave",)


def test_people_are_told_the_server_s_words_and_the_cure(day):
    refuse(day)
    day.send()
    (address,) = day.mailboxes
    ((title, detail, severity),) = day.admin.execute("select title, detail, severity from outreach.alerts").fetchall()
    assert (title, severity) == (f"The mailbox {address} is out of rotation: its server refuses its password", "error")
    assert detail.startswith(f"{last_told(day)}; nothing of it is sent")
    assert f"`outreach resume mailbox {address} --tenant acme`" in detail
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now + AN_HOUR)
    assert (row.paused_reason, row.send_failure) == ("password_refused", WORDS)
    (finding,) = [
        each for each in examine(day.installation, now=day.now + AN_HOUR) if each.subject.endswith(", sending")
    ]
    assert finding.level == "problem"
    assert WORDS in finding.finding
    assert f"outreach check mailbox {address} --tenant acme" in finding.cure
    told = explain_mailbox(day.installation, day.tenant, address, day.today, now=day.now + AN_HOUR)["sentences"]
    assert [each for each in told if "password_refused" in each] == [
        "Now it is paused without an end: password_refused."
    ]
    assert [each for each in told if WORDS in each] == [f"{last_told(day)}, and it has not sent since."]


def test_errors_that_do_not_end_are_told_with_the_last_and_over_when_it_sends_again(day):
    people = [day.world.person() for _ in range(2)]
    day.ready(*people, boxes=1, policy={"max_consecutive_errors": 2, "first_retry_seconds": 1})
    day.inject("auth_later", count=2)
    day.send()
    key = f"mailbox/{day.mailboxes[0]}/consecutive_errors"
    assert alerts(day) == [(key, True)]
    (detail,) = day.admin.execute("select detail from outreach.alerts").fetchone()
    assert "failed at auth: 454 4.7.0 Temporary authentication failure; nothing of it is sent until " in detail
    assert day.send(later=TWO_HOURS).by_state == {"sent": 2}
    assert alerts(day) == [(key, False)]
    assert day.admin.execute("select send_failure, send_failed_at from outreach.mailboxes").fetchone() == (None, None)
