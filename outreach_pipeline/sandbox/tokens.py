"""A token endpoint on loopback for three grants, and the mail servers' question whose a token is.

Belongs here: issuing, revoking, forgetting and failing. Does not: SMTP and IMAP (smtp.py, imap.py).

``POST /token`` takes the grants client_credentials, refresh_token and jwt-bearer. A token of client credentials opens every mailbox
of the world, as an application permission does; the others open their login's.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web
from google.auth import jwt

from outreach_pipeline.sandbox.truth import TruthLog
from outreach_pipeline.sandbox.world import OAuth

_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# What Google and Microsoft send as a challenge when they refuse a token.
REFUSAL = json.dumps({"status": "401", "schemes": "Bearer", "scope": "https://mail.example/"})


class _RefusedError(Exception):
    def __init__(self, error: str, description: str) -> None:
        self.error = error
        self.description = description
        super().__init__(error)


class Tokens:
    """What has been issued, and how the endpoint behaves; all in memory.

    Attributes:
        behaviour: ``lifetime_seconds``, ``seconds`` (before each answer), ``failures`` (so many answers of ``status``), ``rotates``.
    """

    def __init__(self, world: OAuth | None, log: TruthLog) -> None:
        self._world = world or OAuth()
        self._log = log
        self._refresh_tokens = dict(self._world.refresh_tokens)
        self._issued: dict[str, tuple[str | None, float]] = {}
        self._revoked: set[str] = set()
        self.behaviour: dict[str, Any] = {
            "lifetime_seconds": self._world.lifetime_seconds, "seconds": 0.0, "failures": 0, "status": 503, "rotates": False,
        }  # fmt: skip

    def opens(self, token: str, login: str) -> bool:
        """Return whether a token opens the mailbox of a login."""
        whose, ends = self._issued.get(token, ("", 0.0))
        return ends > time.monotonic() and whose in {None, login}

    def revoke(self, name: str) -> None:
        """Withdraw the consent to a client, a service account, a login or a refresh token; what it was given still works."""
        self._revoked.add(name)

    def restore(self) -> None:
        """Give every consent anew, and know the refresh tokens of the start."""
        self._revoked.clear()
        self._refresh_tokens = dict(self._world.refresh_tokens)

    def forget(self) -> None:
        """Let the mail servers refuse every token issued so far."""
        self._issued.clear()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer one request."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        await self._log.write(
            {"type": "token_request", "grant": form.get("grant_type"), "client": form.get("client_id")}
        )
        await asyncio.sleep(self.behaviour["seconds"])
        if self.behaviour["failures"] > 0:
            self.behaviour["failures"] -= 1
            return web.Response(status=self.behaviour["status"], text="The endpoint is out of order.")
        try:
            login, more = self._grant(form)
        except _RefusedError as refusal:
            said = {"error": refusal.error, "error_description": refusal.description}
            return web.json_response(said, status=401 if refusal.error == "invalid_client" else 400)
        token = f"ya29.{secrets.token_urlsafe(24)}"
        lifetime = self.behaviour["lifetime_seconds"]
        self._issued[token] = (login, time.monotonic() + lifetime)
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": lifetime, **more})

    def _grant(self, form: dict[str, str]) -> tuple[str | None, dict[str, str]]:
        kind = form.get("grant_type")
        if kind == _ASSERTION:
            return self._of_assertion(form.get("assertion", "")), {}
        client = form.get("client_id", "")
        if client in self._revoked:
            raise _RefusedError("unauthorized_client", "Consent to the application was withdrawn.")
        if client not in self._world.clients or self._world.clients[client] != form.get("client_secret", ""):
            raise _RefusedError("invalid_client", "Invalid client secret provided.")
        if kind == "client_credentials":
            return None, {}
        given = form.get("refresh_token", "")
        login = self._refresh_tokens.get(given)
        if login is None or {login, given} & self._revoked:
            raise _RefusedError("invalid_grant", "Token has been expired or revoked.")
        if not self.behaviour["rotates"]:
            return login, {}
        del self._refresh_tokens[given]
        rotated = f"rotated-{secrets.token_urlsafe(12)}"
        self._refresh_tokens[rotated] = login
        return login, {"refresh_token": rotated}

    def _of_assertion(self, assertion: str) -> str:
        for account, public_key in self._world.service_accounts.items():
            try:
                claims = jwt.decode(assertion, certs=public_key, clock_skew_in_seconds=60)
            except ValueError:
                continue
            if claims["iss"] != account:
                break
            if account in self._revoked:
                raise _RefusedError(
                    "unauthorized_client", "Client is unauthorized to retrieve access tokens using this method."
                )
            if claims["sub"] in self._revoked:
                raise _RefusedError("invalid_grant", "Invalid email or User ID")
            return str(claims["sub"])
        raise _RefusedError("invalid_grant", "Invalid JWT Signature.")


async def serve_tokens(stack: AsyncExitStack, tokens: Tokens, *, port: int) -> int:
    """Listen on loopback; returns the port in use."""
    runner = web.ServerRunner(web.Server(tokens.answer))
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=1).start()
    return int(runner.addresses[0][1])
