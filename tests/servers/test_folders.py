"""Reading a real IMAP server: every mail once, whatever people do in between, and without a trace in their mailbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from mail_servers import ARCHIVE, JUNK, PASSWORD, SENDERS, SENT

from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.core.receive.folders import Folder
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

pytestmark = pytest.mark.servers


@pytest.fixture
def box(servers, set_up) -> str:
    """A mailbox of a tenant, empty so far."""
    address = servers.take(SENDERS)[0]
    set_up([address])
    return address


def mail(subject: str) -> bytes:
    message = EmailMessage()
    message["From"] = "someone@people.example"
    message["To"] = "ann@acme-mail.example"
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{subject.replace(' ', '-')}@people.example>"
    message.set_content(f"This is {subject}.")
    return message.as_bytes()


def put(servers, address: str, *subjects: str, folder: str = "INBOX", at: datetime | None = None) -> None:
    with servers.mailbox(address) as client:
        for subject in subjects:
            client.append(folder, mail(subject), msg_time=at)


def new(installation) -> dict[str, int]:
    outcome = sync_mailboxes(installation, now=datetime.now(UTC))
    assert not outcome.failures
    return {role: count for role, count in outcome.new_by_role.items() if count}


def kept(admin) -> list[str]:
    return [subject for (subject,) in admin.execute("select subject from outreach.inbound_messages order by id")]


def places(admin, subject: str) -> list[tuple[str, int]]:
    return admin.execute(
        "select l.folder, l.uid from outreach.inbound_locations l join outreach.inbound_messages i"
        " on i.tenant_id = l.tenant_id and i.id = l.inbound_message_id where i.subject = %s order by 1, 2",
        [subject],
    ).fetchall()


def flags(servers, address: str) -> dict[str, set[bytes]]:
    """The flags of all mails by folder; Recent is the server's own and of one session."""
    found = {}
    with servers.mailbox(address) as client:
        for _, _, folder in client.list_folders():
            client.select_folder(folder, readonly=True)
            answers = client.get_flags(client.search())
            found[folder] = {flag for flags in answers.values() for flag in flags} - {b"\\Recent"}
    return found


def test_what_a_folder_is_for_is_told_by_its_flags(servers, box):
    account = ImapAccount("127.0.0.1", servers.ports.imap, "starttls", box, PASSWORD, str(servers.ca_file))
    with ImapSession(account) as session:
        choice = session.folders()
    assert choice.folders == (
        Folder("INBOX", "inbox"), Folder(ARCHIVE, "archive"), Folder(JUNK, "spam"), Folder(SENT, "sent"),
    )  # fmt: skip
    assert choice.missing == ()


def test_every_folder_is_read_and_no_flag_changes(servers, box, installation, admin):
    put(servers, box, "one")
    put(servers, box, "two", folder=JUNK)
    put(servers, box, "three", folder=SENT)
    put(servers, box, "four", folder=ARCHIVE)
    put(servers, box, "a draft", folder="Entwürfe")
    assert new(installation) == {"inbox": 1, "spam": 1, "sent": 1, "archive": 1}
    assert new(installation) == {}
    directions = admin.execute("select subject, direction from outreach.inbound_messages order by 1").fetchall()
    assert directions == [("four", "in"), ("one", "in"), ("three", "out"), ("two", "in")]
    assert flags(servers, box) == {folder: set() for folder in ("INBOX", JUNK, SENT, ARCHIVE, "Entwürfe")}


def test_what_people_have_flagged_stays_as_they_left_it(servers, box, installation):
    put(servers, box, "read", "unread")
    with servers.mailbox(box) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen", b"\\Flagged"])
    assert new(installation) == {"inbox": 2}
    with servers.mailbox(box) as client:
        client.select_folder("INBOX", readonly=True)
        found = {uid: set(each) - {b"\\Recent"} for uid, each in client.get_flags([1, 2]).items()}
    assert found == {1: {b"\\Seen", b"\\Flagged"}, 2: set()}


