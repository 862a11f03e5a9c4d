"""The two SASL mechanisms that carry an access token: OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2.

Belongs here: what is said to a server, whichever protocol carries it. Does not: the conversation (adapters.smtp, adapters.imap).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Literal

from outreach_pipeline.core.oauth import Auth

Mechanism = Literal["XOAUTH2", "OAUTHBEARER"]
_MECHANISMS: tuple[Mechanism, ...] = ("XOAUTH2", "OAUTHBEARER")
_MOST_TEXT = 300


def choose(wanted: Auth, offered: Collection[str]) -> Mechanism | None:
    """Return the mechanism that is wanted, or the other one if the server offers only that; None: it offers neither."""
    names = {each.upper() for each in offered}
    return min((each for each in _MECHANISMS if each in names), key=lambda each: each != wanted.upper(), default=None)


def first_words(mechanism: Mechanism, *, login: str, token: str, host: str, port: int) -> bytes:
    """Return what the client says first. ``login`` is the user, whatever address it writes as."""
    if mechanism == "XOAUTH2":
        return f"user={login}\x01auth=Bearer {token}\x01\x01".encode()
    # RFC 5801: these two would end the name.
    name = login.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01".encode()


def last_words(mechanism: Mechanism) -> bytes:
    """Return what the client says to the challenge by which a server refuses a token, so that it ends the exchange."""
    return b"" if mechanism == "XOAUTH2" else b"\x01"


def refusal_text(challenge: bytes) -> str:
    """Return what a refusing challenge says, in a form that may stand in an error's text."""
    text = challenge.decode("utf-8", "replace")
    try:
        text = json.dumps(json.loads(text))
    except ValueError:
        text = "".join(each if each.isprintable() else " " for each in text)
    return text[:_MOST_TEXT]
