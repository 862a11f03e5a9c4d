"""What aiosmtplib does not send as it is wanted here: several commands in one go (PIPELINING, RFC 2920), and a message's text by itself.

Belongs here: sending them and telling their replies apart; aiosmtplib reads one reply a command and drops what comes sooner.
Does not: which commands may go together, or what a reply means (session).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPResponse, SMTPStatus
from aiosmtplib.errors import SMTPReadTimeoutError, SMTPResponseException, SMTPServerDisconnected

# RFC 5321 4.5.2: a line that begins with a dot gets another one.
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
_LONGEST_REPLIES_BYTES = 64 * 1024


async def pipelined(
    client: aiosmtplib.SMTP, commands: Sequence[bytes], *, timeout_seconds: float
) -> tuple[list[SMTPResponse], Exception | None]:
    """Send commands together and wait for their replies.

    Args:
        client: connected, with no command under way.
        commands: lines without their ends; none of them may have a line break.
        timeout_seconds: for each reply.

    Returns:
        The replies that came, in the order of the commands, and what kept the rest from coming, if they are fewer.
    """
    if any(b"\r" in command or b"\n" in command for command in commands):
        raise ValueError("A command has a line break.")
    together = b"".join(command + b"\r\n" for command in commands)
    return await _exchange(client, together, due=len(commands), timeout_seconds=timeout_seconds)


async def send_text(client: aiosmtplib.SMTP, message: bytes, *, timeout_seconds: float) -> SMTPResponse:
    """Send a message's text, for which a server has asked by 354, with its end, and return the answer to that.

    Args:
        client: connected.
        message: lines that end in CRLF, the last one too.
        timeout_seconds: for the answer.

    Raises:
        SMTPException, OSError: none came.
    """
    text = _FIRST_DOT.sub(b"..", message) + b".\r\n"
    replies, error = await _exchange(client, text, due=1, timeout_seconds=timeout_seconds)
    if error is not None:
        raise error
    return replies[0]


async def _exchange(
    client: aiosmtplib.SMTP, data: bytes, *, due: int, timeout_seconds: float
) -> tuple[list[SMTPResponse], Exception | None]:
    """Send bytes and wait for so many replies."""
    protocol = client.protocol
    # Not every event loop's transports are of the library's classes, though they do the same.
    transport = cast("asyncio.WriteTransport | None", protocol.transport if protocol else None)
    if protocol is None or transport is None or transport.is_closing():
        return [], SMTPServerDisconnected("Connection lost")
    reader = _Replies(protocol, due)
    transport.set_protocol(reader)
    try:
        transport.write(data)
        await reader.wait(timeout_seconds)
    except (aiosmtplib.SMTPException, OSError) as error:
        return reader.replies, error
    finally:
        if not transport.is_closing():
            transport.set_protocol(protocol)
    return reader.replies, None


class _Replies(asyncio.Protocol):
    """Stands in for the client's own protocol while several replies are due."""

    def __init__(self, protocol: asyncio.BaseProtocol, due: int) -> None:
        self._protocol = protocol
        self._due = due
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self.replies: list[SMTPResponse] = []

    async def wait(self, timeout_seconds: float) -> None:
        """Wait for all replies; the time begins anew with each.

        Raises:
            SMTPServerDisconnected, SMTPReadTimeoutError: they do not come.
            SMTPResponseException: the server speaks no SMTP.
        """
        while len(self.replies) < self._due:
            if self._error is not None:
                raise self._error
            self._news.clear()
            try:
                async with asyncio.timeout(timeout_seconds):
                    await self._news.wait()
            except TimeoutError as error:
                raise SMTPReadTimeoutError("Timed out waiting for server response") from error

    def data_received(self, data: bytes) -> None:
        """Read what came into replies; what comes after the last is dropped, as the library does."""
        self._buffer += data
        if len(self._buffer) > _LONGEST_REPLIES_BYTES:
            self._fail(_no_smtp("Response too long"))
            return
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            if len(self.replies) == self._due:
                return
            if not line[:3].isdigit():
                self._fail(_no_smtp(f"Malformed SMTP response line: {line.decode('utf-8', 'replace')}"))
                return
            self._lines.append(bytes(line[4:].strip(b" \t\r")))
            if line[3:4] != b"-":
                text = b"\n".join(self._lines).decode("utf-8", "surrogateescape")
                self.replies.append(SMTPResponse(int(line[:3]), text))
                self._lines.clear()
                self._news.set()

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

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        self._news.set()


def _no_smtp(what: str) -> SMTPResponseException:
    return SMTPResponseException(SMTPStatus.invalid_response, what)
