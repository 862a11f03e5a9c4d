"""How long a mailbox that could not be read is left alone, and for which cause.

Belongs here: what a failure means for the next try. Does not: reading, or telling people.

Sources: response codes of RFC 5530 and RFC 9051; "Request is throttled. Suggested Backoff Time" and "User is authenticated but
not connected" as Exchange says it; "Too many simultaneous connections" and "Account exceeded command or bandwidth limits" as
Gmail says it; Dovecot's "Maximum number of connections from user+IP exceeded".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SyncCause = Literal[
    "login", "throttled", "connections", "unavailable", "refused", "connection", "token", "configuration", "defect"
]

_MINUTE = 60.0
_HOUR = 3600.0
# The first pause and the longest, in seconds; each further failure doubles it. A password that is tried often locks the account.
_PAUSES: dict[SyncCause, tuple[float, float]] = {
    "login": (15 * _MINUTE, 6 * _HOUR),
    "token": (5 * _MINUTE, _HOUR),
    "configuration": (5 * _MINUTE, _HOUR),
    "throttled": (10 * _MINUTE, 2 * _HOUR),
    "connections": (5 * _MINUTE, _HOUR),
    "unavailable": (2 * _MINUTE, _HOUR),
    "refused": (5 * _MINUTE, _HOUR),
    "connection": (_MINUTE, _HOUR),
    "defect": (15 * _MINUTE, 6 * _HOUR),
}
_SUGGESTED = re.compile(r"suggested backoff time:?\s*(\d{1,9})\s*(milliseconds|seconds)", re.IGNORECASE)
_BY_TEXT: tuple[tuple[SyncCause, re.Pattern[str]], ...] = (
    (
        "connections",
        re.compile(
            r"too many (simultaneous |concurrent )?(imap )?(connections|logins|sessions)|maximum number of connections"
            r"|connection limit|\[limit\]",
            re.IGNORECASE,
        ),
    ),
    (
        "throttled",
        re.compile(r"throttl|exceeded (command|bandwidth)|bandwidth limit|rate limit|\[overquota\]", re.IGNORECASE),
    ),
    (
        "unavailable",
        re.compile(
            r"\[(unavailable|inuse|serverbug)\]|authenticated but not connected|server (is )?(unavailable|busy)"
            r"|temporar(y|ily)|try again later|internal error|shutting down",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class SyncPause:
    """Why a mailbox could not be read, and for how many seconds it is left alone."""

    cause: SyncCause
    seconds: float


def cause_of_text(text: str) -> SyncCause | None:
    """Return what a server's words say of itself; None: nothing that is known."""
    return next((cause for cause, pattern in _BY_TEXT if pattern.search(text)), None)


def pause_after(cause: SyncCause, *, text: str, failures: int, every_seconds: float = 300.0) -> SyncPause:
    """Return how long to wait.

    Args:
        cause: what failed, by its kind.
        text: what the server said; a throttle or a limit there outweighs the kind, and a suggested time the table.
        failures: how many failures in a row there are with this one, at least 1.
        every_seconds: how often mailboxes are read; a lost connection is tried again no later than that at first.
    """
    found = cause if cause in {"token", "configuration", "defect"} else cause_of_text(text) or cause
    first, longest = _PAUSES[found]
    if found == "connection":
        first = min(first, every_seconds)
    seconds = min(first * 2.0 ** min(failures - 1, 20), longest)
    suggested = _SUGGESTED.search(text)
    if suggested:
        wanted = float(suggested[1]) / (1000 if suggested[2].lower().startswith("milli") else 1)
        seconds = min(max(seconds, wanted), 24 * _HOUR)
    return SyncPause(found, seconds)
