"""The inbox for people: what is listed, what people note, answers through the ledger, export."""

from __future__ import annotations

import csv
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from outreach_pipeline.core.errors import NotAllowedError, UsageError
from outreach_pipeline.workflows import send_reply as sending
from outreach_pipeline.workflows.due_days import close_days
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_mailboxes, suppress_by_hand
from outreach_pipeline.workflows.inbox import (
    assign,
    count_inbox,
    done,
    export_csv,
    export_eml,
    list_inbox,
    read_thread,
    snooze,
)
from outreach_pipeline.workflows.send_reply import send_reply

pytestmark = pytest.mark.xdist_group("inbox")
LATER = timedelta(minutes=3)


def read(day, *, minutes: float = 2) -> None:
    """Read what came, as if it had come so long after the plan: the mail world has the clock's time, sending the business's."""
    before = day.admin.execute("select coalesce(max(id), 0) from outreach.inbound_messages").fetchone()[0]
    day.read(later=timedelta(minutes=minutes))
    day.admin.execute(
        "update outreach.inbound_messages set received_at = %s where id > %s and direction = 'in'",
        [day.now + timedelta(minutes=minutes), before],
    )


def answered(day, text: str = "Sounds interesting, tell me more.", **more) -> tuple[str, int]:
    """A person who has answered, and the number of that mail."""
    person = day.world.person()
    day.ready(person, boxes=1)
    day.send()
    day.answer(person, text, **more)
    read(day)
    return person, day.admin.execute("select max(id) from outreach.inbound_messages where direction = 'in'").fetchone()[
        0
    ]


def reply(day, mail: int, text: str = "Gladly: when shall I call?", **more):
    return send_reply(day.installation, None, mail, text=text, author="ann", now=day.now + LATER, **more)


def listed(day, **filters) -> list[int]:
    return [row.id for row in list_inbox(day.installation, day.tenant, now=day.now + LATER, **filters)]


def test_replies_are_listed_with_thread_and_contact(day):
    keen, cool = day.world.person(), day.world.person()
    day.ready(keen, cool, boxes=1)
    day.send()
    day.answer(keen, "Sounds interesting, tell me more.")
    day.answer(cool, "Hm.")
    read(day)
    rows = {row.from_address: row for row in list_inbox(day.installation, None, now=day.now + LATER)}
    assert set(rows) == {keen, cool}
    row = rows[keen]
    assert (row.tenant, row.kind, row.intent, row.is_sure) == ("acme", "reply", "interested", True)
    assert (row.contact, row.company, row.campaign, row.mailbox) == ("Zoë Kim", "Harbor", "spring", day.mailboxes[0])
    assert row.text == "Sounds interesting, tell me more."
    assert listed(day, intent="interested") == [row.id]
    assert listed(day, only_unsure=True) == [rows[cool].id]
    assert listed(day, kinds=["bounce"]) == []
    with pytest.raises(UsageError, match="is no intent"):
        listed(day, intent="keen")
    with pytest.raises(UsageError, match="is no kind"):
        listed(day, kinds=["letter"])
    assert count_inbox(day.installation) == [{"tenant": "acme", "kind": "reply", "mails": 2, "unsure": 1}]
    thread = read_thread(day.installation, None, row.id)
    assert (thread.mail.contact_name, thread.mail.contact_address) == ("Zoë Kim", keen)
    assert [(each.direction, each.kind, each.step, each.address) for each in thread.items] == [
        ("out", "campaign", 1, keen), ("in", "reply", None, keen),
    ]  # fmt: skip
    with pytest.raises(UsageError, match="There is no mail 999"):
        read_thread(day.installation, None, 999)


