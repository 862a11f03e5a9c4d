"""Mail assembled byte by byte, the way a mail server's own code does it.

Belongs here: what every bounce has in common. Does not: wording (dsn.py). The standard library's generator is of no use
for these: it would fold, reorder and re-encode what the products write in their own way, and touch the quoted original.
"""

from __future__ import annotations

from email.header import Header


def crlf(text: str) -> bytes:
    """Return ``text`` in UTF-8 with CRLF line ends, whatever ends it had."""
    return text.encode("utf-8", "surrogateescape").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def assemble(headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Return a whole mail: the headers that have a value (encoded where they are not ASCII), and the body as it is."""
    # A product leaves out a header that has nothing to say, except the one whose presence is the message.
    shown = [(name, value) for name, value in headers if value or name == "X-MS-Exchange-Message-Is-Ndr"]
    return crlf("".join(f"{name}: {_encoded(value)}\n" for name, value in shown) + "\n") + body


def _encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode()


def multipart(boundary: str, *parts: tuple[list[str], str | bytes], preamble: str = "") -> bytes:
    """Return a multipart body; each part is its header lines and its content, bytes untouched."""
    pieces = [crlf(f"{preamble}\n\n")] if preamble else []
    for headers, content in parts:
        pieces.append(crlf(f"--{boundary}\n" + "".join(f"{line}\n" for line in headers) + "\n"))
        pieces.append(crlf(content) if isinstance(content, str) else content)
        pieces.append(b"\r\n")
    pieces.append(crlf(f"--{boundary}--\n"))
    return b"".join(pieces)
