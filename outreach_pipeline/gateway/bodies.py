"""Reading a request's body within bounds.

Belongs here: bytes and plain forms. Does not: what they mean.
"""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request


class BodyTooLargeError(Exception):
    """The body is larger than its route takes."""


async def read_body(request: Request, *, limit_bytes: int) -> bytes:
    """Return the whole body; stops reading at the limit, whatever Content-Length says.

    Raises:
        BodyTooLargeError: it is longer.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise BodyTooLargeError
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit_bytes:
            raise BodyTooLargeError
    return bytes(chunks)


def form_fields(body: bytes, *, content_type: str) -> dict[str, str]:
    """Return the text fields of a urlencoded or multipart form (RFC 8058 allows both); what is no form has none."""
    kind, _, _ = content_type.partition(";")
    if kind.strip().lower() == "multipart/form-data":
        parsed = BytesParser(policy=HTTP).parsebytes(
            b"content-type: " + content_type.encode("ascii", "ignore") + b"\r\n\r\n" + body
        )
        parts = parsed.get_payload() if parsed.is_multipart() else []
        return {
            name: _text(part)
            for part in parts
            if isinstance(part, Message)
            and isinstance(name := part.get_param("name", header="content-disposition"), str)
        }
    if kind.strip().lower() in ("application/x-www-form-urlencoded", ""):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    return {}


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace").strip() if isinstance(payload, bytes) else ""
