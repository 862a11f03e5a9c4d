"""XOAUTH2 and OAUTHBEARER (RFC 7628) as a mail server hears them.

Belongs here: reading what a client says, and the exchange as pymap holds it. Does not: whose a token is (tokens.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pymap.backend.dict import Config, Identity, Login
from pymap.exceptions import InvalidAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.creds.server import ServerCredentials
from pysasl.exception import InvalidResponse
from pysasl.mechanism import ChallengeResponse, ServerChallenge, ServerMechanism

from outreach_pipeline.sandbox.tokens import REFUSAL, Tokens

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
_WORDS = {
    "XOAUTH2": re.compile(rb"user=(.+?)\x01auth=Bearer (.+?)\x01\x01"),
    "OAUTHBEARER": re.compile(rb"n,a=(.+?),\x01(?:host=[^\x01]*\x01port=[0-9]+\x01)?auth=Bearer (.+?)\x01\x01"),
}


def read_words(mechanism: str, words: bytes) -> tuple[str, str] | None:
    """Return login and token of what a client says first; None if it does not keep to the mechanism."""
    said = _WORDS[mechanism].fullmatch(words)
    if said is None:
        return None
    login, token = (part.decode("utf-8", "replace") for part in said.groups())
    return (login.replace("=2C", ",").replace("=3D", "=") if mechanism == "OAUTHBEARER" else login), token


def ends_well(mechanism: str, words: bytes) -> bool:
    """Return whether a client answers a refusal as it should."""
    return words == (b"" if mechanism == "XOAUTH2" else b"\x01")


class TokenMechanism(ServerMechanism):  # type: ignore[misc, unused-ignore]
    """One of the two, as pysasl holds an exchange: a refused token is met with a challenge first."""

    def __init__(self, name: str, tokens: Tokens) -> None:
        super().__init__(name)
        self._mechanism = name
        self._tokens = tokens

    def server_attempt(self, responses: Sequence[ChallengeResponse]) -> tuple[ServerCredentials, None]:
        """Read what has been said so far."""
        if not responses:
            raise ServerChallenge(b"")
        said = read_words(self._mechanism, responses[0].response)
        if said is None:
            raise InvalidResponse
        login, token = said
        if not self._tokens.opens(token, login):
            if len(responses) == 1:
                raise ServerChallenge(REFUSAL.encode())
            if not ends_well(self._mechanism, responses[1].response):
                raise InvalidResponse
        return ExternalCredentials(login, token), None


class TokenLogin(Login):  # type: ignore[misc, unused-ignore]
    """pymap's logins by password, and those by token."""

    def __init__(self, config: Config, tokens: Tokens) -> None:
        super().__init__(config)
        self._tokens_of_the_world = tokens

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Return who this is."""
        if not isinstance(credentials, ExternalCredentials):
            return await super().authenticate(credentials)
        login, token = credentials.authzid, credentials._token or ""  # noqa: SLF001  it has no other door
        if login not in self.users_dict or not self._tokens_of_the_world.opens(token, login):
            raise InvalidAuth
        return Identity(login, self, None, frozenset())


def token_mechanisms(names: Iterable[str], tokens: Tokens) -> list[TokenMechanism]:
    """Return mechanisms by name."""
    return [TokenMechanism(name, tokens) for name in names]
