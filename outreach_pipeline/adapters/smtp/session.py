"""One SMTP connection of one login, used for several messages.

Every failure says its stage, so that the caller knows whether a server may have taken the message: before ``end-of-data``
it has not; a connection lost after DATA had begun is an unknown outcome.

Belongs here: the conversation. Does not: retries, limits, what a reply means.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from binascii import Error as BinasciiError
from dataclasses import dataclass, field
from typing import NamedTuple

import aiosmtplib
from aiosmtplib import SMTPResponse, SMTPStatus
from aiosmtplib.errors import SMTPResponseException

from outreach_pipeline.adapters.sasl import choose, first_words, last_words, refusal_text
from outreach_pipeline.adapters.smtp.pipelining import Replies, as_chunk, as_text, send, together
from outreach_pipeline.adapters.smtp.source_address import source_problem
from outreach_pipeline.adapters.tls import tls_context
from outreach_pipeline.core.errors import (
    ConnectionLostError,
    NotAllowedError,
    SmtpPermanentError,
    SmtpTransientError,
    cause_of,
)
from outreach_pipeline.core.oauth import Auth

NO_MECHANISM = 504
"""The code of a login that was not tried, since the server offers no mechanism for it; as RFC 4954 has it."""
# Replies by which a server says that it knows no BDAT, or wanted no text where it came.
_KNOWS_NO_CHUNKS = frozenset((500, 502, 503))
# OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_OUT_OF_TIME = frozenset((9, 10))
_GOODBYE_SECONDS = 2.0
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where and as whom to log in. ``security`` is tls, starttls or none.

    ``secret`` is a password or, for any other ``auth``, an access token; it never shows in a repr. ``host`` may be a name or
    a literal address of either kind; ``source_address`` is this machine's, None for any.
    """

    host: str
    port: int
    security: str
    login: str
    secret: str = field(repr=False)
    ca_file: str | None
    helo_name: str
    auth: Auth = "password"
    source_address: str | None = None


class Addresses(NamedTuple):
    """What MAIL and RCPT say of a message: see ``SmtpSession.address``."""

    sender: str
    recipient: str
    is_8bit: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of the server: code, enhanced status code if it gives one, text."""

    code: int
    enhanced_code: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a server may take for its answer at a stage.

    RFC 5321 4.5.3.2 asks for 300 at the greeting, MAIL and RCPT, 120 at DATA, and 600 at the end of the data. Before DATA nobody has taken
    anything, and to give up early costs no more than a retry: 30 keep an attempt within its claim's lease. After it to give up
    is to know nothing, so the RFC's figure stands.
    """

    connect: float = 30.0
    tls: float = 30.0
    auth: float = 30.0
    mail: float = 30.0
    rcpt: float = 30.0
    data: float = 120.0
    end_of_data: float = 600.0

    @classmethod
    def of(cls, seconds: float) -> Timeouts:
        """Return the same for every stage."""
        return cls(seconds, seconds, seconds, seconds, seconds, seconds, seconds)


TIMEOUTS = Timeouts()


