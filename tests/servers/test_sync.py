"""Reading over kept connections against Dovecot: what is lost, cut, renamed or very large in between is read once all the same."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from mail_servers import ARCHIVE, JUNK, PASSWORD, SENDERS, SENT

from benchmarks.dovecot import PASSWORD as MANY_PASSWORD
from benchmarks.dovecot import Dovecot, dovecot, what_is_missing
from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.core.errors import ConnectionLostError
from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.workflows.imap_sync import MailboxSync, sync_mailboxes, sync_until

pytestmark = pytest.mark.servers

MAIL = b"From: bob@people.example\r\nTo: ann@acme-mail.example\r\nSubject: %s\r\nMessage-ID: <%s@people.example>\r\n\r\nHello.\r\n"


@pytest.fixture
def box(servers, set_up) -> str:
    """A mailbox of a tenant, empty so far."""
    address = servers.take(SENDERS)[0]
    set_up([address])
    return address


@pytest.fixture(scope="module")
def many() -> Iterator[Dovecot]:
    """A Dovecot for any number of users."""
    if missing := what_is_missing():
        pytest.skip(missing)
    with dovecot() as server:
        yield server


def put(servers, address: str, *subjects: str, folder: str = "INBOX", size: int = 0) -> None:
    with servers.mailbox(address) as client:
        for subject in subjects:
            client.append(folder, MAIL % (subject.encode(), subject.encode()) + b"x" * size)


def subjects(admin) -> list[str]:
    return [row[0] for row in admin.execute("select subject from outreach.inbound_messages order by id")]


def doveadm(servers, *words: str) -> None:
    subprocess.run(["/usr/bin/doveadm", "-c", f"{servers.folder}/dovecot.conf", *words], check=True)


def log_in(servers, address: str, **more) -> ImapSession:
    account = ImapAccount("127.0.0.1", servers.ports.imap, "starttls", address, PASSWORD, str(servers.ca_file))
    return ImapSession(account, **more)


@contextlib.contextmanager
def cutting(to_port: int, *, after_bytes: int) -> Iterator[int]:
    """A way to a server that breaks down once it has said so many bytes; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket, most: float) -> None:
        with contextlib.suppress(OSError):
            while most > 0 and (data := source.recv(min(65_536, int(min(most, 65_536))))):
                target.sendall(data)
                most -= len(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", to_port))
                for arguments in ((client, server, float("inf")), (server, client, after_bytes)):
                    threading.Thread(target=pump, args=arguments, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()


def test_a_connection_that_breaks_in_the_middle_loses_and_doubles_nothing(servers, box, set_up, installation, admin):
    names = [f"mail-{number:03}" for number in range(120)]
    put(servers, box, *names, size=10_000)
    with cutting(servers.ports.imap, after_bytes=800_000) as port:
        set_up([box], imap={"host": "127.0.0.1", "port": port, "security": "starttls"})
        outcome = sync_mailboxes(installation, now=datetime.now(UTC))
    assert (list(outcome.failures), dict(outcome.causes)) == ([box], {"connection": 1})
    assert outcome.failures[box].startswith("IMAP failed at fetch: ")
    # What came whole is kept, batch by batch, and the cursor stands there.
    assert subjects(admin) == names[:50]
    assert admin.execute("select last_uid from outreach.mailbox_folders where name = 'INBOX'").fetchall() == [(50,)]
    set_up([box])
    assert sync_mailboxes(installation, now=datetime.now(UTC)).new_by_role == {"inbox": 70}
    assert subjects(admin) == names


def test_nothing_new_is_one_question_over_the_kept_connection(servers, box, installation, admin):
    put(servers, box, "one")
    with MailboxSync(installation) as sync:
        for _ in range(3):
            sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.mailboxes, sync.outcome.logins, sync.outcome.failures) == (3, 1, {})
        assert admin.execute(
            "select name, uid_next, message_count, modseq > 0 from outreach.mailbox_folders order by 1"
        ).fetchall() == [("INBOX", 2, 1, True), (ARCHIVE, 1, 0, True), (JUNK, 1, 0, True), (SENT, 1, 0, True)]
        put(servers, box, "two")
        put(servers, box, "three", folder=JUNK)
        sync.go_over(now=datetime.now(UTC))
        assert sync.outcome.new_by_role == {"inbox": 2, "spam": 1}
    # It logged out: nothing of ours is left open.
    servers.wait_for_log("dovecot", f"imap({box})", "Disconnected: Logged out")


def test_a_person_who_reads_or_removes_mail_costs_a_look_and_finds_nothing(servers, box, installation):
    put(servers, box, "one", "two")
    with MailboxSync(installation) as sync:
        sync.go_over(now=datetime.now(UTC))
        with servers.mailbox(box) as client:
            client.select_folder("INBOX")
            client.add_flags([1], [b"\\Seen"])
            client.delete_messages([2])
            client.expunge()
        sync.go_over(now=datetime.now(UTC))
        put(servers, box, "three")
        sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.new_by_role, sync.outcome.failures) == ({"inbox": 3}, {})


