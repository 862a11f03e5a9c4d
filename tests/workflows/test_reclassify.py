"""A correction undoes what a wrong class did, and never an opt-out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.receive.model import AutoReplyKind, BounceClass, Intent, MailKind
from outreach_pipeline.workflows.fleet import suppress_by_hand
from outreach_pipeline.workflows.inbox import done
from outreach_pipeline.workflows.reclassify import Correction, Verdict, reclassify

pytestmark = pytest.mark.xdist_group("reclassify")
LATER = timedelta(minutes=5)


def came(day, text: str, *, person: str | None = None, behaviour: str | None = None, **more) -> tuple[str, int]:
    """A person whose mail was read (an answer, or what a behaviour sends), and its number."""
    person = person or day.world.person(behaviour or "accept")
    day.ready(person)
    day.send()
    if behaviour is None:
        day.answer(person, text, **more)
    day.read()
    return person, day.admin.execute("select max(id) from outreach.inbound_messages where direction = 'in'").fetchone()[
        0
    ]


def correct(day, mail: int, kind: MailKind, **more) -> Correction:
    return reclassify(day.installation, None, mail, Verdict(kind, **more), author="ann", now=day.now + LATER)


def counted(day, person: str) -> list[tuple[str, str | None]]:
    """Events of a person that were not retracted, ``sent`` left out."""
    return day.admin.execute(
        "select v.kind, v.bounce_class from outreach.events v where v.recipient = %s and v.kind <> 'sent' and not exists"
        " (select from outreach.event_retractions r where r.tenant_id = v.tenant_id and r.event_id = v.id) order by v.id",
        [person],
    ).fetchall()


def is_planned_next(day, person: str) -> bool:
    day.plan(days=1)
    message = day.message(person, step=2)
    return message is not None and message["state"] == "planned"


def test_a_bounce_that_was_none_lets_the_contact_live(day):
    person, mail = came(day, "", behaviour="bounce_later")
    assert day.suppressed() == {person: "bounce"}
    correction = correct(day, mail, MailKind.OTHER)
    assert (correction.was_kind, correction.lifted, correction.reopened, correction.kept) == ("bounce", [person], 1, [])
    assert (day.suppressed(), counted(day, person), day.sequence(person)) == ({}, [], ("active", None, 2))
    assert is_planned_next(day, person)
    # The events stand: they are append-only.
    assert day.events(person) == [("bounced", "hard")]
    # That it proves the send stays true.
    assert day.state(person)[0] == "sent"


def test_an_opt_out_outlives_the_bounce_that_came_before_it(day):
    person, mail = came(day, "", behaviour="bounce_later")
    # It was suppressed already; from now on it is for good.
    assert suppress_by_hand(day.installation, day.tenant, person, author="ann", now=day.now) == (person, False)
    correction = correct(day, mail, MailKind.OTHER)
    assert (correction.lifted, correction.reopened) == ([], 0)
    assert correction.kept == [f"{person} stays suppressed (manual): an opt-out is final."]
    assert day.suppressed() == {person: "manual"}
    assert day.sequence(person)[0] == "stopped"


@pytest.mark.parametrize("behaviour", ["reply_stop", "complaint"])
def test_an_opt_out_is_never_undone(day, behaviour):
    person, mail = came(day, "", behaviour=behaviour)
    before = day.suppressed()
    correction = correct(day, mail, MailKind.REPLY, intent=Intent.INTERESTED)
    assert day.suppressed() == before
    assert correction.kept[0].endswith("an opt-out is final.")
    assert day.sequence(person)[0] == "stopped"
    # Whoever is never written to again has no news for anybody.
    assert day.count("alerts", "title like '%with interest%'") == 0
    assert not is_planned_next(day, person)


def test_a_reply_that_was_an_absence_note_goes_on_after_the_return(day):
    person, mail = came(day, "I will look at it when I am back in the office.")
    assert day.sequence(person)[:2] == ("stopped", "replied")
    back = day.today + timedelta(days=9)
    correct(day, mail, MailKind.AUTO_REPLY, auto_reply=AutoReplyKind.OUT_OF_OFFICE, return_date=back)
    assert (day.sequence(person)[0], counted(day, person)) == ("active", [("auto_reply", None)])
    assert day.admin.execute("select out_until from outreach.contacts").fetchone()[0] == back
    assert not is_planned_next(day, person)
    # And back again: what the correction did is undone like what the rules did.
    correct(day, mail, MailKind.REPLY, intent=Intent.LATER)
    assert (day.sequence(person)[:2], counted(day, person)) == (("stopped", "replied"), [("reply", None)])
    assert day.admin.execute("select out_until from outreach.contacts").fetchone()[0] is None
    row = day.admin.execute(
        "select kind, intent, correction_count, jsonb_array_length(classified -> 'corrected') from outreach.inbound_messages"
        " where id = %s",
        [mail],
    ).fetchone()
    assert row == ("reply", "later", 2, 2)


def test_an_absence_note_that_was_a_person_ends_the_sequence_and_is_told(day):
    person, mail = came(day, "", behaviour="out_of_office")
    assert day.count("contacts", "out_until is not null") == 1
    correct(day, mail, MailKind.REPLY, intent=Intent.INTERESTED)
    assert day.sequence(person)[:2] == ("stopped", "replied")
    assert day.count("alerts", "title like '%with interest%'") == 1
    assert day.count("contacts", "out_until is not null") == 0
    assert day.count("alerts", f"cause_key = 'reply/{mail}' and resolved_at is null") == 1
    correct(day, mail, MailKind.REPLY, intent=Intent.NOT_INTERESTED)
    assert day.count("alerts", "resolved_at is null") == 0


def test_of_what_is_done_already_a_correction_tells_nobody_again(day):
    _, mail = came(day, "Yes, I am interested.")
    done(day.installation, None, mail, author="ann", now=day.now)
    correct(day, mail, MailKind.REPLY)
    assert day.count("alerts", "resolved_at is null") == 0


def test_who_was_said_to_have_left_is_there_again(day):
    person, mail = came(
        day, "Kim no longer works at Harbor.", subject="Automatic reply: x", Auto_Submitted="auto-replied"
    )
    assert day.count("contacts", "left_company_at is not null") == 1
    correct(day, mail, MailKind.AUTO_REPLY, auto_reply=AutoReplyKind.TICKET)
    assert (day.count("contacts", "left_company_at is not null"), day.sequence(person)[0]) == (0, "active")


def test_what_another_mail_has_ended_too_stays_ended(day):
    person, first = came(day, "Sounds interesting, tell me more.")
    day.answer(person, "Are you there?")
    day.read()
    correction = correct(day, first, MailKind.OTHER)
    assert (correction.reopened, day.sequence(person)[:2]) == (0, ("stopped", "replied"))
    assert counted(day, person) == [("reply", None)]


def test_a_reply_that_was_a_bounce_suppresses_if_a_person_says_hard(day):
    person, mail = came(day, "Nobody of that name.")
    correct(day, mail, MailKind.BOUNCE)
    assert (day.suppressed(), counted(day, person)) == ({}, [("bounced", "soft")])
    correction = correct(day, mail, MailKind.BOUNCE, bounce_class=BounceClass.HARD)
    assert (correction.suppressed, day.suppressed(), counted(day, person)) == (
        1,
        {person: "bounce"},
        [("bounced", "hard")],
    )


def test_a_person_may_say_hard_of_a_report_that_names_another_address(day):
    person, mail = came(
        day, "jim@c.example\n550 5.1.1 user unknown", subject="Undeliverable", sender="MAILER-DAEMON@c.example"
    )
    assert (day.suppressed(), counted(day, person)) == ({}, [("bounced", "soft")])
    correct(day, mail, MailKind.BOUNCE, bounce_class=BounceClass.HARD)
    assert (day.suppressed(), counted(day, person)) == ({person: "bounce"}, [("bounced", "hard")])


@pytest.mark.parametrize(
    "said, reason", [("550 5.2.1 mailbox unavailable", "filtered"), ("552 5.2.2 mailbox full", "mailboxfull")]
)
def test_a_soft_bounce_that_is_hard_keeps_the_reason_that_was_heard_and_tells_what_it_does(day, said, reason):
    person = day.world.person("accept")
    day.ready(person)
    day.send()
    day.answer(person, f"{person}\n{said}", subject="Undeliverable", sender="MAILER-DAEMON@c.example")
    day.read()
    mail = day.admin.execute("select max(id) from outreach.inbound_messages where direction = 'in'").fetchone()[0]
    assert (day.suppressed(), reasons(day, mail)) == ({}, (reason, [reason]))
    for lifted in ([], [person]):
        # Said twice, the second time undoes the first.
        correction = correct(day, mail, MailKind.BOUNCE, bounce_class=BounceClass.HARD)
        assert (correction.suppressed, correction.lifted, correction.kept) == (1, lifted, [])
        assert (day.suppressed(), counted(day, person)) == ({person: "bounce"}, [("bounced", "hard")])
        assert reasons(day, mail) == (reason, [reason])


def test_what_was_suppressed_before_is_told_as_kept_though_the_correction_suppresses_too(day):
    person, mail = came(day, "Hm.", sender="kim@elsewhere.example")
    suppress_by_hand(day.installation, day.tenant, person, author="ann", now=day.now)
    correction = correct(day, mail, MailKind.REPLY, intent=Intent.STOP)
    assert (correction.suppressed, correction.kept) == (
        1,
        [f"{person} stays suppressed (manual): an opt-out is final."],
    )


def reasons(day, mail: int) -> tuple[str, list[str]]:
    """The reason that is kept of a bounce, and those of its events that still count."""
    kept = day.admin.execute("select reason from outreach.inbound_messages where id = %s", [mail]).fetchone()[0]
    told = day.admin.execute(
        "select v.reason from outreach.events v where v.kind = 'bounced' and not exists (select from outreach.event_retractions r"
        " where r.tenant_id = v.tenant_id and r.event_id = v.id) order by v.id"
    ).fetchall()
    return kept, [each[0] for each in told]


def test_a_correction_to_stop_opts_out(day):
    person, mail = came(day, "Hm.", sender="kim@elsewhere.example")
    correct(day, mail, MailKind.REPLY, intent=Intent.STOP)
    assert day.suppressed() == {person: "stop", "kim@elsewhere.example": "stop"}


def test_a_return_date_alone_says_out_of_office(day):
    person, mail = came(day, "I will look at it when I am back in the office.")
    back = day.today + timedelta(days=9)
    correct(day, mail, MailKind.AUTO_REPLY, return_date=back)
    assert day.sequence(person)[0] == "active"
    assert day.admin.execute("select out_until from outreach.contacts").fetchone()[0] == back


def test_a_machine_nobody_names_and_a_day_that_is_past_are_refused(day):
    person, mail = came(day, "I will look at it when I am back in the office.")
    with pytest.raises(UsageError, match=r"Give --auto-reply \(out_of_office, .*or --return-date"):
        correct(day, mail, MailKind.AUTO_REPLY)
    with pytest.raises(UsageError, match="is past: give the first day back"):
        correct(day, mail, MailKind.AUTO_REPLY, return_date=day.today - timedelta(days=1))
    assert day.sequence(person)[:2] == ("stopped", "replied")


def test_what_says_nothing_of_a_kind_is_refused():
    with pytest.raises(UsageError, match="intent says nothing of mail of kind bounce"):
        Verdict(MailKind.BOUNCE, intent=Intent.LATER)
    with pytest.raises(UsageError, match="return_date says nothing of mail of kind reply"):
        Verdict(MailKind.REPLY, return_date=date(2026, 3, 9))


@pytest.mark.parametrize("machine", [each for each in AutoReplyKind if each is not AutoReplyKind.OUT_OF_OFFICE])
def test_only_who_is_out_of_office_has_a_day_of_return(machine):
    with pytest.raises(UsageError, match=f"not of {machine}: leave it out"):
        Verdict(MailKind.AUTO_REPLY, auto_reply=machine, return_date=date(2026, 3, 9))
