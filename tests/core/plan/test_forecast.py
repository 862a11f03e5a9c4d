from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.forecast import (
    DEFAULT_DROP_OUT,
    ForecastInputs,
    Outcome,
    Thread,
    drop_out_ratios,
    forecast,
)
from outreach_pipeline.core.plan.inputs import AccountInput, CampaignInput, MailboxInput, PlanFacts, StepInput
from outreach_pipeline.core.plan.mailbox_need import mailbox_need, messages_per_contact
from outreach_pipeline.core.plan.pictures import draw_forecast
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.shared_accounts import shared_account
from outreach_pipeline.core.plan.waiting import ListHold, Waiting

# A Tuesday; the weekend is the 28th and the 29th.
TUESDAY = date(2026, 11, 24)
POLICY = SendingPolicy(messages_per_day_per_mailbox=10, counts_by="calendar_day", random_assignment_ratio=0)
ONE = (StepInput(1, 0, (("a", 1.0),)),)
TWO = (*ONE, StepInput(2, 1, (("a", 1.0),)))
Campaign = Callable[..., CampaignInput]


def box(number: int, **columns: Any) -> MailboxInput:
    return MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example", **columns)


def state(
    boxes: Sequence[MailboxInput],
    campaigns: Sequence[CampaignInput],
    *,
    waiting: Sequence[Waiting] = (),
    threads: Sequence[Thread] = (),
    outcomes: Sequence[Outcome] = (),
    policy: SendingPolicy = POLICY,
    **facts: Any,
) -> ForecastInputs:
    return ForecastInputs(
        PlanFacts(
            tenant_id=UUID(int=1),
            time_zone="Europe/Berlin",
            plan_date=TUESDAY,
            now=datetime(2026, 11, 24, 5, tzinfo=UTC),
            mailboxes=tuple(boxes),
            campaigns=tuple(campaigns),
            policies={"default": policy},
            **facts,
        ),
        tuple(waiting),
        tuple(threads),
        tuple(outcomes),
    )


def waiting(campaign: int, contacts: int, *, due_on: date | None = TUESDAY, verification: str = "valid") -> Waiting:
    return Waiting(campaign, due_on, verification, contacts)


def by_day(found: Any, what: str = "new") -> list[float]:
    return [round(getattr(day, what), 2) for day in found.days]


def test_contacts_are_reached_by_working_days_until_none_is_left(make_campaign: Campaign) -> None:
    found = forecast(state([box(1)], [make_campaign(1, (1,), steps=ONE)], waiting=[waiting(1, 43)]), days=8)
    assert by_day(found) == [10, 10, 10, 10, 0, 0, 3, 0]
    assert by_day(found, "capacity") == [10, 10, 10, 10, 0, 0, 10, 10]
    assert by_day(found, "reached")[-1] == 43
    (campaign,) = found.campaigns
    assert (campaign.all_reached_on, round(campaign.waiting, 2)) == (date(2026, 11, 30), 0)


def test_an_account_that_sent_all_it_may_yesterday_sends_as_much_every_day(make_campaign: Campaign) -> None:
    yesterday = int(datetime(2026, 11, 23, 8, 10, tzinfo=UTC).timestamp()) * 1000
    account = AccountInput(9, "one", 8, 0, "its own", ((yesterday, 8),))
    policy = POLICY.model_copy(update={"counts_by": "rolling_24h"})
    boxes = [box(number, provider_account_id=9) for number in (1, 2)]
    campaign = make_campaign(1, (1, 2), steps=ONE)
    inputs = state(boxes, [campaign], waiting=[waiting(1, 99)], policy=policy, accounts=(account,))
    assert by_day(forecast(inputs, days=4)) == [8, 8, 8, 8]


