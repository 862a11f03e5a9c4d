"""How many mailboxes it takes to write to so many new contacts a month.

Belongs here: the arithmetic of a contract. Does not: the days themselves (forecast).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

import numpy as np

from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, sending_window, working_calendar
from outreach_pipeline.core.plan.capacity import HEALTHY_RATIO, capacities, total_left
from outreach_pipeline.core.plan.forecast import ForecastInputs, drop_out_ratios
from outreach_pipeline.core.plan.inputs import MailboxInput, PlanFacts
from outreach_pipeline.core.plan.plan import instant
from outreach_pipeline.core.plan.shared_accounts import on_later_day

MONTH_DAYS = 30
_WARM = 100_000


ASSUMPTION = (
    "A mailbox that is added has the default policy and the commonest warm-up curve, with a sending domain and a provider "
    "account of its own; the fleet is reckoned with all its caps, less what other tenants are taken to send from its accounts."
)


@dataclass(frozen=True, slots=True)
class MailboxNeed:
    """What a contract of ``contacts_per_month`` new contacts in 30 days needs beside the mailboxes that are there.

    Attributes:
        working_days: among the 30 days from the forecast's first on.
        messages_per_contact: first step and follow-ups, less those whose sequence ended before; over the active
            campaigns, weighted by the contacts that wait in each.
        messages: that the contract takes.
        fleet_messages: of them, what the mailboxes that are there can send in the month, all caps considered.
        messages_per_mailbox: of an added one that is warm, in the month, by its policy, curve and minimum gap.
        messages_per_new_mailbox: of an added one that starts its warm-up on the first day.
        mailboxes: that send now and the ``missing`` ones. None: it cannot be done so.
        new_mailboxes: to be added instead of the ``missing`` ones if they start their warm-up on the first day; None: as above.
        sending: mailboxes that may send now.
        most_contacts: that the tenant's own cap allows in the month, whatever the number of mailboxes; None: no such cap.
        explanation: how the numbers go together and what is assumed, in sentences.
    """

    contacts_per_month: int
    working_days: int
    messages_per_contact: float
    messages: int
    fleet_messages: int
    messages_per_mailbox: int
    messages_per_new_mailbox: int
    mailboxes: int | None
    new_mailboxes: int | None
    sending: int
    most_contacts: int | None
    explanation: str

    @property
    def missing(self) -> int | None:
        """How many warm mailboxes have to be added to those that send now."""
        return None if self.mailboxes is None else self.mailboxes - self.sending


def mailbox_need(inputs: ForecastInputs, contacts_per_month: int) -> MailboxNeed:
    """Work out what a contract needs; see ``ASSUMPTION`` for the mailboxes that would be added."""
    facts = inputs.facts
    per_contact = messages_per_contact(inputs)
    dates = _working_dates(facts)
    days = len(dates)
    curves = Counter(
        (box.curve_name, box.curve) for box in facts.mailboxes if box.lifecycle.sends and not box.is_receive_only
    )
    name, curve = curves.most_common(1)[0][0] if curves else (None, ())
    blank = MailboxInput(id=0, sending_domain_id=0, sending_domain="", curve_name=name, curve=curve)
    warm = _a_day(facts, replace(blank, warmup_day=_WARM)) * days
    new = sum(_a_day(facts, replace(blank, warmup_day=day)) for day in range(1, days + 1))
    messages = ceil(contacts_per_month * per_contact - 1e-9)
    fleet = _fleet_messages(inputs, dates)
    lacking = max(0, messages - fleet)
    cap = facts.policy.messages_per_day
    most = None if cap is None else int(cap * days / per_contact)
    possible = most is None or most >= contacts_per_month
    own, _ = capacities(facts, None)
    sending = sum(each.is_available for each in own)
    missing = _to_add(lacking, warm) if possible else None
    new_mailboxes = _to_add(lacking, new) if possible else None
    first = f"The mailboxes that are there can send {min(fleet, messages)} of the contract's {messages} messages"
    return MailboxNeed(
        contacts_per_month=contacts_per_month,
        working_days=days,
        messages_per_contact=per_contact,
        messages=messages,
        fleet_messages=fleet,
        messages_per_mailbox=warm,
        messages_per_new_mailbox=new,
        mailboxes=None if missing is None else sending + missing,
        new_mailboxes=new_mailboxes,
        sending=sending,
        most_contacts=most,
        explanation=f"{first}{_the_rest(missing, new_mailboxes)}. {ASSUMPTION}",
    )


def _to_add(messages: int, messages_per_mailbox: int) -> int | None:
    if messages == 0:
        return 0
    return ceil(messages / messages_per_mailbox) if messages_per_mailbox else None


def _the_rest(missing: int | None, new: int | None) -> str:
    if missing == 0:
        return ": none is missing"
    if missing is None:
        return ", and no number of further ones can send the rest"
    anew = "new ones cannot" if new is None else f"{new} that start their warm-up on the first day (new_mailboxes)"
    return f"; the rest takes {missing} more that are warm (missing), or {anew}"


def messages_per_contact(inputs: ForecastInputs) -> float:
    """Return the messages that one new contact costs; 1 without an active campaign."""
    campaigns = [campaign for campaign in inputs.facts.campaigns if campaign.is_active and campaign.steps]
    drop_outs = drop_out_ratios(campaigns, inputs.outcomes)
    waiting = Counter[int]()
    for each in inputs.waiting:
        if each.due_on is not None:
            waiting[each.campaign_id] += each.contacts
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


def _working_dates(facts: PlanFacts) -> list[date]:
    month = [facts.plan_date + timedelta(days=ahead) for ahead in range(MONTH_DAYS)]
    calendars = {day.year: working_calendar(facts.policy, None, day.year) for day in month}
    return [day for day in month if np.is_busday(np.datetime64(day), busdaycal=calendars[day.year])]


def _on(facts: PlanFacts, day: date) -> tuple[PlanFacts, Window] | None:
    """Return the facts at the start of a day and the tenant's own window on it; None: there is none."""
    starts = day_of_tenant(facts.time_zone, day).starts
    window = sending_window(
        facts.policy, plan_date=day, tenant_zone=facts.time_zone, zone=None, country=None, not_before=starts
    )
    return (replace(facts, plan_date=day, now=instant(starts)), window) if isinstance(window, Window) else None


def _fleet_messages(inputs: ForecastInputs, dates: Sequence[date]) -> int:
    """Return what the tenant's mailboxes can send on whole days, warming up, with all caps that they have and share."""
    facts, total = inputs.facts, 0
    accounts = on_later_day(facts.accounts, inputs.shared_accounts)
    for number, day in enumerate(dates):
        boxes = tuple(
            replace(
                box,
                warmup_day=box.warmup_day + number * (box.health_ratio >= HEALTHY_RATIO),
                ours_at=(),
                foreign_at=(),
                later_at=(),
            )
            for box in facts.mailboxes
        )
        if (found := _on(replace(facts, mailboxes=boxes, accounts=accounts), day)) is not None:
            of_day, window = found
            per_mailbox, groups = capacities(of_day, window)
            total += total_left(of_day, per_mailbox, groups)
    return total


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
        if (found := _on(alone, facts.plan_date + timedelta(days=ahead + 1))) is not None:
            per_mailbox, _ = capacities(*found)
            return per_mailbox[0].capacity
    return 0
