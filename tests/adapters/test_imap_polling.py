"""Asking for the status of several folders at once, whatever form the answers have."""

from __future__ import annotations

import io

import pytest
from imapclient.exceptions import IMAPClientAbortError

from outreach_pipeline.adapters.imap.polling import FolderStatus, ask_statuses


class Wire(io.BytesIO):
    """What imaplib's connection has of a socket: this much is used of it."""

    sent = b""

    def send(self, data: bytes) -> None:
        self.sent += data


def test_folders_are_asked_for_in_one_write_and_answers_go_by_name():
    wire = Wire(
        b'* STATUS "Verd&AOQ-chtig" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 9 HIGHESTMODSEQ 0)\r\n'
        b"Q1 OK done\r\n"
        b"* 3 EXISTS\r\n"
        b"* status inbox (messages 3 uidnext 4 uidvalidity 7 highestmodseq 15)\r\n"
        b"Q0 OK done\r\n"
        b"* STATUS {6}\r\nA (b)c (UIDNEXT 5 UIDVALIDITY 8 MESSAGES 2)\r\n"
        b"Q2 OK done\r\n"
        b"Q3 NO gone\r\n"
    )
    found = ask_statuses(wire, ("INBOX", "Verdächtig", "A (b)c", 'say "no"'), with_modseq=True)
    assert found == {
        "INBOX": FolderStatus(7, 4, 3, 15), "Verdächtig": FolderStatus(9, 1, 0, None), "A (b)c": FolderStatus(8, 5, 2, None),
    }  # fmt: skip
    assert wire.sent.splitlines() == [
        b'Q0 STATUS "INBOX" (UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ)',
        b'Q1 STATUS "Verd&AOQ-chtig" (UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ)',
        b'Q2 STATUS "A (b)c" (UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ)',
        b'Q3 STATUS "say \\"no\\"" (UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ)',
    ]


def test_a_status_that_says_too_little_counts_as_none():
    wire = Wire(b'* STATUS "INBOX" (MESSAGES 3)\r\nQ0 OK done\r\n')
    assert ask_statuses(wire, ("INBOX",), with_modseq=False) == {}


@pytest.mark.parametrize(
    "said",
    [b"", b"* STATUS", b"* BYE too many\r\n", b"* OK still here\r\n" * 10_001],
    ids=["end", "half", "bye", "endless"],
)
def test_a_connection_that_ends_or_never_does_is_lost(said):
    with pytest.raises(IMAPClientAbortError):
        ask_statuses(Wire(said), ("INBOX",), with_modseq=False)
