"""Faults by name: which is due at this point of an SMTP conversation.

Belongs here: the list of faults still to come, and choosing one. Does not: cutting or delaying the connection (smtp.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outreach_pipeline.sandbox.world import Fault

# Where each fault strikes; "slow" and "reply_421" say it themselves.
_STAGE_OF = {
    "drop_at_connect": "connect",
    "drop_at_ehlo": "ehlo",
    "drop_at_starttls": "starttls",
    "drop_at_auth": "auth",
    "auth_fail": "credentials",
    "auth_later": "credentials",
    "drop_at_mail": "mail",
    "drop_at_rcpt": "rcpt",
    "drop_before_data": "data",
    "drop_in_data": "data",
    "drop_after_data": "end",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a conversation stands, as far as is known there.

    Attributes:
        stage: connect, ehlo, starttls, auth (the command), credentials (the login being tried), mail, rcpt, data, or end
            (the reply that ends DATA).
        login: from credentials on.
        mail_from: after MAIL.
        rcpts: recipients so far.
    """

    stage: str
    login: str | None = None
    mail_from: str | None = None
    rcpts: tuple[str, ...] = ()


class Faults:
    """The faults still to come."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._armed: list[tuple[Fault, int]] = [(fault, fault.count) for fault in faults]

    def add(self, fault: Fault) -> None:
        """Arm one more."""
        self._armed.append((fault, fault.count))

    def clear(self) -> None:
        """Disarm all."""
        self._armed = []

    def take(self, now: Situation) -> Fault | None:
        """Return the first fault that fits ``now``, counting it down, or None."""
        for index, (fault, left) in enumerate(self._armed):
            if _fits(fault, now):
                if left > 1:
                    self._armed[index] = (fault, left - 1)
                else:
                    del self._armed[index]
                return fault
        return None

    def __len__(self) -> int:
        return sum(left for _, left in self._armed)


def _fits(fault: Fault, now: Situation) -> bool:
    if _STAGE_OF.get(fault.fault, fault.stage) != now.stage:
        return False
    known = {"login": (now.login,), "mail_from": (now.mail_from,), "rcpt": now.rcpts}
    return all(
        value.lower() in {item.lower() for item in known[key] if item is not None} for key, value in fault.match.items()
    )