def test_what_other_tenants_are_expected_to_take_of_an_account_is_taken_off_once(make_campaign: Campaign) -> None:
    # On the first day they have sent 2 of the 6 that they had the day before; one of our own has gone out.
    account = AccountInput(9, "one", 10, 3, "its own")
    others = shared_account(account, other_mailboxes=2, last_day=(date(2026, 11, 23), 6), first_day=(TUESDAY, 2))
    campaign = make_campaign(1, (1,), steps=ONE)
    inputs = state([box(1, provider_account_id=9)], [campaign], waiting=[waiting(1, 99)], accounts=(account,))
    found = forecast(replace(inputs, shared_accounts=(others,)), days=3)
    assert by_day(found) == by_day(found, "capacity") == [3, 4, 4]
    assert found.shared_accounts == (others,)
    assert mailbox_need(replace(inputs, shared_accounts=(others,)), 1000).fleet_messages == 4 * 22
    assert by_day(forecast(inputs, days=3)) == [7, 10, 10]


def test_a_new_list_goes_on_once_its_canary_has_gone_out_and_its_hold_is_over(make_campaign: Campaign) -> None:
    # Three of the list have gone out, or go out on Wednesday; what is unsure among its first holds up nobody.
    policy = POLICY.model_copy(update={"messages_per_day_per_mailbox": 4, "unverified_per_day": 1})
    unsure = Waiting(1, TUESDAY, "unverified", 3, list_id=7)
    people = [unsure, Waiting(1, TUESDAY, "valid", 20, list_id=7), waiting(1, 4)]
    hold = ListHold(7, 1, contacts_left=3, hold_seconds=86_400, last_on=date(2026, 11, 25), plan_at=time(5))
    inputs = replace(state([box(1)], [make_campaign(1, (1,), steps=ONE)], waiting=people, policy=policy), holds=(hold,))
    # From Wednesday evening to Thursday evening: Friday's plan has the others.
    assert by_day(forecast(inputs, days=4)) == [4, 3, 0, 4]
    weekend = replace(hold, last_on=None, contacts_left=9, hold_seconds=86_400)
    # Complete on Thursday: Friday's hours count, those of the weekend do not, and Monday's plan is made at five.
    assert by_day(forecast(replace(inputs, holds=(weekend,), waiting=inputs.waiting[:2]), days=7)) == [
        4,
        4,
        1,
        0,
        0,
        0,
        4,
    ]
    assert by_day(forecast(replace(inputs, holds=(replace(hold, contacts_left=0),)), days=4)) == [4, 0, 0, 4]


def test_whoever_has_no_place_in_a_cap_holds_up_nobody_and_counts_as_what_time_makes_of_them(
    make_campaign: Campaign,
) -> None:
    policy = POLICY.model_copy(update={"messages_per_day_per_mailbox": 2, "unverified_per_day": 1})
    aging = Waiting(1, TUESDAY, "valid", 4, unverified_from=date(2026, 11, 25))
    later = Waiting(1, date(2026, 11, 26), "catch_all", 2, unverified_from=date(2026, 11, 25))
    people = [aging, waiting(1, 3, verification="unverified"), later, waiting(1, 3)]
    found = forecast(state([box(1)], [make_campaign(1, (1,), steps=ONE)], waiting=people, policy=policy), days=11)
    # Two of the first four; from then on one that is unverified a day, and one of the last three beside it.
    assert by_day(found) == [2, 2, 2, 2, 0, 0, 1, 1, 1, 1, 0]
    assert found.campaigns[0].waiting == pytest.approx(0)


def test_who_cannot_be_written_to_is_told_apart_and_who_comes_later_comes_later(make_campaign: Campaign) -> None:
    people = [
        waiting(1, 5, due_on=None),
        waiting(1, 4, due_on=date(2026, 11, 26)),
        waiting(1, 1, due_on=date(2026, 11, 1)),
    ]
    found = forecast(state([box(1)], [make_campaign(1, (1,), steps=ONE)], waiting=people), days=3)
    assert by_day(found) == [1, 0, 4]
    assert (found.campaigns[0].blocked, found.campaigns[0].all_reached_on) == (5, date(2026, 11, 26))


def test_follow_ups_come_first_on_their_mailbox_and_working_day_and_lose_those_who_dropped_out(
    make_campaign: Campaign,
) -> None:
    # Sent on Monday with a wait of one working day; the other on Friday, due in calendar days on Saturday.
    threads = [
        Thread(1, 2, 1, TUESDAY, 8),
        Thread(1, 2, 2, date(2026, 11, 28), 6),
    ]
    inputs = state([box(1), box(2)], [make_campaign(1, (1, 2), steps=TWO)], waiting=[waiting(1, 2)], threads=threads)
    found = forecast(inputs, days=7)
    first = DEFAULT_DROP_OUT["first"]
    assert by_day(found, "follow_ups") == [8, pytest.approx(2 * (1 - first), abs=0.01), 0, 0, 0, 0, 6]
    assert by_day(found) == [2, 0, 0, 0, 0, 0, 0]


