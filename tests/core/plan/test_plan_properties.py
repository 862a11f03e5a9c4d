"""What holds for every plan, whatever the fleet, the policy, the zones and the hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil, floor
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import day_number, day_of_tenant, milliseconds
from outreach_pipeline.core.plan.capacity import capacities
from outreach_pipeline.core.plan.demand import later_days
from outreach_pipeline.core.plan.fair_share import unfair_shares
from outreach_pipeline.core.plan.inputs import CampaignInput, MailboxInput, PlanInputs, decode, encode
from outreach_pipeline.core.plan.plan import Plan, plan
from outreach_pipeline.core.plan.reasons import CODES, Reason
from outreach_pipeline.core.plan.rolling import DAY
from outreach_pipeline.core.plan.rotation import weight_at

from .strategies import PROVIDERS, THEMES, WANTED, Day, days, holidays_at, what_happens

# Terms of a cap that are not the mailbox's own; stated here again, as the invariants ask no one but themselves.
SHARED = {"sending_domain", "provider_account", "tenant", "gap", "next_day", "rolling_24h"}
LACKS_A_PLACE = {
    Reason.SITE_WARM_UP,
    Reason.NO_MAILBOX,
    Reason.NO_CAPACITY,
    Reason.FOLLOW_UPS_RESERVED,
    Reason.MAILBOX_PAUSED,
    Reason.GAP_FULL,
    Reason.PLACES_FREE_LATE,
}
RELAXED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
}


@pytest.fixture
def inputs_of(
    make_inputs: Callable[..., PlanInputs], make_campaign: Callable[..., CampaignInput]
) -> Callable[[Day], PlanInputs]:
    """Return the inputs of a drawn day: two campaigns that share mailboxes, and one that is paused."""

    def make(day: Day) -> PlanInputs:
        pool = tuple(mailbox.id for mailbox in day.mailboxes)
        campaigns = [
            make_campaign(1, pool, priority=day.priorities[0], share=day.shares[0]),
            make_campaign(2, pool[:2], priority=day.priorities[1], share=day.shares[1]),
            make_campaign(3, pool, is_active=False),
        ]
        return make_inputs(
            day.mailboxes, day.people, policy=day.policy, now=day.now, plan_date=day.plan_date, time_zone=day.time_zone,
            campaigns=campaigns, **day.facts,
        )  # fmt: skip

    return make


@pytest.mark.parametrize("theme", THEMES)
@given(data=st.data())
@settings(max_examples=100, **RELAXED)
def test_every_plan_keeps_every_limit(theme: str, data: st.DataObject, inputs_of: Callable[[Day], PlanInputs]) -> None:
    day = data.draw(days(theme))
    inputs = inputs_of(day)

    decided = plan(inputs)

    for happened in set(what_happens(day, decided)):
        event(happened)
    assert plan(decode(encode(inputs))).to_bytes() == decided.to_bytes()
    assert sum(decided.codes == 0) == len(decided.messages)
    assert decided.summary["planned"] + sum(decided.summary["excluded"].values()) == len(inputs.candidates)
    mailbox_caps_and_gaps_hold(inputs, decided)
    shared_caps_hold(inputs, decided)
    clocks_and_calendars_hold(inputs, decided)
    nobody_is_written_to_who_must_not_be(inputs, decided)
    caps_of_recipients_hold(inputs, decided)
    senders_are_allowed(inputs, decided)
    ramps_at_sites_hold(inputs, decided)
    follow_ups_keep_their_room(inputs, decided)
    nobody_waits_for_a_free_mailbox(inputs, decided)
    caps_that_refuse_are_full(inputs, decided)
    shares_are_fair(inputs, decided)


def test_the_days_hold_all_that_can_go_wrong(inputs_of: Callable[[Day], PlanInputs]) -> None:
    seen: Counter[str] = Counter()

    for theme in THEMES:

        @given(day=days(theme))
        @settings(max_examples=250, derandomize=True, database=None, phases=[Phase.generate], **RELAXED)
        def look(day: Day) -> None:
            seen.update(set(what_happens(day, plan(inputs_of(day)))))

        look()
    assert [each for each in WANTED if not seen[each]] == []


def mailbox_caps_and_gaps_hold(inputs: PlanInputs, decided: Plan) -> None:
    """In the calendar day, or in any 24 hours, no mailbox passes what policy, warm-up and lifecycle allow it."""
    policy = inputs.facts.policy
    today = day_of_tenant(inputs.facts.time_zone, inputs.facts.plan_date)
    gap = max(policy.minimum_gap_seconds, 60 / policy.messages_per_minute_per_mailbox) * 1000
    for mailbox, batch in zip(inputs.facts.mailboxes, decided.batches, strict=True):
        planned = sorted(each.scheduled_at for each in decided.messages if each.mailbox_id == mailbox.id)
        assert batch.planned == len(planned)
        assert not planned or batch.planned + batch.already_sent <= batch.capacity
        own = own_by_hand(inputs, mailbox)
        of_the_day = SHARED if is_paused(inputs, mailbox) else SHARED | {"paused"}
        assert own == min(term.messages_per_day for term in batch.cap_terms if term.term not in of_the_day)
        assert not planned or mailbox.paused_until is None or planned[0] >= milliseconds(mailbox.paused_until)
        times = [*mailbox.ours_at, *mailbox.foreign_at, *planned, *mailbox.later_at]
        if policy.counts_by == "calendar_day":
            assert not planned or sum(today.starts <= at < today.ends for at in times) <= own
        else:
            for at in [*planned, *mailbox.later_at]:
                within = [each for each in planned if at - DAY < each <= at]
                assert not within or sum(at - DAY < each <= at for each in times) <= own
        assert all(b - a >= gap for a, b in pairwise(planned))
        before = [at for at in (*mailbox.ours_at, *mailbox.foreign_at) if at <= milliseconds(inputs.facts.now)]
        assert not planned or not before or planned[0] - max(before) >= gap


def own_by_hand(inputs: PlanInputs, mailbox: MailboxInput) -> int:
    """Return what policy, mailbox, curve x health and lifecycle allow a mailbox a day."""
    if not mailbox.lifecycle.sends or mailbox.is_receive_only or not inputs.facts.tenant_is_active:
        return 0
    if is_paused(inputs, mailbox):
        return 0
    limit = min(inputs.facts.policy.messages_per_day_per_mailbox, mailbox.messages_per_day or 99)
    terms = [limit]
    if mailbox.curve:
        terms.append(floor(on_curve(mailbox, mailbox.warmup_day) * mailbox.health_ratio + 1e-9))
    most = min(terms)
    # Of each four the fourth is left out; the first one never.
    return most - ceil(most / 4) * (most > 1) if mailbox.lifecycle is Lifecycle.OBSERVED else most


def is_paused(inputs: PlanInputs, mailbox: MailboxInput) -> bool:
    """Tell whether a mailbox is paused for all of the date."""
    ends = day_of_tenant(inputs.facts.time_zone, inputs.facts.plan_date).ends
    return mailbox.paused_until is not None and milliseconds(mailbox.paused_until) >= ends


def on_curve(mailbox: MailboxInput, day: int) -> int:
    return mailbox.curve[day - 1] if day <= len(mailbox.curve) else mailbox.curve[-1]


def shared_caps_hold(inputs: PlanInputs, decided: Plan) -> None:
    """Sending domain, provider account and tenant: what is planned fits into what is left of each."""
    taken: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    of_account: Counter[int | None] = Counter()
    for mailbox, batch in zip(inputs.facts.mailboxes, decided.batches, strict=True):
        taken[mailbox.sending_domain_id] += batch.already_sent
        planned[mailbox.sending_domain_id] += batch.planned
        of_account[mailbox.provider_account_id] += batch.planned
    for domain, cap in inputs.facts.domain_caps.items():
        assert not planned[domain] or planned[domain] + taken[domain] <= cap
    for account in inputs.facts.accounts:
        assert not of_account[account.id] or of_account[account.id] + account.taken <= account.messages_per_day
    cap = inputs.facts.policy.messages_per_day
    assert cap is None or not decided.messages or planned.total() + taken.total() <= cap
    if inputs.facts.policy.counts_by == "rolling_24h":
        shared_caps_hold_in_any_24_hours(inputs, decided)


def shared_caps_hold_in_any_24_hours(inputs: PlanInputs, decided: Plan) -> None:
    """At the instant of each message, and of those that stand of the next date, as far as the plan has a part in it."""
    facts, boxes = inputs.facts, {mailbox.id: mailbox for mailbox in inputs.facts.mailboxes}

    def others(*members: MailboxInput) -> list[int]:
        return [at for box in members for at in (*box.ours_at, *box.foreign_at, *box.later_at)]

    caps = [
        (cap, others(*(box for box in facts.mailboxes if box.sending_domain_id == domain)), "sending_domain_id", domain)
        for domain, cap in facts.domain_caps.items()
    ]
    caps += [
        (
            each.messages_per_day,
            [at for at, count in each.sent_at for _ in range(count)],
            "provider_account_id",
            each.id,
        )
        for each in facts.accounts
    ]
    if (cap := facts.policy.messages_per_day) is not None:
        caps.append((cap, others(*facts.mailboxes), "policy", "default"))
    for cap, standing, name, value in caps:
        planned = [each.scheduled_at for each in decided.messages if getattr(boxes[each.mailbox_id], name) == value]
        for at in [*planned, *standing]:
            within = sum(at - DAY < each <= at for each in planned)
            assert not within or within + sum(at - DAY < each <= at for each in standing) <= cap


def clocks_and_calendars_hold(inputs: PlanInputs, decided: Plan) -> None:
    """By the wall clock and the calendar where the recipient is, and inside the tenant's date, not in the past."""
    facts, candidates, policy = inputs.facts, inputs.candidates, inputs.facts.policy
    today = day_of_tenant(facts.time_zone, facts.plan_date)
    for message in decided.messages:
        position = message.position
        assert max(today.starts, milliseconds(facts.now)) <= message.scheduled_at < message.window_ends_at <= today.ends
        zone = candidates.word(int(candidates.zone[position])) if policy.follows_recipient_zone else ""
        for instant in (message.scheduled_at, message.window_ends_at - 1):
            there = datetime.fromtimestamp(instant / 1000, ZoneInfo(zone or facts.time_zone))
            assert policy.window_starts <= there.time() < policy.window_ends
            assert there.isoweekday() in policy.working_days
            assert not holidays_at(policy, candidates.word(int(candidates.country[position])), there.date())