def test_a_kept_connection_that_was_closed_is_opened_anew_and_the_mailbox_is_read(servers, box, installation):
    with MailboxSync(installation) as sync:
        sync.go_over(now=datetime.now(UTC))
        doveadm(servers, "kick", box)
        put(servers, box, "after")
        sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.logins, sync.outcome.new_by_role, sync.outcome.failures) == (2, {"inbox": 1}, {})


def test_a_connection_that_ends_between_two_batches_is_told(servers, box):
    put(servers, box, *(f"mail-{number}" for number in range(60)))
    with log_in(servers, box) as session:
        session.open("INBOX")
        batches = session.new_mail(after_uid=0, since=None, most_bytes=10_000)
        assert next(batches).last_uid == 50
        doveadm(servers, "kick", box)
        with pytest.raises(ConnectionLostError) as caught:
            next(batches)
    assert caught.value.stage == "fetch"


def test_a_renamed_folder_is_found_under_its_new_name_and_its_mail_is_no_new_mail(servers, set_up, installation, admin):
    box = servers.take(SENDERS)[0]
    set_up([box], folders=["Clients.Harbor", "Old"])
    with servers.mailbox(box) as client:
        client.create_folder("Clients.Harbor")
        client.create_folder("Spam")
    put(servers, box, "of-harbor", folder="Clients.Harbor")
    put(servers, box, "of-spam", folder="Spam")
    with MailboxSync(installation) as sync:
        sync.go_over(now=datetime.now(UTC))
        assert sync.outcome.new_by_role == {"other": 1, "spam": 1}
        cure = "The folder Old is not there: make it, or take it out of the mailbox's folders."
        assert sync.outcome.missing_folders == {box: [cure]}
        assert admin.execute("select cause_key, detail from outreach.alerts").fetchall() == [(f"folders/{box}", cure)]
        with servers.mailbox(box) as client:
            client.rename_folder("Clients.Harbor", "Old")
            client.rename_folder("Spam", "Junk")
        put(servers, box, "more", folder="Old")
        # The first pass finds that it is gone, the next where it went.
        sync.go_over(now=datetime.now(UTC))
        sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.new_by_role, sync.outcome.failures) == ({"other": 2, "spam": 1}, {})
        assert "Clients.Harbor" in sync.outcome.missing_folders[box][0]
    assert sorted(subjects(admin)) == ["more", "of-harbor", "of-spam"]


