"""An SMTP server that takes everything as fast as Python can, and keeps what it took: when, from whom, to whom, which.

A process of its own, so that its CPU is nobody else's. Belongs here: the server and its remote control. Does not: what is
measured with it (send).
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from multiprocessing.connection import Connection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN\r\n"
_OK = b"250 2.0.0 ok\r\n"
_ANSWERS = {b"EHLO": _HELLO, b"AUTH": b"235 2.7.0 welcome\r\n", b"DATA": b"354 go on\r\n"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken.

    Attributes:
        at: when the server said 250, seconds of the monotonic clock, the same in all processes.
        data_at: when it said 354.
    """

    data_at: float
    at: float
    sender: str
    recipient: str
    message_id: str


@dataclass(slots=True)
class Sink:
    """The remote control of a running sink."""

    port: int
    pid: int
    _pipe: Connection = field(repr=False)

    def take(self) -> list[Taken]:
        """Return what was taken since the last call."""
        self._pipe.send("take")
        taken: list[Taken] = self._pipe.recv()
        return taken


@contextmanager
def sink(*, certificate: Path | None = None, key: Path | None = None) -> Iterator[Sink]:
    """Run a sink on a free port of 127.0.0.1; with a certificate it speaks TLS from the first byte."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, certificate, key), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Sink(ours.recv(), process.pid or 0, ours)
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.kill()


@contextmanager
def certificate() -> Iterator[tuple[Path, Path]]:
    """Make a certificate of 127.0.0.1 that is its own authority, and its key, and remove both again."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        certificate_file, key_file = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        certificate_file.write_bytes(made.public_bytes(Encoding.PEM))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        yield certificate_file, key_file


def _main(pipe: Connection, certificate: Path | None, key: Path | None) -> None:
    asyncio.run(_serve(pipe, certificate, key))


async def _serve(pipe: Connection, certificate: Path | None, key: Path | None) -> None:
    loop = asyncio.get_running_loop()
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
    taken: list[Taken] = []
    server = await loop.create_server(lambda: _Conversation(taken), "127.0.0.1", 0, ssl=tls, backlog=2048)
    pipe.send(server.sockets[0].getsockname()[1])
    done = loop.create_future()

    def asked() -> None:
        try:
            pipe.recv()
            pipe.send(taken)
            taken.clear()
        except EOFError:
            done.set_result(None)

    loop.add_reader(pipe.fileno(), asked)
    await done
    loop.remove_reader(pipe.fileno())


class _Conversation(asyncio.Protocol):
    def __init__(self, taken: list[Taken]) -> None:
        self._taken = taken
        self._buffer = bytearray()
        self._data_at = 0.0
        self._sender = self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = []
        while True:
            if self._data_at:
                end = self._buffer.find(b"\r\n.\r\n")
                if end < 0:
                    break
                answers.append(self._end_of_data(bytes(self._buffer[:end])))
                del self._buffer[: end + 5]
                continue
            end = self._buffer.find(b"\r\n")
            if end < 0:
                break
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 2]
            answers.append(self._answer(line))
        if answers:
            self._transport.write(b"".join(answers))

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"MAIL":
            self._sender = _address(line)
        elif verb == b"RCPT":
            self._recipient = _address(line)
        elif verb == b"DATA":
            self._data_at = time.monotonic()
        elif verb == b"QUIT":
            # What was written is sent before the connection closes.
            self._transport.write(b"221 2.0.0 bye\r\n")
            self._transport.close()
            return b""
        return _ANSWERS.get(verb, _OK)

    def _end_of_data(self, content: bytes) -> bytes:
        found = _MESSAGE_ID.search(content)
        self._taken.append(
            Taken(self._data_at, time.monotonic(), self._sender, self._recipient, found[1].decode() if found else "")
        )
        self._data_at = 0.0
        return _OK


def _address(line: bytes) -> str:
    return line[line.index(b"<") + 1 : line.index(b">")].decode().lower()
