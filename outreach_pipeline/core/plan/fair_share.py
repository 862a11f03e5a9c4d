"""Whether campaigns that want the same mailboxes got what their priorities and shares promise, judged from outside.

Belongs here: the judgement of a finished plan. Does not: giving the places (admission).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from outreach_pipeline.core.plan.inputs import CampaignInput
from outreach_pipeline.core.plan.reasons import TIMELESS, Reason

# A campaign that lacks places for one of these reasons lacks more than mailboxes that others took.
_EXCUSES = (
    Reason.FOLLOW_UPS_RESERVED,
    *TIMELESS,
    Reason.NO_MAILBOX,
    Reason.SITE_WARM_UP,
)


def unfair_shares(
    campaigns: Sequence[CampaignInput], begun: Mapping[int, int], excluded: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """Return a sentence for each campaign that others were given places of which it should have had.

    Only threads that begin are shared out: a follow-up can come from the mailbox of its thread alone, and takes nobody
    a place elsewhere. A campaign starves if the day had no capacity for contacts with whom a thread would begin, and
    nothing else is the reason. Another one whose whole pool the starving one could have used comes after it then: of
    lower priority it begins no thread at all, of the same priority no more than its share, give or take one message.

    Args:
        campaigns: of the tenant.
        begun: campaign id -> threads that the plan begins.
        excluded: campaign slug -> reason -> contacts not planned with whom a thread would begin.
    """
    found = []
    for starving in campaigns:
        reasons = excluded.get(starving.slug, {})
        if not starving.is_active or not reasons.get(Reason.NO_CAPACITY) or any(map(reasons.get, _EXCUSES)):
            continue
        for other in campaigns:
            given = begun.get(other.id, 0)
            if (
                other.id == starving.id
                or not other.is_active
                or not set(other.mailbox_ids) <= set(starving.mailbox_ids)
            ):
                continue
            if other.priority < starving.priority and given:
                found.append(
                    f"campaign {starving.slug} lacks capacity while {other.slug}, of lower priority, begins {given} threads"
                )
            fair = (begun.get(starving.id, 0) + 1) * other.share / starving.share + 1
            if other.priority == starving.priority and given > fair:
                found.append(
                    f"campaign {starving.slug} begins {begun.get(starving.id, 0)} threads for a share of {starving.share:g} "
                    f"while {other.slug} begins {given} for {other.share:g}"
                )
    return found