def test_a_folder_made_anew_is_read_again_without_duplicates(servers, box, installation, admin):
    put(servers, box, "kept", "gone", folder=JUNK)
    assert new(installation) == {"spam": 2}
    with servers.mailbox(box) as client:
        before = client.folder_status(JUNK, ["UIDVALIDITY"])[b"UIDVALIDITY"]
        client.select_folder(JUNK, readonly=True)
        raw = client.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"]
        client.unselect_folder()
        client.delete_folder(JUNK)
        client.create_folder(JUNK)
        client.append(JUNK, raw)
        client.append(JUNK, mail("fresh"))
        after = client.folder_status(JUNK, ["UIDVALIDITY"])[b"UIDVALIDITY"]
    assert before != after
    # Both new mails have UIDs that the cursor of the old folder had passed.
    assert new(installation) == {"spam": 1}
    assert new(installation) == {}
    assert kept(admin) == ["kept", "gone", "fresh"]
    cursor = admin.execute("select uidvalidity, last_uid from outreach.mailbox_folders where name = %s", [JUNK])
    assert cursor.fetchall() == [(after, 2)]


def test_expunged_mails_are_no_trouble_and_nothing_after_them_is_missed(servers, box, installation, admin):
    put(servers, box, "one", "two", "three")
    assert new(installation) == {"inbox": 3}
    with servers.mailbox(box) as client:
        client.select_folder("INBOX")
        client.delete_messages([2, 3])
        client.expunge()
    # «4:*» now names mail 1, which is known.
    assert new(installation) == {}
    put(servers, box, "four")
    assert new(installation) == {"inbox": 1}
    assert kept(admin) == ["one", "two", "three", "four"]


def test_a_mail_expunged_while_the_folder_is_read_does_not_stop_the_reading(servers, box):
    put(servers, box, *(f"mail {number:02}" for number in range(1, 61)))
    account = ImapAccount("127.0.0.1", servers.ports.imap, "starttls", box, PASSWORD, str(servers.ca_file))
    with ImapSession(account) as session:
        session.open("INBOX")
        batches = session.new_mail(after_uid=0, since=None, most_bytes=10_000)
        read = [each.uid for each in next(batches).mails]
        with servers.mailbox(box) as client:
            client.select_folder("INBOX")
            client.delete_messages([55, 60])
            client.expunge()
        read += [each.uid for batch in batches for each in batch.mails]
    assert read == [uid for uid in range(1, 61) if uid not in (55, 60)]


def test_a_mail_moved_between_folders_is_one_mail(servers, box, installation, admin):
    put(servers, box, "wanderer")
    assert new(installation) == {"inbox": 1}
    with servers.mailbox(box) as client:
        client.select_folder("INBOX")
        client.move([1], JUNK)
    assert new(installation) == {}
    with servers.mailbox(box) as client:
        client.select_folder(JUNK)
        client.move([1], ARCHIVE)
    assert new(installation) == {}
    assert kept(admin) == ["wanderer"]
    assert places(admin, "wanderer") == [("INBOX", 1), (ARCHIVE, 1), (JUNK, 1)]


def test_mail_from_before_the_first_reading_stays_unread_for_ever(servers, box, installation, admin):
    put(servers, box, "of last year", folder=ARCHIVE, at=datetime.now(UTC) - timedelta(days=300))
    assert new(installation) == {}
    assert new(installation) == {}
    put(servers, box, "of today", folder=ARCHIVE)
    assert new(installation) == {"archive": 1}
    assert kept(admin) == ["of today"]


def test_a_folder_made_anew_brings_no_mail_from_before_the_first_reading(servers, box, installation, admin):
    put(servers, box, "of last year", folder=JUNK, at=datetime.now(UTC) - timedelta(days=300))
    put(servers, box, "of today", folder=JUNK)
    assert new(installation) == {"spam": 1}
    # The cursor last moved long ago: what came since, and only that, is new.
    admin.execute("update outreach.mailbox_folders set synced_at = now() - interval '40 days'")
    with servers.mailbox(box) as client:
        client.delete_folder(JUNK)
        client.create_folder(JUNK)
    put(servers, box, "of last year", folder=JUNK, at=datetime.now(UTC) - timedelta(days=300))
    put(servers, box, "of last month", folder=JUNK, at=datetime.now(UTC) - timedelta(days=30))
    assert new(installation) == {"spam": 1}
    assert new(installation) == {}
    assert kept(admin) == ["of today", "of last month"]
