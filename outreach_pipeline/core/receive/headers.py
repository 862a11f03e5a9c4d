"""Reads addresses, message ids and dates out of headers, tolerant of every mistake.

Belongs here: what headers say. Does not: which mail is of which kind (``core.receive.classify``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from outreach_pipeline.core.receive.mime import MAX_HEADER_BYTES, split_headers
from outreach_pipeline.core.receive.model import InboundHeaders
from outreach_pipeline.core.receive.texts import decode_header

ADDRESS = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~@-])([\w.!#$%&'*+/=?^`{|}~-]{1,128})@([A-Za-z0-9\u0080-\uffff](?:[\w.-]{0,251}[A-Za-z0-9\u0080-\uffff])?)"
)
"""An e-mail address in running text; 1 the local part, 2 the domain."""
_ANGLE = re.compile(r"<([^<>\s]{1,320}@[^<>\s]{1,255})>")
_QUOTED_LOCAL = re.compile(r"<?(\"[^\"\r\n]{1,64}\"@[\w.-]{1,255})>?")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BARE_ID = re.compile(r"[^<>\s,;]{1,400}@[^<>\s,;]{1,400}")
_MAX_IDS = 100
_MAX_LOOSE = 2000


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids of a header, without angle brackets, in their order, each once; at most 100."""
    found = _MESSAGE_ID.findall(value) or _BARE_ID.findall(value[:_MAX_LOOSE])
    return tuple(dict.fromkeys(found[-_MAX_IDS:]))


def addresses(value: str) -> tuple[str, ...]:
    """The addresses of a raw address header, lower case, in their order, each once."""
    text = decode_header(value)
    found = _ANGLE.findall(text) or [match[0] for match in ADDRESS.finditer(text)]
    return tuple(dict.fromkeys(address.strip("'\"").lower() for address in found))


def address_of(value: str) -> str | None:
    """The one address that a report's field names (``rfc822; <a@b.example>``), or None.

    A local part alone is an address too where the field gives no more (``RFC822; root``); X.400 and names are not.
    """
    text = value.partition(";")[2] if ";" in value.split("@", maxsplit=1)[0] else value
    text = decode_header(text.strip()).strip("<> \t'")
    quoted = _QUOTED_LOCAL.search(text)
    if quoted:
        return quoted[1]
    text = text.strip('"')
    # Some systems leave the source route or mailto in front.
    found = ADDRESS.search(text.rpartition("mailto:")[2])
    return found[0].strip("'.") if found else None


def parse_date(value: str) -> datetime | None:
    """A Date header as aware UTC; None where it cannot be read. A date without a zone is taken for UTC."""
    if not value:
        return None
    try:
        parsed = parsedate_to_datetime(value[:200])
        parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return parsed.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def parse_headers(raw: bytes) -> InboundHeaders:
    """Read the headers by which a mail is filed; never raises and does not look at the body.

    Args:
        raw: the mail, or at least its header block.
    """
    return inbound_headers(split_headers(raw[: MAX_HEADER_BYTES + 1024])[0])


def inbound_headers(headers: dict[str, list[str]]) -> InboundHeaders:
    """The same from headers that are already apart."""

    def joined(name: str) -> str:
        return " ".join(headers.get(name, ()))

    own = message_ids(joined("message-id"))
    before = message_ids(joined("x-outreach-message-id")) or message_ids(joined("x-microsoft-original-message-id"))
    senders = addresses(joined("from"))
    return InboundHeaders(
        message_id=own[0] if own else None,
        in_reply_to=message_ids(joined("in-reply-to")),
        references=message_ids(joined("references")),
        from_address=senders[0] if senders else None,
        to_addresses=tuple(
            dict.fromkeys((*addresses(", ".join(headers.get("to", ()))), *addresses(", ".join(headers.get("cc", ())))))
        ),
        subject=decode_header(joined("subject"))[:1000],
        date=parse_date(joined("date")),
        own_message_id=before[0] if before else None,
        reply_to=next(iter(addresses(joined("reply-to"))), None),
    )
