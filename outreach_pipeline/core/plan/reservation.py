"""Which days of each mailbox belong to the follow-ups of sequences that are under way.

Belongs here: from what is to come next to days, in working days. Does not: counting new ones against them (caps).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from outreach_pipeline.core.plan.calendar import working_calendar
from outreach_pipeline.core.plan.inputs import CampaignInput
from outreach_pipeline.core.plan.policy import SendingPolicy


@dataclass(frozen=True, slots=True)
class Coming:
    """So many follow-ups of one step, from one mailbox; ``due_on`` is the last send plus the step's wait in calendar days."""

    mailbox_id: int
    campaign_id: int
    step_number: int
    due_on: int
    follow_ups: int


def reserved_days(
    coming: Sequence[Coming],
    campaigns: Sequence[CampaignInput],
    policies: Mapping[str, SendingPolicy],
    *,
    plan_date: date,
) -> dict[int, dict[str, int]]:
    """Return mailbox id -> ISO date after the plan's -> follow-ups that are to come from it then.

    The steps after the next one count as well, each on the day on which it follows if nothing is late. A campaign that does
    not send reserves nothing.
    """
    known = {campaign.id: campaign for campaign in campaigns if campaign.is_active}
    days: dict[int, Counter[str]] = {}
    chains: dict[tuple[int, int, int], tuple[str, ...]] = {}
    for each in coming:
        campaign = known.get(each.campaign_id)
        if campaign is None:
            continue
        key = (each.campaign_id, each.step_number, each.due_on)
        if key not in chains:
            chains[key] = _chain(campaign, each, policies[campaign.policy], plan_date)
        found = days.setdefault(each.mailbox_id, Counter())
        for day in chains[key]:
            found[day] += each.follow_ups
    return {mailbox: dict(sorted(found.items())) for mailbox, found in sorted(days.items())}


def _chain(campaign: CampaignInput, first: Coming, policy: SendingPolicy, plan_date: date) -> tuple[str, ...]:
    calendar = working_calendar(policy, None, plan_date.year)
    found: list[str] = []
    day = None
    for step in sorted(campaign.steps, key=lambda each: each.step_number):
        if step.step_number < first.step_number:
            continue
        last = np.datetime64(first.due_on - step.wait_days, "D") if day is None else day
        day = np.busday_offset(last, step.wait_days, roll="backward", busdaycal=calendar)
        if day > np.datetime64(plan_date):
            found.append(str(day))
    return tuple(found)