def nobody_is_written_to_who_must_not_be(inputs: PlanInputs, decided: Plan) -> None:
    candidates, today = inputs.candidates, day_number(inputs.facts.plan_date)
    for message in decided.messages:
        position = message.position
        assert candidates.word(int(candidates.verification[position])) != "invalid"
        assert candidates.word(int(candidates.lawful_basis[position])) == "consent"
        assert candidates.word(int(candidates.jurisdiction[position])) == "DE"
        assert candidates.out_until[position] <= today
        forbidden = ["is_suppressed", "is_busy", "has_left", "has_message", "is_list_paused", "takes_no_mail"]
        if message.step_number == 1:
            forbidden += ["is_in_other_campaign"]
        else:
            assert due_by_hand(inputs, position) <= inputs.facts.plan_date
        assert not any(getattr(candidates, name)[position] for name in forbidden)


def due_by_hand(inputs: PlanInputs, position: int) -> date:
    """Count a follow-up's two working days from the date of its last send, one by one."""
    policy = inputs.facts.policy
    day = date(1970, 1, 1) + timedelta(days=int(inputs.candidates.due_on[position]) - 2)

    def is_working(each: date) -> bool:
        return each.isoweekday() in policy.working_days and not holidays_at(policy, "", each)

    while not is_working(day):
        day -= timedelta(days=1)
    for _ in range(2):
        day += timedelta(days=1)
        while not is_working(day):
            day += timedelta(days=1)
    return day


