"""The opt-out links that stand in every mail: made when a mail is rendered, read by the gateway.

Belongs here: what a link holds and how it is signed. Does not: what a click does (workflows.unsubscribe).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from itsdangerous import BadData, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from outreach_pipeline.core.errors import NotAllowedError

LINK_LIFETIME_SECONDS = 400 * 24 * 3600
"""How long a link opts out: over a year, since people answer old mail, and well past the 30 days that laws ask for."""

_PATH = "/u/"
_CONTENT = struct.Struct(">16sQ")  # the tenant's id and the message's


class LinkError(NotAllowedError):
    """A link that cannot be followed: cut, changed, of another installation, of another host, or too old."""


@dataclass(frozen=True, slots=True)
class UnsubscribeToken:
    """What a link says: whose mail it stood in. ``issued_at`` is UTC with whole seconds."""

    tenant_id: UUID
    message_id: int
    issued_at: datetime


class _SignerAt(TimestampSigner):
    """Signs as of a given second instead of the machine's clock."""

    now_seconds: int

    def get_timestamp(self) -> int:
        return self.now_seconds


class LinkSigner:
    """Makes and reads the tokens of opt-out links, signed with HMAC-SHA256. A token names no person.

    Links are made by one thread at a time; reading knows no such limit.

    Args:
        key: 32 bytes, from ``Vault.signing_key("unsubscribe")``.
    """

    def __init__(self, key: bytes) -> None:
        # The key serves this purpose alone, so that nothing has to be derived from it.
        self._signer = _SignerAt(key, key_derivation="none", digest_method=hashlib.sha256)

    def unsubscribe_url(self, *, link_host: str, tenant_id: UUID, message_id: int, now: datetime) -> str:
        """Return ``https://{link_host}/u/{token}`` for one message.

        Args:
            link_host: the link host of the domain that sends the message.
            tenant_id: whose message it is.
            message_id: ``messages.id``, not the header of that name.
            now: aware; the same second gives the same link.
        """
        self._signer.now_seconds = int(now.timestamp())
        token = self._signer.sign(base64_encode(_CONTENT.pack(tenant_id.bytes, message_id)))
        return f"https://{link_host}{_PATH}{token.decode('ascii')}"

    def read(self, token: str, *, now: datetime, max_age_seconds: float = LINK_LIFETIME_SECONDS) -> UnsubscribeToken:
        """Return what a token says.

        A token from the future is good: an opt-out does not fail for a clock that is wrong.

        Raises:
            LinkError: the signature does not fit, or the token is older than ``max_age_seconds``.
        """
        try:
            content, issued_at = self._signer.unsign(token, return_timestamp=True)
            tenant_bytes, message_id = _CONTENT.unpack(base64_decode(content))
        except (BadData, struct.error, ValueError) as error:
            raise LinkError("The link was cut or changed on its way: open it again from the mail itself.") from error
        if (now - issued_at).total_seconds() > max_age_seconds:
            raise LinkError("The link is too old: answer the mail and ask not to be written to.")
        return UnsubscribeToken(UUID(bytes=tenant_bytes), message_id, issued_at.astimezone(UTC))
