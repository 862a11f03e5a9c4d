"""Submission over SMTP: one port a provider, with AUTH, STARTTLS or implicit TLS, and faults on demand.

Belongs here: the conversation. Does not: what becomes of a mail (office.py).

Each command passes ``_gate`` first, which injects the faults of that stage. A command whose conversation a fault has ended
does nothing more.
"""

# ruff: noqa: N802, D102 -- aiosmtpd finds hooks and commands by these names and says what they are for
from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import re
import ssl
import warnings
from contextlib import AsyncExitStack
from typing import Any

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, LoginPassword

from outreach_pipeline.sandbox.behaviours import Refusal, draw
from outreach_pipeline.sandbox.faults import Faults, Situation
from outreach_pipeline.sandbox.letters import Letter, read_letter
from outreach_pipeline.sandbox.office import Envelope, Office
from outreach_pipeline.sandbox.sasl import MECHANISMS, ends_well, read_words
from outreach_pipeline.sandbox.tokens import REFUSAL, Tokens
from outreach_pipeline.sandbox.world import Fault, Provider, World

_log = logging.getLogger(__name__)
_LIMIT_BYTES = 25 * 2**20
# RFC 5321 asks for 1,000; real servers take far longer lines, and so must a world that stands for them.
_LINE_LIMIT_BYTES = 2**20
_IDLE_SECONDS = 300.0
# As Microsoft 365 names itself where it puts its own Message-ID in place.
_REWRITER = "SB0.sandbox.prod.outlook.com"
_BUSY = Refusal(stage="rcpt", code=421, enhanced="4.3.2", text="Service not available, closing transmission channel")


