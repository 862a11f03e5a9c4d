"""From how an SMTP attempt ended to the state, event and consequences of its message.

Belongs here: the decision table. Does not: the conversation (adapters.smtp), reading reply texts (core.receive.reasons).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach_pipeline.core.errors import (
    AuthorityFileError,
    ConnectionLostError,
    OutreachError,
    SmtpPermanentError,
    SmtpTransientError,
    TokenRefusedError,
    TokenUnavailableError,
)
from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.receive.reasons import reason_of
from outreach_pipeline.core.send.retry import retry_at

_OWN_STAGES = frozenset({"connect", "tls", "auth", "mail"})
# No connection, and one that could not be secured: the server's certificate, or that it offers no TLS.
_LOST_AT = {"connect": "networkerror", "tls": "failedstarttls"}
_LEAVES = 421
# Of the command and not of the password: the server does not know it, or not now (RFC 5321 4.2.4).
_OF_THE_COMMAND = frozenset({500, 501, 502, 503, 504})
# A stage of SendOutcome as send_attempts names it: the last step that was begun.
_STEPS = {"gate": "gate", "login": "connect", "address": "mail", "begin": "rcpt"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt means. Times are aware, UTC; codes are the server's; ``event`` is None where nothing happened.

    ``tells_of_host`` is False where the end lies on this side, so that the server has neither answered nor failed;
    ``tells_of_mailbox`` where it is neither an error of the mailbox nor a sign that it is well.
    """

    state: MessageState
    stage: str
    reason: str | None = None
    retry_at: datetime | None = None
    unknown_until: datetime | None = None
    code: int | None = None
    enhanced_code: str | None = None
    text: str = ""
    event: EventKind | None = None
    bounce_class: str | None = None
    address_is_dead: bool = False
    is_sender_error: bool = False
    refuses_password: bool = False
    lacks_grant: bool = False
    tells_of_host: bool = True
    tells_of_mailbox: bool = True


