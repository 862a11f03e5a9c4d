"""Rates as people write them, messages a second, minute, hour or day, and what they may be of.

Belongs here: from text to numbers and keys, and back. Does not: keeping to them (claims).
"""

from __future__ import annotations

import re
from typing import Literal

from outreach_pipeline.core.addresses import parse_domain, registrable_domain
from outreach_pipeline.core.plan.sites import CONSUMER_DOMAINS, PROVIDER_SITES

# The last two are of new logins, and their places in flight of open connections.
LimitScope = Literal[
    "mailbox", "tenant", "recipient_domain", "recipient_site", "provider_host", "host_logins", "account_logins"
]
SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
WIDE_INTERVAL_SECONDS = 0.01
"""A rate that lets less than one message through in so long is narrow: it is asked for again as a message begins."""
LOOK_EVERY_SECONDS = 0.25
"""So often claims look at what came due, if nothing else makes them: a few messages at once cost hardly more than one."""
_RATE = re.compile(r"\s*(\d{1,9})\s*/\s*(second|minute|hour|day)\s*")


def parse_rate(text: str) -> tuple[int, float]:
    """Return messages, and the seconds they may go in, of a rate such as ``600/minute``.

    Raises:
        ValueError: it is none.
    """
    match = _RATE.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"limit {text!r} is no rate: write messages/second, /minute, /hour or /day, like 600/minute")
    return int(match[1]), SECONDS[match[2]]


def parse_recipient(scope: str, text: str) -> str:
    """Return the key of a recipient's limit as messages have it: a domain, or of a site a provider's name such as ``gmail``.

    Args:
        scope: recipient_domain or recipient_site.
        text: as a person or file wrote it.

    Raises:
        ValueError: it is neither, or a domain that is counted under another name.
    """
    if scope == "recipient_site" and text.strip().lower() in PROVIDER_SITES:
        return text.strip().lower()
    try:
        domain = parse_domain(text)
    except ValueError:
        or_name = f" or a provider's name: {', '.join(PROVIDER_SITES)}" if scope == "recipient_site" else ""
        raise ValueError(
            f"{text!r} is no {scope.replace('_', ' ')}: write a domain like example.com{or_name}"
        ) from None
    site = CONSUMER_DOMAINS.get(domain) if scope == "recipient_site" else None
    if (counted_as := site or registrable_domain(domain)) != domain:
        raise ValueError(f"{domain} is counted as {counted_as}: write {counted_as}")
    return domain


def rate_text(message_count: int, per_seconds: float, *, slow_ratio: float = 1.0) -> str:
    """Return a rate in the shortest unit in which it is a whole number, or as ``1 every 450 s``.

    Args:
        message_count: so many
        per_seconds: in so many seconds.
        slow_ratio: what a rule lets through of it, in (0, 1].
    """
    a_second = message_count * slow_ratio / per_seconds
    for unit, seconds in SECONDS.items():
        count = a_second * seconds
        if count >= 0.999_999 and abs(count - round(count)) < 1e-6 * count:
            return f"{round(count)}/{unit}"
    return f"1 every {1 / a_second:g} s"


def usual_burst(message_count: int, per_seconds: float) -> int:
    """Return how many may go at once where nobody says: one, or a quarter of a second's of a rate of a hundred a second or more.

    Such rates are looked at by claims alone, and those come four times a second if nothing else happens.
    """
    interval_seconds = per_seconds / message_count
    return max(1, round(LOOK_EVERY_SECONDS / interval_seconds)) if interval_seconds <= WIDE_INTERVAL_SECONDS else 1
