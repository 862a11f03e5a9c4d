"""The waterfall from demand to plan, in counts.

Belongs here: counting reasons, whole and by campaign, site and step kind. Does not: sentences for one mailbox or contact
(workflows.explain, explain_contact).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from outreach_pipeline.core.plan.demand import Codes
from outreach_pipeline.core.plan.inputs import PlanInputs
from outreach_pipeline.core.plan.reasons import CODES, REASONS, Reason

_PLANNED = CODES[Reason.PLANNED]
# Names beside the sites': no domain has brackets.
OTHER_SITES = "(other sites)"
NOT_READ_SITE = "(not read)"


def summarise(inputs: PlanInputs, codes: Codes, *, left: int, random: int) -> dict[str, Any]:
    """Count a plan.

    Args:
        inputs: what was planned from.
        codes: the reason of each candidate.
        left: messages that the mailboxes could still send, before this plan.
        random: planned messages whose mailbox chance chose.

    Returns:
        ``demand`` = ``planned`` + the sum of ``excluded`` (reason -> count), over all and in each of ``campaigns`` (by
        slug) and ``sites``; contacts that were not even looked at count as ``not_read`` (``campaign_paused`` and
        ``enrollment_paused``, where that is why), and among the sites as one of their own, ``NOT_READ_SITE``. A campaign's ``excluded_openers`` are those of its ``excluded`` with whom a thread would
        have begun. ``follow_ups`` and ``new`` part the planned ones.
    """
    facts, candidates = inputs.facts, inputs.candidates
    unread = {
        campaign.id: {
            CODES[Reason.NOT_READ if campaign.is_active else Reason.CAMPAIGN_PAUSED]: campaign.waiting,
            CODES[Reason.ENROLLMENT_PAUSED]: campaign.paused,
        }
        for campaign in facts.campaigns
    }
    whole_unread = Counter[int]()
    for counts in unread.values():
        whole_unread.update(counts)
    is_planned = codes == _PLANNED
    is_new = candidates.step_number == 1
    opens = is_new | (candidates.thread_mailbox_id == 0)
    whole = _waterfall(codes, np.ones(len(codes), dtype=np.bool_), whole_unread)
    return {
        **whole,
        "follow_ups": int((is_planned & ~is_new).sum()),
        "new": int((is_planned & is_new).sum()),
        "random": random,
        "capacity_left": left,
        "unresolved_domains": facts.unresolved_domains,
        "campaigns": {
            campaign.slug: {
                **_waterfall(codes, of_campaign, unread[campaign.id]),
                "excluded_openers": _waterfall(codes, of_campaign & opens, unread[campaign.id])["excluded"],
            }
            for campaign in facts.campaigns
            for of_campaign in [candidates.campaign_id == campaign.id]
        },
        "sites": _sites(inputs, codes, whole_unread),
    }


def _waterfall(codes: Codes, mask: npt.NDArray[np.bool_], unread: Mapping[int, int]) -> dict[str, Any]:
    counts = np.bincount(codes[mask], minlength=len(REASONS))
    for code, count in unread.items():
        counts[code] += count
    return {
        "demand": int(counts.sum()),
        "planned": int(counts[_PLANNED]),
        "excluded": {
            str(reason): int(counts[code]) for code, reason in enumerate(REASONS) if counts[code] and code != _PLANNED
        },
    }


def _sites(inputs: PlanInputs, codes: Codes, unread: Mapping[int, int]) -> dict[str, Any]:
    site = inputs.candidates.site
    shown = _largest(site)
    groups = {inputs.candidates.word(code): _waterfall(codes, site == code, {}) for code in shown}
    rest = {
        OTHER_SITES: _waterfall(codes, ~np.isin(site, shown), {}),
        NOT_READ_SITE: _waterfall(codes, np.zeros(len(codes), dtype=np.bool_), unread),
    }
    return groups | {name: counts for name, counts in rest.items() if counts["demand"]}


def _largest(sites: npt.NDArray[np.int64], most: int = 50) -> list[int]:
    """Return the codes of the sites with the most candidates: the long tail of single domains helps nobody."""
    codes, counts = np.unique(sites, return_counts=True)
    order = np.lexsort((codes, -counts))[:most]
    return [int(code) for code in codes[order]]
