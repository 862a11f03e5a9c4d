"""Takes a mail apart, whatever its sender did to it.

The standard library's parser builds every part of a mail, reads attachments line by line and recurses; this one is made
for bounces and hostile mail: it never raises, works in linear time on byte offsets, and stops at fixed limits. Missing,
wrong or repeated boundaries, truncated parts and headers without a body all yield what can be read.

Belongs here: headers and parts as they stand in the bytes. Does not: what a header or part means
(``core.receive.headers``, ``core.receive.texts``, ``core.receive.classify``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_BYTES = 2 * 1024 * 1024
"""Bytes of a mail that are looked at; what bounces and people say stands at its start."""
MAX_DEPTH = 20
MAX_PARTS = 200
MAX_HEADER_BYTES = 128 * 1024
"""Bytes of one header block that are looked at."""
MAX_VALUE = 8000
"""Characters of one header that are kept."""

_HEADER_LINE = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_FOLD = re.compile(r"\r?\n(?=[ \t])|\r(?=[ \t])")
_PARAMETER = re.compile(
    r";\s*([\w!#$%&'+.^`|~-]{1,60}?)(?:\*0?\*?)?\s*=\s*(?:\"([^\"]{0,300})\"?|([^\s;\"]{1,300}))", re.ASCII
)
_GUESSED_BOUNDARY = re.compile(
    rb"^--([^\r\n]{1,200})\r?\n(?:[!-9;-~]{1,80}:[^\n]*\n){0,5}?content-type:", re.IGNORECASE | re.MULTILINE
)
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a mail, or a whole enclosed mail.

    Attributes:
        headers: lower-case names with every raw value, unfolded; bytes above 127 as Latin-1 characters.
        content_type: lower case, ``text/plain`` where none is given.
        parameters: of the Content-Type, lower-case names.
        body: the bytes as transferred, not decoded.
        depth: 0 for the mail itself.
        enclosed: inside a returned mail: a message/rfc822 or text/rfc822-headers.
        forms: of each multipart/alternative around it, the outermost first: which one it is, and which of its forms this is of.
    """

    headers: dict[str, list[str]]
    content_type: str
    parameters: dict[str, str]
    body: bytes
    depth: int
    enclosed: bool
    forms: tuple[tuple[int, int], ...] = ()

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name)
        return values[0] if values else ""


def split_headers(block: bytes) -> tuple[dict[str, list[str]], bytes]:
    """Part a header block from what follows it.

    Returns:
        The headers, lower-case names with all values unfolded, and the body. Lines before the first header (an mbox
        "From " line, blank lines) are skipped; a first line that is no header at all makes everything body.
    """
    start = 0
    while block[start : start + 1] in (b"\n", b"\r"):
        start += 1
    while block[start : start + 5] in (b"From ", b">From"):
        newline = block.find(b"\n", start)
        start = len(block) if newline < 0 else newline + 1
    if not _HEADER_LINE.match(block, start):
        return {}, block[start:]
    found = _HEADER_END.search(block, start, start + MAX_HEADER_BYTES)
    if found:
        head, body = block[start : found.start()], block[found.end() :]
    else:
        head, body = block[start : start + MAX_HEADER_BYTES], block[start + MAX_HEADER_BYTES :]
    headers: dict[str, list[str]] = {}
    lines = _FOLD.sub("", head.decode("latin-1")).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        name, colon, value = line.partition(":")
        if colon and 0 < len(name) <= 80 and " " not in name.rstrip():
            headers.setdefault(name.rstrip().lower(), []).append(value.strip()[:MAX_VALUE])
        elif number > 2 and line and not line.startswith((">From ", "From ")) and "\x00" not in line:
            # The blank line before the body is missing: what does not look like a header starts it.
            rest = "\n".join(lines[number:]).encode("latin-1")
            return headers, rest + b"\n\n" + body
    return headers, body


def content_type_of(headers: dict[str, list[str]]) -> tuple[str, dict[str, str]]:
    """The media type, lower case, and its parameters with lower-case names."""
    value = headers.get("content-type", [""])[0]
    kind = value.partition(";")[0].strip().lower()
    if "/" not in kind or len(kind) > 100:
        kind = "text/plain"
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(value[:2000]):
        parameters.setdefault(match[1].lower(), (match[2] if match[2] is not None else match[3]).strip())
    return kind.split()[0], parameters


def take_apart(raw: bytes) -> list[Part]:
    """All parts of a mail in their order, the mail itself first.

    Containers other than the mail itself and enclosed mails are not listed; an enclosed mail is listed with its whole
    text as body and then part by part, marked ``enclosed``. At most ``MAX_PARTS`` parts, ``MAX_DEPTH`` deep.
    """
    headers, body = split_headers(raw[:MAX_BYTES])
    parts: list[Part] = []
    waiting: list[tuple[dict[str, list[str]], bytes, int, bool, tuple[tuple[int, int], ...]]] = [
        (headers, body, 0, False, ())
    ]
    alternatives = 0
    while waiting and len(parts) < MAX_PARTS:
        headers, body, depth, enclosed, forms = waiting.pop()
        kind, parameters = content_type_of(headers)
        whole = Part(headers, kind, parameters, body, depth, enclosed, forms)
        if kind.startswith("multipart/") and depth < MAX_DEPTH:
            pieces = _split_multipart(body, parameters.get("boundary", ""))
            if depth == 0 or not pieces:
                parts.append(whole)
            is_alternative = kind == "multipart/alternative"
            alternatives += is_alternative
            for number, piece in reversed(tuple(enumerate(pieces))):
                form = ((alternatives, number),) if is_alternative else ()
                waiting.append((*split_part(piece), depth + 1, enclosed, forms + form))
            continue
        parts.append(whole)
        if (
            kind in _MESSAGE_TYPES
            and depth < MAX_DEPTH
            and not headers.get("content-transfer-encoding", [""])[0].lower().startswith(("base64", "quoted"))
        ):
            waiting.append((*split_headers(body), depth + 1, True, forms))
    return parts


def split_part(piece: bytes) -> tuple[dict[str, list[str]], bytes]:
    """Headers and body of one part; a part may begin with a blank line and then has no headers."""
    if piece.startswith((b"\n", b"\r\n")):
        return {}, piece
    return split_headers(piece)


def _split_multipart(body: bytes, boundary: str) -> list[bytes]:
    """The pieces between the boundaries; of a wrong boundary, what the text itself uses; none if there is none."""
    pieces = _split_at(body, boundary.encode("latin-1", "replace")) if boundary else []
    if not pieces:
        guess = _GUESSED_BOUNDARY.search(body, 0, 65536)
        if guess:
            pieces = _split_at(body, guess[1].rstrip())
    return pieces


def _split_at(body: bytes, boundary: bytes) -> list[bytes]:
    marker = b"--" + boundary
    pieces: list[bytes] = []
    start = -1
    position = body.find(marker)
    while position >= 0 and len(pieces) < MAX_PARTS:
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end + 1
        rest = body[position + len(marker) : min(line_end, position + len(marker) + 80)].strip()
        if (position == 0 or body[position - 1 : position] in (b"\n", b"\r")) and rest in (b"", b"--"):
            if start >= 0:
                pieces.append(body[start:position].removesuffix(b"\n").removesuffix(b"\r"))
            start = -1 if rest else line_end
        position = body.find(marker, line_end if line_end > position else position + 1)
    if 0 <= start < len(body):
        pieces.append(body[start:])
    return [piece for piece in pieces if piece.strip()]
