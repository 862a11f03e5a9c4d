"""What holds for every plan, whatever the fleet, the policy, the zones and the hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import day_of_tenant, milliseconds
from outreach_pipeline.core.plan.capacity import DAY, site_caps
from outreach_pipeline.core.plan.inputs import CampaignInput, MailboxInput, PlanInputs, decode, encode
from outreach_pipeline.core.plan.plan import Plan, plan
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.reasons import CODES, Reason
from outreach_pipeline.core.plan.rotation import weight_at

SITES = ("google_workspace", "microsoft_365", "tiny.example")
ZONES = ("", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
# A plain day, the nights on which the clocks change, and the day before Christmas Eve's long weekend.
DATES = (date(2026, 11, 24), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 23))
SHARED = {"sending_domain", "provider_account", "tenant", "gap", "next_day"}


@st.composite
def policies(draw: st.DrawFn) -> SendingPolicy:
    starts = draw(st.integers(0, 22))
    return SendingPolicy(
        messages_per_day_per_mailbox=draw(st.integers(0, 12)),
        messages_per_day=draw(st.none() | st.integers(0, 30)),
        messages_per_day_per_company=draw(st.integers(1, 3)),
        messages_per_day_per_site=draw(st.dictionaries(st.sampled_from(SITES), st.integers(0, 8), max_size=2)),
        catch_all_per_day=draw(st.integers(0, 5)),
        unverified_per_day=draw(st.integers(0, 5)),
        counts_by=draw(st.sampled_from(["rolling_24h", "calendar_day"])),
        window_starts=time(starts),
        window_ends=time(draw(st.integers(starts + 1, 23))),
        working_days=frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        follows_recipient_zone=draw(st.booleans()),
        minimum_gap_seconds=draw(st.sampled_from([0, 1, 600, 3600])),
        jitter_seconds=draw(st.sampled_from([0, 90])),
        spread_seconds=draw(st.none() | st.just(1800)),
        random_assignment_ratio=draw(st.sampled_from([0, 0.05, 0.5])),
    )


@st.composite
def mailboxes(draw: st.DrawFn, number: int, now: datetime, plan_date: date) -> MailboxInput:
    clock, ends = milliseconds(now), day_of_tenant("Europe/Berlin", plan_date).ends
    times, later = (
        st.lists(st.integers(first, last), max_size=8).map(lambda found: tuple(sorted(found)))
        for first, last in ((clock - DAY, clock), (ends, ends + DAY - 1))
    )
    return MailboxInput(
        id=number,
        sending_domain_id=number % 2,
        sending_domain=f"d{number % 2}.example",
        messages_per_day=draw(st.none() | st.integers(0, 10)),
        lifecycle=draw(st.sampled_from([Lifecycle.ACTIVE, Lifecycle.WARMING, Lifecycle.OBSERVED, Lifecycle.RESTING])),
        is_receive_only=draw(st.booleans()) and draw(st.booleans()),
        curve=draw(st.sampled_from([(), (2, 4, 6)])),
        warmup_day=draw(st.integers(1, 5)),
        site_days=draw(st.dictionaries(st.sampled_from(SITES), st.integers(1, 5), max_size=2)),
        health_ratio=draw(st.sampled_from([0.0, 0.5, 0.9, 1.0])),
        site_weights=draw(st.dictionaries(st.sampled_from(SITES), st.sampled_from([0.0, 0.3, 1.0]), max_size=2)),
        ours_at=draw(times),
        foreign_at=draw(times),
        later_at=draw(later),
        reserved=draw(st.dictionaries(st.sampled_from(["2026-11-26", "2026-12-28"]), st.integers(0, 12), max_size=2)),
    )


@st.composite
def people(draw: st.DrawFn, boxes: int, today: int) -> dict[str, Any]:
    step = draw(st.sampled_from([1, 1, 1, 2]))
    return {
        "contact_id": draw(st.integers(1, 40)),
        "campaign_id": draw(st.integers(1, 3)),
        "step_number": step,
        "thread_mailbox_id": draw(st.integers(0, boxes)) if step > 1 else 0,
        "due_on": today - draw(st.integers(0, 5)),
        "company": draw(st.sampled_from(["", "one", "two", "three"])),
        "company_taken": 0,
        "site": draw(st.sampled_from(SITES)),
        "zone": draw(st.sampled_from(ZONES)),
        "verification": draw(st.sampled_from(["valid", "valid", "catch_all", "unverified", "invalid"])),
        "lawful_basis": draw(st.sampled_from(["consent", "consent", ""])),
        "is_suppressed": draw(st.sampled_from([0, 0, 0, 1])),
        "is_busy": draw(st.sampled_from([0, 0, 0, 1])),
        "is_in_other_campaign": draw(st.sampled_from([0, 0, 0, 1])),
    }


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    plan_date = draw(st.sampled_from(DATES))
    midnight = datetime.combine(plan_date, time(), ZoneInfo("Europe/Berlin"))
    now = midnight.astimezone(UTC) + timedelta(minutes=draw(st.integers(-600, 1439)))
    count = draw(st.integers(1, 5))
    return {
        "mailboxes": [draw(mailboxes(number, now, plan_date)) for number in range(1, count + 1)],
        "people": draw(st.lists(people(count, (plan_date - date(1970, 1, 1)).days), max_size=60)),
        "policy": draw(policies()),
        "now": now,
        "plan_date": plan_date,
        "domain_caps": draw(st.dictionaries(st.integers(0, 1), st.integers(0, 15), max_size=2)),
        "tenant_is_active": draw(st.sampled_from([True, True, True, False])),
    }


@given(day=days())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_every_plan_keeps_every_limit(
    day: dict[str, Any], make_inputs: Callable[..., PlanInputs], make_campaign: Callable[..., CampaignInput]
) -> None:
    pool = tuple(mailbox.id for mailbox in day["mailboxes"])
    campaigns = [
        make_campaign(1, pool),
        make_campaign(2, pool[:2], priority=200),
        make_campaign(3, pool, is_active=False),
    ]
    inputs = make_inputs(
        day["mailboxes"],
        day["people"],
        policy=day["policy"],
        now=day["now"],
        plan_date=day["plan_date"],
        campaigns=campaigns,
        domain_caps=day["domain_caps"],
        tenant_is_active=day["tenant_is_active"],
    )

    decided = plan(inputs)

    assert plan(decode(encode(inputs))).to_bytes() == decided.to_bytes()
    assert sum(decided.codes == 0) == len(decided.messages)
    assert decided.summary["planned"] + sum(decided.summary["excluded"].values()) == len(inputs.candidates)
    mailbox_caps_and_gaps_hold(inputs, decided)
    shared_caps_hold(inputs, decided)
    times_are_allowed(inputs, decided)
    caps_of_recipients_hold(inputs, decided)
    senders_are_allowed(inputs, decided)
    ramps_at_sites_hold(inputs, decided)
    nobody_waits_for_a_free_mailbox(inputs, decided)


def mailbox_caps_and_gaps_hold(inputs: PlanInputs, decided: Plan) -> None:
    """In the calendar day, or in any 24 hours, no mailbox passes what policy, warm-up and lifecycle allow it."""
    policy = inputs.facts.policy
    today = day_of_tenant("Europe/Berlin", inputs.facts.plan_date)
    for mailbox, batch in zip(inputs.facts.mailboxes, decided.batches, strict=True):
        planned = sorted(each.scheduled_at for each in decided.messages if each.mailbox_id == mailbox.id)
        assert batch.planned == len(planned)
        assert not planned or batch.planned + batch.already_sent <= batch.capacity
        own = min(term.messages_per_day for term in batch.cap_terms if term.term not in SHARED)
        times = [*mailbox.ours_at, *mailbox.foreign_at, *planned, *mailbox.later_at]
        if policy.counts_by == "calendar_day":
            assert not planned or sum(today.starts <= at < today.ends for at in times) <= own
        else:
            for at in [*planned, *mailbox.later_at]:
                within = [each for each in planned if at - DAY < each <= at]
                assert not within or sum(at - DAY < each <= at for each in times) <= own
        assert all(b - a >= policy.minimum_gap_seconds * 1000 for a, b in pairwise(planned))


def shared_caps_hold(inputs: PlanInputs, decided: Plan) -> None:
    taken: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    for mailbox, batch in zip(inputs.facts.mailboxes, decided.batches, strict=True):
        taken[mailbox.sending_domain_id] += batch.already_sent
        planned[mailbox.sending_domain_id] += batch.planned
    for domain, cap in inputs.facts.domain_caps.items():
        assert not planned[domain] or planned[domain] + taken[domain] <= cap
    cap = inputs.facts.policy.messages_per_day
    assert cap is None or not decided.messages or planned.total() + taken.total() <= cap


def times_are_allowed(inputs: PlanInputs, decided: Plan) -> None:
    today = day_of_tenant("Europe/Berlin", inputs.facts.plan_date)
    first = max(today.starts, milliseconds(inputs.facts.now))
    for message in decided.messages:
        assert first <= message.scheduled_at < message.window_ends_at <= today.ends


def caps_of_recipients_hold(inputs: PlanInputs, decided: Plan) -> None:
    policy, candidates = inputs.facts.policy, inputs.candidates
    positions = [message.position for message in decided.messages]
    assert len({int(candidates.contact_id[position]) for position in positions}) == len(positions)
    assert not any(candidates.is_suppressed[positions] | candidates.is_busy[positions])
    others = candidates.is_in_other_campaign[positions] & (candidates.step_number[positions] == 1)
    assert not others.any()
    companies = Counter(int(candidates.company[position]) for position in positions)
    companies.pop(0, None)
    assert all(count <= policy.messages_per_day_per_company for count in companies.values())
    sites = Counter(site_at(inputs, position) for position in positions)
    assert all(sites[site] <= cap for site, cap in policy.messages_per_day_per_site.items())
    new = [position for position in positions if candidates.step_number[position] == 1]
    checked = Counter(candidates.word(int(candidates.verification[position])) for position in new)
    assert checked["unverified"] <= policy.unverified_per_day
    assert checked["catch_all"] <= policy.catch_all_per_day


def senders_are_allowed(inputs: PlanInputs, decided: Plan) -> None:
    """A follow-up stays on its mailbox, a new thread in its campaign's pool; at a weight of 0 nobody begins one."""
    mailboxes = {mailbox.id: mailbox for mailbox in inputs.facts.mailboxes}
    for message in decided.messages:
        campaign = campaign_at(inputs, message.position)
        assert campaign.is_active
        thread = inputs.candidates.thread_mailbox_id[message.position]
        if message.step_number > 1 and thread:
            assert message.mailbox_id == thread
        else:
            assert message.mailbox_id in campaign.mailbox_ids
            assert weight_at(mailboxes[message.mailbox_id], site_at(inputs, message.position)) > 0


