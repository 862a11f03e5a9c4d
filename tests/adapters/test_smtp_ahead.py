"""A message as one chunk, and the next one's addresses behind it: what is said, and what each answer means."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from outreach_pipeline.adapters.smtp.session import Addresses, SmtpAccount, SmtpSession, Timeouts
from outreach_pipeline.core.errors import ConnectionLostError, SmtpPermanentError, SmtpTransientError

ANN = "ann@acme-mail.example"
FIRST, SECOND, THIRD = (Addresses(ANN, f"{name}@people.example", is_8bit=False) for name in ("joe", "mia", "leo"))
TEXT = b"Subject: x\r\n\r\n.dots\r\n..\r\n.\r\nhello\r\n"
_TIMEOUT_SECONDS = 0.5
_HANGS, _GONE = "hangs", "gone"


class Server:
    """Takes commands as they come, several at once too, and answers each: from ``answers`` by its first word, else well.

    ``said`` has the commands of the conversation after the login in their order, ``mails`` the texts.
    """

    def __init__(self, *, offers: str = "PIPELINING CHUNKING", **answers: str) -> None:
        self._offers = offers.split()
        self._answers = {verb.upper(): answer for verb, answer in answers.items()}
        self.said: list[str] = []
        self.mails: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 here\r\n")
            while line := (await reader.readline()).decode().strip():
                verb = line.split()[0]
                if verb == "EHLO":
                    writer.write("".join(f"250-{name}\r\n" for name in ("here", *self._offers)).encode())
                    writer.write(b"250 AUTH PLAIN\r\n")
                elif verb == "AUTH":
                    writer.write(b"235 2.7.0 ok\r\n")
                elif not await self._answer(line, verb, reader, writer):
                    return
        finally:
            writer.transport.abort()

    async def _answer(self, line: str, verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.said.append(line)
        if verb == "BDAT":
            self.mails.append(await reader.readexactly(int(line.split()[1])))
        if verb == "DATA":
            writer.write(b"354 go on\r\n")
            self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
        answer = self._answers.get(line.partition(">")[0].rpartition("<")[2].upper()) or self._answers.get(verb)
        if answer == _HANGS:
            await asyncio.sleep(4 * _TIMEOUT_SECONDS)
        if answer in {_HANGS, _GONE}:
            return False
        writer.write(f"{answer or '250 2.0.0 ok'}\r\n".encode())
        return True


def talk(server: Server, conversation: Callable[[SmtpSession], Awaitable[None]]) -> None:
    async def run() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        account = SmtpAccount("127.0.0.1", port, "none", "ann", "secret", None, "acme-mail.example")
        session = SmtpSession(account, timeouts=Timeouts.of(_TIMEOUT_SECONDS))
        try:
            await session.open()
            await conversation(session)
        finally:
            session.abandon()
            listening.close()

    asyncio.run(run())


async def address(session: SmtpSession, to: Addresses) -> None:
    await session.address(to.sender, to.recipient, is_8bit=to.is_8bit)


def lines(*messages: Addresses) -> list[str]:
    return [line for each in messages for line in (f"MAIL FROM:<{each.sender}>", f"RCPT TO:<{each.recipient}>")]


def test_a_chunk_has_the_text_as_it_is():
    server = Server()

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        reply = await session.transmit(TEXT)
        assert (reply.code, reply.enhanced_code, session.messages_sent) == (250, "2.0.0", 1)

    talk(server, conversation)
    assert (server.said, server.mails) == ([*lines(FIRST), f"BDAT {len(TEXT)} LAST"], [TEXT])


def test_a_host_that_is_set_to_take_none_is_given_data():
    server = Server()

    async def conversation(session: SmtpSession) -> None:
        session.uses_chunking = False
        await address(session, FIRST)
        await session.transmit(TEXT)

    talk(server, conversation)
    assert (server.said[-1], server.mails) == ("DATA", [TEXT.replace(b"\r\n.", b"\r\n..") + b".\r\n"])


@pytest.mark.parametrize(
    "answer, kind, stage, says",
    [
        ("451 4.3.0 later", SmtpTransientError, "end-of-data", "later"),
        ("554 5.7.1 never", SmtpPermanentError, "end-of-data", "never"),
        (_GONE, ConnectionLostError, "end-of-data", "EOF"),
        (_HANGS, ConnectionLostError, "end-of-data", "Timed out"),
        ("354 what?", ConnectionLostError, "end-of-data", "what?"),
        # Who offers chunks and takes none has been given nothing, and the cure is named.
        ("500 5.5.1 unknown", ConnectionLostError, "data", "uses_chunking: false for 127.0.0.1:"),
        ("502 5.5.1 unknown", ConnectionLostError, "data", "provider_hosts"),
        ("503 5.5.1 not here", ConnectionLostError, "data", "503 5.5.1 not here"),
    ],
)
def test_what_is_said_to_a_chunk_is_the_outcome(answer, kind, stage, says):
    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        with pytest.raises(kind, match=says) as caught:
            await session.transmit(TEXT, following=SECOND)
        assert (caught.value.stage, session.messages_sent) == (stage, 0)

    talk(Server(bdat=answer), conversation)


@pytest.mark.parametrize("offers, command", [("PIPELINING CHUNKING", f"BDAT {len(TEXT)} LAST"), ("PIPELINING", "DATA")])
def test_the_next_one_s_addresses_are_said_once_behind_the_text(offers, command):
    server = Server(offers=offers)

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        await session.transmit(TEXT, following=SECOND)
        await address(session, SECOND)
        await session.transmit(TEXT)

    talk(server, conversation)
    assert server.said == [*lines(FIRST), command, *lines(SECOND), command]
    assert len(server.mails) == 2


def test_where_no_pipelining_is_offered_nothing_goes_ahead():
    server = Server(offers="CHUNKING")

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        await session.transmit(TEXT, following=SECOND)
        await session.close()

    talk(server, conversation)
    assert server.said == [*lines(FIRST), f"BDAT {len(TEXT)} LAST", "QUIT"]


def test_addresses_that_the_server_cannot_take_do_not_go_ahead():
    server = Server()
    strange = Addresses(ANN, "zoë@people.example", is_8bit=True)

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        assert (await session.transmit(TEXT, following=strange)).code == 250

    talk(server, conversation)
    assert server.said == [*lines(FIRST), f"BDAT {len(TEXT)} LAST"]


def test_another_message_than_was_said_takes_back_what_was():
    server = Server()

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        await session.transmit(TEXT, following=SECOND)
        await address(session, THIRD)
        await session.transmit(TEXT)

    talk(server, conversation)
    chunk = f"BDAT {len(TEXT)} LAST"
    assert server.said == [*lines(FIRST), chunk, *lines(SECOND), "RSET", *lines(THIRD), chunk]


@pytest.mark.parametrize("ends", ["reset", "close"])
def test_what_was_said_ahead_is_taken_back(ends):
    server = Server()

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        await session.transmit(TEXT, following=SECOND)
        await getattr(session, ends)()
        assert session.is_open is (ends == "reset")

    talk(server, conversation)
    assert server.said[3:] == [*lines(SECOND), "RSET", *(["QUIT"] if ends == "close" else [])]


@pytest.mark.parametrize(
    "answers, kind, stage",
    [
        ({"mia@people.example": "550 5.1.1 unknown"}, SmtpPermanentError, "rcpt"),
        ({"mia@people.example": "450 4.2.1 later"}, SmtpTransientError, "rcpt"),
        ({"mia@people.example": _GONE}, ConnectionLostError, "rcpt"),
        ({"mia@people.example": _HANGS}, ConnectionLostError, "rcpt"),
    ],
)
def test_a_refusal_of_the_next_one_is_its_own(answers, kind, stage):
    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        # The first waits for none of it.
        assert (await session.transmit(TEXT, following=SECOND)).code == 250
        with pytest.raises(kind) as caught:
            await address(session, SECOND)
        assert caught.value.stage == stage
        assert session.is_open is (kind is not ConnectionLostError)

    talk(Server(**answers), conversation)


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "554 5.7.1 never"])
def test_after_a_refusal_the_connection_is_good_for_another(answer):
    server = Server(bdat=answer)

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        with pytest.raises((SmtpTransientError, SmtpPermanentError)):
            await session.transmit(TEXT, following=SECOND)
        await session.reset()
        await address(session, SECOND)

    talk(server, conversation)
    assert server.said[3:] == [*lines(SECOND), "RSET", *lines(SECOND)]


def test_a_late_reply_is_never_taken_for_another_command_s():
    async def conversation(session: SmtpSession) -> None:
        with pytest.raises(SmtpPermanentError, match="no") as caught:
            await address(session, FIRST)
        assert (caught.value.stage, session.is_open) == ("mail", False)
        await session.reset()

    talk(Server(mail="550 5.7.1 no", rcpt=_HANGS), conversation)


@pytest.mark.parametrize(
    "answer, stands", [(_GONE, False), ("421 4.7.0 enough for today", False), ("450 4.2.0 later", True), (_HANGS, True)]
)
def test_a_connection_that_ends_behind_a_message_stands_no_more_and_any_other_answer_is_the_next_one_s(answer, stands):
    following = Addresses("tom@acme-mail.example", SECOND.recipient, is_8bit=False)

    async def conversation(session: SmtpSession) -> None:
        await address(session, FIRST)
        await session.transmit(TEXT, following=following)
        assert await session.still_stands() is stands
        if stands:
            with pytest.raises((SmtpTransientError, ConnectionLostError)) as caught:
                await address(session, following)
            assert caught.value.stage == "mail"

    talk(Server(**{following.sender: answer}), conversation)


def test_who_takes_leave_by_421_is_told_nothing_more():
    async def at_the_end_of_the_text(session: SmtpSession) -> None:
        await address(session, FIRST)
        with pytest.raises(SmtpTransientError):
            await session.transmit(TEXT)
        assert not session.is_open

    async def at_the_recipient(session: SmtpSession) -> None:
        with pytest.raises(SmtpTransientError):
            await address(session, FIRST)
        assert not session.is_open

    talk(Server(bdat="421 4.7.0 I close"), at_the_end_of_the_text)
    talk(Server(rcpt="421 4.7.0 I close"), at_the_recipient)
