"""Opt-outs: the one way in which an address or a domain becomes one that is never written to again.

Belongs here: the lock, the row and what follows at once (messages, sequences). Does not: who may ask for it.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Literal

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.addresses import parse_address, parse_domain
from outreach_pipeline.core.errors import UsageError

Scope = Literal["address", "domain"]
REASONS = frozenset({"unsubscribe", "stop", "complaint", "bounce", "manual", "import", "unclear_stop"})
"""Why a tenant's suppression stands, as in the table; ``unclear_stop`` until a person decides, the others for good."""


def suppress(transaction: Transaction, *, scope: Scope, value: str, reason: str, origin: str, now: datetime) -> bool:
    """Suppress for the tenant of the transaction, at once; nothing changes the second time.

    An address stands for all its tags (``ann+news@example.com``), unless it bounced. What a bounce had suppressed becomes an
    opt-out by one, and so final; so does what a doubtful wish to stop holds (``unclear_stop``).

    Takes the lock that a beginning send asks for, so that no send begins after the caller's commit. Messages that have
    not begun become ``cancelled`` and sequences ``stopped``, both with the reason ``suppressed_<reason>``.

    The lock is held until the transaction ends: suppress one value a transaction, or values in a fixed order, lest two
    callers wait for each other.

    Args:
        transaction: of the tenant; the caller commits.
        scope: what ``value`` is. A domain stands for itself and for what lies under a registrable domain.
        value: an address or a domain, in any case; a domain beyond ASCII in any spelling.
        reason: one of ``REASONS``.
        origin: where it came from, such as ``link`` or ``webhook generic/evt-1``.
        now: business time.

    Returns:
        Whether it was not suppressed before.

    Raises:
        UsageError: ``value`` is no address or domain, or ``reason`` none of the reasons.
    """
    value = _normalised(scope, value)
    if reason not in REASONS:
        raise UsageError(f"{reason!r} is no reason to suppress: give one of {', '.join(sorted(REASONS))}.")
    transaction.run("receive/suppression_lock", value=value)
    # A statement of its own each: only what starts after the lock sees what the send before it has committed.
    is_new = transaction.run(
        "receive/insert_suppression", scope=scope, value=value, reason=reason, origin=origin, now=now
    )
    transaction.run(f"receive/cancel_messages_to_{scope}", value=value, reason=reason)
    transaction.run(f"receive/stop_enrollments_of_{scope}", value=value, reason=reason, origin=origin, now=now)
    return is_new > 0


def suppress_everywhere(transaction: Transaction, *, scope: Scope, value: str, reason: str, now: datetime) -> bool:
    """Suppress for all tenants of the installation, present and coming; the operator's word.

    Messages that tenants have planned are refused when they would begin, and left out of every later plan.

    Args:
        transaction: the operator's; the caller commits.
        scope: what ``value`` is.
        value: an address or a domain, in any case.
        reason: free text, for people.
        now: business time.

    Returns:
        Whether it was not suppressed before.

    Raises:
        UsageError: ``value`` is no address or domain.
    """
    value = _normalised(scope, value)
    transaction.run("receive/suppression_lock", value=value)
    is_new = transaction.run("receive/insert_operator_suppression", scope=scope, value=value, reason=reason, now=now)
    return is_new > 0


def _normalised(scope: Scope, value: str) -> str:
    value = value.strip().lower()
    # What no parser takes for an address, such as one of a sloppy report, is kept as it is.
    with contextlib.suppress(ValueError):
        value = parse_address(value).address if scope == "address" else parse_domain(value)
    local_part, at, domain = value.rpartition("@")
    is_fit = bool(local_part and domain) if scope == "address" else bool(domain) and not at
    if not is_fit or any(character.isspace() or not character.isprintable() for character in value):
        example = "ann@example.com" if scope == "address" else "example.com"
        raise UsageError(f"{value!r} is no {scope} that could be suppressed: give one such as {example}.")
    return value
