"""A TCP proxy before the mail server: it cuts, swallows and delays, and writes down what passes.

Belongs here: the network between a sender and its server, and the wire's own history of who was in flight when. Does not:
which fault is due (cells), the judgement (checker). On a port with TLS it sees bytes only.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

Stage = Literal["connect", "ehlo", "auth", "mail", "rcpt", "data", "body", "answer"]
Harm = Literal["reset", "swallow", "slow"]
STAGES: tuple[Stage, ...] = ("connect", "ehlo", "auth", "mail", "rcpt", "data", "body", "answer")
_STAGE_OF = {
    b"EHLO": "ehlo", b"AUTH": "auth", b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data", b"BDAT": "data",
}  # fmt: skip


@dataclass(slots=True)
class Conversation:
    """One message on the wire. Times are Unix seconds; ``data_at`` is None if DATA was never said.

    ``ended_at`` is the server's last word on it, or the end of the connection.
    """

    mail_from: str
    rcpt: str = ""
    rcpt_at: float = 0.0
    data_at: float | None = None
    ended_at: float | None = None


class Proxy:
    """Listens on a port of its own for each server; runs in a thread of its own. Times of harm are one-shot."""

    def __init__(self, servers: dict[str, int]) -> None:
        """Args: servers: port of each mail server on 127.0.0.1, by name."""
        self.ports: dict[str, int] = {}
        self.wire: list[Conversation] = []
        self.harm: tuple[Stage, Harm, float] | None = None
        self.harmed = 0
        self._links: set[_Link] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        for name, port in servers.items():
            self.ports[name] = asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(10)

    def arm(self, stage: Stage, harm: Harm, *, seconds: float = 0.3) -> None:
        """Harm the next message that comes to this stage: once."""
        self.harm = (stage, harm, seconds)

    def reset_all(self) -> None:
        """Cut every connection with a reset, on both sides."""
        self._call(lambda: [link.reset() for link in list(self._links)])

    def clear(self) -> None:
        """Forget what was to come, cut what is left and begin a new history."""
        self.harm = None
        self.harmed = 0
        self.reset_all()
        self.wire = []

    def close(self) -> None:
        """Cut everything and end the thread."""
        self.reset_all()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _call(self, act: object) -> None:
        async def run() -> None:
            act()  # type: ignore[operator]

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _listen(self, to_port: int) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            link = _Link(self, reader, writer)
            self._links.add(link)
            try:
                await link.run(to_port)
            finally:
                self._links.discard(link)

        server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=256)
        return int(server.sockets[0].getsockname()[1])


class _Link:
    """One connection: two pumps, and what they have seen."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = (reader, writer)
        self._writers = [writer]
        self._swallows = False
        self._now: Conversation | None = None
        self._said = b""
        self._in_body = False
        self._chunk_bytes = 0
        # The one whose text has gone, and the server's answer has not come.
        self._answering: Conversation | None = None

    async def run(self, to_port: int) -> None:
        try:
            await self._strike("connect")
            server = await asyncio.open_connection("127.0.0.1", to_port)
            self._writers.append(server[1])
            pumps = [
                asyncio.create_task(self._pump(self._client[0], server[1], self._client_said)),
                asyncio.create_task(self._pump(server[0], self._client[1], self._server_said)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass
        finally:
            self._end()
            if self._answering is not None:
                self._answering.ended_at = time.time()
            for writer in self._writers:
                writer.close()

    def reset(self) -> None:
        for writer in self._writers:
            with suppress(OSError, AttributeError):
                plain: socket.socket = writer.get_extra_info("socket")
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, notice: object) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                for stage in notice(chunk):  # type: ignore[operator]
                    await self._strike(stage)
                if not self._swallows:
                    writer.write(chunk)
                    await writer.drain()

    async def _strike(self, stage: str) -> None:
        harm = self._proxy.harm
        if harm is None or harm[0] != stage:
            return
        self._proxy.harm = None
        self._proxy.harmed += 1
        if harm[1] == "slow":
            await asyncio.sleep(harm[2])
        elif harm[1] == "swallow":
            self._swallows = True
        else:
            self.reset()
            raise ConnectionResetError

    def _client_said(self, chunk: bytes) -> list[str]:
        self._said = (self._said + chunk)[-(2**20) :]
        stages: list[str | None] = []
        while self._said:
            if self._chunk_bytes:
                if len(self._said) < self._chunk_bytes:
                    break
                self._said, self._chunk_bytes = self._said[self._chunk_bytes :], 0
                stages.append(self._end_body())
            elif self._in_body:
                _, end, rest = self._said.partition(b"\r\n.\r\n")
                if not end:
                    break
                self._said, self._in_body = rest, False
                stages.append(self._end_body())
            else:
                line, end, rest = self._said.partition(b"\r\n")
                if not end:
                    break
                self._said = rest
                stages.append(self._command(line))
        return [stage for stage in stages if stage is not None]

    def _end_body(self) -> str:
        self._answering, self._now = self._now, None
        return "body"

    def _command(self, line: bytes) -> str | None:
        verb = line[:4].upper()
        if verb == b"MAIL":
            self._end()
            self._now = Conversation(_address(line))
            self._proxy.wire.append(self._now)
        elif verb == b"RCPT" and self._now is not None:
            self._now.rcpt, self._now.rcpt_at = _address(line), time.time()
        elif verb in {b"DATA", b"BDAT"} and self._now is not None:
            self._now.data_at = time.time()
            self._chunk_bytes = int(line.split()[1]) if verb == b"BDAT" else 0
        elif verb == b"RSET":
            self._end()
        return _STAGE_OF.get(verb)

    def _server_said(self, chunk: bytes) -> list[str]:
        if self._answering is not None:
            self._answering.ended_at = time.time()
            self._answering = None
            return ["answer"]
        if self._now is not None and self._now.data_at is not None and chunk.startswith(b"354"):
            self._in_body = True
        return []

    def _end(self) -> None:
        if self._now is not None and self._now.ended_at is None:
            self._now.ended_at = time.time()
        self._now = None


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace").lower()
