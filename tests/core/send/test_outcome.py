"""How an attempt ended, and what that makes of its message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.errors import (
    AuthorityFileError,
    ConnectionLostError,
    SmtpPermanentError,
    SmtpTransientError,
    TokenRefusedError,
    TokenUnavailableError,
)
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.outcome import Outcome, of_a_test, outcome_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = SendingPolicy(unknown_outcome_seconds=600, give_up_after_attempts=3)
LAST = POLICY.give_up_after_attempts
OURS = ["connect", "tls", "auth", "mail"]
THEIRS = ["rcpt", "end-of-data"]


def judge(error, *, attempt: int = 1) -> Outcome:
    return outcome_of(error, policy=POLICY, attempt=attempt, now=NOW, message_number=7)


def refused(stage: str, code: int, enhanced: str | None, text: str):
    kind = SmtpTransientError if code < 500 else SmtpPermanentError
    return kind(stage=stage, code=code, enhanced_code=enhanced, text=text)


def lost(stage: str) -> ConnectionLostError:
    return ConnectionLostError("gone", stage=stage)


@pytest.mark.parametrize(
    "error, expected",
    [
        (refused("rcpt", 550, "5.1.1", "User unknown"), ("failed", "bounced", "hard", True, False)),
        (refused("rcpt", 552, "5.2.2", "Mailbox full"), ("failed", "bounced", "soft", False, False)),
        (refused("end-of-data", 550, "5.7.1", "blocked as spam"), ("failed", "bounced", "block", False, False)),
        (refused("rcpt", 451, "4.7.1", "Greylisted"), ("deferred", "deferred", None, False, False)),
        (refused("rcpt", 450, "4.1.1", "User unknown"), ("deferred", "deferred", None, False, False)),
        (refused("end-of-data", 421, "4.3.2", "closing"), ("deferred", "deferred", None, False, False)),
        (refused("auth", 535, "5.7.8", "wrong password"), ("deferred", None, None, False, True)),
        (refused("mail", 553, "5.7.1", "sender not owned"), ("deferred", None, None, False, True)),
        (refused("connect", 421, "4.7.0", "too many"), ("deferred", None, None, False, True)),
        (lost("connect"), ("deferred", None, None, False, True)),
        (lost("tls"), ("deferred", None, None, False, True)),
        (lost("rcpt"), ("deferred", None, None, False, False)),
        (lost("end-of-data"), ("outcome_unknown", None, None, False, False)),
        (TokenRefusedError("revoked"), ("deferred", None, None, False, False)),
        (TokenRefusedError("no token source", stage="secret"), ("deferred", None, None, False, True)),
        (TokenUnavailableError("503"), ("deferred", None, None, False, True)),
        (AuthorityFileError("no such file"), ("deferred", None, None, False, True)),
    ],
)
def test_the_first_attempt(error, expected):
    outcome = judge(error)
    assert (
        outcome.state,
        outcome.event,
        outcome.bounce_class,
        outcome.address_is_dead,
        outcome.is_sender_error,
    ) == expected


@pytest.mark.parametrize("stage", THEIRS)
def test_an_address_that_is_dead_for_a_test_stays_allowed(stage):
    outcome = judge(refused(stage, 550, "5.1.1", "User unknown"))
    assert outcome.address_is_dead
    assert not of_a_test(outcome).address_is_dead
    assert (of_a_test(outcome).state, of_a_test(outcome).text) == ("failed", "User unknown")


@pytest.mark.parametrize(
    "error, expected",
    [
        (refused("rcpt", 451, "4.7.1", "Greylisted"), ("failed", "bounced", False)),
        (refused("rcpt", 421, "4.3.2", "closing"), ("cancelled", None, False)),
        (refused("end-of-data", 421, "4.3.2", "closing"), ("cancelled", None, False)),
        (refused("auth", 535, "5.7.8", "wrong password"), ("cancelled", None, False)),
        (refused("mail", 550, "5.1.1", "User unknown"), ("cancelled", None, False)),
        (lost("connect"), ("cancelled", None, False)),
        (lost("rcpt"), ("cancelled", None, False)),
        (lost("end-of-data"), ("outcome_unknown", None, False)),
    ],
)
def test_the_last_attempt(error, expected):
    outcome = judge(error, attempt=LAST)
    assert (outcome.state, outcome.event, outcome.address_is_dead) == expected
    assert outcome.retry_at is None


@pytest.mark.parametrize(
    "error",
    [
        refused("end-of-data", 550, "5.7.60", "SMTP; Client does not have permissions to send as this sender"),
        refused(
            "end-of-data",
            554,
            "5.2.0",
            "STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message",
        ),
        refused("end-of-data", 550, "5.4.5", "Daily user sending limit exceeded. - gsmtp"),
        refused("end-of-data", 550, "5.4.6", "Unusual sending activity detected. Please try after sometime"),
        refused("rcpt", 553, "5.7.1", "<a@x.example>: Sender address rejected: not owned by user b"),
        refused("rcpt", 554, "5.7.1", "Your account has been suspended"),
    ],
)
def test_a_refusal_of_our_own_account_is_no_bounce_whichever_command_it_answers(error):
    first, last = judge(error), judge(error, attempt=LAST)
    assert (first.state, last.state) == ("deferred", "cancelled")
    for outcome in (first, last):
        assert (outcome.event, outcome.bounce_class, outcome.is_sender_error) == (None, None, True)
        assert not outcome.address_is_dead


@pytest.mark.parametrize(
    "error, refuses",
    [
        (refused("auth", 535, "5.7.8", "wrong password"), True),
        (refused("auth", 534, "5.7.9", "web login required"), True),
        (refused("auth", 530, "5.7.0", "login denied"), True),
        (refused("auth", 504, "5.5.4", "unknown mechanism"), False),
        (refused("auth", 454, "4.7.0", "later"), False),
        (refused("mail", 535, "5.7.8", "not yours"), False),
        (lost("auth"), False),
    ],
)
@pytest.mark.parametrize("attempt", [1, LAST])
def test_a_refused_password_waits_without_an_end(error, refuses, attempt):
    outcome = outcome_of(error, policy=POLICY, attempt=attempt, now=NOW, message_number=7, has_password=True)
    assert outcome.refuses_password == refuses
    assert not refuses or (outcome.state, outcome.retry_at, outcome.is_sender_error) == ("deferred", None, True)
    assert refuses or outcome == judge(error, attempt=attempt)
    assert not judge(error, attempt=attempt).refuses_password


def test_an_unknown_outcome_has_a_deadline():
    assert judge(lost("end-of-data")).unknown_until == NOW + timedelta(seconds=600)


errors = st.one_of(
    st.builds(lost, st.sampled_from([*OURS, *THEIRS])),
    st.builds(
        refused,
        st.sampled_from([*OURS, *THEIRS]),
        st.integers(400, 599),
        st.none() | st.from_regex(r"[45]\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True),
        st.text(max_size=200),
    ),
)


@given(error=errors, attempt=st.integers(1, 5))
def test_what_holds_of_every_outcome(error, attempt):
    outcome = judge(error, attempt=attempt)
    assert outcome.state in {"deferred", "failed", "cancelled", "outcome_unknown"}
    assert (outcome.retry_at is not None) == (outcome.state == "deferred")
    assert (outcome.unknown_until is not None) == (outcome.state == "outcome_unknown")
    assert outcome.retry_at is None or outcome.retry_at > NOW
    # Only who was asked can have refused: nothing is said of a recipient before RCPT.
    assert outcome.event is None or (error.stage in THEIRS and not outcome.is_sender_error)
    assert not (outcome.address_is_dead and (outcome.state != "failed" or outcome.bounce_class != "hard"))
    assert (outcome.bounce_class is None) or outcome.event == "bounced"
    # Before the end of the message the server has taken nothing, so that trying again is safe; after it, it is not.
    if isinstance(error, ConnectionLostError):
        assert (outcome.state == "outcome_unknown") == (error.stage == "end-of-data")
    else:
        assert outcome.state != "outcome_unknown"


def test_the_same_attempt_is_judged_the_same():
    assert judge(lost("rcpt")) == judge(lost("rcpt"))