def test_new_contacts_stop_where_their_follow_ups_would_not_fit(make_campaign: Campaign) -> None:
    # On Wednesday the mailbox has 8 follow-ups to send: two more will fit then.
    threads = [Thread(1, 2, 1, date(2026, 11, 25), 8)]
    inputs = state([box(1)], [make_campaign(1, (1,), steps=TWO)], waiting=[waiting(1, 50)], threads=threads)
    assert by_day(forecast(inputs, days=1)) == [2]


def test_warm_up_goes_on_by_days_of_sending_and_a_pause_ends(make_campaign: Campaign) -> None:
    boxes = [
        box(1, curve=(2, 4, 6), curve_name="mine"),
        box(2, paused_until=datetime(2026, 11, 26, 0, tzinfo=UTC)),
        box(3, lifecycle=Lifecycle.RESTING),
        box(4, curve=(4, 8), curve_name="mine", health_ratio=0.5),
    ]
    found = forecast(state(boxes, [make_campaign(1, (1, 2, 3, 4), steps=ONE)], waiting=[waiting(1, 500)]), days=7)
    assert by_day(found) == [4, 6, 18, 18, 0, 0, 18]


def test_campaigns_go_by_priority_and_share_and_paused_ones_not_at_all(make_campaign: Campaign) -> None:
    campaigns = [
        make_campaign(1, (1, 2), steps=ONE, share=1.0),
        make_campaign(2, (1, 2), steps=ONE, share=3.0),
        make_campaign(3, (1,), steps=ONE, priority=200),
        make_campaign(4, (1, 2), steps=ONE, priority=300, is_active=False),
    ]
    people = [waiting(1, 100), waiting(2, 100), waiting(3, 4), waiting(4, 100)]
    found = forecast(state([box(1), box(2)], campaigns, waiting=people), days=1)
    assert [round(each.reached, 2) for each in found.campaigns] == [4, 12, 4, 0]


def test_a_campaign_that_runs_out_leaves_its_places_to_the_others(make_campaign: Campaign) -> None:
    campaigns = [make_campaign(1, (1,), steps=ONE), make_campaign(2, (1,), steps=ONE)]
    found = forecast(state([box(1)], campaigns, waiting=[waiting(1, 2), waiting(2, 50)]), days=1)
    assert [round(each.reached, 2) for each in found.campaigns] == [2, 8]


def test_shared_and_unsure_caps_hold(make_campaign: Campaign) -> None:
    policy = POLICY.model_copy(update={"messages_per_day": 30, "unverified_per_day": 3, "catch_all_per_day": 2})
    boxes = [box(1), box(2), MailboxInput(id=3, sending_domain_id=2, sending_domain="other.example")]
    campaign = make_campaign(1, (1, 2, 3), steps=ONE)
    unsure = [waiting(1, 40, verification="unverified"), waiting(1, 40, verification="catch_all"), waiting(1, 7)]
    assert by_day(forecast(state(boxes, [campaign], waiting=unsure, policy=policy), days=2)) == [12, 5]
    plenty = state(boxes, [campaign], waiting=[waiting(1, 99)], policy=policy, domain_caps={1: 6})
    found = forecast(plenty, days=1)
    assert by_day(found) == [16]
    assert by_day(found, "capacity") == [16]


