"""Where folders stand, asked of all of a mailbox in one round trip: most of the time nothing is new.

The commands go out in one write, and answers are taken apart here: of the library, one STATUS costs more than four do so.

Belongs here: STATUS (RFC 9051, 6.3.11; HIGHESTMODSEQ of RFC 7162). Does not: what a change means (workflows.imap_sync).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from imapclient import imap_utf7
from imapclient.exceptions import IMAPClientAbortError

_STATUS = re.compile(rb"^\* STATUS (.+) \(([^()]*)\)\s*$", re.IGNORECASE | re.DOTALL)
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\r?\n$")
_ESCAPED = re.compile(rb"\\(.)")
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """Where a folder stands: the worth of its UIDs, the lowest UID of a later mail, and what changes with any other change.

    ``modseq`` is None where the server does not count changes (no CONDSTORE).
    """

    uidvalidity: int
    uid_next: int
    messages: int
    modseq: int | None = None


def ask_statuses(imap: Any, names: tuple[str, ...], *, with_modseq: bool) -> dict[str, FolderStatus]:
    """Return the status of each folder; one that the server refuses or says nothing useful of is missing.

    Args:
        imap: the library's connection, with no folder selected.
        names: the folders.
        with_modseq: whether the server offers CONDSTORE.

    Raises:
        IMAPClientAbortError, OSError: the connection is lost.
    """
    request, tags, keys = _request(names, with_modseq)
    imap.send(request)
    found: dict[bytes, FolderStatus] = {}
    open_tags = set(tags)
    for _ in range(_MOST_LINES):
        line = _read_line(imap)
        match = _STATUS.match(line)
        if match:
            status = _parsed(match[2])
            if status is not None:
                found[_key(_unquoted(match[1]))] = status
            continue
        if line[:5].upper() == b"* BYE":
            raise IMAPClientAbortError(line[2:].decode("utf-8", "replace").strip())
        open_tags.discard(line.partition(b" ")[0])
        if not open_tags:
            return {name: found[key] for name, key in zip(names, keys, strict=True) if key in found}
    raise IMAPClientAbortError("the server answers a STATUS without an end")


@lru_cache(maxsize=1024)
def _request(names: tuple[str, ...], with_modseq: bool) -> tuple[bytes, frozenset[bytes], tuple[bytes, ...]]:  # noqa: FBT001
    """Return what is sent, the tags of its commands, and the folders' names as answers are known by."""
    encoded = [bytes(imap_utf7.encode(name)) for name in names]
    # Other tags than the library's own, which start with four letters.
    tags = [b"Q%d" % number for number in range(len(names))]
    items = b"(UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ)" if with_modseq else b"(UIDNEXT UIDVALIDITY MESSAGES)"
    request = b"".join(
        b"%s STATUS %s %s\r\n" % (tag, _quoted(name), items) for tag, name in zip(tags, encoded, strict=True)
    )
    return request, frozenset(tags), tuple(map(_key, encoded))


def _read_line(imap: Any) -> bytes:
    line: bytes = imap.readline()
    while match := _LITERAL.search(line):
        # A name may come as a literal: it is put where it was announced, quoted.
        line = line[: match.start()] + _quoted(imap.read(int(match[1]))) + imap.readline()
    if not line.endswith(b"\n"):
        raise IMAPClientAbortError("the connection ended")
    return line


def _parsed(pairs: bytes) -> FolderStatus | None:
    words = pairs.upper().split()
    values = dict(zip(words[::2], words[1::2], strict=False))
    try:
        modseq = values.get(b"HIGHESTMODSEQ")
        return FolderStatus(
            int(values[b"UIDVALIDITY"]),
            int(values[b"UIDNEXT"]),
            int(values[b"MESSAGES"]),
            # 0: this folder keeps none (RFC 7162, 3.1.2.2).
            (int(modseq) or None) if modseq is not None else None,
        )
    except (KeyError, ValueError):
        return None


def _quoted(name: bytes) -> bytes:
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _unquoted(name: bytes) -> bytes:
    return _ESCAPED.sub(rb"\1", name[1:-1]) if name.startswith(b'"') else name


def _key(name: bytes) -> bytes:
    return b"INBOX" if name.upper() == b"INBOX" else name
