"""What a received mail turned out to be.

Belongs here: the frozen results of classification and their vocabularies. Does not: how they are found
(``core.receive.classify``) or the vocabulary of bounce reasons (``core.receive.reasons``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class MailKind(StrEnum):
    """The one thing a mail is."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    REPLY = "reply"
    OTHER = "other"


class BounceClass(StrEnum):
    """Whom a bounce describes: the address (hard), a passing state (soft), or the sender (block)."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"


class Intent(StrEnum):
    """What a person who answered wants."""

    INTERESTED = "interested"
    NOT_INTERESTED = "not_interested"
    MEETING = "meeting"
    LATER = "later"
    REFERRAL = "referral"
    STOP = "stop"
    WRONG_PERSON = "wrong_person"
    OTHER = "other"


class AutoReplyKind(StrEnum):
    """Which machine answered."""

    OUT_OF_OFFICE = "out_of_office"
    LEFT_COMPANY = "left_company"
    TICKET = "ticket"
    CHALLENGE = "challenge"
    OTHER = "other"


OPT_OUT_TYPES = frozenset({"opt-out", "opt-out-list"})
"""Types of feedback reports that tell of a wish to be written to no more."""


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One address that a report speaks of.

    Attributes:
        recipient: the address as the report gives it, without angle brackets.
        original_recipient: the address that was written to, where forwarding changed it, or None.
        status: the enhanced status code of RFC 3463 (``5.1.1``); ``5.0.0`` or ``4.0.0`` where the report has only a reply
            code; None where it has neither.
        diagnostic: what the refusing server said, whitespace collapsed, at most 1,000 characters; may be empty.
        bounce_class: hard, soft or block; None where the reason tells neither (filtered, onhold, undefined, delivered).
        reason: a name out of ``core.receive.reasons.REASONS``.
        hard: the address is dead: never mail it again.
        permanent: delivery finally failed; False for a delay that is still being retried.
    """

    recipient: str
    original_recipient: str | None
    status: str | None
    diagnostic: str
    bounce_class: BounceClass | None
    reason: str
    hard: bool
    permanent: bool


@dataclass(frozen=True, slots=True)
class Classification:
    """Everything the platform understood of one received mail.

    Attributes:
        kind: bounce, complaint, auto_reply, reply or other.
        recipients: of a bounce the failed addresses, of a complaint those who complain, of a delivery report
            (kind other) those reached; else empty.
        intent: of a human reply; of an auto-reply ``stop`` where it holds a wish to stop, which is never sure; else None.
        intent_is_sure: False where people or a model should look again.
        auto_reply: which machine answered; None unless kind is auto_reply.
        return_date: the first day on which an absent person is back, or None.
        text: the sender's own words, quotes and signature trimmed, at most 4,000 characters.
        feedback_type: of a feedback report, as in RFC 5965 (``abuse``, ``fraud``, ``not-spam``, ``opt-out`` ...).
        original_message_id: the Message-ID, without angle brackets, of the returned mail in a bounce or complaint.
        in_reply_to: the ids of In-Reply-To and References, without angle brackets, newest first.
        voices: the rules that decided, for people to read.
        is_system_mail: of a bounce: a mail system's address sent it with an empty envelope sender, as RFC 5321 asks.
        is_personal: of kind other: nothing says that a machine wrote it. From whom we wrote to, it is an answer.
        reached: of a bounce: the addresses that its report names as delivered, relayed or expanded, as it gives them.
        problem: why nothing could be read of a mail of kind other; empty for every mail that is one.
    """

    kind: MailKind
    recipients: tuple[FailedRecipient, ...] = ()
    intent: Intent | None = None
    intent_is_sure: bool = False
    auto_reply: AutoReplyKind | None = None
    return_date: date | None = None
    text: str = ""
    feedback_type: str | None = None
    original_message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    is_system_mail: bool = False
    is_personal: bool = False
    reached: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class InboundHeaders:
    """The headers by which a received mail is filed.

    Attributes:
        message_id: without angle brackets, or None.
        in_reply_to: ids of In-Reply-To, in their order.
        references: ids of References, oldest first as in the header.
        from_address: the first address of From, lower case, or None.
        to_addresses: addresses of To and Cc, lower case, in their order.
        subject: decoded, whitespace collapsed, at most 1,000 characters.
        date: the Date header as aware UTC, or None where it is missing or wrong.
        own_message_id: what our own header, or Microsoft's, says that it was before a relay put its own in place.
        reply_to: the first address of Reply-To, lower case, or None.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_address: str | None
    to_addresses: tuple[str, ...]
    subject: str
    date: datetime | None
    own_message_id: str | None = None
    reply_to: str | None = None
