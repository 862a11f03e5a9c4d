"""One IMAP connection of one mailbox: its folders, what is new in each, and our own copies in Sent. No flag is ever changed.

Belongs here: the conversation. Does not: which folders are read (core.receive.folders), what a mail means, where it is kept.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from outreach_pipeline.adapters.imap.fetching import MailBatch, new_mail
from outreach_pipeline.adapters.imap.polling import FolderStatus, ask_statuses
from outreach_pipeline.adapters.imap.stages import stage
from outreach_pipeline.adapters.sasl import choose, first_words, last_words, refusal_text
from outreach_pipeline.adapters.tls import tls_context
from outreach_pipeline.core.errors import CommandRefusedError, ConnectionLostError
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.core.receive.folders import FolderChoice, ListedFolder, choose_folders


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where and as whom to log in. ``security`` is tls, starttls or none.

    ``secret`` is a password or, for any other ``auth``, an access token; it never shows in a repr.
    """

    host: str
    port: int
    security: str
    login: str
    secret: str = field(repr=False)
    ca_file: str | None
    auth: Auth = "password"


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """The folder as it was opened: what its UIDs are worth, and the lowest UID that a later mail can have (1 if untold)."""

    uidvalidity: int
    uid_next: int


class ImapSession:
    """A connection that is logged in inside its ``with`` block, or from ``open_connection`` to ``close``."""

    def __init__(self, account: ImapAccount, *, timeout_seconds: float = 30) -> None:
        self._account = account
        self._timeout_seconds = timeout_seconds
        self._client: IMAPClient = None
        self._selected: str | None = None

    def __enter__(self) -> Self:
        return self.open_connection()

    def __exit__(self, *_: object) -> None:
        self.close()

    def open_connection(self) -> Self:
        """Connect and log in.

        Raises:
            ConnectionLostError: stages connect, tls, auth.
        """
        account = self._account
        context = None if account.security == "none" else tls_context(account.ca_file)
        with stage("connect"):
            self._client = IMAPClient(
                account.host,
                port=account.port,
                ssl=account.security == "tls",
                ssl_context=context if account.security == "tls" else None,
                timeout=self._timeout_seconds,
            )
        # imaplib writes a command in several small pieces; with Nagle's algorithm each would wait for the server's ACK.
        self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if account.security == "starttls":
                with stage("tls"):
                    self._client.starttls(context)
            with stage("auth"):
                self._log_in()
        except ConnectionLostError:
            self._hang_up()
            raise
        return self

    def close(self) -> None:
        """Log out and hang up; never fails."""
        with contextlib.suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
            # Nobody waits long for a server to say goodbye.
            self._client.socket().settimeout(min(self._timeout_seconds, 5))
            self._client.logout()
            return
        self._hang_up()

    def _log_in(self) -> None:
        account = self._account
        if account.auth == "password":
            self._client.login(account.login, account.secret)
            return
        offered = [each.decode("ascii", "replace") for each in self._client.capabilities()]
        mechanism = choose(account.auth, [each.removeprefix("AUTH=") for each in offered if each.startswith("AUTH=")])
        if mechanism is None:
            offers = " ".join(offered)
            raise ConnectionLostError(f"The server offers {offers}, and no login by OAuth.", stage="auth")
        words = first_words(mechanism, login=account.login, token=account.secret, host=account.host, port=account.port)
        challenges: list[bytes] = []

        def answer(challenge: bytes) -> bytes:
            # The library's own oauth2_login() answers every challenge with the token, and forgets what a refusal says.
            challenges.append(challenge)
            return words if len(challenges) == 1 else last_words(mechanism)

        try:
            self._client.sasl_login(mechanism, answer)
        except LoginError as error:
            said = f" ({refusal_text(challenges[1])})" if len(challenges) > 1 else ""
            raise LoginError(f"{error}{said}") from error

    def folders(self, configured: Sequence[str] = ()) -> FolderChoice:
        """Return INBOX, spam, Sent, archive and the configured folders; of Gmail All Mail and Spam. Others are left alone.

        Raises:
            ConnectionLostError: stage ``list``.
        """
        with stage("list"):
            listed = [
                ListedFolder(
                    name if isinstance(name, str) else name.decode("utf-8", "replace"),
                    frozenset(bytes(flag).decode("ascii", "replace").lower() for flag in flags),
                    delimiter.decode("ascii", "replace") if delimiter else "",
                )
                for flags, delimiter, name in self._client.list_folders()
            ]
        return choose_folders(listed, configured=configured, is_gmail=self._offers("X-GM-EXT-1"))

    def statuses(self, names: tuple[str, ...]) -> dict[str, FolderStatus]:
        """Return where folders stand, in one round trip; one that the server says nothing of is missing.

        Raises:
            ConnectionLostError: stage ``status``.
        """
        # RFC 9051 wants no STATUS of the selected folder.
        self.unselect()
        with stage("status"):
            return ask_statuses(self._client._imap, names, with_modseq=self._offers("CONDSTORE"))  # noqa: SLF001  one write

    def open(self, folder: str) -> OpenFolder:
        """Select a folder for reading.

        Raises:
            ConnectionLostError: stage ``select``.
        """
        with stage("select"):
            selected: dict[bytes, Any] = self._client.select_folder(folder, readonly=True)
        self._selected = folder
        return OpenFolder(int(selected[b"UIDVALIDITY"]), int(selected.get(b"UIDNEXT", 1)))

    def unselect(self) -> None:
        """Leave the open folder. It was opened for reading, so that closing it removes nothing."""
        if self._selected is not None:
            # Some servers close nothing that was opened for reading; it then stays open until the next is opened.
            with contextlib.suppress(CommandRefusedError), stage("close"):
                if self._offers("UNSELECT"):
                    self._client.unselect_folder()
                else:
                    self._client.close_folder()
            self._selected = None

    def new_mail(
        self, *, after_uid: int, since: date | None, most_bytes: int, has_labels: bool = False
    ) -> Iterator[MailBatch]:
        """Give the open folder's mails above a UID; see ``fetching.new_mail``."""
        return new_mail(self._client, after_uid=after_uid, since=since, most_bytes=most_bytes, has_labels=has_labels)

    def holds(self, message_id: str) -> bool:
        """Tell whether the open folder has a mail with this Message-ID.

        Raises:
            ConnectionLostError: stage ``search``.
        """
        with stage("search"):
            return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def append(self, folder: str, raw: bytes, *, at: datetime) -> None:
        """Put a mail into a folder, as read.

        Raises:
            ConnectionLostError: stage ``append``: whether it lies there is not known.
        """
        with stage("append"):
            self._client.append(folder, raw, flags=[SEEN], msg_time=at)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return self._offers("IDLE")

    def start_idle(self) -> None:
        """Let the server tell of what happens in the open folder; until ``end_idle`` no other command may be given.

        Raises:
            ConnectionLostError: stage ``idle``.
        """
        with stage("idle"):
            self._client.idle()

    def end_idle(self) -> None:
        """End what ``start_idle`` began. What the server has told is not looked at: where folders stand is asked anew.

        Raises:
            ConnectionLostError: stage ``idle``.
        """
        with stage("idle"):
            self._client.idle_done()

    def fileno(self) -> int:
        """Return the socket's descriptor, to wait for what the server tells."""
        number: int = self._client.socket().fileno()
        return number

    def _offers(self, capability: str) -> bool:
        return bool(self._client.has_capability(capability))

    def abandon(self) -> None:
        """Hang up without a word: the connection is broken, or somebody else's patience has ended."""
        self._hang_up()

    def _hang_up(self) -> None:
        with contextlib.suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
            self._client.shutdown()
