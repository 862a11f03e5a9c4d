"""A doubtful wish to stop holds its address until a person says what was meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import NotAllowedError, UsageError
from outreach_pipeline.core.receive.model import AutoReplyKind, BounceClass, Intent, MailKind
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.inbox import count_inbox, list_inbox
from outreach_pipeline.workflows.reclassify import Correction, Verdict, reclassify
from outreach_pipeline.workflows.send_reply import send_reply

pytestmark = pytest.mark.xdist_group("reclassify")
LATER = timedelta(minutes=5)
DOUBTFUL = "No more, thanks."


def came(day, text: str = DOUBTFUL, **more) -> tuple[str, int]:
    """A person whose answer was read, and its number."""
    person = day.world.person()
    day.ready(person, boxes=1)
    day.send()
    return person, answer(day, person, text, **more)


def answer(day, person: str, text: str, **more) -> int:
    day.answer(person, text, **more)
    day.read()
    return day.admin.execute("select max(id) from outreach.inbound_messages where direction = 'in'").fetchone()[0]


def correct(day, mail: int, kind: MailKind = MailKind.REPLY, **more) -> Correction:
    return reclassify(day.installation, None, mail, Verdict(kind, **more), author="ann", now=day.now + LATER)


def open_alerts(day) -> list[tuple[str, str]]:
    return day.admin.execute("select cause_key, severity from outreach.alerts where resolved_at is null").fetchall()


def test_it_holds_both_addresses_and_asks_people_once(day):
    person, mail = came(day, sender="kim@private.example")
    assert day.suppressed() == {person: "unclear_stop", "kim@private.example": "unclear_stop"}
    assert day.sequence(person)[:2] == ("stopped", "suppressed_unclear_stop")
    assert day.plan(days=1).planned == 0
    (row,) = list_inbox(day.installation, day.tenant, now=day.now + LATER, only_unsure=True)
    assert (row.id, row.intent, row.is_sure, row.text) == (mail, "stop", False, DOUBTFUL)
    assert open_alerts(day) == [(f"reply/{mail}", "warning")]
    told = explain_contact(day.installation, day.tenant, person, day.today + timedelta(days=1), now=day.now)
    assert told["reason"] == "suppressed_unclear_stop"
    assert "holds until `outreach reclassify`" in " ".join(told["sentences"])


def test_one_in_an_absence_note_waits_in_the_inbox_too(day):
    person, mail = came(day, "I am out of office. Please remove me from your list.", Auto_Submitted="auto-replied")
    assert (day.events(person), day.suppressed()) == ([("auto_reply", None)], {person: "unclear_stop"})
    (row,) = list_inbox(day.installation, day.tenant, now=day.now + LATER)
    assert (row.id, row.kind, row.intent, row.is_sure) == (mail, "auto_reply", "stop", False)
    assert correct(day, mail, MailKind.AUTO_REPLY, auto_reply=AutoReplyKind.OUT_OF_OFFICE).lifted == [person]
    assert (day.suppressed(), day.sequence(person)[0]) == ({}, "active")
    assert list_inbox(day.installation, day.tenant, now=day.now + LATER) == []


def test_an_answer_waits_for_the_decision_and_says_so(day):
    person, mail = came(day)
    with pytest.raises(NotAllowedError, match=rf"mail {mail} may be a wish to stop.*outreach reclassify {mail} "):
        send_reply(day.installation, None, mail, text="Gladly.", author="ann", now=day.now + LATER)
    correct(day, mail, intent=Intent.LATER)
    assert send_reply(day.installation, None, mail, text="Gladly.", author="ann", now=day.now + LATER).state == "sent"
    assert len(day.mails(person)) == 2


def test_a_person_makes_it_final(day):
    person, mail = came(day)
    with pytest.raises(UsageError, match="--intent stop makes that final"):
        correct(day, mail)
    correction = correct(day, mail, intent=Intent.STOP)
    assert (day.suppressed(), open_alerts(day)) == ({person: "stop"}, [])
    assert (day.sequence(person)[:2], correction.reopened) == (("stopped", "suppressed_stop"), 1)
    # And then it is one: nothing takes it back.
    kept = correct(day, mail, intent=Intent.INTERESTED).kept
    assert kept == [f"{person} stays suppressed (stop): an opt-out is final."] * len(kept) != []
    assert day.suppressed() == {person: "stop"}


@pytest.mark.parametrize(
    "kind,more,state",
    [
        (MailKind.REPLY, {"intent": Intent.NOT_INTERESTED}, ("stopped", "replied")),
        (MailKind.AUTO_REPLY, {"auto_reply": AutoReplyKind.TICKET}, ("active", None)),
        (MailKind.OTHER, {}, ("active", None)),
    ],
)
def test_any_other_verdict_lifts_it(day, kind, more, state):
    person, mail = came(day)
    correction = correct(day, mail, kind, **more)
    assert (correction.lifted, correction.kept, day.suppressed()) == ([person], [], {})
    assert day.sequence(person)[:2] == state
    assert open_alerts(day) == []


def test_a_later_sure_stop_takes_its_place(day):
    person, mail = came(day)
    answer(day, person, "Please remove me from your list.")
    assert day.suppressed() == {person: "stop"}
    correction = correct(day, mail, intent=Intent.LATER)
    assert (correction.lifted, day.suppressed()) == ([], {person: "stop"})
    assert correction.kept


def test_what_was_final_before_stays(day):
    person, _ = came(day, "Please remove me from your list.")
    mail = answer(day, person, DOUBTFUL)
    assert day.suppressed() == {person: "stop"}
    assert (correct(day, mail, intent=Intent.LATER).lifted, day.suppressed()) == ([], {person: "stop"})


def test_another_mail_in_doubt_goes_on_holding(day):
    person, first = came(day)
    second = answer(day, person, "Enough of this.")
    correction = correct(day, first, intent=Intent.LATER)
    assert correction.kept == [f"{person} stays suppressed (unclear_stop): another mail may be a wish to stop."]
    assert day.suppressed() == {person: "unclear_stop"}
    assert correct(day, second, intent=Intent.LATER).lifted == [person]
    assert day.suppressed() == {}


def test_a_dead_address_stays_dead_when_the_doubt_is_lifted(day):
    person, mail = came(day)
    other = answer(day, person, "Hm.", sender="mailer-daemon@relay.example")
    correct(day, other, MailKind.BOUNCE, bounce_class=BounceClass.HARD)
    assert day.suppressed() == {person: "unclear_stop"}
    assert correct(day, mail, intent=Intent.LATER).lifted == []
    assert day.suppressed() == {person: "bounce"}


def test_counts_say_who_waits_for_a_decision(day):
    came(day)
    assert count_inbox(day.installation)[0]["unsure"] == 1
