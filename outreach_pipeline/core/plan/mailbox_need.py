"""How many mailboxes it takes to write to so many new contacts a month.

Belongs here: the arithmetic of a contract. Does not: the days themselves (forecast).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

import numpy as np

from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, sending_window, working_calendar
from outreach_pipeline.core.plan.capacity import capacities
from outreach_pipeline.core.plan.forecast import ForecastInputs, drop_out_ratios
from outreach_pipeline.core.plan.inputs import MailboxInput, PlanFacts

MONTH_DAYS = 30
_WARM = 100_000


@dataclass(frozen=True, slots=True)
class MailboxNeed:
    """What a contract of ``contacts_per_month`` new contacts in 30 days needs.

    Attributes:
        working_days: among the 30 days from the forecast's first on.
        messages_per_contact: first step and follow-ups, less those whose sequence ended before; over the active
            campaigns, weighted by the contacts that wait in each.
        messages_per_mailbox: of one warm mailbox in the month, by its policy, curve and minimum gap.
        messages_per_new_mailbox: of one that starts its warm-up on the first day.
        mailboxes: warm ones that are needed; ``new_mailboxes`` if all of them start anew. None: it cannot be done so.
        sending: mailboxes that may send now.
        most_contacts: that the tenant's own cap allows in the month, whatever the number of mailboxes; None: no such cap.
    """

    contacts_per_month: int
    working_days: int
    messages_per_contact: float
    messages_per_mailbox: int
    messages_per_new_mailbox: int
    mailboxes: int | None
    new_mailboxes: int | None
    sending: int
    most_contacts: int | None

    @property
    def missing(self) -> int | None:
        """How many warm mailboxes more than now are needed."""
        return None if self.mailboxes is None else max(0, self.mailboxes - self.sending)


def mailbox_need(inputs: ForecastInputs, contacts_per_month: int) -> MailboxNeed:
    """Work out what a contract needs; the mailbox reckoned with has the tenant's default policy and its commonest curve."""
    facts = inputs.facts
    per_contact = messages_per_contact(inputs)
    days = _working_days(facts)
    curves = Counter(
        (box.curve_name, box.curve) for box in facts.mailboxes if box.lifecycle.sends and not box.is_receive_only
    )
    name, curve = curves.most_common(1)[0][0] if curves else (None, ())
    blank = MailboxInput(id=0, sending_domain_id=0, sending_domain="", curve_name=name, curve=curve)
    warm = _a_day(facts, replace(blank, warmup_day=_WARM)) * days
    new = sum(_a_day(facts, replace(blank, warmup_day=day)) for day in range(1, days + 1))
    messages = contacts_per_month * per_contact
    cap = facts.policy.messages_per_day
    most = None if cap is None else int(cap * days / per_contact)
    possible = most is None or most >= contacts_per_month
    own, _ = capacities(facts, None)
    return MailboxNeed(
        contacts_per_month=contacts_per_month,
        working_days=days,
        messages_per_contact=per_contact,
        messages_per_mailbox=warm,
        messages_per_new_mailbox=new,
        mailboxes=ceil(messages / warm) if warm and possible else None,
        new_mailboxes=ceil(messages / new) if new and possible else None,
        sending=sum(each.is_available for each in own),
        most_contacts=most,
    )


def messages_per_contact(inputs: ForecastInputs) -> float:
    """Return the messages that one new contact costs; 1 without an active campaign."""
    campaigns = [campaign for campaign in inputs.facts.campaigns if campaign.is_active and campaign.steps]
    drop_outs = drop_out_ratios(campaigns, inputs.outcomes)
    waiting: Mapping[int, int] = Counter()
    for each in inputs.waiting:
        if each.due_on is not None:
            waiting = Counter(waiting) + Counter({each.campaign_id: each.contacts})
    weights = {campaign.id: waiting[campaign.id] if waiting else 1 for campaign in campaigns}
    costs = {}
    for campaign in campaigns:
        going_on, cost = 1.0, 0.0
        for step in sorted(campaign.steps, key=lambda each: each.step_number):
            cost += going_on
            going_on *= 1 - drop_outs[campaign.id, step.step_number]
        costs[campaign.id] = cost
    total = sum(weights.values())
    return sum(costs[each] * weight for each, weight in weights.items()) / total if total else 1.0


def _working_days(facts: PlanFacts) -> int:
    calendar = working_calendar(facts.policy, None, facts.plan_date.year)
    first, end = facts.plan_date, facts.plan_date + timedelta(days=MONTH_DAYS)
    return int(np.busday_count(np.datetime64(first), np.datetime64(end), busdaycal=calendar))


def _a_day(facts: PlanFacts, mailbox: MailboxInput) -> int:
    """Return what a mailbox may send on a whole working day, when nothing has gone out yet and it shares no cap."""
    alone = replace(
        facts,
        mailboxes=(mailbox,),
        domain_caps={},
        accounts=(),
        tenant_is_active=True,
        policies={**facts.policies, "default": facts.policy.model_copy(update={"messages_per_day": None})},
    )
    for ahead in range(MONTH_DAYS):
        day = facts.plan_date + timedelta(days=ahead + 1)
        starts = day_of_tenant(facts.time_zone, day).starts
        window = sending_window(
            facts.policy, plan_date=day, tenant_zone=facts.time_zone, zone=None, country=None, not_before=starts
        )
        if isinstance(window, Window):
            found, _ = capacities(replace(alone, plan_date=day), window)
            return found[0].capacity
    return 0