def test_a_mail_too_large_to_read_whole_keeps_headers_text_and_report(servers, box):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bob@people.example", box, "Ünlesbar"
    message["Message-ID"] = "<large@people.example>"
    message.set_content("Please remove me from your list.")
    message.add_alternative("<p>Please remove me from your list.</p>", subtype="html")
    message.add_attachment(b"\x00" * 300_000, maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment("a,b\n" * 10, subtype="csv", filename="list.csv")
    whole = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    with servers.mailbox(box) as client:
        client.append("INBOX", whole)
        client.append(JUNK, whole)
    with log_in(servers, box) as session:
        read = []
        for folder in ("INBOX", JUNK):
            session.open(folder)
            ((mail,),) = (each.mails for each in session.new_mail(after_uid=0, since=None, most_bytes=20_000))
            read.append(mail)
    assert read[0].raw == read[1].raw
    assert (read[0].size_bytes, len(read[0].raw) < 5_000) == (len(whole), True)
    assert b"plan.pdf" in read[0].raw
    assert b"a,b" in read[0].raw
    now = datetime.now(UTC)
    assert classify(read[0].raw, received_at=now) == classify(whole, received_at=now)


def test_a_mailbox_with_idle_is_read_as_soon_as_its_server_tells(servers, set_up, installation, admin):
    watched, other = servers.take(SENDERS, 2)
    set_up([watched], idle=True)
    set_up([other])
    stop = threading.Event()
    outcomes = []
    # The next pass would come in five minutes.
    thread = threading.Thread(target=lambda: outcomes.append(sync_until(installation, for_seconds=900, stop=stop)))
    thread.start()
    try:
        servers.wait_for_log("dovecot", f"Login: user=<{watched}>")
        for subject in ("first", "second"):
            put(servers, other, f"{subject}-unseen")
            put(servers, watched, subject)
            deadline = time.monotonic() + 30
            while subject not in subjects(admin) and time.monotonic() < deadline:
                time.sleep(0.05)
    finally:
        stop.set()
        thread.join(30)
    assert subjects(admin)[-2:] == ["first", "second"]
    (outcome,) = outcomes
    assert (outcome.passes, outcome.logins, outcome.failures) == (1, 2, {})


def test_a_folder_of_ten_thousand_mails_is_read_once(many, set_up, installation, admin):
    box = f"large@{SENDERS}"
    many.put(box, MAIL % (b"one of many", b"x"), count=10_000)
    set_up([box], **at(many))
    outcome = sync_mailboxes(installation, now=datetime.now(UTC))
    assert (outcome.new_by_role, outcome.failures) == ({"inbox": 10_000}, {})
    assert sync_mailboxes(installation, now=datetime.now(UTC)).new_by_role == {}
    assert admin.execute(
        "select count(*), count(distinct i.sha256), max(l.uid) from outreach.inbound_messages i"
        " join outreach.inbound_locations l on l.tenant_id = i.tenant_id and l.inbound_message_id = i.id"
    ).fetchall() == [(10_000, 10_000, 10_000)]
    assert admin.execute("select last_uid from outreach.mailbox_folders where name = 'INBOX'").fetchall() == [(10_000,)]


# Their folders are removed again, which takes a slow disk a while.
@pytest.mark.timeout(600)
def test_twelve_hundred_users_are_read_over_as_many_kept_connections(many, set_up, installation, admin):
    boxes = [f"m{number}@{SENDERS}" for number in range(1_200)]
    for number in (0, 700, 1_199):
        many.put(boxes[number], MAIL % (b"number %d" % number, b"y"))
    set_up(boxes, **at(many))
    with MailboxSync(installation) as sync:
        sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.mailboxes, sync.outcome.logins, sync.outcome.failures) == (1_200, 1_200, {})
        many.put(boxes[5], MAIL % (b"number 5", b"z"))
        sync.go_over(now=datetime.now(UTC))
        assert (sync.outcome.mailboxes, sync.outcome.logins, sync.outcome.failures) == (2_400, 1_200, {})
    assert sorted(subjects(admin)) == ["number 0", "number 1199", "number 5", "number 700"]


def at(many: Dovecot) -> dict[str, object]:
    return {
        "imap": {"host": "127.0.0.1", "port": many.plain, "security": "none"},
        "password": MANY_PASSWORD,
        "ca_file": None,
    }
