"""When a contact list bounces too much to go on.

Belongs here: the judgement. Does not: counting, or what is done with the list (workflows.reactions).
"""

from __future__ import annotations

from math import sqrt

# One-sided 99 %: a list is judged after each of its bounces, and many looks find by chance what one does not.
_NORMAL = 2.3263


def bounces_too_much(sends: int, hard_bounces: int, *, limit_ratio: float, least_sends: int) -> float | None:
    """Return the lower end of the bounce rate's interval if it has passed the limit, else None.

    The lower end and not the rate: two dead addresses among the first ten are no proof of a bad list. Source of the
    interval: E. B. Wilson, JASA 1927.

    Args:
        sends: messages whose fate is decided at all: taken, or refused for good.
        hard_bounces: of these, to dead addresses.
        limit_ratio: the most that is borne, between 0 and 1.
        least_sends: fewer are not judged.
    """
    if sends < least_sends or sends <= 0:
        return None
    ratio, square = min(1.0, hard_bounces / sends), _NORMAL**2 / sends
    half = _NORMAL * sqrt(ratio * (1 - ratio) / sends + square / (4 * sends))
    low = max(0.0, (ratio + square / 2 - half) / (1 + square))
    return low if low >= limit_ratio else None
