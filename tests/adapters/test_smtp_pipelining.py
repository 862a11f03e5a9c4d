"""MAIL and RCPT in one go: replies are told apart however they come, and every failure says its stage."""

from __future__ import annotations

import asyncio

import pytest

from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession, Timeouts
from outreach_pipeline.core.errors import ConnectionLostError, SmtpPermanentError, SmtpTransientError

ANN, JOE = "ann@acme-mail.example", "joe@people.example"
_OK = b"250 2.1.0 ok\r\n"
_TIMEOUT_SECONDS = 0.5


class Scripted:
    """A server that says what it is told to: ``answers`` are the pieces that it writes when MAIL has come.

    ``None`` closes the connection. ``asked`` holds what came in one piece each.
    """

    def __init__(
        self, *answers: bytes | None, offers: bytes = b"250-PIPELINING\r\n", to_data: bytes | None = b"354 go on\r\n"
    ) -> None:
        self._answers = answers
        self._to_data = to_data
        self._offers = offers
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        finally:
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while asked := await reader.read(65536):
            self.asked.append(asked)
            if asked.startswith(b"EHLO"):
                writer.write(b"250-here\r\n" + self._offers + b"250 AUTH PLAIN\r\n")
            elif asked.startswith(b"AUTH"):
                writer.write(b"235 2.7.0 ok\r\n")
            elif asked.startswith((b"MAIL", b"RCPT")):
                for answer in self._answers:
                    if answer is None:
                        writer.write_eof()
                        return
                    writer.write(answer)
                    await writer.drain()
                    await asyncio.sleep(0.02)
            elif asked.startswith(b"DATA"):
                if self._to_data is None:
                    return
                writer.write(self._to_data)
            else:
                writer.write(b"250 2.0.0 done\r\n")


def address(server: Scripted, *, then_send: bool = False) -> None:
    async def conversation() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        account = SmtpAccount("127.0.0.1", port, "none", "ann", "secret", None, "acme-mail.example")
        session = SmtpSession(account, timeouts=Timeouts.of(_TIMEOUT_SECONDS))
        try:
            await session.open()
            await session.address(ANN, JOE)
            if then_send:
                reply = await session.transmit(b"Subject: x\r\n\r\nhello\r\n")
                assert (reply.code, reply.enhanced_code) == (250, "2.0.0")
        finally:
            session.abandon()
            listening.close()

    asyncio.run(conversation())


@pytest.mark.parametrize(
    "answers",
    [
        (_OK + _OK,),
        (_OK, _OK),
        (b"250-2.1.0 first\r\n250 2.1.0 ok\r\n25", b"0 2.1.5 ok\r", b"\n"),
        (b"250 2.1.0 ok\n250 2.1.5 ok\n",),
        (b"250 2.1.0 ok\r\n251 2.1.5 will forward\r\n",),
    ],
    ids=["one packet", "a packet each", "torn", "bare line feeds", "forwards"],
)
def test_both_replies_are_read_however_they_come(answers):
    server = Scripted(*answers)
    address(server, then_send=True)
    assert f"MAIL FROM:<{ANN}>\r\nRCPT TO:<{JOE}>\r\n".encode() in server.asked


def test_without_the_offer_each_command_waits_for_its_reply():
    server = Scripted(_OK, offers=b"")
    address(server, then_send=True)
    assert f"MAIL FROM:<{ANN}>\r\n".encode() in server.asked
    assert f"RCPT TO:<{JOE}>\r\n".encode() in server.asked


@pytest.mark.parametrize(
    "answers, kind, stage, code",
    [
        ((b"550 5.7.1 no\r\n503 5.5.1 MAIL first\r\n",), SmtpPermanentError, "mail", 550),
        ((_OK + b"550 5.1.1 unknown\r\n",), SmtpPermanentError, "rcpt", 550),
        ((_OK, b"450 4.2.1 later\r\n"), SmtpTransientError, "rcpt", 450),
        ((b"421 4.3.2 closing\r\n", None), SmtpTransientError, "mail", 421),
    ],
)
def test_a_refusal_is_that_of_its_command(answers, kind, stage, code):
    with pytest.raises(kind) as caught:
        address(Scripted(*answers))
    assert (caught.value.stage, caught.value.code) == (stage, code)


@pytest.mark.parametrize(
    "answers, stage, says",
    [
        ((None,), "mail", "EOF"),
        ((_OK, None), "rcpt", "EOF"),
        ((), "mail", "Timed out"),
        ((_OK,), "rcpt", "Timed out"),
        ((_OK + b"hello\r\n",), "rcpt", "Malformed"),
        ((b"250-" + b"x" * 70_000,), "mail", "too long"),
    ],
)
def test_what_does_not_come_is_a_lost_connection_at_its_command(answers, stage, says):
    with pytest.raises(ConnectionLostError, match=says) as caught:
        address(Scripted(*answers))
    assert caught.value.stage == stage


@pytest.mark.parametrize(
    "to_data, kind, code",
    [
        (b"451 4.3.0 later\r\n", SmtpTransientError, 451),
        (b"554 5.7.1 no\r\n", SmtpPermanentError, 554),
        (b"250 2.0.0 what?\r\n", ConnectionLostError, None),
        (None, ConnectionLostError, None),
        (b"", ConnectionLostError, None),
    ],
    ids=["not now", "never", "no answer to DATA", "gone", "silent"],
)
def test_who_refuses_data_has_been_given_nothing(to_data, kind, code):
    server = Scripted(_OK + _OK, to_data=to_data)
    with pytest.raises(kind) as caught:
        address(server, then_send=True)
    assert (caught.value.stage, getattr(caught.value, "code", None)) == ("data", code)
    assert server.asked[-1] == b"DATA\r\n"
