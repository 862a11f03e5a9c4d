"""Words that every stage shares: the states of a message, kinds of events, lifecycles.

Belongs here: enumerations whose values stand in the database. Does not: rules (each stage has its own module).
"""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """Where a message is between plan and outcome; see docs/data_flow.md for the moves between them."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    OUTCOME_UNKNOWN = "outcome_unknown"
    PRESUMED_SENT = "presumed_sent"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """What can happen to a message, as events.kind. Submission (sent) is not delivery."""

    SENT = "sent"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINT = "complaint"
    OPEN = "open"
    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    UNSUBSCRIBE = "unsubscribe"


class Lifecycle(StrEnum):
    """What a mailbox may do: the first three send, the others rest."""

    WARMING = "warming"
    ACTIVE = "active"
    OBSERVED = "observed"
    RESTING = "resting"
    QUARANTINED = "quarantined"
    RETIRED = "retired"

    @property
    def sends(self) -> bool:
        """Whether a mailbox in this state may send at all."""
        return self in {Lifecycle.WARMING, Lifecycle.ACTIVE, Lifecycle.OBSERVED}
