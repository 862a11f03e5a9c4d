"""One IMAP connection of one mailbox: its folders, what is new in each, and our own copies in Sent. No flag is ever changed.

Belongs here: the conversation and what a folder is for. Does not: what a mail means, where it is kept.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, Self

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from outreach_pipeline.adapters.sasl import choose, first_words, last_words, refusal_text
from outreach_pipeline.adapters.tls import tls_context
from outreach_pipeline.core.errors import ConnectionLostError, LoginRefusedError
from outreach_pipeline.core.oauth import Auth

FolderRole = Literal["inbox", "spam", "sent", "archive", "other"]

_SPECIAL_USE: dict[bytes, FolderRole] = {
    b"\\junk": "spam",
    b"\\sent": "sent",
    b"\\archive": "archive",
    b"\\all": "archive",
}
# Names that providers give without special-use flags: English, German, French, Spanish, Italian, Dutch, Russian.
_NAMES: dict[str, FolderRole] = {
    **dict.fromkeys(("spam", "junk", "junk e-mail", "junk email", "bulk mail", "spamverdacht", "unerwünscht",
                     "courrier indésirable", "correo no deseado", "posta indesiderata", "ongewenst", "спам"), "spam"),
    **dict.fromkeys(("sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete objekte",
                     "gesendete elemente", "éléments envoyés", "enviados", "elementos enviados", "inviata",
                     "verzonden items", "отправленные"), "sent"),
    **dict.fromkeys(("archive", "archiv", "all mail", "archives", "archivio", "архив"), "archive"),
}  # fmt: skip
_BATCH = 50


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
class Folder:
    """A folder that may be selected, and what it is for."""

    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """The folder as it was opened: what its UIDs are worth, and the lowest UID that a later mail can have (1 if untold)."""

    uidvalidity: int
    uid_next: int


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server gave it. ``received_at`` is its internal date, UTC; ``raw`` is cut at the size limit."""

    uid: int
    received_at: datetime
    raw: bytes
    size_bytes: int


class ImapSession:
    """A connection that is logged in inside its ``with`` block."""

    def __init__(self, account: ImapAccount, *, timeout_seconds: float = 30) -> None:
        self._account = account
        self._timeout_seconds = timeout_seconds
        self._client: IMAPClient = None

    def __enter__(self) -> Self:
        account = self._account
        context = None if account.security == "none" else tls_context(account.ca_file)
        with _stage("connect"):
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
                with _stage("tls"):
                    self._client.starttls(context)
            with _stage("auth"):
                self._log_in()
        except ConnectionLostError:
            self._hang_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
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

    def folders(self) -> list[Folder]:
        """Return INBOX, spam, Sent and archive folders; others are left alone.

        Raises:
            ConnectionLostError: stage ``list``.
        """
        with _stage("list"):
            listed = self._client.list_folders()
        found: dict[str, Folder] = {}
        for flags, delimiter, name in listed:
            lowered = {bytes(flag).lower() for flag in flags}
            if b"\\noselect" in lowered or b"\\nonexistent" in lowered:
                continue
            text = name if isinstance(name, str) else name.decode("utf-8", "replace")
            leaf = text.rsplit(delimiter.decode() if delimiter else "/", 1)[-1].casefold()
            role = next((_SPECIAL_USE[flag] for flag in lowered if flag in _SPECIAL_USE), None) or _NAMES.get(leaf)
            if text.upper() == "INBOX":
                role = "inbox"
            if role:
                found[text] = Folder(text, role)
        return sorted(found.values(), key=lambda folder: (folder.role != "inbox", folder.name))

    def open(self, folder: str) -> OpenFolder:
        """Select a folder for reading.

        Raises:
            ConnectionLostError: stage ``select``.
        """
        with _stage("select"):
            selected: dict[bytes, Any] = self._client.select_folder(folder, readonly=True)
        return OpenFolder(int(selected[b"UIDVALIDITY"]), int(selected.get(b"UIDNEXT", 1)))

    def new_mail(self, *, after_uid: int, since: date | None, most_bytes: int) -> Iterator[list[FetchedMail]]:
        """Give the open folder's mails above a UID in batches, oldest first.

        Args:
            after_uid: the cursor; 0 at first.
            since: for a first read: not older than this.
            most_bytes: larger mails are cut there.

        Raises:
            ConnectionLostError: stage ``fetch``.
        """
        criteria: list[Any] = ["UID", f"{after_uid + 1}:*"]
        if since is not None:
            criteria += ["SINCE", since]
        with _stage("fetch"):
            # «n:*» always names the last mail, also when its UID is below n.
            uids = sorted(uid for uid in self._client.search(criteria) if uid > after_uid)
        for start in range(0, len(uids), _BATCH):
            with _stage("fetch"):
                answers = self._client.fetch(
                    uids[start : start + _BATCH], ["INTERNALDATE", "RFC822.SIZE", f"BODY.PEEK[]<0.{most_bytes}>"]
                )
            batch = [self._mail(uid, answer) for uid, answer in sorted(answers.items())]
            yield [mail for mail in batch if mail is not None]

    def holds(self, message_id: str) -> bool:
        """Tell whether the open folder has a mail with this Message-ID.

        Raises:
            ConnectionLostError: stage ``search``.
        """
        with _stage("search"):
            return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def append(self, folder: str, raw: bytes, *, at: datetime) -> None:
        """Put a mail into a folder, as read.

        Raises:
            ConnectionLostError: stage ``append``: whether it lies there is not known.
        """
        with _stage("append"):
            self._client.append(folder, raw, flags=[SEEN], msg_time=at)

    @staticmethod
    def _mail(uid: int, answer: dict[bytes, Any]) -> FetchedMail | None:
        raw = next((value for key, value in answer.items() if key.startswith(b"BODY[]")), None)
        if raw is None:  # expunged between the search and the fetch
            return None
        internal: datetime = answer.get(b"INTERNALDATE") or datetime.now(UTC)
        received_at = internal.astimezone(UTC)
        return FetchedMail(uid, received_at, bytes(raw), int(answer.get(b"RFC822.SIZE", len(raw))))

    def _hang_up(self) -> None:
        with contextlib.suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
            self._client.shutdown()


@contextlib.contextmanager
def _stage(stage: str) -> Iterator[None]:
    try:
        yield
    except LoginError as error:
        raise LoginRefusedError(f"The server refused the login: {error}", stage="auth") from error
    except (IMAPClientError, imaplib.IMAP4.error, OSError) as error:
        raise ConnectionLostError(f"IMAP failed at {stage}: {error}", stage=stage) from error
