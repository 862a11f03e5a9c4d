"""The inbox as a person types it."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest

from outreach_pipeline.adapters.blobs import Blobs

NOW = "2030-01-09T12:00:00+00:00"
RAW = (
    "From: Kim Lee <kim@harbor.example>\r\nTo: ann@acme-mail.example\r\nSubject: Re: A question\r\n"
    "Message-ID: <kim-1@harbor.example>\r\nIn-Reply-To: <ours@acme-mail.example>\r\n\r\nSounds interesting, tell me more.\r\n"
)


@pytest.fixture
def mail(acme, admin, settings) -> int:
    """The number of a reply that has been read and processed."""
    tenant, box = admin.execute(
        "select tenant_id, id from outreach.mailboxes where address = 'ann@acme-mail.example'"
    ).fetchone()
    sha256 = Blobs(settings.blobs).put(tenant, RAW.encode())
    (number,) = admin.execute(
        "insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at,"
        " rfc822_message_id, from_address, subject) values (%s, %s, %s, %s, 'in', %s, '<kim-1@harbor.example>',"
        " 'kim@harbor.example', 'Re: A question') returning id",
        [tenant, box, sha256, len(RAW), datetime(2030, 1, 9, 9, tzinfo=UTC)],
    ).fetchone()
    assert acme("process", "--now", NOW)[0] == 0
    return number


def document(result: tuple[int, str, str]) -> dict:
    assert result[0] == 0, result[2]
    return json.loads(result[1])


def listed(outreach, *options: str) -> list[int]:
    return [each["id"] for each in document(outreach("inbox", "--now", NOW, "--json", *options))["mails"]]


def test_a_reply_is_listed_noted_and_taken_off(acme, mail):
    code, out, _ = acme("inbox", "--intent", "interested", "--now", NOW)
    assert code == 0
    assert "kim@harbor.example" in out
    assert "text" in out.splitlines()[2]
    assert document(acme("assign", str(mail), "--to", "ann", "--json")) == {
        "tenant": "acme", "id": mail, "assignee": "ann",
    }  # fmt: skip
    assert (listed(acme, "--assignee", "ann"), listed(acme, "--assignee", "ben")) == ([mail], [])
    assert document(acme("assign", str(mail), "--to", "", "--json"))["assignee"] is None
    document(acme("snooze", str(mail), "--until", "2030-01-10T09:00:00+01:00", "--json"))
    assert (listed(acme), listed(acme, "--all")) == ([], [mail])
    document(acme("snooze", str(mail), "--until", NOW, "--json"))
    assert document(acme("done", str(mail), "--now", NOW, "--json"))["done_at"] == "2030-01-09T12:00:00Z"
    assert listed(acme) == []
    assert document(acme("done", str(mail), "--undo", "--json"))["done_at"] is None
    assert listed(acme, "--tenant", "acme") == [mail]


def test_a_thread_is_shown_and_exported(acme, mail, tmp_path):
    code, out, err = acme("thread", str(mail), "--eml", str(tmp_path / "mails"))
    assert code == 0
    assert "Sounds interesting, tell me more." in out
    assert f"1 mails are in {tmp_path / 'mails'}" in " ".join(err.split("\n"))
    assert (tmp_path / "mails" / f"acme-{mail}.eml").read_bytes() == RAW.encode()
    shown = document(acme("thread", str(mail), "--tenant", "acme", "--json"))
    assert (shown["mail"]["intent"], [each["direction"] for each in shown["items"]]) == ("interested", ["in"])
    assert acme("inbox", "--csv", str(tmp_path / "list.csv"), "--eml", str(tmp_path / "all"), "--now", NOW)[0] == 0
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [str(mail)]
    assert [each.name for each in (tmp_path / "all").iterdir()] == [f"acme-{mail}.eml"]
    code, _, err = acme("inbox", "--csv", str(tmp_path), "--now", NOW)
    assert (code, "cannot be written" in err) == (1, True)


def test_what_a_stranger_wrote_cannot_steer_a_terminal(acme, mail, admin, tmp_path):
    admin.execute("update outreach.inbound_messages set subject = %s where id = %s", ["\x1b[2J\x9b31m\u202eevil", mail])
    for command in (("thread", str(mail)), ("inbox", "--now", NOW)):
        _, shown, _ = acme(*command)
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
        _, text, _ = acme(*command, "--json")
        assert "\\u009b31m" in text
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert acme("inbox", "--csv", str(tmp_path / "list.csv"), "--now", NOW)[0] == 0
    assert "\\x1b[2J\\x9b31m\\u202eevil" in (tmp_path / "list.csv").read_text(encoding="utf-8")


def test_nothing_is_put_off_into_the_past(acme, mail):
    code, _, err = acme("snooze", str(mail), "--until", "2030-01-09T11:00:00+00:00", "--now", NOW)
    assert (code, "is past" in err) == (2, True)
    assert listed(acme) == [mail]


def test_an_answer_from_a_file_waits_where_no_server_is(acme, mail, tmp_path):
    file = tmp_path / "answer.txt"
    file.write_text("Gladly: Tuesday?\n", encoding="utf-8")
    outcome = document(acme("reply", str(mail), "--file", str(file), "--now", NOW, "--json"))
    assert (outcome["state"], outcome["mailbox"], outcome["to_address"]) == (
        "deferred", "ann@acme-mail.example", "kim@harbor.example",
    )  # fmt: skip
    assert listed(acme) == []
    assert document(acme("reply", str(mail), "--file", str(file), "--now", NOW, "--json"))["is_new"] is False
    code, _, err = acme("reply", str(mail), "--file", str(tmp_path / "none.txt"))
    assert (code, "cannot be read" in err) == (1, True)


def test_a_correction_says_what_it_did(acme, mail):
    correction = document(acme("reclassify", str(mail), "--kind", "auto_reply", "--auto-reply", "ticket", "--json"))
    assert (correction["was_kind"], correction["was_intent"], correction["kind"]) == (
        "reply",
        "interested",
        "auto_reply",
    )
    assert listed(acme) == []
    assert listed(acme, "--kind", "auto_reply") == [mail]
    correction = document(acme("reclassify", str(mail), "--kind", "reply", "--intent", "stop", "--json"))
    assert correction["suppressed"] == 1
    kept = document(acme("reclassify", str(mail), "--kind", "reply", "--intent", "later", "--json"))["kept"]
    assert kept == ["kim@harbor.example stays suppressed (stop): an opt-out is final."]


def test_a_bounce_is_shown_with_what_it_says(acme, mail):
    document(acme("reclassify", str(mail), "--kind", "bounce", "--bounce-class", "block", "--json"))
    (row,) = document(acme("inbox", "--kind", "bounce", "--now", NOW, "--json"))["mails"]
    assert (row["bounce_class"], row["is_hard"], row["is_permanent"], row["is_unproven"]) == (
        "block",
        False,
        True,
        False,
    )
    code, out, _ = acme("inbox", "--kind", "bounce", "--now", NOW)
    assert (code, "is_unproven" in out, "block" in out) == (0, True, True)
    code, out, _ = acme("thread", str(mail))
    assert code == 0
    assert {"class", "status", "reason", "hard", "permanent", "unproven", "recipients"} <= set(out.split())
