"""Which parts of a mail that is too large to read whole are read, and how they make a mail again.

Its headers and its readable parts (text and enclosed messages, each up to a bound) stay in their places; of all other parts the
headers stay. The same mail gives the same bytes, so that it is known again in another folder.

Belongs here: the order of sections (RFC 9051, 6.4.5). Does not: asking the server for them (adapters.imap).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MOST_PART_BYTES = 256 * 1024
_MOST_PARTS = 200
_MOST_READ_PARTS = 20
_MOST_DEPTH = 10
_READABLE = frozenset({"text", "message"})


class NoOutlineError(ValueError):
    """The structure does not say enough to put the mail together."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a mail as IMAP names it, such as ``1.2.MIME``; ``most_bytes`` None: whole."""

    name: str
    most_bytes: int | None = None

    @property
    def asked(self) -> str:
        """The data item of a FETCH that leaves no flag."""
        bound = "" if self.most_bytes is None else f"<0.{self.most_bytes}>"
        return f"BODY.PEEK[{self.name}]{bound}"


def outline(structure: Sequence[Any]) -> list[Section | bytes]:
    """Return a mail's sections and what stands between them, in order.

    Args:
        structure: BODYSTRUCTURE as imapclient gives it: of a multipart the parts come first, as a list.

    Raises:
        NoOutlineError: it is no structure, has too many parts, or names no boundary.
    """
    pieces: list[Section | bytes] = [Section("HEADER")]
    try:
        pieces += _body(structure, path="", depth=0)
    except (TypeError, IndexError, AttributeError) as error:
        raise NoOutlineError(str(error)) from error
    if sum(isinstance(each, Section) for each in pieces) > 2 * _MOST_PARTS:
        raise NoOutlineError("too many parts")
    bodies = 0
    for number, each in enumerate(pieces):
        if isinstance(each, Section) and each.most_bytes is not None:
            bodies += 1
            if bodies > _MOST_READ_PARTS:
                pieces[number] = b""
    return pieces


def put_together(pieces: Sequence[Section | bytes], answers: Mapping[str, bytes]) -> bytes:
    """Return the mail; ``answers`` are the sections' bytes by their names, missing ones are empty."""
    return b"".join(each if isinstance(each, bytes) else answers.get(each.name, b"") for each in pieces)


def _body(structure: Sequence[Any], *, path: str, depth: int) -> Iterator[Section | bytes]:
    if depth > _MOST_DEPTH:
        raise NoOutlineError("too deep")
    if not isinstance(structure[0], list):
        if structure[0].decode("ascii", "replace").lower() in _READABLE:
            yield Section(path or "1", _MOST_PART_BYTES)
        return
    boundary = _boundary(structure)
    for number, part in enumerate(structure[0], start=1):
        inner = f"{path}.{number}" if path else str(number)
        yield b"--" + boundary + b"\r\n"
        yield Section(f"{inner}.MIME")
        yield from _body(part, path=inner, depth=depth + 1)
        yield b"\r\n"
    yield b"--" + boundary + b"--\r\n"


def _boundary(structure: Sequence[Any]) -> bytes:
    parameters = structure[2]
    pairs = zip(parameters[::2], parameters[1::2], strict=False)
    found = next((value for name, value in pairs if name.lower() == b"boundary"), None)
    if not found:
        raise NoOutlineError("a multipart without a boundary")
    return bytes(found)