def test_the_first_day_is_what_the_planner_plans(make_inputs: Any, make_campaign: Campaign) -> None:
    boxes = [
        box(1),
        box(2, curve=(3,), curve_name="mine"),
        box(3, messages_per_day=5),
        box(4, reserved={"2026-11-25": 9}),
    ]
    campaigns = [make_campaign(1, (1, 2, 3, 4), steps=TWO), make_campaign(2, (1,), steps=ONE, priority=200)]
    due = (TUESDAY - date(1970, 1, 1)).days
    people = [
        *({"campaign_id": 1, "step_number": 2, "thread_mailbox_id": 2, "due_on": due} for _ in range(2)),
        *({"campaign_id": 2} for _ in range(4)),
        *({"campaign_id": 1} for _ in range(60)),
    ]
    planned = plan(make_inputs(boxes, people, policy=POLICY, campaigns=campaigns)).summary
    threads = [Thread(1, 2, 2, TUESDAY, 2), Thread(1, 2, 4, date(2026, 11, 25), 9)]
    inputs = state(boxes, campaigns, waiting=[waiting(1, 60), waiting(2, 4)], threads=threads)
    (day,) = forecast(inputs, days=1).days
    assert (round(day.follow_ups), round(day.new)) == (planned["follow_ups"], planned["new"]) == (2, 17)
    assert day.capacity == planned["capacity_left"]


def test_drop_outs_are_drawn_towards_the_tenants_and_those_towards_the_defaults(make_campaign: Campaign) -> None:
    campaigns = [make_campaign(1, (1,), steps=TWO), make_campaign(2, (1,), steps=TWO)]
    nothing = drop_out_ratios(campaigns, [])
    assert nothing == pytest.approx({(1, 1): 0.054, (1, 2): 0.034, (2, 1): 0.054, (2, 2): 0.034})
    seen = drop_out_ratios(campaigns, [Outcome(1, 1, 900, 180)])
    of_tenant = (180 + 5.4) / 1000
    assert seen[2, 1] == pytest.approx(of_tenant)
    assert seen[1, 1] == pytest.approx((180 + 100 * of_tenant) / 1000)
    assert seen[1, 2] == pytest.approx(0.034)


def test_what_a_contract_needs(make_campaign: Campaign) -> None:
    campaign = make_campaign(1, (1,), steps=TWO)
    inputs = state([box(1, curve=(2, 4), curve_name="mine")], [campaign], waiting=[waiting(1, 50)])
    need = mailbox_need(inputs, 1000)
    assert need.working_days == 22
    assert need.messages_per_contact == pytest.approx(1 + (1 - 0.054))
    # Warm, a mailbox sends its curve's last value; anew, 2 on the first day and 4 on each of the others.
    assert (need.messages_per_mailbox, need.messages_per_new_mailbox) == (88, 86)
    # 1,946 messages, of which the mailbox that is there, on its first day, sends 86: 1,860 are left.
    assert (need.messages, need.fleet_messages) == (1946, 86)
    assert (need.mailboxes, need.new_mailboxes, need.sending, need.missing) == (23, 22, 1, 22)
    assert need.most_contacts is None