class SmtpSession:
    """A connection that is logged in after ``open()``; one message at a time."""

    def __init__(self, account: SmtpAccount, *, timeouts: Timeouts = TIMEOUTS) -> None:
        self._account = account
        self._timeouts = timeouts
        self._client = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            use_tls=account.security == "tls",
            start_tls=False,
            tls_context=None if account.security == "none" else tls_context(account.ca_file),
            local_hostname=account.helo_name,
            timeout=timeouts.connect,
            source_address=(account.source_address, 0) if account.source_address else None,
        )
        self.messages_sent = 0
        self.has_given = False
        """Whether the server has been given anything of the last message that was transmitted."""
        self.uses_chunking = True
        """Whether a message goes as one chunk where the server offers CHUNKING."""
        # What was said for the next message, and the replies to it.
        self._ahead: tuple[bytes, Replies] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands, as far as this side knows."""
        return self._client.is_connected

    async def still_stands(self) -> bool:
        """Whether the server goes on after the last message: it may close the connection then, or take its leave by 421.

        Where the next one's addresses are said already this waits for the first reply, and ``address()`` tells whatever else it is.
        """
        if self._ahead is None:
            return self.is_open
        reply = await self._ahead[1].look(self._timeouts.mail)
        return reply is not None and reply.code != SMTPStatus.domain_unavailable

    async def open(self) -> None:
        """Connect, secure and log in; a wrong password or token is tried once, with one mechanism.

        Raises:
            ConnectionLostError: stage connect, tls or auth.
            SmtpTransientError, SmtpPermanentError: the server refused at that stage.
        """
        try:
            with _Stage("connect"):
                await self._client.connect()
        except ConnectionLostError as error:
            source = self._account.source_address
            if source and (problem := await source_problem(source, self._account.host, self._account.port)):
                raise ConnectionLostError(problem, stage="connect", is_own=True) from error
            raise
        if self._account.security == "starttls":
            self._client.timeout = self._timeouts.tls
            with _Stage("tls"):
                await self._client.starttls()
        self._client.timeout = self._timeouts.auth
        with _Stage("auth"):
            await self._client.ehlo()
            methods = self._client.supported_auth_methods
            if self._account.auth != "password":
                await self._show_token(self._client.server_auth_methods)
            elif "plain" in methods or "login" not in methods:
                await self._client.auth_plain(self._account.login, self._account.secret)
            else:
                await self._client.auth_login(self._account.login, self._account.secret)

    async def _show_token(self, methods: list[str]) -> None:
        # The library's own auth_xoauth2() forgets what the server says about a token that it refuses.
        account = self._account
        mechanism = choose(account.auth, methods)
        if mechanism is None:
            raise SMTPResponseException(
                NO_MECHANISM, f"The server offers {' '.join(methods) or 'no AUTH'}, and no login by OAuth"
            )
        words = first_words(mechanism, login=account.login, token=account.secret, host=account.host, port=account.port)
        response = await self._client.execute_command(b"AUTH", mechanism.encode(), base64.b64encode(words))
        said = ""
        if response.code == SMTPStatus.auth_continue:
            said = f" ({_challenge(response.message)})"
            response = await self._client.execute_command(base64.b64encode(last_words(mechanism)))
        if response.code != SMTPStatus.auth_successful:
            raise SMTPResponseException(response.code, f"{response.message}{said}")

    async def address(self, sender: str, recipient: str, *, is_8bit: bool = False) -> None:
        """MAIL FROM and RCPT TO, in one go where PIPELINING is offered. After this the server has promised nothing yet.

        Args:
            sender: an address whose domain is ASCII.
            recipient: the same; a local part beyond ASCII needs SMTPUTF8 (RFC 6531).
            is_8bit: whether the message has bytes beyond ASCII, which needs 8BITMIME (RFC 6152).

        Raises:
            NotAllowedError: the server offers no SMTPUTF8 or 8BITMIME where the message needs it; nothing was said to it.
            ConnectionLostError, SmtpTransientError, SmtpPermanentError: stage mail or rcpt.
        """
        commands = self._commands(sender, recipient, is_8bit=is_8bit)
        if self._client.supports_extension("pipelining"):
            await self._address_together(together(commands))
            return
        for stage, command, seconds in zip(
            ("mail", "rcpt"), commands, (self._timeouts.mail, self._timeouts.rcpt), strict=True
        ):
            with _Stage(stage):
                self._expect_completed(await self._client.execute_command(command, timeout=seconds))

    async def _address_together(self, commands: bytes) -> None:
        if self._ahead is not None and self._ahead[0] == commands:
            (_, replies), self._ahead = self._ahead, None
        else:
            with _Stage("mail"):
                await self._take_back()
                replies = send(self._client, commands, due=2)
        responses = []
        error: Exception | None = None
        try:
            responses += [await replies.next(self._timeouts.mail)]
            responses += [await replies.next(self._timeouts.rcpt)]
        except (aiosmtplib.SMTPException, OSError) as lost:
            # A late reply must not be taken for that of another command.
            self._client.close()
            error = lost
        for stage, response in zip(("mail", "rcpt"), responses, strict=False):
            with _Stage(stage):
                self._expect_completed(response)
        if error is not None:
            with _Stage("rcpt" if responses else "mail"):
                raise error

    def _commands(self, sender: str, recipient: str, *, is_8bit: bool) -> tuple[bytes, bytes]:
        # The library's own mail() and rcpt() parse each address anew, which costs as much as the rest of the command.
        options = self._options(sender, recipient, is_8bit=is_8bit)
        return b" ".join((b"MAIL FROM:<%s>" % sender.encode(), *options)), b"RCPT TO:<%s>" % recipient.encode()

    def _options(self, sender: str, recipient: str, *, is_8bit: bool) -> tuple[bytes, ...]:
        if not is_8bit and sender.isascii() and recipient.isascii():
            return ()
        needed = {"8bitmime": b"BODY=8BITMIME"} if is_8bit else {}
        if not (sender.isascii() and recipient.isascii()):
            needed["smtputf8"] = b"SMTPUTF8"
        for name in needed:
            if not self._client.supports_extension(name):
                raise NotAllowedError(
                    f"{self._account.host} does not offer {name.upper()}, which a message to {recipient} needs: send it"
                    " from another provider, or to an address in ASCII."
                )
        return tuple(needed.values())

    async def transmit(self, message: bytes, *, following: Addresses | None = None) -> Reply:
        """DATA, the message, and the server's last word; in one go, by BDAT, where CHUNKING is offered.

        Args:
            message: lines that end in CRLF, the last one too.
            following: of the message that will be next on this connection; where PIPELINING is offered they go out behind
                this one, and ``address()`` has only the replies to wait for.

        Raises:
            SmtpTransientError, SmtpPermanentError: the server did not take it; stage data if it did not want to see it.
            ConnectionLostError: stage end-of-data: whether it was taken is unknown; stage data: it was not given.
        """
        self.has_given = False
        ahead = self._ahead_of(following)
        is_chunk = self.uses_chunking and self._client.supports_extension("chunking")
        # The library's own data() does not tell which of the two answers it was.
        with _Stage("data"):
            if not is_chunk:
                response = await self._client.execute_command(b"DATA", timeout=self._timeouts.data)
                if response.code != SMTPStatus.start_input:
                    raise SMTPResponseException(response.code, response.message)
            text = as_chunk(message) if is_chunk else as_text(message)
            replies = send(self._client, text + ahead, due=3 if ahead else 1)
            self.has_given = True
        if ahead:
            self._ahead = (ahead, replies)
        with _Stage("end-of-data"):
            response = await replies.next(self._timeouts.end_of_data)
            if is_chunk and response.code in _KNOWS_NO_CHUNKS:
                # It may take the lines of the text for commands: nothing more is said to it.
                raise ConnectionLostError(
                    f"{self._account.host} offers CHUNKING and refuses its command, BDAT ({response.code}"
                    f" {_clean(response.message)}): set uses_chunking: false for {self._account.host}:"
                    f"{self._account.port} in provider_hosts.",
                    stage="data",
                )
            self._expect_completed(response)
        self.messages_sent += 1
        return _reply(response.code, response.message)

    def _ahead_of(self, following: Addresses | None) -> bytes:
        if following is None or not self._client.supports_extension("pipelining"):
            return b""
        try:
            return together(self._commands(following.sender, following.recipient, is_8bit=following.is_8bit))
        except NotAllowedError:
            # Its own attempt says so.
            return b""

    async def _take_back(self) -> None:
        """Forget what was said for the next message, once the server has answered.

        Raises:
            SMTPException, OSError: it does not.
        """
        if self._ahead is not None:
            (_, replies), self._ahead = self._ahead, None
            for seconds in (self._timeouts.mail, self._timeouts.rcpt):
                await replies.next(seconds)
            await self._client.rset()

    async def reset(self) -> None:
        """Forget the addresses given so far; a connection that cannot is closed."""
        try:
            if self._ahead is not None:
                await self._take_back()
            else:
                await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()

    async def close(self) -> None:
        """Say goodbye; whatever goes wrong here is of no interest."""
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                if self._client.is_connected:
                    await self._take_back()
                    await self._client.quit()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()

    def _expect_completed(self, response: SMTPResponse) -> None:
        if response.code == SMTPStatus.domain_unavailable:
            # Whoever says so closes; one that does not is asked nothing any more.
            self._client.close()
        if response.code not in {SMTPStatus.completed, SMTPStatus.will_forward}:
            raise SMTPResponseException(response.code, response.message)

    def abandon(self) -> None:
        """Cut the connection without a word."""
        self._client.close()


class _Stage:
    """Turns the library's errors into ours, with the stage."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, SMTPResponseException) and 400 <= error.code < 600:
            reply = _reply(error.code, error.message)
            kind = SmtpTransientError if error.code < 500 else SmtpPermanentError
            raise kind(
                stage=self._stage, code=reply.code, enhanced_code=reply.enhanced_code, text=reply.text
            ) from error
        if isinstance(error, aiosmtplib.SMTPException | OSError | TimeoutError):
            # Where TLS comes first, the library shakes hands as it connects.
            stage = "tls" if self._stage == "connect" and cause_of(error, ssl.SSLError) else self._stage
            raise ConnectionLostError(
                f"The connection failed at {stage}: {_clean(str(error)) or type(error).__name__}",
                stage=stage,
                is_own=_is_distrust(cause_of(error, ssl.SSLCertVerificationError)),
            ) from error


def _is_distrust(error: ssl.SSLCertVerificationError | None) -> bool:
    # Who trusts whom is set on this side, for each mailbox; how long a certificate is good for, on the server's.
    return error is not None and error.verify_code not in _OUT_OF_TIME


def _challenge(text: str) -> str:
    try:
        return refusal_text(base64.b64decode(text))
    except (BinasciiError, ValueError):
        return _clean(text)[:300]


def _reply(code: int, text: str) -> Reply:
    text = _clean(text)
    found = _ENHANCED.match(text)
    return Reply(code, found[1] if found else None, text)


def _clean(text: str) -> str:
    # Servers write what they like; the ledger keeps no NUL, and JSON no byte that is no UTF-8.
    return text.replace("\x00", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