def caps_of_recipients_hold(inputs: PlanInputs, decided: Plan) -> None:
    policy, candidates, facts = inputs.facts.policy, inputs.candidates, inputs.facts
    positions = [message.position for message in decided.messages]
    assert len({int(candidates.contact_id[position]) for position in positions}) == len(positions)
    companies = Counter(int(candidates.company[position]) for position in positions if candidates.company[position])
    for position in positions:
        company = int(candidates.company[position])
        taken = int(candidates.company_taken[position])
        assert not company or companies[company] + taken <= policy.messages_per_day_per_company
    sites = Counter(site_at(inputs, position) for position in positions)
    for site, cap in policy.messages_per_day_per_site.items():
        assert not sites[site] or sites[site] + facts.taken_by_site.get(site, 0) <= cap
    new = [position for position in positions if candidates.step_number[position] == 1]
    checked = Counter(candidates.word(int(candidates.verification[position])) for position in new)
    lists = Counter(int(candidates.contact_list_id[position]) for position in new)
    assert all(lists[each] <= left for each, left in facts.canaries.items())
    assert not checked["unverified"] or checked["unverified"] + facts.taken_unverified <= policy.unverified_per_day
    assert not checked["catch_all"] or checked["catch_all"] + facts.taken_catch_all <= policy.catch_all_per_day