class _Handler:
    """What aiosmtpd asks when a command is well-formed."""

    def __init__(self, office: Office, faults: Faults, provider: Provider) -> None:
        self._office = office
        self._faults = faults
        self._provider = provider

    async def handle_EHLO(
        self, server: Submission, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        offers = {"PIPELINING": self._provider.pipelining, "CHUNKING": self._provider.chunking}
        return [*responses[:-1], *(f"250-{name}" for name, is_offered in offers.items() if is_offered), *responses[-1:]]

    async def handle_MAIL(
        self, server: Submission, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not server.may_write_as(address):
            text = f"<{address}>: Sender address rejected: not owned by user {server.login}"
            await self._office.refuse_sender(login=server.login, stage="mail", text=text)
            return f"553 5.7.1 {text}"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        del session
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: Submission, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        del session
        refusal = await self._office.refuse_rcpt(server.login, envelope.mail_from, address)
        if refusal is not None:
            if refusal.closes:
                await server.hang_up(_reply(refusal, address))
            return _reply(refusal, address)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Submission, session: Any, envelope: Any) -> str:
        del session
        submitted = Envelope(
            login=server.login,
            mail_from=envelope.mail_from,
            rcpts=tuple(envelope.rcpt_tos),
            sent_copy=self._provider.sent_copy,
        )
        raw = bytes(envelope.original_content)
        if self._provider.message_id != "kept":
            raw = _with_own_id(raw, f"{self._office.store.name(raw)[:24].upper()}@{_REWRITER}")
        letter = read_letter(raw)
        await self._wait(letter)
        fault = server.take("end")
        if fault is not None and fault.fault == "reply_421":
            await server.note(fault, "end")
            await self._office.refuse_by_fault(_busy_at_data(), submitted, letter.message_id)
            await server.hang_up(_reply(_BUSY, ""))
        if (refused := await self._refuse(server, submitted, letter)) is not None:
            return refused
        await self._office.accept(submitted, raw, letter)
        if fault is not None:
            await server.note(fault, "end", message_id=letter.message_id)
            if fault.fault == "slow":
                await asyncio.sleep(fault.seconds)
            else:
                server.drop()
        if self._provider.message_id == "named":
            return f"250 2.0.0 OK <{letter.message_id.strip('<>')}> [Hostname={_REWRITER}]"
        return f"250 2.0.0 Ok: queued as {self._office.store.name(raw)[:12].upper()}"

    async def handle_exception(self, error: Exception) -> str:
        _log.error("A mail could not be taken.", exc_info=error)
        return "451 4.3.0 Error: queue file write error"

    async def _refuse(self, server: Submission, submitted: Envelope, letter: Letter) -> str | None:
        if letter.sender_count != 1 or not server.may_write_as(letter.sender):
            text = f"From address {letter.sender or '(none)'} rejected: not owned by user {server.login}"
            await self._office.refuse_sender(login=server.login, stage="data", text=text, message_id=letter.message_id)
            return f"553 5.7.1 {text}"
        refusal = await self._office.refuse_data(submitted, letter)
        return _reply(refusal, submitted.rcpts[0]) if refusal is not None else None

    async def _wait(self, letter: Letter) -> None:
        least, most = self._office.world.clock.smtp_latency_seconds
        if most > 0:
            await asyncio.sleep(draw(self._office.world.seed, "latency", letter.message_id).uniform(least, most))


class Submission(SMTP):  # type: ignore[misc, unused-ignore]
    """One connection. aiosmtpd finds commands by their ``smtp_`` methods."""

    line_length_limit = _LINE_LIMIT_BYTES

    def __init__(
        self,
        office: Office,
        faults: Faults,
        logins: dict[str, tuple[str, frozenset[str]]],
        tokens: Tokens,
        *,
        provider: Provider,
        tls: ssl.SSLContext,
    ) -> None:
        self._tokens = tokens
        self._provider = provider
        self._office = office
        self._faults = faults
        self._logins = logins
        self._implicit_tls = provider.smtp_mode == "tls"
        with warnings.catch_warnings():
            # aiosmtpd warns of AUTH without TLS; on loopback that is a provider's mode.
            warnings.simplefilter("ignore", UserWarning)
            super().__init__(
                _Handler(office, faults, provider),
                hostname="smtp.sandbox.test",
                ident="ESMTP sandbox mail world",
                data_size_limit=_LIMIT_BYTES,
                enable_SMTPUTF8=provider.smtputf8,
                tls_context=tls if provider.smtp_mode == "starttls" else None,
                require_starttls=provider.smtp_mode == "starttls",
                auth_required=True,
                auth_require_tls=provider.smtp_mode == "starttls",
                auth_exclude_mechanism=[*({"LOGIN", "PLAIN", *MECHANISMS} - set(provider.mechanisms))],
                authenticator=self._check,
                timeout=_IDLE_SECONDS,
                loop=asyncio.get_running_loop(),
            )

    @property
    def login(self) -> str:
        """Who has logged in, or an empty string."""
        data = getattr(self.session, "auth_data", None)
        return data.login.decode("utf-8", "replace") if isinstance(data, LoginPassword) else ""

    def may_write_as(self, address: str) -> bool:
        """Return whether the address (without what follows a plus) belongs to the login."""
        local, _, domain = address.lower().rpartition("@")
        _, addresses = self._logins.get(self.login, ("", frozenset()))
        return bool({f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"} & addresses)

    def take(self, stage: str, rcpt: str | None = None) -> Fault | None:
        """Return the fault that is due at this stage, if any."""
        envelope = self.envelope
        rcpts = (*(envelope.rcpt_tos if envelope else ()), *([rcpt] if rcpt else ()))
        mail_from = envelope.mail_from if envelope else None
        return self._faults.take(Situation(stage=stage, login=self.login or None, mail_from=mail_from, rcpts=rcpts))

    async def note(self, fault: Fault, stage: str, **more: str | None) -> None:
        """Log a fault before it strikes."""
        envelope = self.envelope
        record: dict[str, Any] = {"type": "fault", "name": fault.fault, "stage": stage, "login": self.login or None}
        record |= {"mail_from": envelope.mail_from, "rcpts": list(envelope.rcpt_tos)} if envelope else {}
        await self._office.log.write({**record, **more})
        self._office.counts["fault"] += 1

    def drop(self) -> None:
        """Cut the connection without a word. Raises ConnectionResetError, which aiosmtpd takes for the client's."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        raise ConnectionResetError

    async def hang_up(self, reply: str) -> None:
        """Say a last reply and close. Raises ConnectionResetError as ``drop`` does."""
        await self.push(reply)
        if self.transport is not None:
            self.transport.close()
        raise ConnectionResetError

    async def _gate(self, stage: str, rcpt: str | None = None, *, is_chunk: bool = False) -> None:
        """Inject the fault of this stage; raises ConnectionResetError if it ended the conversation."""
        fault = self.take(stage, rcpt)
        if fault is None:
            return
        await self.note(fault, stage, **({"rcpt": rcpt} if rcpt else {}))
        if fault.fault == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.fault == "reply_421":
            if stage in {"rcpt", "data"} and self.envelope is not None:
                rcpts = tuple(self.envelope.rcpt_tos) if stage == "data" else (rcpt or "",)
                envelope = Envelope(login=self.login, mail_from=self.envelope.mail_from or "", rcpts=rcpts)
                await self._office.refuse_by_fault(_busy_at_data() if stage == "data" else _BUSY, envelope)
            await self.hang_up(_reply(_BUSY, ""))
        elif fault.fault == "drop_in_data":
            if not is_chunk:
                await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readline()
            self.drop()
        else:
            self.drop()

    async def _handle_client(self) -> None:
        try:
            await self._gate("connect")
            await super()._handle_client()
        except ConnectionResetError:
            self._writer.close()

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._gate("ehlo")
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        await self._gate("ehlo")
        await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self._gate("starttls")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        await self._gate("auth")
        await super().smtp_AUTH(arg)

    async def auth_XOAUTH2(self, _: Any, arguments: list[str]) -> AuthResult:
        return await self._check_token("XOAUTH2", arguments)

    async def auth_OAUTHBEARER(self, _: Any, arguments: list[str]) -> AuthResult:
        return await self._check_token("OAUTHBEARER", arguments)

    async def _check_token(self, mechanism: str, arguments: list[str]) -> AuthResult:
        try:
            words = base64.b64decode(arguments[1], validate=True)
        except (IndexError, binascii.Error):
            return AuthResult(success=False, handled=False, message="501 5.5.2 Cannot decode the response")
        login, token = read_words(mechanism, words) or ("", "")
        await self._office.log.write({"type": "login", "by": "smtp", "mechanism": mechanism, "login": login})
        fault = self._faults.take(Situation(stage="credentials", login=login))
        if login in self._logins and fault is None and self._tokens.opens(token, login):
            return AuthResult(success=True, auth_data=LoginPassword(login.encode(), b""))
        last_words = await self.challenge_auth(REFUSAL)
        if last_words is MISSING:
            return AuthResult(success=False, handled=True)
        if not ends_well(mechanism, last_words):
            return AuthResult(
                success=False, handled=False, message="501 5.5.2 The exchange was not ended as it should be"
            )
        return AuthResult(success=False, handled=False, message="535 5.7.8 Username and Password not accepted")

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._gate("mail")
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        address, _ = self._getaddr(self._strip_command_keyword("TO:", arg or "") or "")
        await self._gate("rcpt", address or None)
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        await self._gate("data")
        await super().smtp_DATA(arg)

    async def smtp_BDAT(self, arg: str | None) -> None:
        """A mail as one chunk, the last (RFC 3030)."""
        size, _, last = (arg or "").partition(" ")
        if not self._provider.chunking or not size.isdigit() or last.upper() != "LAST" or int(size) > _LIMIT_BYTES:
            # What follows is no command.
            await self.hang_up("501 5.5.4 Syntax: BDAT size LAST")
        await self._gate("data", is_chunk=True)
        raw = await self._reader.readexactly(int(size))
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        self.envelope.content = self.envelope.original_content = raw
        status = await self._call_handler_hook("DATA")
        self._set_post_data_state()
        await self.push(status)

    def eof_received(self) -> bool | None:
        """Close when the client has said its last; aiosmtpd's answer is meaningless over implicit TLS."""
        answer: bool | None = super().eof_received()
        return False if self._implicit_tls else answer

    def _check(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        del server, session, envelope, mechanism
        login = data.login.decode("utf-8", "replace") if isinstance(data, LoginPassword) else ""
        known = self._logins.get(login)
        fault = self._faults.take(Situation(stage="credentials", login=login))
        if fault is not None:
            self._office.log.write({"type": "fault", "name": fault.fault, "stage": "auth", "login": login})
            self._office.counts["fault"] += 1
            if fault.fault == "auth_later":
                return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
        if fault is not None or known is None or known[0].encode() != data.password:
            return AuthResult(
                success=False, handled=False, message="535 5.7.8 Error: authentication failed: wrong login or password"
            )
        return AuthResult(success=True, auth_data=data)


async def serve_submission(
    stack: AsyncExitStack,
    office: Office,
    faults: Faults,
    tokens: Tokens,
    *,
    ports: dict[str, int],
    tls: ssl.SSLContext,
) -> dict[str, int]:
    """Listen on loopback, one port a provider; ``ports`` are the wanted ones (0: any). Returns those in use."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()
    logins_of = {name: _logins(office.world, name) for name in office.world.providers}
    used: dict[str, int] = {}
    for name, provider in office.world.providers.items():

        def connection(provider: Provider = provider, name: str = name) -> Submission:
            return Submission(office, faults, logins_of[name], tokens, provider=provider, tls=tls)

        context = tls if provider.smtp_mode == "tls" else None
        server = await loop.create_server(connection, "127.0.0.1", ports.get(name, 0), ssl=context, backlog=1024)
        stack.callback(server.close)
        used[name] = server.sockets[0].getsockname()[1]
    return used


def _logins(world: World, provider: str) -> dict[str, tuple[str, frozenset[str]]]:
    boxes = [box for box in world.mailboxes if box.provider == provider]
    passwords = {box.login: box.password for box in boxes}
    addresses: dict[str, set[str]] = {login: set() for login in passwords}
    for box in boxes:
        addresses[box.login].add(box.address.lower())
    return {login: (passwords[login], frozenset(addresses[login])) for login in passwords}


def _reply(refusal: Refusal, rcpt: str) -> str:
    return f"{refusal.code} {refusal.enhanced} {refusal.text.format(rcpt=rcpt)}"


def _with_own_id(raw: bytes, message_id: str) -> bytes:
    return re.sub(rb"(?im)^message-id:[^\r\n]*", b"Message-ID: <%s>" % message_id.encode(), raw, count=1)


def _busy_at_data() -> Refusal:
    return Refusal(stage="data", code=_BUSY.code, enhanced=_BUSY.enhanced, text=_BUSY.text)
