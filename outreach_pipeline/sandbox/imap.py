"""The mailboxes and their IMAP server: pymap, with the mails on disk and every delivery in the log's order.

Belongs here: folders, UIDs, and serving them. Does not: deciding what is delivered where (office.py). A folder keeps a
few hundred bytes a mail in memory; the mail itself is read from the store when it is fetched.

pymap is bent in five places: contents come from files and are taken apart by contents.py, folders come into being when first used, special-use attributes
(RFC 6154) are listed, and a response leaves in one write, since clients reading IDLE trip over a line that arrives in two
pieces.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import LoadedMessage, MailboxData, MailboxSet, Message, _ContentCache, _ThreadCache
from pymap.config import BackendCapability
from pymap.imap import IMAPConnection, IMAPServer
from pymap.listtree import ListEntry, ListTree
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.hashing import Cleartext

from outreach_pipeline.sandbox.contents import read_content
from outreach_pipeline.sandbox.sasl import TokenLogin, TokenMechanism, token_mechanisms
from outreach_pipeline.sandbox.tokens import Tokens
from outreach_pipeline.sandbox.truth import MailStore, Record, TruthLog
from outreach_pipeline.sandbox.world import Mailbox

# RFC 6154; INBOX has no attribute of its own.
SPECIAL_USE: dict[str, bytes | None] = {
    "INBOX": None,
    "Sent": b"Sent",
    "Junk": b"Junk",
    "Archive": b"Archive",
    "Drafts": b"Drafts",
}
# Parsed mails kept at hand; a sync asks for the same mail several times in a row.
_PARSED_AT_HAND = 64


class _StoredMessage(Message):
    """A message whose content is a file of the mail store."""

    __slots__ = ["load", "sha256"]

    def __init__(
        self,
        uid: int,
        when: datetime,
        flags: Iterable[Any],
        *,
        sha256: str,
        load: Callable[[str], MessageContent],
        expunged: bool = False,
    ) -> None:
        # RFC 8474 lets an id be anything stable: the content's hash is the same in every folder.
        super().__init__(uid, when, flags, expunged=expunged, email_id=ObjectId(b"M" + sha256[:32].encode()))
        self.sha256: Final = sha256
        self.load: Final = load

    def again(self, *, uid: int | None = None, expunged: bool = False) -> _StoredMessage:
        return _StoredMessage(
            self.uid if uid is None else uid,
            self.internal_date,
            self.permanent_flags,
            sha256=self.sha256,
            load=self.load,
            expunged=expunged,
        )

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        content = None if requirement == FetchRequirement.NONE else self.load(self.sha256)
        return LoadedMessage(self, requirement, content)


class _Folder(MailboxData):
    """A folder of one mailbox. All its changes are synchronous, so pymap's locks are not needed."""

    def __init__(self, boxes: Mailboxes, address: str, name: str) -> None:
        # The caches would keep contents in memory; this folder asks neither.
        super().__init__(_ContentCache(), _ThreadCache())
        self._boxes = boxes
        self._address = address
        self._name = name
        self._uid_validity = boxes.uid_validity
        self._max_uid = 0
        self._reserved = 0

    def reserve(self, sha256: str) -> Record:
        """Give out the next UID: what the log line that delivers the mail says.

        UIDNEXT moves only when the mail becomes visible: a client that keeps it as its cursor must not skip the mail.
        """
        self._reserved += 1
        return {"mailbox": self._address, "folder": self._name, "uid": self._reserved, "sha256": sha256}

    def put(self, uid: int, sha256: str, when: datetime, flags: Iterable[Any] = ()) -> None:
        """Make a mail visible under a reserved UID."""
        self._max_uid = max(self._max_uid, uid)
        self._reserved = max(self._reserved, uid)
        self._messages[uid] = _StoredMessage(uid, when, flags, sha256=sha256, load=self._boxes.load)
        self._mod_sequences.update([uid])
        self._updated.set()

    def drop(self, uids: Iterable[int]) -> None:
        """Remove mails."""
        gone = [uid for uid in uids if self._messages.pop(uid, None) is not None]
        if gone:
            self._mod_sequences.expunge(gone)
            self._updated.set()

    @property
    def size(self) -> int:
        return len(self._messages)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:  # noqa: ARG002
        raw = bytes(append_msg.literal)
        filed = self.reserve(MailStore.name(raw))
        uid, when = filed["uid"], append_msg.when or datetime.now(UTC)
        flags = frozenset(append_msg.flag_set)
        await self._boxes.log.write(
            {"type": "filed", "by": "append", "filed": [filed]},
            mails=(raw,),
            then=lambda: self.put(uid, filed["sha256"], when, flags),
        )
        return self._messages[uid]

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:  # noqa: ARG002
        message = self._messages.get(uid)
        if not isinstance(message, _StoredMessage) or not isinstance(destination, _Folder):
            return None
        filed = destination.reserve(message.sha256)
        await self._boxes.log.write(
            {"type": "filed", "by": "copy", "filed": [filed]},
            then=lambda: destination.put(filed["uid"], message.sha256, message.internal_date, message.permanent_flags),
        )
        return int(filed["uid"])

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        moved = await self.copy(uid, destination, recent=recent)
        if moved is not None:
            await self.delete([uid])
        return moved

    async def delete(self, uids: Iterable[int]) -> None:
        gone = [uid for uid in uids if uid in self._messages]
        if gone:
            await self._boxes.log.write(
                {"type": "expunged", "mailbox": self._address, "folder": self._name, "uids": gone},
                then=lambda: self.drop(gone),
            )

    async def get(self, uid: int, cached_msg: Any) -> Message:
        if uid < 1 or uid > self._max_uid:
            raise IndexError(uid)
        return self._messages.get(uid) or cached_msg.again(expunged=True)

    async def claim_recent(self, selected: Any) -> None:
        # \Recent is gone from IMAP4rev2, and keeping it would cost a note for each SELECT.
        pass

    async def messages(self) -> AsyncIterator[Message]:
        for message in list(self._messages.values()):
            yield message