def test_what_people_note_keeps_a_mail_off_the_list_or_brings_it_back(day):
    _, mail = answered(day)
    now = day.now + LATER
    assert assign(day.installation, None, mail, assignee="ann")[1].assignee == "ann"
    assert (listed(day, assignee="ann"), listed(day, assignee="ben")) == ([mail], [])
    snooze(day.installation, day.tenant, mail, until=now + timedelta(hours=1))
    assert (listed(day), listed(day, with_done=True)) == ([], [mail])
    assert [row.id for row in list_inbox(day.installation, None, now=now + timedelta(hours=1))] == [mail]
    snooze(day.installation, day.tenant, mail, until=None)
    done(day.installation, None, mail, author="ann", now=now)
    assert (listed(day), day.count("alerts", "resolved_at is null")) == ([], 0)
    assert day.admin.execute("select done_by from outreach.inbound_messages where id = %s", [mail]).fetchone() == (
        "ann",
    )
    done(day.installation, None, mail, author="ann", now=now, is_done=False)
    assert listed(day) == [mail]


def test_an_answer_goes_out_once_in_the_thread_from_its_mailbox(day):
    person, mail = answered(day)
    outcome = reply(day, mail)
    assert (outcome.state, outcome.is_new, outcome.mailbox) == ("sent", True, day.mailboxes[0])
    first, second = day.mails(person)
    theirs = day.admin.execute(
        "select rfc822_message_id from outreach.inbound_messages where id = %s", [mail]
    ).fetchone()[0]
    assert (second["Subject"], second["In-Reply-To"]) == ("Re: Zoë, a question", theirs)
    assert second["References"].split() == [first["Message-ID"], theirs]
    assert second["Message-ID"] == outcome.message_id
    assert second["From"] == first["From"]
    assert "Zoë Kim" in second["To"]
    text = second.get_content()
    assert text.startswith("Gladly: when shall I call?")
    # As all mail.
    assert "Hauptstr. 1" in text
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert listed(day) == []
    again = reply(day, mail)
    assert (again.state, again.is_new, again.id) == ("sent", False, outcome.id)
    assert len(day.mails(person)) == 2
    assert reply(day, mail, "One thing more.").is_new
    assert [(each.direction, each.kind, each.text[:6].strip(), each.author) for each in read_thread(day.installation, None, mail).items] == [
        ("out", "campaign", "Hello", None), ("in", "reply", "Sounds", None),
        ("out", "reply", "Gladly", "ann"), ("out", "reply", "One th", "ann"),
    ]  # fmt: skip
    report = day.judge(later=LATER)
    assert (report.lost, report.sent_twice) == ([], [])


def test_what_the_contact_answers_to_an_answer_is_in_the_same_thread(day):
    person, mail = answered(day)
    reply(day, mail)
    second = day.mails(person)[1]
    raw = (
        f"From: {person}\nTo: {second['From']}\nSubject: Re: x\nMessage-ID: <again@relay.example>\n"
        f"In-Reply-To: {second['Message-ID']}\n\nLet us talk on Tuesday.\n"
    )
    day.deliver(person, raw.encode())
    read(day, minutes=4)
    (newest,) = listed(day)
    assert [each.direction for each in read_thread(day.installation, None, newest).items] == ["out", "in", "out", "in"]
    outcome = reply(day, newest, "Tuesday it is.")
    third = day.mails(person)[2]
    assert third["References"].split()[-2:] == [second["Message-ID"], "<again@relay.example>"]
    assert outcome.state == "sent"


def test_words_are_no_template_and_no_header(day):
    person, mail = answered(day, subject="Re: Zoë {{ 7 * 7 }}")
    outcome = reply(day, mail, "No header.", subject="Two\r\nBcc: everybody@relay.example")
    assert (outcome.state, outcome.reason, outcome.will_go) == ("cancelled", "gate_header_injection", False)
    assert outcome.reason_detail == "The subject holds a line break: write it on one line."
    assert listed(day) == [mail]
    # What was refused may be tried again.
    assert reply(day, mail, "No header.", subject="One line").state == "sent"
    assert reply(day, mail, "Braces {% are %} only {{ braces }}, and None, too.").state == "sent"
    _, first, second = day.mails(person)
    assert first["Subject"] == "One line"
    assert second["Subject"] == "Re: Zoë {{ 7 * 7 }}"
    assert second.get_content().startswith("Braces {% are %} only {{ braces }}, and None, too.")


