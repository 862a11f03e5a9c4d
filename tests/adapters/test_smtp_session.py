"""What a session says to a server by what the server offers, over real sockets of both kinds."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession, Timeouts
from outreach_pipeline.core.errors import ConnectionLostError, NotAllowedError

PATIENT = Timeouts.of(10)
ANN, PLAIN, STRANGE = "ann@acme-mail.example", "joe@people.example", "zoë@people.example"


class Handler:
    def __init__(self, *, pause_seconds: float = 0.0) -> None:
        self.mails: list[tuple[str, list[str], list[str], bytes]] = []
        self.peers: list[str] = []
        self._pause_seconds = pause_seconds

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802  as aiosmtpd calls it
        await asyncio.sleep(self._pause_seconds)
        self.peers.append(session.peer[0])
        self.mails.append((envelope.mail_from, envelope.mail_options, envelope.rcpt_tos, envelope.original_content))
        return "250 2.0.0 taken"


@asynccontextmanager
async def server(handler, *, host="127.0.0.1", smtputf8=True):
    def connection():
        return SMTP(
            handler,
            enable_SMTPUTF8=smtputf8,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
            loop=asyncio.get_running_loop(),
        )

    listening = await asyncio.get_running_loop().create_server(connection, host, 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def account(port: int, **more) -> SmtpAccount:
    return SmtpAccount(
        **{
            "host": "127.0.0.1", "port": port, "security": "none", "login": "ann", "secret": "x", "ca_file": None,
            "helo_name": "acme-mail.example", **more,
        }
    )  # fmt: skip


def send(handler, content: bytes, recipient: str, *, timeouts: Timeouts = PATIENT, listen=None, **more) -> None:
    async def conversation() -> None:
        async with server(handler, **(listen or {})) as port:
            session = SmtpSession(account(port, **more), timeouts=timeouts)
            await session.open()
            try:
                await session.address(ANN, recipient, is_8bit=not content.isascii())
                await session.transmit(content)
            finally:
                await session.close()

    asyncio.run(conversation())


@pytest.mark.parametrize(
    "content, recipient, options",
    [
        (b"Subject: x\r\n\r\nplain\r\n", PLAIN, []),
        ("Subject: x\r\n\r\nzoë\r\n".encode(), PLAIN, ["BODY=8BITMIME"]),
        (f"To: {STRANGE}\r\n\r\nplain\r\n".encode(), STRANGE, ["BODY=8BITMIME", "SMTPUTF8"]),
        (b"Subject: x\r\n\r\nplain\r\n", STRANGE, ["SMTPUTF8"]),
        (b"Subject: x\r\n\r\n.\r\n..two\r\na.b\r\n.\r\n\r\n", PLAIN, []),
    ],
)
def test_an_extension_is_asked_for_only_where_it_is_needed(content, recipient, options):
    handler = Handler()
    send(handler, content, recipient)
    assert handler.mails == [(ANN, options, [recipient], content)]


def test_what_a_server_does_not_offer_is_refused_before_mail():
    handler = Handler()
    with pytest.raises(NotAllowedError, match=r"127\.0\.0\.1 does not offer SMTPUTF8, which a message to zoë"):
        send(handler, b"Subject: x\r\n\r\nplain\r\n", STRANGE, listen={"smtputf8": False})
    assert handler.mails == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_names_and_addresses_work(host):
    handler = Handler()
    send(handler, b"Subject: x\r\n\r\nplain\r\n", PLAIN, host=host)
    assert len(handler.mails) == 1


def test_an_ipv6_address_works():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    handler = Handler()
    send(handler, b"Subject: x\r\n\r\nplain\r\n", PLAIN, host="::1", listen={"host": "::1"})
    assert handler.peers == ["::1"]


def test_a_source_address_is_kept_to():
    handler = Handler()
    send(handler, b"Subject: x\r\n\r\nplain\r\n", PLAIN, source_address="127.0.0.3")
    assert handler.peers == ["127.0.0.3"]


def test_each_stage_has_its_own_time():
    patient = Timeouts(connect=5, tls=5, auth=5, mail=5, rcpt=5, data=5, end_of_data=0.2)
    with pytest.raises(ConnectionLostError) as lost:
        send(Handler(pause_seconds=2), b"Subject: x\r\n\r\nplain\r\n", PLAIN, timeouts=patient)
    assert lost.value.stage == "end-of-data"
    hasty = Timeouts(connect=5, tls=5, auth=5, mail=5, rcpt=5, data=5, end_of_data=5)
    send(slow := Handler(pause_seconds=0.4), b"Subject: x\r\n\r\nplain\r\n", PLAIN, timeouts=hasty)
    assert len(slow.mails) == 1


def test_the_end_of_data_has_what_rfc_5321_asks_for():
    assert Timeouts().end_of_data >= 600
