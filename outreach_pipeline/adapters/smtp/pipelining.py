"""What aiosmtplib does not send as it is wanted here: several commands in one go (PIPELINING, RFC 2920), and a message's text by itself.

Belongs here: sending them and telling their replies apart; aiosmtplib reads one reply a command and drops what comes sooner.
Does not: which commands may go together, or what a reply means (session).
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Sequence
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPResponse, SMTPStatus
from aiosmtplib.errors import SMTPReadTimeoutError, SMTPResponseException, SMTPServerDisconnected

# RFC 5321 4.5.2: a line that begins with a dot gets another one.
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
_LONGEST_REPLIES_BYTES = 64 * 1024


def together(commands: Sequence[bytes]) -> bytes:
    """Return commands as they are sent in one go.

    Args:
        commands: lines without their ends; none of them may have a line break.
    """
    if any(b"\r" in command or b"\n" in command for command in commands):
        raise ValueError("A command has a line break.")
    return b"".join(command + b"\r\n" for command in commands)


def as_text(message: bytes) -> bytes:
    """Return what is sent of a message once a server has asked for it by 354: its lines, which end in CRLF, and the end."""
    return _FIRST_DOT.sub(b"..", message) + b".\r\n"


def as_chunk(message: bytes) -> bytes:
    """Return a message as one chunk with its command, BDAT (RFC 3030), which no server asks for."""
    return b"BDAT %d LAST\r\n%s" % (len(message), message)


def send(client: aiosmtplib.SMTP, data: bytes, *, due: int) -> Replies:
    """Send bytes, and have so many replies to them read.

    Args:
        client: connected, with no command under way. It may say nothing before the last of the replies has come.
        data: whole commands, and what belongs to them.
        due: how many.

    Raises:
        SMTPServerDisconnected: the connection is lost, and nothing was sent.
    """
    protocol = client.protocol
    # Not every event loop's transports are of the library's classes, though they do the same.
    transport = cast("asyncio.WriteTransport | None", protocol.transport if protocol else None)
    if protocol is None or transport is None or transport.is_closing():
        raise SMTPServerDisconnected("Connection lost")
    replies = Replies(protocol, transport, due)
    transport.write(data)
    return replies


class Replies(asyncio.Protocol):
    """Stands in for the client's own protocol until all replies that are due have come."""

    def __init__(self, protocol: asyncio.BaseProtocol, transport: asyncio.WriteTransport, due: int) -> None:
        self._protocol = protocol
        self._transport = transport
        self._due = due
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._came: deque[SMTPResponse] = deque()
        self._news: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        transport.set_protocol(self)

    async def look(self, timeout_seconds: float) -> SMTPResponse | None:
        """Wait for the next reply and leave it to ``next``; None if the server has gone without a word.

        One that is late, or no SMTP, is ``next``'s to tell.
        """
        try:
            reply = await self.next(timeout_seconds)
        except SMTPServerDisconnected:
            return None
        except (SMTPReadTimeoutError, SMTPResponseException) as error:
            self._error = error
            return SMTPResponse(SMTPStatus.invalid_response, str(error))
        self._came.appendleft(reply)
        return reply

    async def next(self, timeout_seconds: float) -> SMTPResponse:
        """Wait for the next reply.

        Raises:
            SMTPServerDisconnected, SMTPReadTimeoutError: it does not come.
            SMTPResponseException: the server speaks no SMTP.
        """
        if not self._came:
            if self._error is not None:
                raise self._error
            self._news = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout_seconds):
                    await self._news
            except TimeoutError as error:
                raise SMTPReadTimeoutError("Timed out waiting for server response") from error
            finally:
                self._news = None
            if not self._came and self._error is not None:
                raise self._error
        return self._came.popleft()

    def data_received(self, data: bytes) -> None:
        """Read what came into replies; what comes after the last is dropped, as the library does."""
        self._buffer += data
        if len(self._buffer) > _LONGEST_REPLIES_BYTES:
            self._fail(_no_smtp("Response too long"))
            return
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            if not self._due:
                return
            if not line[:3].isdigit():
                self._fail(_no_smtp(f"Malformed SMTP response line: {line.decode('utf-8', 'replace')}"))
                return
            self._lines.append(bytes(line[4:].strip(b" \t\r")))
            if line[3:4] != b"-":
                self._take(SMTPResponse(int(line[:3]), b"\n".join(self._lines).decode("utf-8", "surrogateescape")))
                self._lines.clear()

    def eof_received(self) -> bool:
        """The server has said its last."""
        self._fail(SMTPServerDisconnected("Unexpected EOF received"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the client, too."""
        self._fail(SMTPServerDisconnected("Connection lost"))
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Tell the client."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Tell the client."""
        self._protocol.resume_writing()

    def _take(self, reply: SMTPResponse) -> None:
        self._came.append(reply)
        self._due -= 1
        if not self._due and not self._transport.is_closing():
            self._transport.set_protocol(self._protocol)
        self._tell()

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        self._tell()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


def _no_smtp(what: str) -> SMTPResponseException:
    return SMTPResponseException(SMTPStatus.invalid_response, what)