class _SpecialUseEntry(ListEntry):
    @property
    def attributes(self) -> Sequence[bytes]:
        use = SPECIAL_USE.get(self.name)
        return [*super().attributes, *([use] if use else [])]


class _SpecialUseTree(ListTree):
    def list(self) -> Iterable[ListEntry]:
        for entry in super().list():
            yield _SpecialUseEntry(entry.name, entry.exists, entry.marked, entry.has_children)


class _Folders(MailboxSet):
    """The folders of one mailbox; each comes into being when it is first used."""

    def __init__(self, boxes: Mailboxes, address: str) -> None:
        super().__init__()
        self._boxes = boxes
        self._address = address
        self._inbox = self.folder("INBOX")
        self._subscribed = dict.fromkeys(SPECIAL_USE, True)
        self._made: set[str] = set(SPECIAL_USE) - {"INBOX"}

    def folder(self, name: str) -> _Folder:
        name = "INBOX" if name.upper() == "INBOX" else name
        found = self._set.get(name)
        if not isinstance(found, _Folder):
            found = self._set[name] = _Folder(self._boxes, self._address, name)
        return found

    def counts(self) -> dict[str, int]:
        return {name: self.folder(name).size for name in ["INBOX", *sorted(self._made)]}

    async def list_mailboxes(self) -> ListTree:
        return _SpecialUseTree(self.delimiter).update("INBOX", *sorted(self._made))

    async def list_subscribed(self) -> ListTree:
        names = [name for name in sorted(self._made) if self._subscribed.get(name)]
        return _SpecialUseTree(self.delimiter).update("INBOX", *names)

    async def get_mailbox(self, name: str) -> MailboxData:
        if name.upper() != "INBOX" and name not in self._made:
            raise KeyError(name)
        return self.folder(name)

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._made or name.upper() == "INBOX":
            raise ValueError(name)
        self._made.add(name)
        return self.folder(name).mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        self._made.remove(name)
        self._set.pop(name, None)

    async def rename_mailbox(self, before: str, after: str) -> None:  # noqa: ARG002
        # Renaming would have to survive a restart too; nobody needs it here, and NO is an answer IMAP allows.
        raise KeyError(before)


