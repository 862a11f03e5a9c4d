"""Reading a submitted mail as far as the sandbox's recipients need to answer it.

Belongs here: tolerant parsing of headers and text. Does not: classification; the platform's own reading is in core.
"""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses

_HTTPS = re.compile(r"<(https://[^>]+)>")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says of itself.

    Attributes:
        message_id: with angle brackets, or None.
        references: the References header's ids, oldest first.
        subject: decoded.
        sender: first address in From, lower case, or empty.
        sender_count: how many addresses From has.
        reply_to: where an answer goes: Reply-To, else From.
        to_name: display name of the first address in To.
        probe: whether the X-Outreach-Probe header is there.
        unsubscribe_url: the https address of List-Unsubscribe where one-click (RFC 8058) is offered, else None.
        header: the raw header block, with its last line end.
        text: the readable body, for quoting.
    """

    message_id: str | None
    references: tuple[str, ...]
    subject: str
    sender: str
    sender_count: int
    reply_to: str
    to_name: str
    probe: bool
    unsubscribe_url: str | None
    header: bytes
    text: str


def read_letter(raw: bytes) -> Letter:
    """Parse any bytes; what is missing or broken comes out empty, never as an error."""
    parser = BytesParser(policy=email.policy.compat32)
    try:
        message = parser.parsebytes(raw)
    except RecursionError:
        # Its parts are nested without end.
        message = parser.parsebytes(raw, headersonly=True)
    found = _MESSAGE_ID.search(_plain(message, "Message-ID"))
    senders = [address.lower() for _, address in getaddresses([_plain(message, "From")]) if address]
    replies = [address.lower() for _, address in getaddresses([_plain(message, "Reply-To")]) if address]
    to = getaddresses([_plain(message, "To")])
    one_click = "one-click" in _plain(message, "List-Unsubscribe-Post").lower()
    url = _HTTPS.search(re.sub(r"\s+", "", _plain(message, "List-Unsubscribe")))
    sender = senders[0] if senders else ""
    return Letter(
        message_id=found[0] if found else None,
        references=tuple(_MESSAGE_ID.findall(_plain(message, "References"))),
        subject=" ".join(_plain(message, "Subject").split()),
        sender=sender,
        sender_count=len(senders),
        reply_to=replies[0] if replies else sender,
        to_name=to[0][0] if to else "",
        probe=message.get("X-Outreach-Probe") is not None,
        unsubscribe_url=url[1] if url and one_click else None,
        header=_header_block(raw),
        text=_text(message),
    )


def _plain(message: Message, name: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return str(value)


def _header_block(raw: bytes) -> bytes:
    ends = [raw.find(mark) + len(mark) // 2 for mark in (b"\r\n\r\n", b"\n\n") if mark in raw]
    return raw[: min(ends)] if ends else raw


def _text(message: Message) -> str:
    for wanted in ("text/plain", "text/html"):
        for part in message.walk():
            if part.get_content_type() != wanted:
                continue
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            try:
                text = payload.decode(part.get_content_charset() or "utf-8", "replace")
            except LookupError:
                text = payload.decode("utf-8", "replace")
            return text if wanted == "text/plain" else _TAG.sub("", text)
    return ""
