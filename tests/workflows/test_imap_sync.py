"""Reading against what real servers do on bad days: throttles, half answers, BYE, hidden labels, too many connections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.workflows.imap_sync import MailboxSync, sync_mailboxes, sync_until

from .imap_peer import Folder, Peer, listening

MAIL = b"From: bob@people.example\r\nTo: ann@acme-mail.example\r\nSubject: %s\r\nMessage-ID: <%s@people.example>\r\n\r\nHello.\r\n"
GMAIL = "IMAP4rev1 UNSELECT X-GM-EXT-1"


def mail(subject: str) -> bytes:
    return MAIL % (subject.encode(), subject.encode())


def normal() -> dict[str, Folder]:
    return {"INBOX": Folder(), "Junk": Folder("\\Junk"), "Sent": Folder("\\Sent")}


@pytest.fixture
def reading(day):
    """Let mailboxes of a tenant be at a peer; gives a function that does so."""

    def at(peer: Peer, *, boxes: int = 1, mailbox: dict | None = None, **configuration) -> list[str]:
        where = {"imap": {"host": "127.0.0.1", "port": peer.port, "security": "none"}, **(mailbox or {})}
        day.configure(boxes=boxes, mailbox=where, **configuration)
        return day.mailboxes

    return at


def kept(day) -> dict[str, str]:
    return dict(day.admin.execute("select subject, direction from outreach.inbound_messages").fetchall())


def failing(day) -> list[tuple[str, int, float]]:
    """Cause, failures in a row and pause in seconds, to the nearest ten."""
    return day.admin.execute(
        "select sync_cause, sync_failures, round(extract(epoch from sync_retry_at - clock_timestamp()) / 10) * 10"
        " from outreach.mailboxes where sync_failures > 0"
    ).fetchall()


def read(day):
    return sync_mailboxes(day.installation, now=datetime.now(UTC))


def test_of_gmail_all_mail_and_spam_are_read_and_labels_say_what_a_mail_is(day, reading):
    folders = {
        "INBOX": Folder(),
        "[Gmail]": Folder("\\Noselect"),
        "[Gmail]/Alle Nachrichten": Folder("\\All"),
        "[Gmail]/Gesendet": Folder("\\Sent"),
        "[Gmail]/Spam": Folder("\\Junk"),
        "Kunden": Folder(),
    }
    with listening(Peer(folders, GMAIL)) as peer:
        for subject, labels in (
            ("answer", '"\\\\Inbox" Kunden'),
            ("ours", '"\\\\Sent"'),
            ("half", '"\\\\Draft"'),
            ("old", ""),
        ):
            peer.add("[Gmail]/Alle Nachrichten", mail(subject), labels)
        peer.add("INBOX", mail("answer"))
        peer.add("[Gmail]/Spam", mail("win"))
        reading(peer)
        outcome = read(day)
        assert outcome.failures == {}
        assert outcome.new_by_role == {"inbox": 1, "sent": 1, "archive": 1, "spam": 1}
        assert outcome.missing_folders == {}
        assert kept(day) == {"answer": "in", "ours": "out", "old": "in", "win": "in"}
        assert {each.split(" ", 1)[1] for each in peer.seen if each.startswith("EXAMINE")} == {
            '"[Gmail]/Alle Nachrichten"', '"[Gmail]/Spam"',
        }  # fmt: skip
        assert read(day).new_by_role == {}


def test_hidden_labels_are_told_with_their_cure_until_they_show(day, reading):
    folders = {"INBOX": Folder(), "[Gmail]/Sent Mail": Folder("\\Sent"), "[Gmail]/Spam": Folder("\\Junk")}
    with listening(Peer(folders, GMAIL)) as peer:
        peer.add("INBOX", mail("answer"))
        (address,) = reading(peer)
        outcome = read(day)
        assert outcome.new_by_role == {"inbox": 1}
        (missing,) = outcome.missing_folders[address]
        assert missing.startswith("The label All Mail is hidden from IMAP: tick «Show in IMAP»")
        alerts = "select cause_key, resolved_at is null from outreach.alerts"
        assert day.admin.execute(alerts).fetchall() == [(f"folders/{address}", True)]
        folders["[Gmail]/All Mail"] = Folder("\\All")
        assert read(day).missing_folders == {}
        assert day.admin.execute(alerts).fetchall() == [(f"folders/{address}", False)]


def test_a_throttle_is_kept_to_and_a_person_may_ask_all_the_same(day, reading):
    said = b"%s NO Request is throttled. Suggested Backoff Time: 1800000 milliseconds\r\n"
    with listening(Peer(normal())) as peer:
        (address,) = reading(peer)
        peer.says = lambda command, _: [said] if command == "STATUS" else None
        # Whatever a STATUS is refused for, the folder itself says whether it can be read.
        assert read(day).failures == {}
        peer.says = lambda command, _: [said] if command in {"STATUS", "EXAMINE"} else None
        with MailboxSync(day.installation) as sync:
            peer.add("INBOX", mail("one"))
            sync.go_over(now=datetime.now(UTC))
            assert "throttled" in sync.outcome.failures[address]
            assert failing(day) == [("throttled", 1, 1800)]
            before = peer.connections
            sync.go_over(now=datetime.now(UTC))
            assert (peer.connections, failing(day)) == (before, [("throttled", 1, 1800)])
        assert failing(day) == [("throttled", 1, 1800)]
        peer.says = lambda _command, _rest: None
        assert read(day).new_by_role == {"inbox": 1}
        assert failing(day) == []


def test_a_persons_long_reading_asks_paused_mailboxes_once_and_a_runs_does_not(day, reading):
    said = b"%s NO Request is throttled. Suggested Backoff Time: 1800000 milliseconds\r\n"
    settings = day.installation.settings.model_copy(update={"sync_every_seconds": 0.2})
    quick = replace(day.installation, settings=settings)
    with listening(Peer(normal(), says=lambda command, _: [said] if command == "LOGIN" else None)) as peer:
        (address,) = reading(peer)
        assert read(day).failures
        assert sync_until(day.installation, for_seconds=0).failures == {}
        assert [each[1] for each in failing(day)] == [1]
        outcome = sync_until(quick, for_seconds=0.5, by_hand=True)
        assert (list(outcome.failures), outcome.passes >= 2) == ([address], True)
        assert [each[1] for each in failing(day)] == [2]
        peer.says = lambda _command, _rest: None
        assert sync_until(day.installation, for_seconds=0, by_hand=True).mailboxes == 1
        assert failing(day) == []


@pytest.mark.parametrize(
    "words,cause,seconds",
    [
        ("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "login", 900),
        ("NO [ALERT] Too many simultaneous connections. (Failure)", "connections", 300),
        ("NO [UNAVAILABLE] Temporary authentication failure.", "unavailable", 120),
        ("NO [OVERQUOTA] Account exceeded command or bandwidth limits.", "throttled", 600),
    ],
)
def test_a_login_that_is_refused_pauses_by_its_cause_and_longer_each_time(day, reading, words, cause, seconds):
    with listening(
        Peer(normal(), says=lambda command, _: [f"%s {words}\r\n".encode()] if command == "LOGIN" else None)
    ) as peer:
        (address,) = reading(peer)
        assert words.partition(" ")[2] in read(day).failures[address]
        assert failing(day) == [(cause, 1, seconds)]
        read(day)
        assert failing(day) == [(cause, 2, 2 * seconds)]
        assert peer.count("LOGIN") == 2


def test_a_refused_login_is_told_in_the_servers_words(day, reading):
    def says(command, _):
        return ["%s NO [AUTHENTICATIONFAILED] Kein Zugang für Sie\r\n".encode()] if command == "LOGIN" else None

    with listening(Peer(normal(), says=says)) as peer:
        (address,) = reading(peer)
        assert (
            read(day)
            .failures[address]
            .endswith("The server refused the login: [AUTHENTICATIONFAILED] Kein Zugang für Sie")
        )


def test_a_missing_file_of_an_authority_is_the_configurations_fault(day, reading, tmp_path):
    missing = str(tmp_path / "none.pem")
    with listening(Peer(normal())) as peer:
        where = {"host": "127.0.0.1", "port": peer.port, "security": "tls"}
        (address,) = reading(peer, mailbox={"imap": where})
        day.admin.execute("update outreach.mailboxes set ca_file = %s", [missing])
        assert missing in read(day).failures[address]
        assert failing(day) == [("configuration", 1, 300)]


@pytest.mark.parametrize("command", ["STATUS", "EXAMINE", "UID SEARCH", "UID FETCH"])
@pytest.mark.parametrize(
    "words", [[b"* BYE Server shutting down\r\n"], [b"* 1 FETCH (UID 1 RFC8"], []], ids=["bye", "half", "gone"]
)
def test_wherever_a_server_goes_away_the_mailbox_is_read_next_time(day, reading, command, words):
    with listening(Peer(normal())) as peer:
        (address,) = reading(peer)
        peer.add("INBOX", mail("one"))
        peer.says = lambda given, _: words if given == command else None
        outcome = read(day)
        assert list(outcome.failures) == [address]
        assert failing(day)[0][0] in {"connection", "unavailable"}
        peer.says = lambda _command, _rest: None
        assert read(day).new_by_role == {"inbox": 1}


def test_what_an_answer_leaves_out_is_asked_for_again_and_nothing_is_passed_over(day, reading):
    with listening(Peer(normal())) as peer:
        reading(peer)
        for number in range(1, 6):
            peer.add("INBOX", mail(f"mail-{number}"))
        box = peer.folders["INBOX"]

        def half(command: str, rest: str):
            # Of several mails only the first two; one alone is given.
            if command == "UID FETCH" and "," in rest.split(" ", maxsplit=1)[0]:
                return [*(peer.fetched(box, uid, rest) for uid in (1, 2)), b"%s OK done\r\n"]
            return None

        peer.says = half
        outcome = read(day)
        assert (outcome.failures, outcome.refused_mails, outcome.new_by_role) == ({}, 0, {"inbox": 5})


def test_a_mail_that_a_server_does_not_give_stops_nothing(day, reading):
    with listening(Peer(normal())) as peer:
        reading(peer)
        for number in range(1, 4):
            peer.add("INBOX", mail(f"mail-{number}"))

        def refuse(command: str, rest: str):
            is_broken = (
                command == "UID FETCH"
                and "BODY" in rest
                and "2" in rest.split(" ", maxsplit=1)[0].replace(":", ",").split(",")
            )
            is_range = command == "UID FETCH" and "BODY" in rest and ":" in rest.split(" ", maxsplit=1)[0]
            return [b"%s NO The message contents could not be retrieved\r\n"] if is_broken or is_range else None

        peer.says = refuse
        outcome = read(day)
        assert (outcome.failures, outcome.refused_mails, outcome.new_by_role) == ({}, 1, {"inbox": 2})
        assert sorted(kept(day)) == ["mail-1", "mail-3"]
        assert read(day).refused_mails == 0


def test_connections_of_a_host_stay_within_its_limit_and_every_mailbox_is_read(day, reading):
    with listening(Peer(normal())) as peer:
        host = f"127.0.0.1:{peer.port}"
        limit = {"scope": "host_logins", "key": host, "limit": "6000/minute", "burst": 100, "in_flight": 2}
        reading(peer, boxes=5, rate_limits=[limit])
        most = "select count(*) from outreach.leases where scope = 'host_logins'"
        with MailboxSync(day.installation) as sync:
            for passes in (1, 2):
                sync.go_over(now=datetime.now(UTC))
                assert (sync.outcome.mailboxes, sync.outcome.no_place, sync.outcome.failures) == (5 * passes, 0, {})
                assert day.admin.execute(most).fetchone() == (2,)
            # Two connections are open; those that were kept served their mailbox again.
            assert sync.outcome.logins < 10
        assert day.leases() == 0


def test_mailboxes_that_find_no_place_wait_and_are_left_for_later(day, reading):
    with listening(Peer(normal())) as peer:
        host = f"127.0.0.1:{peer.port}"
        limit = {"scope": "host_logins", "key": host, "limit": "6000/minute", "burst": 100, "in_flight": 1}
        reading(peer, boxes=2, rate_limits=[limit])
        day.admin.execute(
            "insert into outreach.leases (scope, key, holder, expires_at)"
            " values ('host_logins', %s, 'a sender', now() + interval '1 hour')", [host],
        )  # fmt: skip
        with MailboxSync(day.installation) as sync:
            sync.go_over(now=datetime.now(UTC), seconds=1)
            assert (sync.outcome.mailboxes, sync.outcome.no_place, sync.outcome.failures) == (0, 2, {})
            day.admin.execute("delete from outreach.leases")
            sync.go_over(now=datetime.now(UTC))
            assert sync.outcome.mailboxes == 2
        assert peer.connections == sync.outcome.logins


def test_a_host_that_is_not_to_be_kept_open_is_logged_out_of(day, reading):
    with listening(Peer(normal())) as peer:
        reading(peer, provider_hosts=[{"host": f"127.0.0.1:{peer.port}", "keeps_connections": False}])
        with MailboxSync(day.installation) as sync:
            for _ in range(2):
                sync.go_over(now=datetime.now(UTC))
                assert peer.connections == peer.count("LOGOUT")
        assert peer.connections == 2


def test_a_host_that_does_not_answer_is_not_asked_for_every_mailbox(day, reading):
    with listening(Peer(normal(), greeting=b"")) as peer:
        pass
    # Nothing listens there any more.
    addresses = reading(peer, boxes=12)
    outcome = read(day)
    assert sorted(outcome.failures) == sorted(addresses)
    assert outcome.causes == {"connection": 12}
    assert sum("is left alone" in text for text in outcome.failures.values()) >= 1


def test_answers_go_to_the_mailbox_that_reply_to_names_and_are_tied_to_what_they_answer(day):
    sender, reader = day.world.take("acme", 2, provider="silent")
    day.mailboxes = [sender, reader]
    day.configure(provider="silent")
    day.configure(provider="silent", mailbox={"reply_to": reader})
    people = [day.world.person("reply_interested"), day.world.person()]
    day.invite(*people)
    assert day.plan().planned == 2
    day.send()
    for person in people:
        (message,) = day.mails(person)
        assert message["Reply-To"] == reader
    synced, processed = day.read()
    assert (synced.new_by_role["inbox"], processed.untied) == (1, 0)
    assert day.sequence(people[0])[:2] == ("stopped", "replied")
    # One that names no message is tied by whom the mailboxes of this address wrote to last.
    text = f"From: {people[1]}\r\nTo: {reader}\r\nSubject: Re: Zoe, a question\r\n\r\nYes, let us talk on Thursday.\r\n"
    day.world.running.control.deliver(reader, text.encode())
    _, processed = day.read()
    assert (processed.processed, processed.untied) == (1, 0)
    assert day.sequence(people[1])[:2] == ("stopped", "replied")
    assert day.admin.execute(
        "select distinct b.address from outreach.inbound_messages i"
        " join outreach.mailboxes b on b.tenant_id = i.tenant_id and b.id = i.mailbox_id"
    ).fetchall() == [(reader,)]


def test_answers_may_go_to_no_address_that_nobody_reads(day):
    with pytest.raises(ConfigurationError, match="nobody would read it: add it"):
        day.configure(boxes=1, mailbox={"reply_to": "elsewhere@acme-mail.example"})
    assert day.count("mailboxes") == 0
