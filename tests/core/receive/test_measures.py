"""The commands that measure the classifier count what they should; a short run of the broken mails."""

from __future__ import annotations

import json

import pytest

from benchmarks import classify, score
from benchmarks.__main__ import main
from benchmarks.mails import mutations, typical

BOUNCE = (
    "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt failed.\n--b\n'
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {0}\n"
    "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n--b--\n"
)
REPLY = "From: kim@harbor.example\nSubject: Re: x\nIn-Reply-To: <a@b.example>\n\nYes.\n"


@pytest.fixture
def labelled(tmp_path):
    """Write mails and their labels; a label is what is right, unless a test says something else."""

    def write(*rows: tuple[str, dict]):
        labels = []
        for number, (raw, label) in enumerate(rows):
            (tmp_path / f"{number}.eml").write_text(raw)
            labels.append({"file": f"{number}.eml", **label})
        (tmp_path / "index.jsonl").write_text("".join(json.dumps(each) + "\n" for each in labels))
        return tmp_path

    return write


def bounce(address: str, **label) -> tuple[str, dict]:
    right = {"recipient": address, "accept": [address.upper()], "status": "5.1.1", "hard": True, "class": "hard"}
    return BOUNCE.format(address), {"kind": "bounce", "recipients": [{**right, **label}]}


def said(capsys) -> dict[str, tuple[float, bool]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return {each["name"].removeprefix("receive.score."): (each["value"], each["met"]) for each in lines}


def test_any_folder_of_labelled_mails_is_scored(labelled, capsys):
    folder = labelled(bounce("a@b.example"), (REPLY, {"kind": "other", "kind_alt": ["reply"]}))
    assert main(["score", str(folder)]) == 0
    assert said(capsys) == {
        "kind": (1.0, True), "recipient_recall": (1.0, True), "status": (1.0, True), "hard": (1.0, True),
        "class": (1.0, True), "replies_swallowed": (0, True), "live_contacts_suppressed": (0, True),
    }  # fmt: skip


def test_what_is_wrong_is_counted_and_told(labelled, capsys):
    folder = labelled(
        bounce("a@b.example", status="5.2.2", hard=False, accept=["c@b.example"], **{"class": "soft"}),
        bounce("d@b.example", status=None),
        (BOUNCE.format("e@b.example"), {"kind": "reply", "recipients": []}),
        (REPLY, {"kind": "bounce", "recipients": [], "status": "5.1.1", "hard": True}),
    )
    assert main(["score", str(folder), "--errors", "1"]) == 1
    assert said(capsys) == {
        "kind": (0.5, False), "recipient_recall": (0.5, False), "status": (0.0, False), "hard": (0.3333, False),
        "class": (0.5, False), "replies_swallowed": (1, False), "live_contacts_suppressed": (1, False),
    }  # fmt: skip
    found = score.score([json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()], folder)
    assert "2.eml: reply taken for bounce" in found.errors


def test_a_folder_without_labels_is_wrong_use(tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["score", str(tmp_path)])
    assert ended.value.code == 2


def test_no_broken_mail_breaks_the_classifier():
    measured = {each.name: each for each in classify.measured(mails=len(typical()), fuzz=500)}
    broken = measured["receive.broken_by_fuzz"]
    assert (broken.value, broken.detail) == (0, {"mails": 500, "problems": {}})


def test_a_classifier_that_breaks_is_told_of(monkeypatch):
    def breaks(raw, *, received_at):
        found = actual(raw, received_at=received_at)
        return type(found)(found.kind, problem="ValueError") if b"Harbor" in raw else found

    actual = classify.classify
    monkeypatch.setattr(classify, "classify", breaks)
    measured = {each.name: each for each in classify.measured(mails=10, fuzz=50)}
    assert not measured["receive.broken_by_fuzz"].met


def test_the_same_seed_breaks_mails_in_the_same_way():
    mails = typical()
    assert list(mutations(mails, 20, seed=3)) == list(mutations(typical(), 20, seed=3))
    assert list(mutations(mails, 20, seed=3)) != list(mutations(mails, 20, seed=4))