def senders_are_allowed(inputs: PlanInputs, decided: Plan) -> None:
    """A follow-up stays on its mailbox, a new thread in its campaign's pool; at a weight of 0 nobody begins one."""
    mailboxes = {mailbox.id: mailbox for mailbox in inputs.facts.mailboxes}
    for message in decided.messages:
        campaign, mailbox = campaign_at(inputs, message.position), mailboxes[message.mailbox_id]
        assert campaign.is_active
        assert inputs.facts.tenant_is_active
        assert mailbox.lifecycle.sends
        assert not mailbox.is_receive_only
        thread = inputs.candidates.thread_mailbox_id[message.position]
        if message.step_number > 1 and thread:
            assert message.mailbox_id == thread
        else:
            assert message.mailbox_id in campaign.mailbox_ids
            assert weight_at(mailbox, site_at(inputs, message.position)) > 0


def ramps_at_sites_hold(inputs: PlanInputs, decided: Plan) -> None:
    """A mailbox on a curve starts anew at each provider's site; what it has sent there today counts."""
    for mailbox in inputs.facts.mailboxes:
        sent = Counter(site_at(inputs, each.position) for each in decided.messages if each.mailbox_id == mailbox.id)
        for site in PROVIDERS if mailbox.curve else ():
            step = on_curve(mailbox, mailbox.site_days.get(site, mailbox.first_site_day))
            if step < on_curve(mailbox, mailbox.warmup_day):
                most = floor(step * mailbox.health_ratio + 1e-9)
                assert not sent[site] or sent[site] + mailbox.site_taken.get(site, 0) <= most


def follow_ups_keep_their_room(inputs: PlanInputs, decided: Plan) -> None:
    """On the days on which new threads go on, each mailbox has room for all that is to come from it then."""
    facts = inputs.facts
    own = {each.mailbox_id: each.own_per_day for each in capacities(facts, None)[0]}
    coming: Counter[tuple[int, str]] = Counter()
    for mailbox in facts.mailboxes:
        coming.update({(mailbox.id, day): count for day, count in mailbox.reserved.items()})
    begun = set()
    for message in decided.messages:
        for day in later_days(facts, campaign_at(inputs, message.position), message.step_number):
            coming[message.mailbox_id, day] += 1
            if message.step_number == 1:
                begun.add((message.mailbox_id, day))
    assert all(coming[mailbox, day] <= own[mailbox] for mailbox, day in begun)


