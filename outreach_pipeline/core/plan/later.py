"""How full the days to come are of follow-ups, as a plan leaves them.

Belongs here: counting, for whoever was refused because of it. Does not: refusing (admission), or what is to come (reservation).
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from outreach_pipeline.core.plan.capacity import capacities, may_send
from outreach_pipeline.core.plan.demand import later_days
from outreach_pipeline.core.plan.inputs import CampaignInput, PlanInputs
from outreach_pipeline.core.plan.plan import Plan


class DayToCome(NamedTuple):
    """An ISO date on which a follow-up would come, the follow-ups that are to come then, and the places for them."""

    day: str
    follow_ups: int
    places: int


def days_to_come(inputs: PlanInputs, decided: Plan, campaign: CampaignInput, *, step_number: int) -> list[DayToCome]:
    """Return the days of the steps after one, with what is to come then at the campaign's mailboxes that send today."""
    facts, candidates = inputs.facts, inputs.candidates
    per_mailbox, _ = capacities(facts, None)
    pool = {
        mailbox.id: (mailbox, each.own_per_day)
        for mailbox, each in zip(facts.mailboxes, per_mailbox, strict=True)
        if mailbox.id in campaign.mailbox_ids and may_send(facts, mailbox)
    }
    later = {
        (each.id, step.step_number): later_days(facts, each, step.step_number)
        for each in facts.campaigns
        for step in each.steps
    }
    new: Counter[str] = Counter()
    for message in decided.messages:
        if message.mailbox_id in pool:
            new.update(later.get((int(candidates.campaign_id[message.position]), message.step_number), ()))
    return [
        DayToCome(
            day,
            new[day] + sum(mailbox.reserved.get(day, 0) for mailbox, _ in pool.values()),
            sum(places for _, places in pool.values()),
        )
        for day in later.get((campaign.id, step_number), ())
    ]
