"""What settles an outcome that nobody was told, and threads over relays that put their own Message-ID in place of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

pytestmark = pytest.mark.xdist_group("reconciling")
A_DAY = timedelta(days=1)


def unknown(day, *, provider: str = "filing", fault: str = "drop_in_data", behaviour: str = "accept", **more) -> str:
    """Have a message of unknown outcome: by default one that its server has not taken."""
    person = day.world.person(behaviour)
    day.ready(person, boxes=1, provider=provider, **more)
    day.inject(fault)
    day.send()
    assert day.state(person)[0] == "outcome_unknown"
    return person


def sync(day) -> int:
    outcome = sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert not outcome.failures
    return outcome.proven_failed


def pass_minutes(day, minutes: float) -> None:
    """As if the outcome had been unknown for so much longer."""
    day.admin.execute(
        "update outreach.messages set state_at = state_at - make_interval(secs => %s) where state = 'outcome_unknown'",
        [minutes * 60],
    )


def test_two_syncs_and_a_quarter_of_an_hour_without_a_copy_prove_that_it_was_not_taken(day):
    person = unknown(day)
    assert [sync(day), sync(day), sync(day)] == [0, 0, 0]
    assert day.state(person) == ("outcome_unknown", "connection_lost_after_data")
    pass_minutes(day, 16)
    assert sync(day) == 1
    assert day.state(person) == ("failed", "not_in_sent")
    assert day.sequence(person) == ("stopped", "delivery_failed", 1)
    assert (day.events(person), day.suppressed(), day.accepted()) == ([], {}, [])
    # It is final: neither time nor a plan nor a reading changes it.
    day.send(later=timedelta(days=2))
    assert sync(day) == 0
    assert day.plan(days=1).planned == 0
    assert day.state(person) == ("failed", "not_in_sent")
    assert day.judge(later=A_DAY).agrees


def test_one_sync_is_not_enough_however_late(day):
    person = unknown(day)
    pass_minutes(day, 60)
    assert sync(day) == 0
    assert day.state(person)[0] == "outcome_unknown"
    assert sync(day) == 1


def test_a_sync_that_began_before_the_outcome_was_unknown_does_not_count(day):
    person = unknown(day)
    day.admin.execute("update outreach.messages set state_at = now() + interval '1 hour'")
    assert [sync(day), sync(day)] == [0, 0]
    assert day.message(person)["absent_syncs"] == 0


@pytest.mark.parametrize("sent_copy", ["none", "append"])
def test_absence_proves_nothing_where_the_server_does_not_file(day, sent_copy):
    person = unknown(day, provider="silent", mailbox={"sent_copy": sent_copy})
    pass_minutes(day, 60)
    assert [sync(day), sync(day), sync(day)] == [0, 0, 0]
    assert (day.state(person)[0], day.message(person)["absent_syncs"]) == ("outcome_unknown", 0)


@pytest.mark.parametrize("sent_copy", ["none", "append"])
def test_a_copy_proves_nothing_where_the_server_does_not_file(day, sent_copy):
    person = unknown(day, fault="drop_after_data", mailbox={"sent_copy": sent_copy})
    synced, _ = day.read()
    assert synced.new_by_role["sent"] == 1
    assert (synced.proven_sent, day.state(person)[0]) == (0, "outcome_unknown")
    # But it is known for ours: no plan takes it for a person's mail.
    assert day.count("inbound_messages", "direction = 'out' and message_id is null") == 0
    day.send(later=timedelta(days=2))
    assert day.state(person) == ("presumed_sent", "unknown_deadline")


def test_a_copy_that_is_found_late_proves_the_send_and_ends_the_count(day):
    person = unknown(day, fault="drop_after_data")
    day.admin.execute("update outreach.messages set absent_syncs = 1")
    pass_minutes(day, 60)
    assert sync(day) == 0
    assert day.state(person) == ("sent", "proven_by_imap")
    assert day.sequence(person) == ("active", None, 2)


def answer(day, person: str, in_reply_to: str) -> None:
    box = day.mailboxes[0]
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = "Somebody <else@where.example>", box, "Re: a question"
    reply["Message-ID"] = f"<answer-{person.partition('+')[0]}@relay.example>"
    reply["In-Reply-To"] = in_reply_to
    reply.set_content("Yes, tell me more, please.")
    day.world.running.control.deliver(box, reply.as_bytes())


def on_the_wire(day, person: str, number: int = 0) -> str:
    return str(day.mails(person)[number]["Message-ID"])


@pytest.mark.parametrize("provider", ["naming", "rewriting"])
def test_a_thread_goes_by_the_id_that_the_relay_has_given(day, provider):
    person = day.world.person()
    day.ready(person, boxes=1, provider=provider)
    assert day.send().by_state == {"sent": 1}
    first, wire = day.message(person), on_the_wire(day, person)
    assert wire != first["message_id"]
    # One relay says it in its answer; of the other only the copy in Sent tells.
    assert first["wire_message_id"] == (wire if provider == "naming" else None)
    day.read()
    assert day.message(person)["wire_message_id"] == wire
    assert day.count("inbound_messages", "direction = 'out' and message_id is null") == 0

    assert day.plan(days=1).planned == 1
    assert day.send(later=A_DAY + timedelta(minutes=1)).by_state == {"sent": 1}
    follow_up = day.mails(person)[1]
    assert (follow_up["In-Reply-To"], follow_up["References"]) == (wire, wire)
    answer(day, person, wire)
    sync(day)
    process_inbound(day.installation, now=day.now + A_DAY + timedelta(minutes=2))
    assert day.admin.execute(
        "select kind, message_id, tied_by from outreach.inbound_messages where direction = 'in'"
    ).fetchall() == [("reply", first["id"], "message_id")]


def test_a_follow_up_that_is_planned_already_learns_the_relay_s_id(day):
    person = day.world.person()
    day.ready(person, boxes=1, provider="rewriting")
    day.send()
    assert day.plan(days=1).planned == 1
    assert day.message(person, step=2)["thread_message_id"] == day.message(person)["message_id"]
    day.read()
    assert day.message(person, step=2)["thread_message_id"] == on_the_wire(day, person)


def test_a_copy_with_the_relay_s_id_proves_a_send_by_our_own_header(day):
    person = unknown(day, provider="rewriting", fault="drop_after_data")
    synced, _ = day.read()
    assert synced.proven_sent == 1
    message = day.message(person)
    assert (message["state"], message["reason"]) == ("sent", "proven_by_imap")
    assert message["wire_message_id"] == on_the_wire(day, person)
    thread = day.admin.execute("select thread_message_id from outreach.enrollments").fetchone()[0]
    assert thread == message["wire_message_id"]


@pytest.mark.parametrize("provider", ["naming", "rewriting"])
def test_a_bounce_of_the_relay_s_id_is_tied(day, provider):
    person = day.world.person("unknown_user")
    day.ready(person, boxes=1, provider=provider)
    day.send()
    day.read()
    assert day.events(person) == [("bounced", "hard")]
    assert day.admin.execute(
        "select tied_by from outreach.inbound_messages where direction = 'in' and kind = 'bounce'"
    ).fetchall() == [("message_id",)]


def test_a_mail_that_names_another_mailbox_s_message_is_not_taken_for_its_copy(day):
    people = [day.world.person() for _ in range(2)]
    day.ready(*people, boxes=2, provider="silent", mailbox={"sent_copy": "server"})
    day.send()
    first, second = (day.message(person) for person in people)
    forged = EmailMessage()
    forged["Message-ID"] = "<other@evil.example>"
    forged["X-Outreach-Message-ID"] = first["message_id"]
    forged.set_content("x")
    boxes = dict(day.admin.execute("select id, address from outreach.mailboxes").fetchall())
    day.world.running.control.deliver(boxes[second["mailbox_id"]], forged.as_bytes(), folder="Sent")
    sync(day)
    assert day.message(people[0])["wire_message_id"] is None
    assert day.count("inbound_messages", "direction = 'out' and message_id is null") == 1
