"""The day's places given one after the other by an exact rotation: what the planner's short cuts are held against.

Every site has a rotation of its own, whatever its size; nothing is left out, grouped or remembered: the next mailbox is
looked for among all of the pool. Candidates, capacity and days are the planner's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from outreach_pipeline.core.plan.capacity import capacities, site_caps
from outreach_pipeline.core.plan.demand import later_days
from outreach_pipeline.core.plan.inputs import CampaignInput, PlanInputs
from outreach_pipeline.core.plan.plan import Plan
from outreach_pipeline.core.plan.rotation import weight_at
from outreach_pipeline.core.plan.shared_caps import groups_of


@dataclass(frozen=True, slots=True)
class Quality:
    """How a plan compares.

    Attributes:
        furthest: the most messages by which a mailbox at a site of a campaign is off what the exact rotation gives it.
        violations: caps that the plan passes.
        idle_places: places that are left although somebody waits whom they could serve.
        planned, exact: messages in both.
    """

    furthest: int
    violations: int
    idle_places: int
    planned: int
    exact: int


def compare(inputs: PlanInputs, decided: Plan) -> Quality:
    """Give the plan's new messages at each campaign and site anew by an exact rotation, and count what differs."""
    facts, candidates = inputs.facts, inputs.candidates
    given: Counter[tuple[int, int, int]] = Counter()
    for message in decided.messages:
        if message.step_number == 1 and not message.is_random:
            position = message.position
            given[int(candidates.campaign_id[position]), int(candidates.site[position]), message.mailbox_id] += 1
    turns: Counter[tuple[int, int]] = Counter()
    for (campaign_id, site, _), count in given.items():
        turns[campaign_id, site] += count
    mailboxes = {mailbox.id: mailbox for mailbox in facts.mailboxes}
    furthest = exact = 0
    for campaign in facts.campaigns:
        stopped = _stopped(inputs, decided, campaign)
        for site in [site for of_campaign, site in turns if of_campaign == campaign.id]:
            weights = {each: weight_at(mailboxes[each], candidates.word(site)) for each in campaign.mailbox_ids}
            # A mailbox that had no room any more takes no more than it got: the others share the rest.
            most = {each: given[campaign.id, site, each] for each in stopped}
            counts = _rotate(weights, turns[campaign.id, site], most)
            exact += counts.total()
            furthest = max(furthest, *(abs(counts[each] - given[campaign.id, site, each]) for each in weights))
    return Quality(furthest, _violations(inputs, decided), _idle_places(inputs, decided), turns.total(), exact)


def _rotate(weights: Mapping[int, float], turns: int, most: Mapping[int, int]) -> Counter[int]:
    """Give turns one after the other: of those who are not ahead of their share to whoever falls behind first.

    Nobody gets more than the most that it may have; then its weight and its turns count no more.
    """
    mailboxes = [mailbox for mailbox, weight in weights.items() if weight > 0]
    weight = np.array([weights[mailbox] for mailbox in mailboxes])
    may_have = np.array([most.get(mailbox, turns) for mailbox in mailboxes])
    counts = np.zeros(len(mailboxes), dtype=np.int64)
    takes_part = np.ones(len(mailboxes), dtype=np.bool_)
    given = 0
    while given < turns and takes_part.any():
        is_ahead = counts / weight * weight[takes_part].sum() >= counts[takes_part].sum() + 1
        may = takes_part & ~is_ahead if (takes_part & ~is_ahead).any() else takes_part
        place = int(np.argmin(np.where(may, (counts + 1) / weight, np.inf)))
        if counts[place] < may_have[place]:
            counts[place] += 1
            given += 1
        else:
            takes_part[place] = False
    return Counter(dict(zip(mailboxes, counts.tolist(), strict=True)))


def _stopped(inputs: PlanInputs, decided: Plan, campaign: CampaignInput) -> set[int]:
    """Return the mailboxes of a campaign that at the day's end had no room for one more first message of it."""
    facts, candidates = inputs.facts, inputs.candidates
    steps = {each.id: each for each in facts.campaigns}
    reserved = {mailbox.id: Counter(mailbox.reserved) for mailbox in facts.mailboxes}
    chains: dict[tuple[int, int], tuple[str, ...]] = {}
    for message in decided.messages:
        key = (int(candidates.campaign_id[message.position]), message.step_number)
        if key not in chains:
            chains[key] = later_days(facts, steps[key[0]], key[1])
        reserved[message.mailbox_id].update(chains[key])
    own = {each.mailbox_id: each.own_per_day for each in capacities(facts, None)[0]}
    days = later_days(facts, campaign, 1)
    full = {batch.mailbox_id for batch in decided.batches if batch.planned + batch.already_sent >= batch.capacity}
    return {
        mailbox
        for mailbox in campaign.mailbox_ids
        if mailbox in full or any(reserved[mailbox][day] >= own[mailbox] for day in days)
    }


def _violations(inputs: PlanInputs, decided: Plan) -> int:
    facts, candidates = inputs.facts, inputs.candidates
    positions = [message.position for message in decided.messages]
    found = sum(batch.planned + batch.already_sent > batch.capacity and batch.planned > 0 for batch in decided.batches)
    companies = Counter(int(candidates.company[position]) for position in positions)
    companies.pop(0, None)
    found += sum(count > facts.policy.messages_per_day_per_company for count in companies.values())
    contacts = Counter(int(candidates.contact_id[position]) for position in positions)
    found += sum(count > 1 for count in contacts.values())
    _, groups = capacities(facts, None)
    left = {(group.kind, group.id): group.left for group in groups}
    sent: Counter[tuple[str, int]] = Counter()
    planned = {batch.mailbox_id: batch.planned for batch in decided.batches}
    sites = candidates.site.tolist()
    at_site = Counter((each.mailbox_id, candidates.words[sites[each.position]]) for each in decided.messages)
    for mailbox in facts.mailboxes:
        for key in groups_of(mailbox):
            sent[key] += planned[mailbox.id]
        found += sum(at_site[mailbox.id, site] > cap for site, cap in site_caps(mailbox).items())
    return found + sum(sent[key] > count for key, count in left.items())


def _idle_places(inputs: PlanInputs, decided: Plan) -> int:
    """Count places that are left in the pool of a campaign of which somebody waits for want of a place alone."""
    candidates = inputs.candidates
    idle = {batch.mailbox_id: batch.capacity - batch.already_sent - batch.planned for batch in decided.batches}
    waiting: Counter[int] = Counter()
    for position in range(len(candidates)):
        if decided.reason(position) == "no_capacity" and candidates.step_number[position] == 1:
            waiting[int(candidates.campaign_id[position])] += 1
    return sum(
        min(waiting[campaign.id], sum(max(0, idle[mailbox]) for mailbox in campaign.mailbox_ids))
        for campaign in inputs.facts.campaigns
    )