def test_a_refusal_says_what_to_change(day):
    _, mail = answered(day)
    outcome = reply(day, mail, "See http://plain.example/ please.")
    assert (outcome.reason, outcome.reason_detail) == (
        "gate_insecure_link",
        "The link 'http://plain.example/' does not begin with https:// and a host, mailto:, tel: or #: write one that does.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "named,goes_there", [("kim@{domain}", True), ("Kim <kim@desk.{domain}>", True), ("kim@elsewhere.example", False), ("nobody", False)]
)  # fmt: skip
def test_an_answer_goes_to_reply_to_of_the_same_firm_only(day, named, goes_there):
    domain = "firm.example"
    _, mail = answered(day, sender=f"zoe@{domain}", Reply_To=named.format(domain=domain))
    wanted = named.format(domain=domain).removeprefix("Kim <").removesuffix(">") if goes_there else f"zoe@{domain}"
    assert reply(day, mail).to_address == wanted


def test_nobody_who_opted_out_is_reached_by_reply_to(day):
    _, mail = answered(day, sender="zoe@firm.example", Reply_To="kim@firm.example")
    suppress_by_hand(day.installation, day.tenant, "zoe@firm.example", author="ann", now=day.now)
    outcome = reply(day, mail)
    assert (outcome.to_address, outcome.state, outcome.reason) == ("zoe@firm.example", "cancelled", "suppressed")


def test_a_thread_shows_what_was_sent_and_says_where_it_cannot(day):
    person, mail = answered(day)
    (sent,) = day.mails(person)
    shown = read_thread(day.installation, None, mail).items[0].text
    assert shown.splitlines()[0] == sent.get_content().splitlines()[0] != ""
    assert "/u/…" in shown
    day.admin.execute("update outreach.campaign_steps set subject = 'Another one'")
    assert "have changed" in read_thread(day.installation, None, mail).items[0].text
    day.admin.execute("update outreach.campaign_steps set text_body = '{{ nowhere }}'")
    assert "have changed" in read_thread(day.installation, None, mail).items[0].text
    day.admin.execute("delete from outreach.campaign_steps")
    assert "no longer configured" in read_thread(day.installation, None, mail).items[0].text


def test_what_is_done_twice_keeps_its_time(day):
    _, mail = answered(day)
    done(day.installation, None, mail, author="ann", now=day.now)
    _, again = done(day.installation, None, mail, author="bob", now=day.now + LATER)
    assert again.done_at == day.now
    done(day.installation, None, mail, author="ann", now=day.now + LATER, is_done=False)
    _, anew = done(day.installation, None, mail, author="bob", now=day.now + LATER)
    assert anew.done_at == day.now + LATER


def test_a_name_has_a_length_and_a_kind_its_intents(day):
    _, mail = answered(day)
    with pytest.raises(UsageError, match="at most 100 characters"):
        assign(day.installation, None, mail, assignee="x" * 101)
    with pytest.raises(UsageError, match="has no intent interested"):
        listed(day, kinds=["bounce"], intent="interested")
    assert listed(day, kinds=["auto_reply"], intent="stop") == []


def test_nobody_who_opted_out_is_answered(day):
    person, mail = answered(day)
    # Another tag of the same person counts.
    suppress_by_hand(day.installation, day.tenant, person.replace("+b-", "+other-"), author="ann", now=day.now)
    outcome = reply(day, mail)
    assert (outcome.state, outcome.reason) == ("cancelled", "suppressed")
    assert outcome.reason_detail == "The recipient opted out (manual): nothing can be sent to this address."
    assert len(day.mails(person)) == 1
    assert listed(day) == [mail]


def test_an_answer_waits_for_its_mailbox_and_goes_with_its_lane(day, monkeypatch):
    monkeypatch.setattr(sending, "_SEND_SECONDS", 0.5)
    person, mail = answered(day)
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
    pause_mailboxes(
        day.installation, [row], until=day.now + timedelta(hours=1), reason="rest", author="ann", now=day.now
    )
    outcome = reply(day, mail)
    assert (outcome.state, outcome.will_go) == ("planned", True)
    assert len(day.mails(person)) == 1
    day.send(later=timedelta(hours=2))
    assert day.mails(person)[1].get_content().startswith("Gladly")