def nobody_waits_for_a_free_mailbox(inputs: PlanInputs, decided: Plan) -> None:
    """Who has no place for want of capacity has no mailbox with a place, as far as no cap is shared."""
    facts = inputs.facts
    shared = facts.domain_caps or facts.accounts or facts.policy.messages_per_day is not None
    late = np.isin(decided.codes, [CODES[Reason.GAP_FULL], CODES[Reason.PLACES_FREE_LATE]]).any()
    full = {batch.mailbox_id: batch.planned + batch.already_sent >= batch.capacity for batch in decided.batches}
    for position in range(0 if shared or late else len(inputs.candidates)):
        if decided.reason(position) is Reason.NO_CAPACITY and inputs.candidates.step_number[position] == 1:
            assert all(full[mailbox] for mailbox in campaign_at(inputs, position).mailbox_ids)


def placeless_before(inputs: PlanInputs, decided: Plan, position: int) -> int:
    """Count those of a contact's list who come before it and would be of its canary if they had a place."""
    candidates = inputs.candidates
    return sum(
        candidates.contact_list_id[each] == candidates.contact_list_id[position]
        and candidates.step_number[each] == 1
        and decided.reason(each) in LACKS_A_PLACE
        for each in range(position)
    )


def caps_that_refuse_are_full(inputs: PlanInputs, decided: Plan) -> None:
    """Who is refused by a cap of a company, a site or unsure addresses finds it full in the plan, and who has no capacity too."""
    candidates, facts, policy = inputs.candidates, inputs.facts, inputs.facts.policy
    planned = [message.position for message in decided.messages]
    companies = Counter(candidates.company[planned].tolist())
    sites = Counter(candidates.word(int(code)) for code in candidates.site[planned])
    new = [position for position in planned if candidates.step_number[position] == 1]
    verifications = Counter(candidates.word(int(code)) for code in candidates.verification[new])
    lists = Counter(candidates.contact_list_id[new].tolist())
    full = {batch.mailbox_id for batch in decided.batches if batch.planned + batch.already_sent >= batch.capacity}
    shared = facts.domain_caps or facts.accounts or policy.messages_per_day is not None
    for position in range(len(candidates)):
        reason, thread = decided.reason(position), int(candidates.thread_mailbox_id[position])
        site = candidates.word(int(candidates.site[position]))
        if reason is Reason.COMPANY_CAP:
            taken = int(candidates.company_taken[position]) + companies[int(candidates.company[position])]
            assert taken >= policy.messages_per_day_per_company
        elif reason is Reason.SITE_CAP:
            assert sites[site] + facts.taken_by_site.get(site, 0) >= policy.messages_per_day_per_site[site]
        elif reason is Reason.LIST_CANARY_HOLD:
            of_list = int(candidates.contact_list_id[position])
            lacking = placeless_before(inputs, decided, position)
            assert lists[of_list] + lacking >= facts.canaries[of_list]
        elif reason is Reason.UNVERIFIED_CAP:
            assert verifications["unverified"] + facts.taken_unverified >= policy.unverified_per_day
        elif reason is Reason.CATCH_ALL_CAP:
            assert verifications["catch_all"] + facts.taken_catch_all >= policy.catch_all_per_day
        elif reason is Reason.NO_CAPACITY and candidates.step_number[position] > 1 and thread:
            assert shared or thread in full


def shares_are_fair(inputs: PlanInputs, decided: Plan) -> None:
    candidates = inputs.candidates
    opens = (candidates.step_number == 1) | (candidates.thread_mailbox_id == 0)
    planned = np.array([message.position for message in decided.messages if opens[message.position]], dtype=np.int64)
    begun = Counter(candidates.campaign_id[planned].tolist())
    excluded = {slug: counts["excluded_openers"] for slug, counts in decided.summary["campaigns"].items()}
    assert unfair_shares(inputs.facts.campaigns, begun, excluded) == []


def campaign_at(inputs: PlanInputs, position: int) -> CampaignInput:
    return next(each for each in inputs.facts.campaigns if each.id == inputs.candidates.campaign_id[position])


def site_at(inputs: PlanInputs, position: int) -> str:
    return inputs.candidates.word(int(inputs.candidates.site[position]))
