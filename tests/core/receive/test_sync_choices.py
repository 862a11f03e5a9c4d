"""Which folders are read, how long a failure rests a mailbox, and which parts of a large mail are asked for."""

from __future__ import annotations

import pytest
from imapclient.response_types import BodyData

from outreach_pipeline.core.receive.folders import Folder, ListedFolder, choose_folders, role_by_labels
from outreach_pipeline.core.receive.outline import NoOutlineError, Section, outline, put_together
from outreach_pipeline.core.receive.sync_pause import pause_after

TEXT = (b"text", b"plain", (b"charset", b"utf-8"), None, None, b"7bit", 12, 1)
PDF = (b"application", b"pdf", (b"name", b"a.pdf"), None, None, b"base64", 9_000_000)


def listed(*names: str, **flags: str) -> list[ListedFolder]:
    return [
        *(ListedFolder(name, frozenset(), "/") for name in names),
        *(ListedFolder(name, frozenset({f"\\{flag}"}), "/") for name, flag in flags.items()),
    ]


@pytest.mark.parametrize(
    "name,role",
    [
        ("inbox", "inbox"), ("Junk E-Mail", "spam"), ("INBOX/Courrier indésirable", "spam"), ("Wiadomości-śmieci", "spam"),
        ("迷惑メール", "spam"), ("Gesendete Elemente", "sent"), ("Отправленные", "sent"), ("Itens Enviados", "sent"),
        ("Archiv", "archive"), ("Projects", None), ("Spam/2024", None),
    ],
)  # fmt: skip
def test_a_folder_without_flags_is_known_by_its_name(name, role):
    assert choose_folders(listed(name)).folders == (() if role is None else (Folder(name, role),))


def test_flags_outweigh_names_and_what_cannot_be_opened_is_left_alone():
    choice = choose_folders(listed("INBOX", Sent="junk", Spam="noselect", Archive="drafts", Müll="trash"))
    assert choice.folders == (Folder("INBOX", "inbox"), Folder("Archive", "archive"), Folder("Sent", "spam"))


def test_configured_folders_are_read_as_they_are_spelt_and_keep_a_role_that_they_have():
    choice = choose_folders(listed("INBOX", "Clients", Sent="sent"), configured=["Clients", "Sent", "clients"])
    assert choice.folders == (Folder("INBOX", "inbox"), Folder("Clients", "other"), Folder("Sent", "sent"))
    assert choice.missing == ("The folder clients is not there: make it, or take it out of the mailbox's folders.",)


def test_a_server_that_is_not_gmail_may_call_a_folder_all_and_keeps_its_inbox():
    assert [each.role for each in choose_folders(listed("INBOX", Everything="all")).folders] == ["inbox", "archive"]


def test_labels_say_what_a_mail_is():
    assert role_by_labels(["\\Inbox", "Clients"]) == "inbox"
    assert role_by_labels(["\\Sent", "\\Inbox", "\\Important"]) == "sent"
    assert role_by_labels(["Inbox", "Sent"]) == "archive"
    assert role_by_labels(["\\Draft", "\\Inbox"]) is None


def test_pauses_double_up_to_their_end_and_what_a_server_asks_for_is_kept_to():
    assert [pause_after("login", text="no", failures=number).seconds for number in (1, 2, 5, 6, 50)] == [
        900, 1800, 14_400, 21_600, 21_600,
    ]  # fmt: skip
    told = "Server busy: Suggested Backoff Time: 299961 milliseconds"
    assert pause_after("connection", text=told, failures=1).seconds == pytest.approx(299.961)
    # A shorter time than we would wait, and one of a week, are not taken at their word.
    assert pause_after("connection", text="Suggested Backoff Time: 1 seconds", failures=3).seconds == 240
    assert pause_after("connection", text="Suggested Backoff Time: 604800 seconds", failures=1).seconds == 86_400
    assert pause_after("token", text="too many connections", failures=1).cause == "token"


def test_a_large_mail_is_asked_for_by_headers_and_readable_parts_and_put_together_in_their_order():
    mixed = BodyData.create((TEXT, PDF, b"mixed", (b"BOUNDARY", b"b1"), None, None))
    pieces = outline(mixed)
    assert [each.asked for each in pieces if isinstance(each, Section)] == [
        "BODY.PEEK[HEADER]", "BODY.PEEK[1.MIME]", "BODY.PEEK[1]<0.262144>", "BODY.PEEK[2.MIME]",
    ]  # fmt: skip
    answers = {"HEADER": b"H\r\n\r\n", "1.MIME": b"M1\r\n\r\n", "1": b"text", "2.MIME": b"M2\r\n\r\n"}
    assert put_together(pieces, answers) == (b"H\r\n\r\n--b1\r\nM1\r\n\r\ntext\r\n--b1\r\nM2\r\n\r\n\r\n--b1--\r\n")
    nested = BodyData.create(((TEXT, TEXT, b"alternative", (b"boundary", b"b2")), PDF, b"mixed", (b"boundary", b"b1")))
    assert [each.name for each in outline(nested) if isinstance(each, Section)] == [
        "HEADER", "1.MIME", "1.1.MIME", "1.1", "1.2.MIME", "1.2", "2.MIME",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "structure",
    [
        BodyData.create((TEXT, PDF, b"mixed")),
        BodyData.create((TEXT, PDF, b"mixed", None)),
        BodyData.create((*[TEXT] * 300, b"mixed", (b"boundary", b"b"))),
        (None,),
    ],
    ids=["ends early", "no parameters", "too many", "nothing"],
)
def test_a_structure_that_does_not_say_enough_is_refused(structure):
    with pytest.raises(NoOutlineError):
        outline(structure)


def test_of_a_mail_with_many_texts_the_first_are_read():
    pieces = outline(BodyData.create((*[TEXT] * 30, b"mixed", (b"boundary", b"b"))))
    bodies = [each for each in pieces if isinstance(each, Section) and each.most_bytes]
    assert len(bodies) == 20
