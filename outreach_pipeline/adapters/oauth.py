"""Access tokens from a provider's token endpoint: one form POST for each kind of source (RFC 6749, RFC 7523).

Belongs here: the request and what its answer says. Does not: which token is needed, keeping it, or asking again
(workflows.access_tokens).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from outreach_pipeline.core.errors import ConfigurationError, TokenRefusedError, TokenUnavailableError
from outreach_pipeline.core.oauth import SourceKind, is_final, read_service_account_key

_TIMEOUT_SECONDS = 10.0
_MOST_BYTES = 2**16
_ASSERTION_SECONDS = 3600
# RFC 6749 lets an endpoint leave the lifetime out.
_UNSAID_SECONDS = 600.0
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class TokenSource:
    """Whom to ask, and as whom.

    Attributes:
        secret: the client's; of a Google service account its key as JSON; None for a public client.
        scope: None asks for what the refresh token was granted.
    """

    kind: SourceKind
    token_url: str
    client_id: str
    secret: str | None = field(repr=False)
    scope: str | None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """What an endpoint gave: a token, how long it lasts, and the refresh token to use from now on if that is another one."""

    access_token: str = field(repr=False)
    lifetime_seconds: float
    refresh_token: str | None = field(default=None, repr=False)


def request_token(source: TokenSource, *, login: str, refresh_token: str | None, now: datetime) -> IssuedToken:
    """Ask for an access token once. Blocks for 10 s at most.

    Args:
        source: whom to ask.
        login: the user that a Google service account speaks for.
        refresh_token: the mailbox's, for the kind ``refresh_token``.
        now: aware; stands in a signed assertion.

    Raises:
        TokenRefusedError: the endpoint said no, and will say so again.
        TokenUnavailableError: it did not answer, or with something else than an answer of OAuth.
        ConfigurationError: the key of a service account is none.
    """
    form = _form(source, login=login, refresh_token=refresh_token, now=now)
    status, answer = asyncio.run(_post(source.token_url, form))
    if status == 200 and isinstance(answer.get("access_token"), str):
        rotated = answer.get("refresh_token")
        return IssuedToken(
            answer["access_token"],
            _lifetime(answer.get("expires_in")),
            rotated if isinstance(rotated, str) and rotated != refresh_token else None,
        )
    error, description = _text(answer.get("error")), _text(answer.get("error_description"))
    said = f"{status} {error}: {description}" if error else f"{status} and no error code of OAuth"
    if is_final(error):
        raise TokenRefusedError(f"{source.token_url} answered {said}", error=error, description=description)
    raise TokenUnavailableError(f"{source.token_url} answered {said}")


def _form(source: TokenSource, *, login: str, refresh_token: str | None, now: datetime) -> dict[str, str]:
    form = {"scope": source.scope} if source.scope else {}
    if source.kind == "google_service_account":
        assertion = _assertion(source, login=login, now=now)
        # The scope is part of what was signed.
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    form["client_id"] = source.client_id
    if source.secret:
        form["client_secret"] = source.secret
    if source.kind == "microsoft_client_credentials":
        return {"grant_type": "client_credentials", **form}
    return {"grant_type": "refresh_token", "refresh_token": refresh_token or "", **form}


def _assertion(source: TokenSource, *, login: str, now: datetime) -> str:
    # Only processes that log in so pay for the library.
    from google.auth import crypt, jwt  # noqa: PLC0415

    key = read_service_account_key(source.secret or "")
    issued = int(now.timestamp())
    claims = {
        "iss": key["client_email"],
        "sub": login,
        "scope": source.scope,
        "aud": source.token_url,
        "iat": issued,
        "exp": issued + _ASSERTION_SECONDS,
    }
    try:
        signer = crypt.RSASigner.from_service_account_info(key)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ConfigurationError(
            "The private_key of the service account is no RSA key in PEM: apply the key file as it is."
        ) from None
    return bytes(jwt.encode(signer, claims)).decode("ascii")  # type: ignore[no-untyped-call]


async def _post(url: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)) as session,
            session.post(url, data=form, headers={"Accept": "application/json"}, allow_redirects=False) as response,
        ):
            body = bytearray()
            async for piece in response.content.iter_any():
                body += piece
                if len(body) > _MOST_BYTES:
                    break
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        cause = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        raise TokenUnavailableError(f"{url} cannot be asked for a token ({cause})") from error
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    return response.status, answer if isinstance(answer, dict) else {}


def _lifetime(seconds: object) -> float:
    try:
        return max(0.0, float(seconds))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _UNSAID_SECONDS


def _text(value: object) -> str:
    # What an endpoint writes stands in the ledger, in alerts and on terminals.
    return "".join(each if each.isprintable() else " " for each in value)[:_MOST_TEXT] if isinstance(value, str) else ""
