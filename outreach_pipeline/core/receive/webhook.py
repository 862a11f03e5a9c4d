"""The generic webhook: how a delivery is signed and what it may say.

Belongs here: the signature and the payload's model. Does not: HTTP (gateway) or effects (workflows.webhook_ingest).

A delivery is a POST of a JSON object with two headers: ``X-Outreach-Timestamp``, unix seconds, and ``X-Outreach-Signature``,
``sha256=`` and the hexadecimal HMAC-SHA256, under the source's secret, of the timestamp, a full stop and the raw body.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from outreach_pipeline.core.errors import PermanentError

TOLERANCE_SECONDS = 300
"""How far a delivery's timestamp may be from the gateway's clock: long enough for a queue, short against replays."""

_FUTURE_TOLERANCE = timedelta(days=1)
_NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"


class WebhookContentError(PermanentError):
    """The payload is not what the webhook takes; names the field."""


class WebhookSignatureError(PermanentError):
    """The signature is missing or wrong, or its timestamp is too far from now."""


class WebhookEvent(BaseModel):
    """One thing that a provider tells about a message.

    Attributes:
        id: the provider's identity of the event; the second delivery of one changes nothing.
        kind: what happened.
        message_id: the Message-ID header of the message, with or without angle brackets, or None.
        recipient: whom it happened to.
        occurred_at: when, with its zone.
        status: an enhanced status code such as ``5.1.1``, of a bounce or deferral.
        reason: what the refusing server said.
        detail: anything else worth keeping for people.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_CONTROL)]
    kind: Literal["delivered", "bounced", "complaint", "unsubscribe", "open", "deferred"]
    message_id: Annotated[str | None, Field(max_length=998, pattern=_NO_CONTROL)] = None
    recipient: Annotated[
        str, Field(min_length=3, max_length=320, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")
    ]
    occurred_at: AwareDatetime
    status: Annotated[str | None, Field(pattern=r"^[245]\.\d{1,3}\.\d{1,3}$")] = None
    reason: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    detail: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """Return the value of X-Outreach-Signature for a body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check_signature(secret: str, *, timestamp: str, given: str, body: bytes, now: datetime) -> None:
    """Refuse a body that was not signed with this secret within the tolerance; reads nothing of the body.

    Raises:
        WebhookSignatureError: it was not.
    """
    is_right = hmac.compare_digest(signature(secret, timestamp=timestamp, body=body).encode(), given.encode())
    is_timely = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_right or not is_timely:
        raise WebhookSignatureError(
            "X-Outreach-Signature is missing or wrong: sign timestamp + '.' + body with HMAC-SHA256 and the source's secret."
        )
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE_SECONDS:
        raise WebhookSignatureError(
            f"X-Outreach-Timestamp is more than {TOLERANCE_SECONDS} s from now: sign each try anew and set the clock."
        )


def parse_event(body: bytes, *, now: datetime) -> WebhookEvent:
    """Read a delivery's body.

    Raises:
        WebhookContentError: it is no such object; one sentence names each field and what is wrong.
    """
    try:
        event = WebhookEvent.model_validate_json(body)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, each['loc'])) or 'the body'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise WebhookContentError(f"The webhook cannot be read. {'; '.join(problems)}.") from error
    if event.occurred_at > now + _FUTURE_TOLERANCE:
        raise WebhookContentError("The webhook cannot be read. occurred_at: lies in the future.")
    return event
