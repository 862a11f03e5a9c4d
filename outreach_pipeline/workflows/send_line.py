"""What the worker of one mailbox has claimed and not delivered yet.

Belongs here: how much is claimed ahead, and when more is asked for. Does not: claiming (workflows.claim), or who works
(workflows.send_email).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from outreach_pipeline.workflows.claim import FIRST_OF_A_MAILBOX
from outreach_pipeline.workflows.claimed_message import ClaimedMessage

CLAIMED_AHEAD = 32
"""So many messages are claimed at once of a mailbox that may send as fast as it can."""
ASKS_AT = CLAIMED_AHEAD // 2
"""With so many left it asks for more, so that it does not stand still while the next claim is made."""
_JOINS_AT = ASKS_AT + CLAIMED_AHEAD // 4


@dataclass(slots=True)
class Line:
    """Messages in the order in which they are due, and the tokens of all that the worker may still hold."""

    waiting: deque[ClaimedMessage] = field(default_factory=deque)
    tokens: deque[int] = field(default_factory=lambda: deque(maxlen=2 * CLAIMED_AHEAD))

    def add(self, messages: Sequence[ClaimedMessage]) -> None:
        """Put messages behind the others."""
        self.waiting.extend(messages)
        self.tokens.extend(each.token for each in messages)

    def take_all(self) -> list[ClaimedMessage]:
        """Take what waits."""
        taken = list(self.waiting)
        self.waiting.clear()
        return taken

    @property
    def wants_more(self) -> bool:
        """Whether it will soon have nothing left, where several could be claimed at once."""
        return self.joins and len(self.waiting) <= ASKS_AT

    @property
    def joins(self) -> bool:
        """Whether it will have nothing left so soon after another one that one claim is made for both."""
        return len(self.tokens) > FIRST_OF_A_MAILBOX and len(self.waiting) <= _JOINS_AT
