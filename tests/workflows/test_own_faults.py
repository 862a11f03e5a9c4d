"""What nobody has foreseen ends one attempt: it is told as an outcome, unless the server may have been given the message."""

from __future__ import annotations

import pytest

from outreach_pipeline.adapters.smtp.session import SmtpSession
from outreach_pipeline.workflows import deliver, prepared_messages
from tests.workflows.test_send_ahead import WIDE

SECRET = "the password is hunter2"


def breaks(*_: object, **__: object) -> None:
    raise LookupError(SECRET)


async def breaks_later(*_: object, **__: object) -> None:
    breaks()


@pytest.mark.parametrize(
    "broken, stage, errors",
    [
        ((prepared_messages, "compose", breaks), "gate", 0),
        ((SmtpSession, "open", breaks_later), "connect", 1),
        ((SmtpSession, "address", breaks_later), "mail", 1),
        ((deliver.Delivery, "_keep_copy", breaks_later), "rcpt", 1),
    ],
    ids=["gate", "login", "address", "begin"],
)
def test_a_fault_before_the_data_defers_the_message_and_tells_its_type_alone(day, monkeypatch, broken, stage, errors):
    person, other = day.world.person(), day.world.person()
    day.ready(person, boxes=1, policy={"first_retry_seconds": 1}, mailbox={"sent_copy": "append"})
    with monkeypatch.context() as patched:
        patched.setattr(*broken)
        outcome = day.send()
    assert (outcome.by_state, outcome.by_reason) == ({"deferred": 1}, {"own_fault": 1})
    assert day.state(person) == ("deferred", "own_fault")
    assert day.attempts(person) == [(stage, "deferred", None)]
    text = "A fault of the platform ended the attempt: LookupError. The log of the run tells more (send_attempt_broke)."
    assert day.message(person)["reason_detail"] == text
    assert not day.count("messages", "messages::text like '%hunter2%'")
    query = "select consecutive_errors, send_failure from outreach.mailboxes"
    assert day.admin.execute(query).fetchone() == (errors, f"{stage}: {text}" if errors else None)
    assert (day.leases(), day.count("breakers"), day.accepted()) == (0, 0, [])
    # Nothing stands still for it.
    day.invite(other)
    day.plan()
    day.admin.execute("update outreach.messages set retry_at = null")
    assert day.send().by_state["sent"] >= 1
    assert person in day.accepted()


def test_a_fault_after_the_data_was_begun_leaves_the_message_to_its_lease(day, monkeypatch):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, rate_limits=WIDE)
    person = day.admin.execute("select to_address from outreach.messages order by due_at, id").fetchone()[0]
    transmit = SmtpSession.transmit

    async def given_and_broken(session: SmtpSession, content: bytes, **more: object) -> None:
        await transmit(session, content, **more)
        breaks()

    monkeypatch.setattr(SmtpSession, "transmit", given_and_broken)
    assert day.send(for_seconds=2).by_state == {"broken": 1}
    assert day.state(person) == ("sending", None)
    assert (day.attempts(person), day.accepted()) == ([], [person])
    # Those behind it go back, and have lost nothing.
    waiting = [day.message(each) for each in people if each != person]
    assert {(each["state"], each["reason"], each["attempts"]) for each in waiting} == {("planned", None, 0)}
    monkeypatch.undo()
    day.admin.execute("update outreach.messages set lease_expires_at = clock_timestamp() - interval '1 second'")
    day.send(for_seconds=2)
    assert day.state(person) == ("outcome_unknown", "worker_lost")
    assert sorted(day.accepted()) == sorted(people)
