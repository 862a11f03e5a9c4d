"""An IMAP server on loopback that says what a test wants it to: labels of Gmail, a throttle, half an answer, a BYE.

It keeps folders in memory and answers as far as a reading needs; real servers are read in tests/servers.
"""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Folder:
    flags: str = ""
    uidvalidity: int = 7
    mails: dict[int, tuple[bytes, str]] = field(default_factory=dict)

    @property
    def uid_next(self) -> int:
        return max(self.mails, default=0) + 1


Said = list[bytes] | None


@dataclass
class Peer:
    """The server. ``says`` sees each command first: lines to say instead of its own, with ``%s`` for the tag; [] or half a line hangs up."""

    folders: dict[str, Folder]
    capabilities: str = "IMAP4rev1 UNSELECT"
    says: Callable[[str, str], Said] = lambda _command, _rest: None
    greeting: bytes = b"* OK ready\r\n"
    port: int = 0
    seen: list[str] = field(default_factory=list)
    connections: int = 0

    def count(self, word: str) -> int:
        """How often a command was given."""
        return sum(each.split(" ", 1)[0] == word for each in self.seen)

    def add(self, folder: str, raw: bytes, labels: str = "") -> int:
        box = self.folders[folder]
        uid = box.uid_next
        box.mails[uid] = (raw, labels)
        return uid

    def answer(self, command: str, rest: str, selected: list[str]) -> list[bytes]:  # noqa: PLR0911  a command each
        """Answer as a server does."""
        if command == "CAPABILITY":
            return [f"* CAPABILITY {self.capabilities}\r\n".encode(), b"%s OK done\r\n"]
        if command == "LIST":
            lines = [f'* LIST ({folder.flags}) "/" "{name}"\r\n'.encode() for name, folder in self.folders.items()]
            return [*lines, b"%s OK done\r\n"]
        if command == "STATUS":
            name = re.match(r'"(.*)" \(', rest)[1]
            if name not in self.folders:
                return [b"%s NO no such folder\r\n"]
            box = self.folders[name]
            line = f'* STATUS "{name}" (UIDNEXT {box.uid_next} UIDVALIDITY {box.uidvalidity} MESSAGES {len(box.mails)})'
            return [line.encode() + b"\r\n", b"%s OK done\r\n"]
        if command == "EXAMINE":
            name = rest.strip('"')
            if name not in self.folders:
                return [b"%s NO no such folder\r\n"]
            selected[:] = [name]
            box = self.folders[name]
            return [
                f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.uidvalidity}] ok\r\n"
                f"* OK [UIDNEXT {box.uid_next}] ok\r\n".encode(),
                b"%s OK [READ-ONLY] done\r\n",
            ]
        if command == "UID SEARCH":
            box = self.folders[selected[0]]
            return [b"* SEARCH" + b"".join(b" %d" % uid for uid in _asked(rest, box)) + b"\r\n", b"%s OK done\r\n"]
        if command == "UID FETCH":
            box = self.folders[selected[0]]
            return [*(self.fetched(box, uid, rest) for uid in _asked(rest, box)), b"%s OK done\r\n"]
        return [b"%s OK done\r\n"]

    @staticmethod
    def fetched(box: Folder, uid: int, items: str) -> bytes:
        raw, labels = box.mails[uid]
        text = f'* {uid} FETCH (UID {uid} INTERNALDATE "17-Jul-2026 02:44:25 +0000" RFC822.SIZE {len(raw)}'.encode()
        if "X-GM-LABELS" in items:
            text += f" X-GM-LABELS ({labels})".encode()
        if "BODY.PEEK[]" in items:
            text += b" BODY[] {%d}\r\n" % len(raw) + raw
        return text + b")\r\n"


def _asked(rest: str, box: Folder) -> list[int]:
    words = rest.replace("(", " ").replace(")", " ").split()
    ranges = next(word for word in words if re.fullmatch(r"[\d,:*]+", word))
    found = set()
    for part in ranges.split(","):
        first, _, last = part.partition(":")
        top = max(box.mails, default=0) if last == "*" else int(last or first)
        found |= {uid for uid in box.mails if int(first) <= uid <= top} | ({top} & box.mails.keys())
    return sorted(found)


@contextlib.contextmanager
def listening(peer: Peer) -> Iterator[Peer]:
    """Let it listen for the time of a block; every login is let in."""

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            peer.connections += 1
            selected: list[str] = []
            self.wfile.write(peer.greeting)
            if peer.greeting.startswith(b"* BYE"):
                return
            for line in self.rfile:
                tag, command, rest = (*line.decode().strip().split(" ", 2), "", "")[:3]
                if command.upper() == "UID":
                    second, _, rest = rest.partition(" ")
                    command = f"UID {second}"
                command = command.upper()
                peer.seen.append(command if not rest else f"{command.replace(' ', '-')} {rest}")
                lines = peer.says(command, rest)
                if lines is None:
                    lines = peer.answer(command, rest, selected)
                for each in lines:
                    self.wfile.write(each.replace(b"%s ", tag.encode() + b" ") if each.startswith(b"%s ") else each)
                is_half = bool(lines) and not lines[-1].endswith(b"\n")
                if not lines or is_half or lines[0].startswith(b"* BYE") or command == "LOGOUT":
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """A client that hung up is no news."""

    with Server(("127.0.0.1", 0), Conversation) as server:
        peer.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join()