class _Config(Config):
    """pymap's settings: LOGIN without TLS is allowed on loopback, and STARTTLS is offered."""

    def __init__(self, *, context: ssl.SSLContext, implicit_tls: bool, mechanisms: Sequence[TokenMechanism]) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None),
            demo_data=False,
            demo_user="",
            demo_password="",
            host="127.0.0.1",
            port=0,
            ssl_context=context,
            tls_enabled=not implicit_tls,
            hash_context=Cleartext(),
            invalid_user_sleep=0.0,
        )
        # Made once: looking through the installed packages takes 25 ms, for each connection.
        self._mechanisms = SASLAuth([*SASLAuth.defaults().server_mechanisms, *mechanisms])

    @property
    def tls_auth(self) -> SASLAuth:
        return self._mechanisms

    @property
    def initial_auth(self) -> SASLAuth:
        return self.tls_auth

    @property
    def greeting(self) -> bytes:
        # pymap would ask DNS for this machine's name.
        return b"sandbox mail world ready"

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])


class _OneWrite:
    """Gathers a response's pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(bytes(data))

    def writelines(self, data: Iterable[bytes]) -> None:
        self.pieces.extend(bytes(piece) for piece in data)

    async def drain(self) -> None:
        pass


async def _write_response(connection: IMAPConnection, response: Response) -> None:
    gathered = _OneWrite()
    await response.async_write(gathered)
    try:
        connection.writer.write(b"".join(gathered.pieces))
        await connection.writer.drain()
    except ConnectionError:
        # The client has gone; the next read ends the conversation.
        return


class Mailboxes:
    """All mailboxes of the world.

    Attributes:
        uid_validity: of every folder; the second in which the state folder was made, so it holds over restarts.
    """

    def __init__(
        self,
        boxes: Iterable[Mailbox],
        *,
        store: MailStore,
        log: TruthLog,
        uid_validity: int,
        tls: ssl.SSLContext,
        tokens: Tokens,
        mechanisms: Iterable[str],
    ) -> None:
        self.log = log
        self.uid_validity = uid_validity
        self._tls = tls
        self._mechanisms = token_mechanisms(mechanisms, tokens)
        self._config = _Config(context=tls, implicit_tls=False, mechanisms=self._mechanisms)
        self._config.apply_context()
        self._login = TokenLogin(self._config, tokens)
        self._sets: dict[str, _Folders] = {}
        self._login_of: dict[str, str] = {}
        self.load = lru_cache(maxsize=_PARSED_AT_HAND)(lambda sha256: read_content(store.read(sha256)))
        for box in boxes:
            self._login_of[box.address.lower()] = box.login
            self._login.users_dict[box.login] = UserMetadata(self._config, box.login, password=box.password)

    def folder(self, address: str, name: str) -> _Folder:
        """Return a folder of the mailbox ``address``, making it if need be; raises KeyError for an unknown mailbox."""
        login = self._login_of[address.lower()]
        folders = self._sets.get(login)
        if folders is None:
            folders = self._sets[login] = _Folders(self, address.lower())
            self._config.set_cache[login] = (folders, FilterSet())
        if name.upper() != "INBOX":
            folders._made.add(name)  # noqa: SLF001 -- the folders are this class's own
        return folders.folder(name)

    def counts(self, address: str) -> dict[str, int]:
        """Return how many mails each folder of a mailbox holds; raises KeyError for an unknown mailbox."""
        self.folder(address, "INBOX")
        return self._sets[self._login_of[address.lower()]].counts()

    def show(self, filed: Record, when: datetime) -> None:
        """Make a delivery visible that a log line recorded (``mailbox``, ``folder``, ``uid``, ``sha256``)."""
        self.folder(filed["mailbox"], filed["folder"]).put(filed["uid"], filed["sha256"], when)

    async def serve(self, stack: AsyncExitStack, *, port: int, tls_port: int) -> tuple[int, int]:
        """Listen on loopback; returns the ports in use (plain with STARTTLS, implicit TLS)."""
        IMAPConnection.write_response = _write_response  # type: ignore[assignment, method-assign]
        for box in self._login_of:
            self.folder(box, "INBOX")
        await DictBackend(self._login, self._config).start(stack)
        implicit = _Config(context=self._tls, implicit_tls=True, mechanisms=self._mechanisms)
        ports = []
        for config, wanted, context in ((self._config, port, None), (implicit, tls_port, self._tls)):
            reader = ProxyProtocolReader(config.proxy_protocol)
            callback = reader.get_callback(IMAPServer(self._login, config))
            server = await asyncio.start_server(callback, "127.0.0.1", wanted, ssl=context)
            stack.callback(server.close)
            ports.append(server.sockets[0].getsockname()[1])
        return ports[0], ports[1]