def test_an_answer_that_does_not_go_out_after_all_brings_its_mail_back(day, monkeypatch):
    monkeypatch.setattr(sending, "_SEND_SECONDS", 0.5)
    person, mail = answered(day)
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
    pause_mailboxes(
        day.installation, [row], until=day.now + timedelta(days=9), reason="rest", author="ann", now=day.now
    )
    assert reply(day, mail).state == "planned"
    assert listed(day) == []
    # The database's clock, by which states are told, is behind the business time of the answer.
    day.admin.execute("update outreach.inbound_messages set done_at = now() where done_at is not null")
    close_days(day.installation, now=day.now + timedelta(days=4))
    assert day.count("messages", f"kind = 'reply' and to_address = '{person}' and reason = 'day_over'") == 1
    (back,) = list_inbox(day.installation, day.tenant, now=day.now + LATER)
    assert (back.id, back.answer) == (mail, "cancelled")
    done(day.installation, None, mail, author="ann", now=day.now + timedelta(days=4))
    assert listed(day) == []


def test_an_answer_whose_outcome_is_unknown_is_not_sent_again(day):
    person, mail = answered(day)
    day.inject("drop_in_data", count=1)
    assert reply(day, mail).state == "outcome_unknown"
    assert (reply(day, mail).is_new, len(day.mails(person))) == (False, 1)


def test_nobody_answers_a_bounce_or_a_mail_without_words(day):
    person = day.world.person("bounce_later")
    day.ready(person, boxes=1)
    day.send()
    day.read()
    (mail,) = listed(day, kinds=["bounce"])
    with pytest.raises(NotAllowedError, match="nobody waits there"):
        reply(day, mail)
    day.admin.execute("update outreach.inbound_messages set kind = 'other', from_address = 'nobody'")
    with pytest.raises(UsageError, match="Nobody can be written to at 'nobody'"):
        reply(day, mail)
    with pytest.raises(UsageError, match="Give the answer's text"):
        reply(day, mail, " \n")
    assert day.count("messages", "kind = 'reply'") == 0


def test_a_mail_that_ties_to_nothing_is_answered_by_the_mailbox_that_got_it(day):
    person, _ = answered(day)
    day.deliver(person, b"From: Lee <lee@relay01.example>\nTo: us\nSubject: Re: prices\n\nWhat does it cost?\n")
    _, processed = day.read(later=LATER)
    assert processed.untied == 1
    mail = day.admin.execute("select max(id) from outreach.inbound_messages").fetchone()[0]
    outcome = reply(day, mail)
    # No mail that it could name: "Re:" would be a lie.
    assert (outcome.state, outcome.subject, outcome.mailbox) == ("sent", "prices", day.mailboxes[0])
    assert [each.direction for each in read_thread(day.installation, None, mail).items] == ["in", "out"]


def test_the_list_and_its_mails_are_exported(day, tmp_path):
    person, mail = answered(day, subject="=HYPERLINK(1)")
    rows = list_inbox(day.installation, None, now=day.now + LATER)
    assert export_csv(rows, tmp_path / "list.csv") == 1
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        (written,) = csv.DictReader(file)
    # No spreadsheet takes a stranger's subject for a formula.
    assert (written["id"], written["from_address"], written["subject"]) == (str(mail), person, "'=HYPERLINK(1)")
    (path,) = export_eml(day.installation, [("acme", mail)], tmp_path / "mails")
    assert path.name == f"acme-{mail}.eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["From"] == person


def test_a_tenant_finds_no_mail_of_another(day):
    _, mail = answered(day)
    day.configure(tenants=("acme", "birch"))
    other = day.installation.tenants("birch")[0]
    assert list_inbox(day.installation, other, now=day.now + LATER) == []
    with pytest.raises(UsageError, match=f"birch has no mail {mail}"):
        read_thread(day.installation, other, mail)
