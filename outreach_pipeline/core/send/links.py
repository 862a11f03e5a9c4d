"""The opt-out links that stand in every mail: made when a mail is rendered, read by the gateway.

Belongs here: what a link holds and how it is signed. Does not: what a click does (workflows.unsubscribe).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from outreach_pipeline.core.errors import NotAllowedError

LINK_LIFETIME_SECONDS = 400 * 24 * 3600
"""How long a link opts out: over a year, since people answer old mail, and well past the 30 days that laws ask for."""

_PATH = "/u/"


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

    def __init__(self, *args: Any, now_seconds: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now_seconds = now_seconds

    def get_timestamp(self) -> int:
        return self._now_seconds


class LinkSigner:
    """Makes and reads the tokens of opt-out links, signed with HMAC-SHA256. A token names no person.

    Args:
        key: 32 bytes, from ``Vault.signing_key("unsubscribe")``.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def unsubscribe_url(self, *, link_host: str, tenant_id: UUID, message_id: int, now: datetime) -> str:
        """Return ``https://{link_host}/u/{token}`` for one message.

        Args:
            link_host: the link host of the domain that sends the message.
            tenant_id: whose message it is.
            message_id: ``messages.id``, not the header of that name.
            now: aware; the same second gives the same link.
        """
        token = self._serializer(now).dumps([tenant_id.hex, message_id])
        return f"https://{link_host}{_PATH}{token}"

    def read(self, token: str, *, now: datetime, max_age_seconds: float = LINK_LIFETIME_SECONDS) -> UnsubscribeToken:
        """Return what a token says.

        A token from the future is good: an opt-out does not fail for a clock that is wrong.

        Raises:
            LinkError: the signature does not fit, or the token is older than ``max_age_seconds``.
        """
        try:
            payload, issued_at = self._serializer(now).loads(token, return_timestamp=True)
            tenant_id, message_id = UUID(hex=payload[0]), int(payload[1])
        except (BadData, ValueError, TypeError, LookupError, AttributeError) as error:
            raise LinkError("The link was cut or changed on its way: open it again from the mail itself.") from error
        if (now - issued_at).total_seconds() > max_age_seconds:
            raise LinkError("The link is too old: answer the mail and ask not to be written to.")
        return UnsubscribeToken(tenant_id, message_id, issued_at.astimezone(UTC))

    def _serializer(self, now: datetime) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._key,
            salt="outreach unsubscribe",
            signer=_SignerAt,
            signer_kwargs={
                "key_derivation": "hmac",
                "digest_method": hashlib.sha256,
                "now_seconds": int(now.timestamp()),
            },
        )
