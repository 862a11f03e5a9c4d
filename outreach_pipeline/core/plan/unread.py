"""Why a contact was not planned that the plan did not read, since more were due than its campaign can write to.

Belongs here: judging one candidate by the rules of all, and what stands where none of them speaks against it. Does not: the
rules (demand), or who is read (workflows.plan_inputs).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from outreach_pipeline.core.plan.canaries import claimed_canary
from outreach_pipeline.core.plan.capacity import may_send
from outreach_pipeline.core.plan.demand import due_days, exclusions, windows_of
from outreach_pipeline.core.plan.inputs import Candidates, PlanInputs
from outreach_pipeline.core.plan.plan import Plan
from outreach_pipeline.core.plan.reasons import CODES, REASONS, TIMELESS, Reason

# What a campaign's contacts lack once all its places are given away.
_PLACELESS = [CODES[each] for each in (Reason.NO_CAPACITY, Reason.FOLLOW_UPS_RESERVED, *TIMELESS)]


def why_unread(inputs: PlanInputs, decided: Plan, unread: Candidates) -> Reason:
    """Return the first reason that spoke against a contact, or else what those lacked who came before it and got no place.

    Args:
        inputs: of the plan.
        decided: the plan.
        unread: the contact alone, as it was when the plan was made; ``company_taken`` counts the plan's own messages too.
    """
    facts = inputs.facts
    alone = PlanInputs(facts, _as_the_plan_had_it(inputs, decided, unread))
    available = frozenset(mailbox.id for mailbox in facts.mailboxes if may_send(facts, mailbox))
    due = np.maximum(due_days(alone), unread.due_on)
    reason = REASONS[int(exclusions(alone, windows_of(alone), due=due, available=available)[0])]
    if reason is not Reason.PLANNED:
        return reason
    campaign_id = int(unread.campaign_id[0])
    campaign = next(each for each in facts.campaigns if each.id == campaign_id)
    if available.isdisjoint(campaign.mailbox_ids):
        return Reason.NO_MAILBOX
    if (full := _full_cap(inputs, decided, unread)) is not None:
        return full
    positions = inputs.positions_of(campaign_id)
    openers = positions[inputs.candidates.step_number[positions] == 1]
    placeless = openers[np.isin(decided.codes[openers], _PLACELESS)]
    return decided.reason(int(placeless[-1])) if len(placeless) else Reason.NO_CAPACITY


def _full_cap(inputs: PlanInputs, decided: Plan, unread: Candidates) -> Reason | None:
    """Return which cap on the recipient's side the plan has filled, in the order in which a place is refused; None: none."""
    facts, policy, candidates = inputs.facts, inputs.facts.policy, inputs.candidates
    planned = np.array([message.position for message in decided.messages], dtype=np.int64)
    is_new = candidates.step_number[planned] == 1
    verification, site = unread.word(int(unread.verification[0])), unread.word(int(unread.site[0]))
    canary = facts.canaries.get(list_id := int(unread.contact_list_id[0]))
    if canary is not None and claimed_canary(inputs, decided.codes, list_id) >= canary:
        return Reason.LIST_CANARY_HOLD
    for word, taken, most, reason in (
        ("unverified", facts.taken_unverified, policy.unverified_per_day, Reason.UNVERIFIED_CAP),
        ("catch_all", facts.taken_catch_all, policy.catch_all_per_day, Reason.CATCH_ALL_CAP),
    ):
        of_kind = int((candidates.verification[planned[is_new]] == candidates.code_of(word)).sum())
        if verification == word and taken + of_kind >= most:
            return reason
    if unread.company[0] and unread.company_taken[0] >= policy.messages_per_day_per_company:
        return Reason.COMPANY_CAP
    to_site = int((candidates.site[planned] == candidates.code_of(site)).sum()) + facts.taken_by_site.get(site, 0)
    cap = policy.messages_per_day_per_site.get(site)
    return Reason.SITE_CAP if cap is not None and to_site >= cap else None


def _as_the_plan_had_it(inputs: PlanInputs, decided: Plan, unread: Candidates) -> Candidates:
    """Set what the plan itself tells: whether the contact's list was paused, and whether the plan writes to it elsewhere."""
    candidates = inputs.candidates
    of_list = np.flatnonzero(candidates.contact_list_id == unread.contact_list_id)
    planned = candidates.contact_id[[message.position for message in decided.messages]]
    return replace(
        unread,
        is_list_paused=candidates.is_list_paused[of_list[:1]] if len(of_list) else unread.is_list_paused,
        is_busy=unread.is_busy | np.isin(unread.contact_id, planned),
    )
