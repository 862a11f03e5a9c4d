"""What a server does not file in Sent we file there: the very bytes, once, whatever crashes, and never at the send's cost."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from outreach_pipeline.adapters.imap.session import ImapSession
from outreach_pipeline.core.errors import ConnectionLostError
from outreach_pipeline.workflows import sent_copies
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

pytestmark = pytest.mark.xdist_group("sent_copies")
APPEND = {"sent_copy": "append"}
ALL_ONCE = {"step": 1, "subject": "A question", "text": "Hello."}


class CrashError(BaseException):
    """The process dies here."""


def appended(day) -> list[str]:
    """Hashes of what was appended, in order."""
    return [line["filed"][0]["sha256"] for line in day.truth("filed") if line["by"] == "append"]


def sent_bytes(day) -> list[str]:
    return [line["sha256"] for line in day.truth("accepted")]


def copies(day) -> list[tuple]:
    return day.admin.execute(
        "select state, tries, was_there, cause from outreach.sent_copies order by message_id"
    ).fetchall()


def later(day) -> None:
    """Let the leases and pauses of copies end."""
    day.admin.execute("update outreach.sent_copies set retry_at = '-infinity'")


def sync(day):
    outcome = sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert not outcome.failures
    return outcome


def sent(day, count: int = 1, *, provider: str = "silent") -> list[str]:
    people = [day.world.person() for _ in range(count)]
    day.ready(*people, boxes=1, provider=provider, mailbox=APPEND, campaign={"steps": [ALL_ONCE]})
    assert day.send().by_state == {"sent": count}
    return people


def test_the_very_bytes_are_filed_once_and_are_no_mail_of_a_person(day):
    people = sent(day, 3)
    assert (copies(day), appended(day)) == ([("waiting", 0, False, None)] * 3, [])
    before = day.plan(days=1).batches[0].already_sent
    sync(day)
    assert copies(day) == [("filed", 1, False, None)] * 3
    assert sorted(appended(day)) == sorted(sent_bytes(day))
    sync(day)
    later(day)
    sync(day)
    assert len(appended(day)) == 3
    # They are known for ours: a plan counts none of them as what a person wrote.
    tied = day.admin.execute(
        "select count(*), count(message_id) from outreach.inbound_messages where direction = 'out'"
    ).fetchone()
    assert tied == (3, 3)
    assert day.plan(days=1).batches[0].already_sent == before
    assert {day.state(person) for person in people} == {("sent", None)}


def test_a_crash_between_the_append_and_its_note_files_nothing_twice(day, monkeypatch):
    sent(day)

    def crash(*_, **__):
        raise CrashError

    with monkeypatch.context() as patched:
        patched.setattr(sent_copies, "_note", crash)
        with pytest.raises(CrashError):
            sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert (len(appended(day)), copies(day)) == (1, [("filing", 1, False, None)])
    # While the lease holds nobody touches it.
    sync(day)
    assert copies(day) == [("filing", 1, False, None)]
    later(day)
    sync(day)
    assert (len(appended(day)), copies(day)) == (1, [("filed", 2, True, None)])


def test_a_crash_before_the_append_loses_no_copy(day, monkeypatch):
    sent(day)

    def crash(*_, **__):
        raise CrashError

    with monkeypatch.context() as patched:
        patched.setattr(ImapSession, "append", crash)
        with pytest.raises(CrashError):
            sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert (appended(day), copies(day)) == ([], [("filing", 1, False, None)])
    later(day)
    sync(day)
    assert (appended(day), copies(day)) == (sent_bytes(day), [("filed", 2, False, None)])


@pytest.mark.parametrize("arrives", [True, False])
def test_after_an_unclear_append_it_is_searched_before_another(day, monkeypatch, arrives):
    sent(day)
    append = ImapSession.append

    def lost(session, *arguments, **more):
        if arrives:
            append(session, *arguments, **more)
        raise ConnectionLostError("IMAP failed at append: timed out", stage="append")

    with monkeypatch.context() as patched:
        patched.setattr(ImapSession, "append", lost)
        sync(day)
    assert copies(day) == [("filing", 1, False, "IMAP failed at append: timed out")]
    later(day)
    sync(day)
    assert (appended(day), copies(day)) == (sent_bytes(day), [("filed", 2, arrives, None)])


def test_two_syncs_at_once_file_it_once(day):
    sent(day, 2)
    with ThreadPoolExecutor(4) as pool:
        for outcome in pool.map(lambda _: sync_mailboxes(day.installation, now=datetime.now(UTC)), range(4)):
            assert not outcome.failures
    assert sorted(appended(day)) == sorted(sent_bytes(day))
    assert copies(day) == [("filed", 1, False, None)] * 2


def test_who_is_stopped_past_the_lease_says_nothing_any_more(day, monkeypatch):
    sent(day)
    note = sent_copies._note

    def overtaken(installation, tenant_id, copy, **more):
        day.admin.execute("update outreach.sent_copies set token = token + 1")
        note(installation, tenant_id, copy, **more)

    monkeypatch.setattr(sent_copies, "_note", overtaken)
    sync(day)
    assert copies(day) == [("filing", 1, False, None)]


def test_a_server_that_files_them_itself_gets_no_second_one_and_doctor_says_so(day):
    sent(day, 3, provider="filing")
    sync(day)
    assert (appended(day), copies(day)) == ([], [("filed", 1, True, None)] * 3)
    findings = examine(day.installation, now=day.now + timedelta(hours=1))
    day.admin.execute("update outreach.mailboxes set synced_at = now() + interval '1 hour'")
    assert not [each for each in findings if "sent_copy" in each.subject]
    (finding,) = [
        each for each in examine(day.installation, now=day.now + timedelta(hours=1)) if "sent_copy" in each.subject
    ]
    assert (finding.level, finding.finding, finding.cure) == (
        "warning", "the server has filed 3 copies itself", "write sent_copy: server",
    )  # fmt: skip


def test_doctor_tells_of_a_server_that_was_said_to_file_and_does_not(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, provider="silent", mailbox={"sent_copy": "server"})
    day.send()
    sync(day)
    day.admin.execute("update outreach.mailboxes set synced_at = now() + interval '1 hour'")
    (finding,) = [
        each for each in examine(day.installation, now=day.now + timedelta(hours=1)) if "sent_copy" in each.subject
    ]
    assert (finding.level, finding.finding) == ("problem", "none of 3 messages of the last day lies in Sent")


@pytest.mark.parametrize(
    "error, says", [(OSError(errno.ENOSPC, "No space left on device"), "No space left"), (TimeoutError(), "too long")]
)
def test_a_blob_store_that_fails_costs_the_copy_and_not_the_send(day, monkeypatch, error, says):
    def fails(*_):
        raise error

    person = day.world.person()
    day.ready(person, boxes=1, provider="silent", mailbox=APPEND)
    with monkeypatch.context() as patched:
        patched.setattr(type(day.installation.blobs), "put", fails)
        assert day.send().by_state == {"sent": 1}
    assert day.state(person) == ("sent", None)
    ((state, tries, _, cause),) = copies(day)
    assert (state, tries, says in cause) == ("given_up", 0, True)
    sync(day)
    assert appended(day) == []


def test_bytes_that_are_gone_are_given_up_after_eight_tries(day):
    sent(day)
    for file in day.installation.settings.home.rglob("*.gz"):
        file.unlink()
    for _ in range(8):
        later(day)
        sync(day)
    ((state, tries, _, cause),) = copies(day)
    assert (state, tries, "do not read" in cause) == ("given_up", 8, True)
    later(day)
    sync(day)
    assert copies(day)[0][1] == 8


def test_what_is_not_known_as_sent_gets_no_copy_until_it_is_proven(day):
    person = day.world.person("unknown_user")
    day.ready(person, boxes=1, provider="silent", mailbox=APPEND)
    day.inject("drop_after_data")
    day.send()
    assert day.state(person)[0] == "outcome_unknown"
    # A copy that anybody put there proves nothing: only a server that files what it takes does.
    sync(day)
    assert (appended(day), copies(day)) == ([], [("waiting", 0, False, None)])
    day.read()
    assert day.state(person) == ("sent", "proven_by_imap")
    sync(day)
    assert (appended(day), copies(day)) == (sent_bytes(day), [("filed", 1, False, None)])


def test_what_is_presumed_to_have_gone_out_gets_its_copy(day):
    person = day.world.person()
    day.ready(person, boxes=1, provider="silent", mailbox=APPEND, policy={"unknown_outcome_seconds": 60})
    day.inject("drop_after_data")
    day.send()
    day.send(later=timedelta(minutes=2))
    assert day.state(person)[0] == "presumed_sent"
    sync(day)
    assert (appended(day), [state for state, *_ in copies(day)]) == (sent_bytes(day), ["filed"])


def test_what_was_refused_needs_no_copy(day):
    person = day.world.person("policy_block", site="direct")
    day.ready(person, boxes=1, provider="silent", mailbox=APPEND)
    day.send()
    assert day.state(person)[0] == "failed"
    sync(day)
    assert (copies(day), appended(day)) == ([], [])


def test_a_message_that_is_put_off_files_the_bytes_that_went_out(day):
    person = day.world.person()
    day.ready(person, boxes=1, provider="silent", mailbox=APPEND)
    day.inject("reply_421", stage="end")
    day.send()
    assert day.state(person)[0] == "deferred"
    assert day.send(later=timedelta(hours=2)).by_state == {"sent": 1}
    sync(day)
    assert (appended(day), copies(day)) == (sent_bytes(day), [("filed", 1, False, None)])


def test_other_mailboxes_keep_nothing(day, monkeypatch):
    asked = []
    day.ready(day.world.person(), boxes=1, provider="silent")
    monkeypatch.setattr(type(day.installation.blobs), "put", lambda *_: asked.append(1))
    assert day.send().by_state == {"sent": 1}
    assert (asked, copies(day)) == ([], [])
