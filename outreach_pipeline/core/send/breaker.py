"""When a provider's host counts as failing: what of an attempt's end speaks for it and what against.

Belongs here: that judgement and the numbers. Does not: the counting, which all processes share (table ``breakers``).
"""

from __future__ import annotations

from typing import Literal

OPENS_AFTER = 5
"""Failures of a host in a row, over all its mailboxes. Source: WarmySender opens after 5."""
FIRST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 3600.0
"""The pause doubles each time that the one message that tries the host fails too: 1, 2, 4, 8 ... minutes, up to an hour.

Our own choice: a server that was only restarted costs its mailboxes a minute of their windows, and one that stays down is
asked five times in its first hour. WarmySender always waits 5 minutes.
"""
_HOST_STAGES = frozenset({"connect", "tls"})
_TOLD = frozenset({"auth", "mail", "rcpt", "data", "end-of-data", "done"})


def verdict(stage: str, code: int | None) -> Literal["answers", "fails"] | None:
    """Say what an attempt tells of the host: that it works, that it does not, or neither.

    A refused connection, a failed TLS handshake and a 421 speak against it; any other reply shows that it works, whatever
    it refuses. A connection that is lost later tells neither.

    Args:
        stage: where the attempt ended, ``gate`` if it never came to the host.
        code: the reply it ended with, or None.
    """
    if code == 421 or stage in _HOST_STAGES:
        return "fails"
    return "answers" if stage in _TOLD and code is not None else None
