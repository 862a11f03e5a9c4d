"""After kill -9 the world comes back from its truth log."""

import dataclasses
import json

import aiosmtplib
import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Fault, Mailbox

ANN, BOB = "ann@acme.test", "bob@acme.test"


@pytest.fixture
def started(tmp_path, gateway, world_of, open_desk):
    """Start sandboxes on one state folder, and stop the last one."""
    running = []

    def start(**more):
        sandbox = process.start(world_of(gateway.url, **more), tmp_path)
        running.append(sandbox)
        return open_desk(sandbox)

    yield start
    for sandbox in running:
        sandbox.kill()


def test_mail_uids_and_ports_stay(started):
    desk = started()
    for number in range(3):
        desk.send(BOB, subject=f"n{number}")
    desk.send("bob+b-spam_folder@acme.test")
    desk.sandbox.control.deliver(ANN, b"Subject: from outside\r\n\r\nx\r\n", folder="Archive")
    with desk.imap(ANN, "Sent") as client:
        client.append("Drafts", b"Subject: appended\r\n\r\nx\r\n")
    places = [(ANN, "Sent"), (ANN, "Archive"), (ANN, "Drafts"), (BOB, "INBOX"), (BOB, "Junk")]
    before = {place: desk.mails(*place) for place in places}
    with desk.imap(BOB) as client:
        status = client.folder_status("INBOX", ["UIDVALIDITY", "UIDNEXT"])
    desk.sandbox.kill()
    again = started()
    assert [len(before[place]) for place in places] == [4, 1, 1, 3, 1]
    assert {place: again.mails(*place) for place in places} == before
    with again.imap(BOB) as client:
        assert client.folder_status("INBOX", ["UIDVALIDITY", "UIDNEXT"]) == status
    assert {**again.sandbox.ports, "pid": 0} == {**desk.sandbox.ports, "pid": 0}
    assert json.loads((again.sandbox.state / "ports.json").read_text()) == again.sandbox.ports


def test_a_moved_mail_stays_moved(started):
    desk = started()
    desk.send(BOB)
    with desk.imap(BOB) as client:
        client.select_folder("INBOX")
        client.move(client.search(), "Archive")
    desk.sandbox.kill()
    assert started().sandbox.control.folders(BOB) == {"INBOX": 0, "Archive": 1, "Drafts": 0, "Junk": 0, "Sent": 0}


def test_pending_reactions_come_once(started):
    slow = Clock(dsn_delay_seconds=(3, 3), reply_delay_seconds=(3, 3))
    desk = started(clock=slow)
    bounced, _ = desk.send("gone+b-unknown_user@exim.test")
    clicked, _ = desk.send("hook+b-deliver_webhook@exim.test")
    assert desk.sandbox.control.stats()["pending"] == 2
    desk.sandbox.kill()
    again = started(clock=slow)
    assert again.mail_with(bounced)["Subject"].startswith("Mail delivery failed")
    again.wait_for(lambda: again.lines("posted"))
    again.sandbox.kill()
    third = started(clock=slow)
    assert third.sandbox.control.stats()["pending"] == 0
    assert len([raw for _, raw in third.mails() if bounced.encode() in raw]) == 1
    assert len([body for *_, body in third.gateway.requests if clicked.encode() in body]) == 1


def test_a_webhook_that_was_not_taken_is_posted_after_the_restart(started):
    desk = started()
    desk.gateway.failures = 10**6
    message_id, _ = desk.send("hook+b-deliver_webhook@exim.test")
    reaction = desk.reaction(message_id)
    desk.sandbox.kill()
    desk.gateway.failures = 0
    again = started()
    (posted,) = again.wait_for(lambda: again.lines("posted", of=reaction["id"]))
    assert posted["ok"]
    assert len(again.lines("reaction", message_id=message_id)) == 1


def test_a_greylisting_site_remembers_whom_it_knows(started):
    desk = started()
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        desk.send("old+b-rate_limit@direct.test")
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        desk.send("old+b-greylist@direct.test")
    desk.sandbox.kill()
    again = started(clock=Clock(greylist_seconds=0.0))
    assert again.send("old+b-rate_limit@direct.test")[1].startswith("2.0.0")
    assert again.send("old+b-greylist@direct.test")[1].startswith("2.0.0")


def test_counters_and_ids_go_on_and_faults_do_not_come_again(started):
    faults = (Fault(fault="drop_after_data", match={"rcpt": "joe+b-accept@postfix.test"}),)
    desk = started(faults=faults)
    with pytest.raises(aiosmtplib.SMTPException):
        desk.send("joe+b-accept@postfix.test")
    desk.sandbox.kill()
    with (desk.sandbox.state / "truth.jsonl").open("ab") as file:
        file.write(b'{"type": "accepted", "id": "a-2", "rc')
    again = started(faults=faults)
    assert again.sandbox.control.stats()["accepted"] == 1, "a torn line was never acknowledged"
    again.send("joe+b-accept@postfix.test")
    for kind in ("accepted", "reaction"):
        ids = [line["id"] for line in again.lines(kind)]
        assert len(set(ids)) == len(ids) == 2


def test_twelve_hundred_mailboxes(started):
    boxes = tuple(
        Mailbox(address=f"u{n}@d{n % 40}.test", login=f"u{n}@d{n % 40}.test", password="open sesame", provider="relay")
        for n in range(1200)
    )
    desk = started(mailboxes=boxes)
    first, last = boxes[0].address, boxes[-1].address
    message_id, _ = desk.send(first, sender=last)
    assert desk.mail_with(message_id, first)["Return-Path"] == f"<{last}>"
    assert desk.sandbox.control.folders(last)["Sent"] == 1


def test_it_stops_when_asked(started):
    desk = started()
    assert desk.sandbox.stop() == 0
    assert [line["type"] for line in desk.sandbox.truth()] == ["started", "stopped"]


def test_a_wrong_world_says_what_is_wrong(tmp_path, world_of):
    world = world_of()
    broken = dataclasses.replace(world, mailboxes=(dataclasses.replace(world.mailboxes[0], provider="none"),))
    with pytest.raises(ConfigurationError, match="names the provider 'none'"):
        process.start(broken, tmp_path)