@pytest.mark.parametrize(
    "boxes, facts, fleet",
    [
        # In 22 working days, at 10 a day, 2 mailboxes send 440, unless a cap binds.
        ([{}, {}], {}, 440),
        ([{}, {}], {"domain_caps": {1: 6}}, 132),
        (
            [{"provider_account_id": 9}, {"provider_account_id": 9}],
            {"accounts": (AccountInput(9, "one", 7, 5, ""),)},
            154,
        ),
        ([{}, {"messages_per_day": 3}], {}, 286),
        ([{}, {"policy": "slow"}], {}, 264),
        ([{}, {"lifecycle": Lifecycle.RESTING}], {}, 220),
        # 2 on the first day and 4 on each of the 21 after it.
        ([{}, {"curve": (2, 4), "curve_name": "mine"}], {}, 306),
        ([{}, {"ours_at": (1_795_500_000_000,)}], {}, 440),
    ],
)
def test_the_fleet_is_reckoned_with_all_its_caps(
    make_campaign: Campaign, boxes: list[dict[str, Any]], facts: dict[str, Any], fleet: int
) -> None:
    inputs = state(
        [box(number, **each) for number, each in enumerate(boxes, 1)], [make_campaign(1, (1, 2), steps=ONE)], **facts
    )
    slow = POLICY.model_copy(update={"messages_per_day_per_mailbox": 2})
    inputs = replace(inputs, facts=replace(inputs.facts, policies={"default": POLICY, "slow": slow}))
    need = mailbox_need(inputs, 1000)
    assert (need.fleet_messages, need.messages) == (fleet, 1000)
    missing = -(-(1000 - fleet) // need.messages_per_mailbox)
    assert (need.missing, need.mailboxes) == (missing, missing + need.sending)
    assert need.explanation.startswith(
        f"The mailboxes that are there can send {fleet} of the contract's 1000 messages; the rest takes {missing} more"
    )
    assert "default policy" in need.explanation


def test_a_fleet_that_is_big_enough_lacks_nothing(make_campaign: Campaign) -> None:
    need = mailbox_need(state([box(1)], [make_campaign(1, (1,), steps=ONE)]), 220)
    assert (need.missing, need.new_mailboxes, need.mailboxes) == (0, 0, 1)
    assert need.explanation.startswith("The mailboxes that are there can send 220 of the contract's 220 messages: none")


def test_a_contract_above_the_tenants_own_cap_cannot_be_met(make_campaign: Campaign) -> None:
    policy = POLICY.model_copy(update={"messages_per_day": 50})
    inputs = state([box(1)], [make_campaign(1, (1,), steps=ONE)], waiting=[waiting(1, 50)], policy=policy)
    need = mailbox_need(inputs, 1200)
    assert (need.most_contacts, need.mailboxes, need.missing) == (1100, None, None)
    assert mailbox_need(inputs, 1100).mailboxes == 5


def test_needed_mailboxes_do_reach_the_contract(make_campaign: Campaign) -> None:
    campaign = make_campaign(1, tuple(range(1, 100)), steps=TWO)
    need = mailbox_need(state([box(1)], [campaign], waiting=[waiting(1, 5000)]), 2000)
    assert need.mailboxes is not None
    boxes = [box(number) for number in range(1, need.mailboxes + 1)]
    # In a month that starts from nothing the last contacts' follow-ups are still to come.
    reached = forecast(state(boxes, [campaign], waiting=[waiting(1, 5000)]), days=30).days[-1].reached
    assert 2000 <= reached <= 2000 * 1.1


def test_gaps_limit_what_a_mailbox_is_reckoned_with(make_campaign: Campaign) -> None:
    policy = POLICY.model_copy(update={"minimum_gap_seconds": 3600})
    need = mailbox_need(state([box(1)], [make_campaign(1, (1,), steps=ONE)], policy=policy), 10)
    assert need.messages_per_mailbox == 8 * 22


def test_no_campaign_and_no_mailbox_are_no_case_of_their_own(make_campaign: Campaign) -> None:
    assert by_day(forecast(state([], []), days=2)) == [0, 0]
    assert messages_per_contact(state([], [])) == 1
    assert by_day(forecast(state([], [make_campaign(1, ())], waiting=[waiting(1, 5)]), days=2)) == [0, 0]


def test_a_forecast_is_drawn_with_a_line_for_each_campaign(make_campaign: Campaign) -> None:
    campaigns = [make_campaign(1, (1,), steps=ONE), make_campaign(2, (1,), steps=ONE)]
    found = forecast(state([box(1)], campaigns, waiting=[waiting(1, 9), waiting(2, 90)]), days=14)
    above, below = draw_forecast(found, title="acme").axes
    assert [line.get_label() for line in below.lines] == ["campaign1 (9)", "campaign2 (90)"]
    assert len(above.patches) == 2 * 14


def test_over_many_days_no_contact_is_lost_and_no_cap_is_passed(make_campaign: Campaign) -> None:
    pool = tuple(range(1, 301))
    campaigns = [make_campaign(number, pool, steps=TWO, share=float(number)) for number in (1, 2, 3)]
    people = [waiting(number, 20_000) for number in (1, 2, 3)]
    found = forecast(state([box(number) for number in pool], campaigns, waiting=people), days=60)
    for day in found.days:
        assert day.follow_ups + day.new <= day.capacity + 0.01
    for each in found.campaigns:
        assert each.reached + each.waiting == pytest.approx(20_000)
    working = [day for day in found.days if day.date < TUESDAY + timedelta(days=30) and day.capacity]
    assert all(day.follow_ups + day.new == pytest.approx(3000, abs=160) for day in working[2:])