def ramps_at_sites_hold(inputs: PlanInputs, decided: Plan) -> None:
    for mailbox in inputs.facts.mailboxes:
        sent = Counter(site_at(inputs, each.position) for each in decided.messages if each.mailbox_id == mailbox.id)
        assert all(sent[site] <= cap for site, cap in site_caps(mailbox).items())


def nobody_waits_for_a_free_mailbox(inputs: PlanInputs, decided: Plan) -> None:
    """Who has no place for want of capacity has no mailbox with a place, as far as no cap is shared."""
    shared = inputs.facts.domain_caps or inputs.facts.policy.messages_per_day is not None
    late = any(decided.codes == CODES[Reason.GAP_FULL])
    full = {batch.mailbox_id: batch.planned + batch.already_sent >= batch.capacity for batch in decided.batches}
    for position in range(0 if shared or late else len(inputs.candidates)):
        if decided.reason(position) is Reason.NO_CAPACITY and inputs.candidates.step_number[position] == 1:
            assert all(full[mailbox] for mailbox in campaign_at(inputs, position).mailbox_ids)


def campaign_at(inputs: PlanInputs, position: int) -> CampaignInput:
    return next(each for each in inputs.facts.campaigns if each.id == inputs.candidates.campaign_id[position])


def site_at(inputs: PlanInputs, position: int) -> str:
    return inputs.candidates.word(int(inputs.candidates.site[position]))
