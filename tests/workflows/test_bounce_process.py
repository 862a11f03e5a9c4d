"""What people and servers answer, read from real mailboxes, and exactly what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.fleet import suppress_by_hand
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

pytestmark = pytest.mark.xdist_group("bounce_process")
_LATER = timedelta(minutes=2)


def inbound(day) -> list[tuple[str, str | None, str | None]]:
    """State, kind and reason of every mail that came in."""
    return day.admin.execute(
        "select state, kind, reason from outreach.inbound_messages where direction = 'in' order by id"
    ).fetchall()


def alerts(day) -> list[tuple[str, str]]:
    return day.admin.execute("select severity, title from outreach.alerts order by id").fetchall()


def test_each_reaction_has_its_effects(day):
    """One day with all of them; every person is a company of their own."""
    behaviours = (
        "accept", "unknown_user", "bounce_later", "mailbox_full", "policy_block", "out_of_office", "reply_interested",
        "reply_meeting", "reply_not_interested", "reply_stop", "complaint",
    )  # fmt: skip
    people = {behaviour: day.world.person(behaviour) for behaviour in behaviours}
    day.ready(*people.values())
    assert day.send().by_state == {"sent": len(people)}
    _, processed = day.read()
    assert (processed.processed, processed.untied, processed.unreadable) == (len(people) - 1, 0, 0)

    assert {behaviour: day.events(person) for behaviour, person in people.items()} == {
        "accept": [],
        "unknown_user": [("bounced", "hard")],
        "bounce_later": [("bounced", "hard")],
        "mailbox_full": [("bounced", "soft")],
        "policy_block": [("bounced", "block")],
        "out_of_office": [("auto_reply", None)],
        "reply_interested": [("reply", None)],
        "reply_meeting": [("reply", None)],
        "reply_not_interested": [("reply", None)],
        "reply_stop": [("reply", None)],
        "complaint": [("complaint", None)],
    }
    assert {behaviour: day.sequence(person)[:2] for behaviour, person in people.items()} == {
        "accept": ("active", None),
        "unknown_user": ("stopped", "suppressed_bounce"),
        "bounce_later": ("stopped", "suppressed_bounce"),
        "mailbox_full": ("stopped", "bounced"),
        "policy_block": ("stopped", "bounced"),
        "out_of_office": ("active", None),
        "reply_interested": ("stopped", "replied"),
        "reply_meeting": ("stopped", "replied"),
        "reply_not_interested": ("stopped", "replied"),
        "reply_stop": ("stopped", "suppressed_stop"),
        "complaint": ("stopped", "suppressed_complaint"),
    }
    assert day.suppressed() == {
        people["unknown_user"]: "bounce",
        people["bounce_later"]: "bounce",
        people["reply_stop"]: "stop",
        people["complaint"]: "complaint",
    }
    # Good news is told, once a mail.
    assert sorted(title.split()[0] for _, title in alerts(day)) == sorted(
        people[each] for each in ("reply_interested", "reply_meeting")
    )
    # Who is away is waited for; of the others only the silent one is written to again.
    out_until = day.admin.execute(
        "select out_until from outreach.contacts where address = %s", [people["out_of_office"]]
    ).fetchone()[0]
    assert out_until > day.today + timedelta(days=1)
    assert day.plan(days=1).planned == 1
    assert day.message(people["accept"], step=2)["state"] == "planned"
    assert day.judge().agrees


def test_who_wants_out_is_suppressed_under_both_addresses(day):
    person, other = day.world.person(), day.world.person()
    day.ready(person, other)
    day.send()
    day.answer(person, "Please remove me from your list.", sender="Kim <Private@Elsewhere.example>")
    day.read()
    assert day.suppressed() == {person: "stop", "private@elsewhere.example": "stop"}
    assert day.sequence(other)[0] == "active"
    # A contact that comes later with that address is never written to.
    day.invite("private@elsewhere.example")
    assert day.plan(days=1).planned == 1
    assert day.message(other, step=2)["state"] == "planned"


def test_who_opts_out_is_meant_under_every_spelling_of_the_address(day):
    """Case, a domain beyond ASCII, and tags: all are one person."""
    one, *others = ("ann+news@bücher.example", "ann@xn--bcher-kva.example", "ann+other@bücher.example")
    stranger = "anna@xn--bcher-kva.example"
    day.configure()
    day.invite(one, *others, stranger)
    assert day.plan().planned == 4
    suppress_by_hand(day.installation, day.tenant, "Ann+News@Bücher.example", author="ann", now=day.now)
    assert day.suppressed() == {"ann+news@xn--bcher-kva.example": "manual"}
    assert day.state(stranger) == ("planned", None)
    assert day.count("messages", "state = 'cancelled' and reason = 'suppressed_manual'") == 3
    # And who comes later.
    late = "ann+late@xn--bcher-kva.example"
    day.invite(late)
    day.plan(days=1)
    assert day.message(late) is None
    # What is planned all the same does not begin.
    day.admin.execute("update outreach.messages set to_address = %s where state = 'planned'", [late])
    day.send(later=timedelta(days=1, minutes=1))
    assert day.state(late) == ("cancelled", "suppressed")
    assert day.accepted() == []


def test_that_one_tag_is_dead_says_nothing_of_another(day):
    dead = day.world.person("unknown_user", site="direct")
    alive = dead.replace("unknown_user", "accept")
    day.ready(dead, alive)
    day.send()
    assert (day.suppressed(), day.state(alive)[0]) == ({dead: "bounce"}, "sent")


@pytest.mark.parametrize("stops_company", [False, True])
def test_an_answer_ends_the_sequences_of_the_company_where_the_campaign_says_so(day, stops_company):
    keen, colleague, *waiting = (f"{name}{day.world.person()[:4].strip('+')}@relay39.example" for name in "abcd")
    stranger = day.world.person()
    day.configure(campaign={"stops_company_on_reply": stops_company})
    day.invite(keen, colleague, stranger)
    assert day.plan().planned == 3
    day.send()
    # What is planned of the company's other sequences by then ends with them.
    day.invite(*waiting)
    assert day.plan().planned == 2
    day.answer(keen, "Sounds interesting, tell me more.")
    day.read()
    assert day.sequence(keen)[:2] == ("stopped", "replied")
    assert day.sequence(stranger)[0] == "active"
    assert {day.sequence(each)[0] for each in (colleague, *waiting)} == {"stopped" if stops_company else "active"}
    assert {day.state(each) for each in waiting} == {
        ("cancelled", "enrollment_stopped") if stops_company else ("planned", None)
    }
    assert day.suppressed() == {}


def test_who_has_left_the_company_is_not_written_to_again(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    day.answer(
        person,
        "Kim no longer works at Harbor. Please contact office@harbor.example instead.",
        subject="Automatic reply: Zoë, a question",
        Auto_Submitted="auto-replied",
    )
    day.read()
    assert day.sequence(person)[:2] == ("stopped", "left_company")
    assert day.admin.execute("select left_company_at from outreach.contacts").fetchone()[0] == day.now + _LATER
    assert (day.events(person), day.suppressed()) == ([("auto_reply", None)], {})


@pytest.mark.parametrize(
    "text,days",
    [
        ("I am out of the office. Ask Lee <lee@relay03.example> instead.", 7),
        ("I am out of the office until {:%d.%m.%Y}. Ask Lee <lee@relay03.example> instead.", 60),
    ],
    ids=["undated", "far away"],
)
def test_an_absent_contact_is_waited_for_and_the_delegate_is_never_written_to(day, text, days):
    person = day.world.person()
    day.ready(person)
    day.send()
    day.answer(
        person, text.format(day.today + timedelta(days=200)), subject="Automatic reply", Auto_Submitted="auto-replied"
    )
    day.read()
    received, out_until = day.admin.execute(
        "select (select received_at from outreach.inbound_messages where direction = 'in'), out_until from outreach.contacts"
    ).fetchone()
    assert out_until == received.date() + timedelta(days=days)
    assert day.plan(days=1).planned == 0
    assert day.count("contacts") == 1
    assert day.count("messages", "to_address = 'lee@relay03.example'") == 0


def test_an_answer_from_another_address_of_the_thread_counts_for_the_contact(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    day.answer(person, "Sounds interesting, tell me more.", sender="assistant@elsewhere.example")
    _, processed = day.read()
    assert (processed.untied, day.sequence(person)[:2]) == (0, ("stopped", "replied"))
    assert (day.events(person), day.suppressed()) == ([("reply", None)], {})


@pytest.mark.parametrize("already_presumed", [False, True])
def test_an_answer_settles_an_unknown_outcome(day, already_presumed):
    person = day.world.person()
    day.ready(person, boxes=1, provider="silent", policy={"unknown_outcome_seconds": 3600})
    day.inject("drop_after_data")
    day.send()
    if already_presumed:
        day.send(later=timedelta(hours=2))
    assert day.state(person)[0] == ("presumed_sent" if already_presumed else "outcome_unknown")
    day.answer(person, "Not interested.")
    day.read(later=timedelta(hours=2))
    assert day.state(person) == ("sent", "proven_by_imap")
    assert day.sequence(person)[:2] == ("stopped", "replied")


def test_a_bounce_of_nothing_of_ours_suppresses_nobody(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    forged = (
        "From: MAILER-DAEMON@evil.example\nTo: us\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt failed.\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; evil.example\n\n"
        "Final-Recipient: rfc822; {0}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <{1}@evil.example>\nTo: {0}\n\nHello\n--b--\n"
    )
    day.deliver(person, forged.format("stranger@relay00.example", "a").encode())
    _, processed = day.read()
    assert (processed.by_kind, processed.untied) == ({"bounce": 1}, 1)
    assert (day.suppressed(), day.count("events", "kind = 'bounced'")) == ({}, 0)
    assert day.sequence(person)[0] == "active"


def test_bytes_that_no_database_takes_hide_no_opt_out(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    message_id = day.message(person)["message_id"]
    raw = (
        f"From: {person}\nTo: us\nSubject: Re: \0\nIn-Reply-To: {message_id}\nReferences: <\0\udcff@x> {message_id}\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "Please remove me \0 from your list. \udcff\n"
    ).encode("utf-8", "surrogateescape")
    day.deliver(person, raw)
    day.deliver(person, b"")
    day.deliver(person, b"\0" * 5000)
    day.deliver(person, bytes(range(256)) * 40)
    _, processed = day.read()
    assert (processed.processed, processed.by_kind, processed.unreadable) == (1, {"reply": 1}, 3)
    assert day.suppressed() == {person: "stop"}
    assert day.admin.execute(
        "select classified ->> 'problem' from outreach.inbound_messages where state = 'unreadable' order by 1"
    ).fetchall() == [("empty",), ("no headers",), ("no headers",)]
    assert day.count("inbound_messages", "state = 'new'") == 0


def test_a_report_with_nonsense_for_an_address_stops_nothing(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    report = (
        "From: fbl@relay.example\nTo: us\nSubject: complaint\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\n\nA complaint.\n--b\n'
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\nUser-Agent: x\n"
        'Original-Rcpt-To: "a b\0c"@relay.example\nOriginal-Rcpt-To: nobody\n\n'
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {day.message(person)['message_id']}\n\nHello\n--b--\n"
    )
    day.deliver(person, report.encode())
    day.answer(person, "Sounds interesting, tell me more.")
    _, processed = day.read()
    assert (processed.by_kind, processed.unreadable) == ({"complaint": 1, "reply": 1}, 0)
    assert day.suppressed()[person] == "complaint"


@pytest.mark.parametrize(
    "kind, suppressed, events",
    [("opt-out", "stop", [("unsubscribe", None)]), ("virus", None, []), ("abuse", "complaint", [("complaint", None)])],
)
def test_a_feedback_report_does_what_its_type_says(day, kind, suppressed, events):
    person = day.world.person()
    day.ready(person)
    day.send()
    report = (
        "From: fbl@relay.example\nTo: us\nSubject: report\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\n\nA report.\n--b\n'
        f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\nUser-Agent: x\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {day.message(person)['message_id']}\n\nHello\n--b--\n"
    )
    day.deliver(person, report.encode())
    day.read()
    assert (day.suppressed().get(person), day.events(person)) == (suppressed, events)


def test_a_mail_that_nothing_is_ready_for_is_kept_and_holds_up_no_other(day):
    people = [day.world.person() for _ in range(2)]
    day.ready(*people)
    day.send()
    for person in people:
        day.answer(person, "Please remove me from your list.")
    # A database that refuses what follows from the first mail stands for whatever nobody has thought of.
    day.admin.execute(
        f"alter table outreach.suppressions add constraint nobody_thought_of_it check (value <> '{people[0]}')"
    )
    _, processed = day.read()
    assert (processed.processed, processed.unreadable) == (1, 1)
    assert sorted(state for state, _, _ in inbound(day)) == ["processed", "unreadable"]
    assert day.suppressed() == {people[1]: "stop"}
    problem = day.admin.execute(
        "select classified ->> 'problem' from outreach.inbound_messages where state = 'unreadable'"
    ).fetchone()[0]
    assert "nobody_thought_of_it" in problem


def test_a_mail_whose_blob_is_gone_is_unreadable(day):
    person = day.world.person("reply_stop")
    day.ready(person)
    day.send()
    day.world.settle()
    sync_mailboxes(day.installation, now=datetime.now(UTC))
    for file in Path(day.installation.settings.home, "blobs").rglob("*"):
        if file.is_file():
            file.unlink()
    processed = process_inbound(day.installation, now=day.now + _LATER)
    assert (processed.processed, processed.unreadable) == (0, 1)
    assert inbound(day) == [("unreadable", None, None)]
    assert process_inbound(day.installation, now=day.now + _LATER).unreadable == 0


def test_what_nobody_foresaw_in_one_mailbox_leaves_no_other_unread_and_loses_nothing(day):
    people = [day.world.person("reply_stop") for _ in range(2)]
    day.ready(*people, boxes=2)
    day.send()
    day.world.settle()
    # A blob store that is no folder any more stands for whatever nobody has thought of.
    blobs = Path(day.installation.settings.home, "blobs", str(day.tenant.id))
    aside = blobs.rename(blobs.with_name("aside"))
    blobs.write_text("in the way")
    outcome = sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert outcome.mailboxes + len(outcome.failures) == 2
    assert outcome.failures
    assert all(cause.startswith(("FileExistsError", "NotADirectoryError")) for cause in outcome.failures.values())
    blobs.unlink()
    aside.rename(blobs)
    assert not sync_mailboxes(day.installation, now=datetime.now(UTC)).failures
    assert process_inbound(day.installation, now=day.now + _LATER).processed == 2
    assert set(day.suppressed()) == set(people)


def test_a_folder_that_was_made_anew_is_not_read_twice(day):
    person = day.world.person("reply_interested")
    day.ready(person)
    day.send()
    day.read()
    day.admin.execute("update outreach.mailbox_folders set uidvalidity = uidvalidity + 1, last_uid = 0")
    synced, processed = day.read()
    assert (sum(synced.new_by_role.values()), processed.processed) == (0, 0)
    assert (len(alerts(day)), day.count("events", "kind = 'reply'")) == (1, 1)


def test_who_is_away_gets_nothing_that_was_planned_for_those_days_and_is_asked_for_again(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    day.admin.execute("update outreach.enrollments set due_on = %s", [day.today + timedelta(days=1)])
    assert day.plan(days=1).planned == 1
    assert day.message(person, step=2)["state"] == "planned"
    day.answer(
        person,
        "I am out of the office and back in a week.",
        subject="Automatic reply: Hello",
        Auto_Submitted="auto-replied",
    )
    day.read()
    assert (day.message(person, step=2)["state"], day.message(person, step=2)["reason"]) == (
        "cancelled",
        "out_of_office",
    )
    assert day.sequence(person)[0] == "active"
    assert day.plan(days=1).planned == 0
