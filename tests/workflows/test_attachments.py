"""Files that steps carry arrive as they were, and a file that is gone keeps its message back without losing it."""

from __future__ import annotations

import errno
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from outreach_pipeline.core.errors import ConfigurationError, TransientError
from outreach_pipeline.core.send import message as message_module
from outreach_pipeline.workflows.preview import preview_step, send_test

pytestmark = pytest.mark.xdist_group("attachments")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
LONG = "Übersicht der Preise für das kommende Jahr, mit allen Anhängen und Fußnoten.pdf"
TABLE = "name,Größe\r\nein,1\n.\n"


def step(*attachments: dict, number: int = 1, **more) -> dict:
    return {"step": number, "subject": "A question", "text": "See the file.", "attachments": list(attachments), **more}


@pytest.fixture
def files(day):
    (day.folder / "sheets").mkdir()
    (day.folder / "prices.pdf").write_bytes(PDF)
    (day.folder / "sheets" / "table.csv").write_text(TABLE, encoding="utf-8", newline="")
    return [
        {"file": "prices.pdf", "name": LONG},
        {"file": "sheets/table.csv"},
        {"file": "prices.pdf", "name": "raw.bin", "content_type": "application/x-raw"},
    ]


def blob(day) -> Path:
    return Path(day.installation.blobs._path(day.tenant.id, hashlib.sha256(PDF).hexdigest()))


@pytest.mark.parametrize("html", [None, "<p>See the file.</p>"])
def test_files_arrive_as_they_were_and_are_encoded_once_a_step(day, files, monkeypatch, html):
    people = [day.world.person() for _ in range(3)]
    made, add = [], message_module.EmailMessage.add_attachment
    monkeypatch.setattr(
        message_module.EmailMessage, "add_attachment", lambda *args, **more: made.append(1) or add(*args, **more)
    )
    message_module._skeleton_with_files.cache_clear()
    day.ready(*people, boxes=1, campaign={"steps": [step(*files, html=html)]})
    assert day.send().by_state == {"sent": 3}
    assert len(made) == len(files)
    for person in people:
        (mail,) = day.mails(person)
        assert mail.get_content_type() == "multipart/mixed"
        assert "See the file." in mail.get_body(("plain",)).get_content()
        assert (mail.get_body(("html",)) is None) == (html is None)
        assert [(part.get_filename(), part.get_content_type()) for part in mail.iter_attachments()] == [
            (LONG, "application/pdf"), ("table.csv", "text/csv"), ("raw.bin", "application/x-raw"),
        ]  # fmt: skip
        assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [PDF, TABLE.encode(), PDF]
    assert "filename*" in str(next(mail.iter_attachments()))


def test_preview_and_test_send_show_them(day, files):
    person, own = day.world.person(), "operator@relay07.example"
    day.ready(person, boxes=1, campaign={"steps": [step(*files[:2])]})
    wanted = [
        {"name": LONG, "content_type": "application/pdf", "size_bytes": len(PDF)},
        {"name": "table.csv", "content_type": "text/csv", "size_bytes": len(TABLE.encode())},
    ]
    which = {"campaign": "spring", "step": 1, "variant": "a", "contact": person}
    shown = preview_step(day.installation, day.tenant, **which)
    assert (shown["attachments"], shown["refused_by"]) == (wanted, None)
    sent = send_test(
        day.installation, day.tenant, **which, mailbox=day.mailboxes[0], to=own, now=day.now + timedelta(hours=1)
    )
    assert (sent["state"], sent["attachments"]) == ("sent", wanted)
    (mail,) = day.mails(own)
    assert [part.get_filename() for part in mail.iter_attachments()] == [LONG, "table.csv"]

    blob(day).unlink()
    assert preview_step(day.installation, day.tenant, **which)["refused_by"] == "gate_attachment_missing"


@pytest.mark.parametrize("harm", ["gone", "half"])
def test_a_missing_blob_keeps_the_message_back_until_the_file_is_applied_again(day, files, harm):
    person = day.world.person()
    day.ready(person, boxes=1, campaign={"steps": [step(files[0])]})
    message_module._skeleton_with_files.cache_clear()
    path = blob(day)
    path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:-50])
    assert day.send().by_reason == {"gate_attachment_missing": 1}
    assert day.state(person) == ("cancelled", "gate_attachment_missing")
    assert LONG in day.message(person)["reason_detail"]
    assert (day.attempts(person), day.sequence(person)) == ([("gate", "cancelled", None)], ("active", None, 1))
    assert (day.accepted(), day.leases()) == ([], 0)

    path.unlink(missing_ok=True)
    day.configure(campaign={"steps": [step(files[0])]})
    assert day.plan(days=1).planned == 1
    assert day.send(later=timedelta(days=1, minutes=1)).by_state == {"sent": 1}
    (mail,) = day.mails(person)
    assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [PDF]


def test_what_cannot_be_carried_is_refused_with_its_place(day):
    (day.folder / "large.bin").write_bytes(bytes(9 * 2**20))
    (day.folder / "empty.bin").touch()
    steps = [
        step({"file": "nowhere.pdf"}, {"file": "../outside.pdf"}, {"file": "/etc/hostname"}),
        step({"file": "large.bin"}, {"file": "empty.bin"}, number=2),
    ]
    with pytest.raises(ConfigurationError) as told:
        day.configure(boxes=1, campaign={"steps": steps})
    at = "tenants[0].campaigns[0].steps"
    assert [text for text in str(told.value).splitlines() if text.strip()] == [
        f"{at}[0].attachments[0].file: nowhere.pdf cannot be read: No such file or directory.",
        f"{at}[0].attachments[1].file: ../outside.pdf is not under the configuration's folder: put the file there.",
        f"{at}[0].attachments[2].file: /etc/hostname is not under the configuration's folder: put the file there.",
        (
            f"{at}[1].attachments[0].file: with large.bin (9437184 bytes) the message is over 10485760 bytes as it is sent:"
            " take a smaller file, or link to it."
        ),
        f"{at}[1].attachments[1].file: empty.bin is empty.",
    ]
    assert day.count("tenants") == 0


def test_a_full_disk_is_told_and_changes_nothing(day, files, monkeypatch):
    day.configure(boxes=1)
    before = day.tables()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(day.installation.blobs), "put", full)
    with pytest.raises(TransientError, match=r"prices\.pdf of the campaign spring .* No space left on device"):
        day.configure(campaign={"steps": [step(files[0])]})
    assert day.tables() == before


def test_applying_the_same_files_again_changes_nothing_and_another_content_does(day, files):
    day.configure(boxes=1, campaign={"steps": [step(*files)]})
    before = day.tables()
    day.configure(campaign={"steps": [step(*files)]})
    assert day.tables() == before
    (day.folder / "prices.pdf").write_bytes(PDF + b"more")
    day.configure(campaign={"steps": [step(*files)]})
    kept = day.admin.execute("select attachments from outreach.campaign_steps").fetchone()[0]
    assert [each["size_bytes"] for each in kept] == [len(PDF) + 4, len(TABLE.encode()), len(PDF) + 4]
