"""Takes stored mails apart for the IMAP server, whatever bytes they are.

Belongs here: what pymap's own parser cannot bear: parts nested without end, and headers at which the standard library's
parser fails. Does not: serving the mails (imap.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.headerregistry import BaseHeader
from typing import Any

from pymap.mime import MessageBody, MessageContent, MessageHeader
from pymap.mime.parsed import ParsedHeaders

MOST_DEPTH = 20
"""How deep parts are listed; what is nested deeper is the text of the part that holds it."""


class _Headers(ParsedHeaders):
    __slots__: Sequence[str] = ()

    @classmethod
    def _parse(cls, values: Sequence[Sequence[bytes]]) -> Iterable[BaseHeader]:
        for value in values:
            try:
                yield from super()._parse([value])
            except Exception:  # noqa: BLE001, S112 -- it raises nearly anything; such a header counts as missing
                continue


class _Header(MessageHeader):
    __slots__: Sequence[str] = ()

    @classmethod
    def _get_parsed(cls, data: bytes, folded: Any) -> ParsedHeaders:
        return _Headers(super()._get_parsed(data, folded)._headers)  # noqa: SLF001 -- as it was read, parsed otherwise


def read_content(raw: bytes) -> MessageContent:
    """Return a mail as pymap serves it; never raises."""
    return _read(raw, MessageContent._find_lines(raw), 0)  # noqa: SLF001 -- pymap's own way, with a limit


def _read(raw: bytes, lines: Any, depth: int) -> MessageContent:
    view = memoryview(raw)
    head, rest = MessageContent._split_lines(raw, lines)  # noqa: SLF001
    header = _Header._parse(raw, view, head)  # noqa: SLF001
    kind = header.parsed.content_type if depth < MOST_DEPTH else None
    if kind is None:
        return MessageContent(raw, header, MessageBody._parse(raw, view, rest, None))  # noqa: SLF001
    pieces: Sequence[Any] = []
    if kind.maintype == "multipart" and (boundary := MessageBody._get_boundary(kind)):  # noqa: SLF001
        pieces = MessageBody._find_parts(raw, view, rest, boundary)  # noqa: SLF001
    elif kind.content_type == "message/rfc822":
        pieces = [rest]
    return MessageContent(raw, header, MessageBody(raw, rest, kind, [_read(raw, piece, depth + 1) for piece in pieces]))