def outcome_of(
    error: OutreachError,
    *,
    policy: SendingPolicy,
    attempt: int,
    now: datetime,
    message_number: int,
    has_password: bool = False,
) -> Outcome:
    """Judge a failed attempt.

    Args:
        error: how it ended.
        policy: the retry schedule and how long an unknown outcome may stay open.
        attempt: this attempt's number, from 1.
        now: aware, UTC.
        message_number: seeds the jitter of the retry.
        has_password: whether the login is by a password, and not by an access token.

    Returns:
        deferred while there are attempts left and a retry can help, failed when not, outcome_unknown if the server may have
        taken the message. A refused password or grant is no attempt of the message: it is deferred without an end, which the
        mailbox's pause, or the time in which nobody asks for its token, has.
    """
    again = retry_at(policy, attempt=attempt, now=now, seed=message_number)
    if isinstance(error, SmtpTransientError | SmtpPermanentError):
        meaning = reason_of(code=error.code, enhanced_code=error.enhanced_code, text=error.text)
        is_ours = error.stage in _OWN_STAGES or meaning.is_of_account
        # A permanent refusal of our own login, account or sender is the mailbox's trouble: the recipient has refused nothing,
        # and what is given up for it is cancelled, so that another day's plan may ask for it again.
        refuses_password = (
            has_password
            and isinstance(error, SmtpPermanentError)
            and error.stage == "auth"
            and error.code not in _OF_THE_COMMAND
        )
        may_retry = refuses_password or (again is not None and (isinstance(error, SmtpTransientError) or is_ours))
        # By a 421 the server takes its leave, whatever it was asked: it has refused nobody.
        is_refusal = not is_ours and error.code != _LEAVES
        given_up = MessageState.FAILED if is_refusal else MessageState.CANCELLED
        event = EventKind.DEFERRED if may_retry else EventKind.BOUNCED
        return Outcome(
            state=MessageState.DEFERRED if may_retry else given_up,
            stage=error.stage,
            reason=meaning.name,
            retry_at=again if may_retry and not refuses_password else None,
            code=error.code,
            enhanced_code=error.enhanced_code,
            text=error.text,
            event=event if is_refusal or (may_retry and not is_ours) else None,
            bounce_class=str(meaning.bounce_class) if is_refusal and not may_retry and meaning.bounce_class else None,
            address_is_dead=meaning.hard and not may_retry and is_refusal,
            is_sender_error=is_ours,
            refuses_password=refuses_password,
        )
    if isinstance(error, TokenRefusedError) and error.stage == "token":
        # The state of the grant tells of it, and of its end: nothing of the mailbox is claimed till then.
        return Outcome(
            state=MessageState.DEFERRED,
            stage="token",
            reason="token_refused",
            text=str(error),
            lacks_grant=True,
            tells_of_mailbox=False,
        )
    if isinstance(error, TokenRefusedError | TokenUnavailableError):
        # The mailbox's trouble, and its server has not been asked.
        return Outcome(
            state=MessageState.DEFERRED if again else MessageState.CANCELLED,
            stage="token",
            reason="token_refused" if isinstance(error, TokenRefusedError) else "token_unavailable",
            retry_at=again,
            text=str(error),
            is_sender_error=True,
        )
    if isinstance(error, AuthorityFileError):
        return Outcome(
            state=MessageState.DEFERRED if again else MessageState.CANCELLED,
            stage="tls",
            reason="ca_file_unusable",
            retry_at=again,
            text=str(error),
            is_sender_error=True,
            tells_of_host=False,
        )
    stage = error.stage if isinstance(error, ConnectionLostError) else "connect"
    if stage == "end-of-data":
        return Outcome(
            state=MessageState.OUTCOME_UNKNOWN,
            stage=stage,
            reason="connection_lost_after_data",
            unknown_until=now + timedelta(seconds=policy.unknown_outcome_seconds),
            text=str(error),
        )
    # Before the end of the message nobody has refused it: given up for today, it may be asked for again.
    return Outcome(
        state=MessageState.DEFERRED if again else MessageState.CANCELLED,
        stage=stage,
        reason=_LOST_AT.get(stage, "connection_lost") if again else "gave_up",
        retry_at=again,
        text=str(error),
        is_sender_error=stage in _OWN_STAGES,
        tells_of_host=not (isinstance(error, ConnectionLostError) and error.is_own),
    )


def outcome_of_fault(
    kind: str, *, stage: str, policy: SendingPolicy, attempt: int, now: datetime, message_number: int
) -> Outcome:
    """Judge an attempt that ended by a fault of the platform itself, before its server was given the message.

    Args:
        kind: the type of the exception; what it says may hold a secret.
        stage: of SendOutcome, gate to begin.
        policy: the retry schedule.
        attempt: this attempt's number, from 1.
        now: aware, UTC.
        message_number: seeds the jitter of the retry.

    Returns:
        deferred while there are attempts left, then cancelled; from the login on an error of the mailbox, so that one at which
        every attempt breaks is seen.
    """
    again = retry_at(policy, attempt=attempt, now=now, seed=message_number)
    return Outcome(
        state=MessageState.DEFERRED if again else MessageState.CANCELLED,
        stage=_STEPS[stage],
        reason="own_fault",
        retry_at=again,
        text=f"A fault of the platform ended the attempt: {kind}. The log of the run tells more (send_attempt_broke).",
        is_sender_error=stage != "gate",
        tells_of_host=False,
        tells_of_mailbox=stage != "gate",
    )


def of_a_test(outcome: Outcome) -> Outcome:
    """Return what the end of a test means: one that fails tells nothing of mailbox, host and recipient, but that a password is refused.

    Who tries something out must not be what takes a mailbox, a host or an address out of production.
    """
    if outcome.state is MessageState.SENT or outcome.refuses_password:
        return outcome
    return replace(outcome, address_is_dead=False, is_sender_error=False, tells_of_mailbox=False, tells_of_host=False)
