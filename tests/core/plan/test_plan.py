from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach_pipeline.core.errors import PermanentError
from outreach_pipeline.core.plan.calendar import milliseconds
from outreach_pipeline.core.plan.inputs import (
    FORMAT,
    CampaignInput,
    MailboxInput,
    PlanInputs,
    StepInput,
    decode,
    encode,
)
from outreach_pipeline.core.plan.plan import Plan, instant, plan
from outreach_pipeline.core.plan.policy import SendingPolicy

POLICY = SendingPolicy(
    messages_per_day_per_mailbox=4,
    counts_by="calendar_day",
    random_assignment_ratio=0,
    jitter_seconds=0,
    minimum_gap_seconds=3600,
)
Make = Callable[..., PlanInputs]


def mailbox(number: int, **columns: object) -> MailboxInput:
    return MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example", **columns)


def told(inputs: PlanInputs, decided: Plan) -> list[str]:
    """Tell a plan in lines: who writes to whom and when, and why others are not written to."""
    candidates = inputs.candidates
    lines = [
        f"{instant(message.scheduled_at).astimezone(ZoneInfo('Europe/Berlin')):%H:%M} mailbox {message.mailbox_id} -> "
        f"contact {candidates.contact_id[message.position]} step {message.step_number}"
        for message in decided.messages
    ]
    return lines + [
        f"contact {candidates.contact_id[position]}: {decided.reason(position)}"
        for position in range(len(candidates))
        if decided.codes[position]
    ]


def test_a_small_fleet_as_a_person_would_plan_it(make_inputs: Make) -> None:
    today = 20_781
    inputs = make_inputs(
        [mailbox(1), mailbox(2, curve=(2,), curve_name="mine")],
        [
            {"step_number": 2, "thread_mailbox_id": 2, "due_on": today - 1},
            {"step_number": 2, "thread_mailbox_id": 2, "due_on": today - 4},
            {"step_number": 2, "thread_mailbox_id": 2, "due_on": today - 3},
            {},
            {"zone": "America/New_York"},
            {"company": "same"},
            {"company": "same"},
            {"company": "same"},
            {"is_suppressed": 1},
            {"verification": "invalid"},
            {"lawful_basis": ""},
            {"jurisdiction": "FR"},
            {},
            {},
        ],
        policy=POLICY,
    )
    decided = plan(inputs)
    assert told(inputs, decided) == [
        "10:19 mailbox 1 -> contact 4 step 1",
        "12:59 mailbox 1 -> contact 6 step 1",
        "15:39 mailbox 1 -> contact 7 step 1",
        "21:14 mailbox 1 -> contact 5 step 1",
        "09:28 mailbox 2 -> contact 2 step 2",
        "13:28 mailbox 2 -> contact 3 step 2",
        "contact 1: no_capacity",
        "contact 8: company_cap",
        "contact 9: suppressed",
        "contact 10: invalid_address",
        "contact 11: no_lawful_basis",
        "contact 12: jurisdiction_not_accepted",
        "contact 13: no_capacity",
        "contact 14: no_capacity",
    ]
    assert [(batch.capacity, batch.planned) for batch in decided.batches] == [(4, 4), (2, 2)]
    assert decided.summary["demand"] == 14
    assert decided.summary["planned"] + sum(decided.summary["excluded"].values()) == 14


def test_the_same_inputs_give_the_same_bytes_also_when_read_back(make_inputs: Make) -> None:
    inputs = make_inputs([mailbox(number) for number in range(1, 6)], [{}] * 30, policy=POLICY)
    kept = encode(inputs)
    assert encode(decode(kept)) == kept
    assert plan(decode(kept)).to_bytes() == plan(inputs).to_bytes()
    with pytest.raises(PermanentError, match="of format 99"):
        decode(kept.replace(f'"format":{FORMAT}'.encode(), b'"format":99'))


def test_campaigns_share_by_priority_and_then_by_share(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    pool = (1, 2, 3)
    campaigns = [
        make_campaign(1, pool, share=1.0),
        make_campaign(2, pool, share=2.0),
        make_campaign(3, pool, priority=200),
    ]
    people = [{"campaign_id": campaign} for campaign in (1, 2) for _ in range(20)] + [{"campaign_id": 3}] * 3
    inputs = make_inputs([mailbox(number) for number in pool], people, policy=POLICY, campaigns=campaigns)
    decided = plan(inputs)
    given = Counter(int(inputs.candidates.campaign_id[message.position]) for message in decided.messages)
    assert given == {1: 3, 2: 6, 3: 3}


def test_new_contacts_are_admitted_as_far_as_their_follow_ups_will_fit(make_inputs: Make) -> None:
    inputs = make_inputs([mailbox(1, reserved={"2026-11-26": 3})], [{}] * 4, policy=POLICY)
    decided = plan(inputs)
    assert len(decided.messages) == 1
    assert decided.summary["excluded"] == {"follow_ups_reserved": 3}


def test_a_late_plan_holds_what_the_rest_of_the_day_holds(make_inputs: Make) -> None:
    late = make_inputs([mailbox(1)], [{}] * 4, policy=POLICY).facts.now + timedelta(hours=9, minutes=30)
    decided = plan(make_inputs([mailbox(1)], [{}] * 4, policy=POLICY, now=late))
    assert len(decided.messages) == 2
    assert decided.summary["excluded"] == {"gap_full": 2}
    assert decided.batches[0].cap_terms[0].term == "gap"


def test_who_lacks_the_time_that_a_pause_takes_is_told_the_pause(make_inputs: Make) -> None:
    # Of Berlin's morning the pause leaves an hour; the afternoons of New York are not touched.
    policy = SendingPolicy(**{**POLICY.model_dump(), "messages_per_day_per_mailbox": 10, "window_ends": "11:00"})
    people = [{"zone": zone} for zone in ("Europe/Berlin", "America/New_York") for _ in range(3)]
    until = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    decided = plan(make_inputs([mailbox(1, paused_until=until)], people, policy=policy))
    assert decided.summary["excluded"] == {"mailbox_paused": 1, "gap_full": 2}


def test_caps_of_a_site_hold_with_what_it_has_already(make_inputs: Make) -> None:
    policy = POLICY.model_copy(update={"messages_per_day_per_site": {"small": 3}})
    inputs = make_inputs(
        [mailbox(1), mailbox(2)],
        [{"site": "small"}] * 5 + [{"site": "large"}] * 2,
        policy=policy,
        taken_by_site={"small": 1},
    )
    assert plan(inputs).summary["excluded"] == {"site_cap": 3}


def test_who_comes_after_the_last_place_lacks_what_was_full_before(make_inputs: Make) -> None:
    policy = POLICY.model_copy(
        update={
            "messages_per_day_per_mailbox": 3,
            "messages_per_day_per_site": {"small": 1},
            "messages_per_day_per_company": 1,
            "unverified_per_day": 0,
        }
    )
    people = [
        {"site": "small"}, {"company": "mesa.example"}, {}, {},
        {"site": "small"}, {"company": "mesa.example"}, {"verification": "unverified"}, {},
    ]  # fmt: skip
    decided = plan(make_inputs([mailbox(1)], people, policy=policy))
    assert [str(decided.reason(position)) for position in range(8)] == [
        "planned", "planned", "planned", "no_capacity", "site_cap", "company_cap", "unverified_cap", "no_capacity",
    ]  # fmt: skip


def test_variants_follow_their_shares_and_stay_with_their_contact(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    steps = (StepInput(1, 0, (("a", 3.0), ("b", 1.0))),)
    pool = tuple(range(1, 101))
    policy = POLICY.model_copy(update={"messages_per_day_per_mailbox": 8})
    inputs = make_inputs(
        [mailbox(number) for number in pool],
        [{}] * 800,
        policy=policy,
        campaigns=[make_campaign(1, pool, steps=steps)],
    )
    decided = plan(inputs)
    counts = Counter(message.variant for message in decided.messages)
    assert counts.total() == 800
    assert 550 <= counts["a"] <= 650


def test_some_assignments_are_random_and_say_so(make_inputs: Make) -> None:
    policy = POLICY.model_copy(update={"random_assignment_ratio": 0.05})
    pool = [mailbox(number, health_ratio=0.5 if number > 150 else 1.0) for number in range(1, 201)]
    decided = plan(make_inputs(pool, [{}] * 700, policy=policy))
    random = [message for message in decided.messages if message.is_random]
    assert 15 <= len(random) <= 60
    assert decided.summary["random"] == len(random)
    assert all(message.mailbox_id <= 150 for message in random)


def test_a_campaign_says_that_it_could_take_more(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    hungry = make_inputs([mailbox(1)], [{}] * 2, policy=POLICY, campaigns=[make_campaign(1, (1,), waiting=9)])
    assert plan(hungry).hungry == {1}
    full = make_inputs([mailbox(1)], [{}] * 5, policy=POLICY, campaigns=[make_campaign(1, (1,), waiting=9)])
    assert plan(full).hungry == frozenset()
    assert plan(full).summary["excluded"] == {"no_capacity": 1, "not_read": 9}
    assert plan(full).summary["sites"]["(not read)"]["demand"] == 9
    assert plan(full).summary["demand"] == 14


def test_nobody_due_is_an_empty_plan_with_every_mailbox(make_inputs: Make) -> None:
    decided = plan(make_inputs([mailbox(1), mailbox(2)], [], policy=POLICY))
    assert decided.messages == ()
    assert [(batch.capacity, batch.planned) for batch in decided.batches] == [(4, 0), (4, 0)]
    assert decided.summary["demand"] == 0


def test_mailboxes_that_share_a_cap_do_not_pass_it_together(make_inputs: Make) -> None:
    policy = POLICY.model_copy(update={"messages_per_day": 9})
    pool = [mailbox(1), mailbox(2), MailboxInput(id=3, sending_domain_id=2, sending_domain="other.example")]
    decided = plan(make_inputs(pool, [{}] * 20, policy=policy, domain_caps={1: 6}))
    assert len(decided.messages) == 9
    assert sum(batch.planned for batch in decided.batches[:2]) <= 6
    assert decided.summary["capacity_left"] == 9
    assert decided.summary["excluded"] == {"no_capacity": 11}


def test_unsure_addresses_are_capped_and_known_ones_are_not(make_inputs: Make) -> None:
    policy = POLICY.model_copy(update={"unverified_per_day": 3, "catch_all_per_day": 2})
    people = [{"verification": word} for word in ("unverified", "catch_all", "valid") for _ in range(4)]
    pool = [mailbox(number) for number in range(1, 5)]
    decided = plan(make_inputs(pool, people, policy=policy, taken_unverified=1))
    assert decided.summary["excluded"] == {"unverified_cap": 2, "catch_all_cap": 2}
    assert decided.summary["planned"] == 8


def test_who_finds_no_time_at_one_mailbox_is_written_to_by_another(make_inputs: Make) -> None:
    # Two of New Zealand's morning fit into what a mailbox has left of it, at an hour between messages.
    policy = SendingPolicy(**{**POLICY.model_dump(), "messages_per_day_per_mailbox": 10, "window_ends": "11:00"})
    people = [{"zone": "Europe/Berlin"}] * 2 + [{"zone": "America/New_York"}] * 2
    first = [{**person, "step_number": 2, "thread_mailbox_id": 1, "due_on": 20_770} for person in people[:2]]
    inputs = make_inputs([mailbox(1, weight_ratio=1.0), mailbox(2, weight_ratio=0.1)], [*first, *people], policy=policy)
    decided = plan(inputs)
    assert Counter(message.mailbox_id for message in decided.messages) == {1: 4, 2: 2}
    assert not decided.codes.any()


def test_a_place_that_nobody_else_can_fill_in_time_is_lost_with_its_reason(make_inputs: Make) -> None:
    policy = SendingPolicy(**{**POLICY.model_dump(), "messages_per_day_per_mailbox": 10, "window_ends": "11:00"})
    berlin, new_york = [{"zone": "Europe/Berlin"}] * 4, [{"zone": "America/New_York"}] * 4
    decided = plan(make_inputs([mailbox(1)], [*berlin, *new_york], policy=policy))
    assert len(decided.messages) == 4
    assert decided.summary["excluded"] == {"gap_full": 4}


def test_places_that_come_free_for_want_of_time_are_shared_out_like_all_others(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    # Of four follow-ups two fit into Berlin's morning; their places are for both campaigns.
    policy = SendingPolicy(**{**POLICY.model_dump(), "window_ends": "11:00"})
    threads = [{"zone": "Europe/Berlin", "step_number": 2, "thread_mailbox_id": 1, "due_on": 20_770}] * 4
    waiting = [{"zone": "America/New_York", "campaign_id": number} for number in (1, 1, 1, 2, 2, 2)]
    campaigns = [make_campaign(1, (1,)), make_campaign(2, (1,))]
    inputs = make_inputs([mailbox(1)], [*threads, *waiting], policy=policy, campaigns=campaigns)
    decided = plan(inputs)
    written = [int(inputs.candidates.campaign_id[each.position]) for each in decided.messages if each.step_number == 1]
    assert sorted(written) == [1, 2]
    assert decided.summary["excluded"] == {"gap_full": 2, "no_capacity": 4}


def test_a_site_gets_its_messages_evenly_over_the_day(make_inputs: Make) -> None:
    policy = SendingPolicy(messages_per_day_per_mailbox=40, counts_by="calendar_day")
    pool = [mailbox(number) for number in range(1, 61)]
    people = [{"site": "large" if number % 3 else f"small{number}"} for number in range(2_400)]
    inputs = make_inputs(pool, people, policy=policy)
    large = inputs.candidates.code_of("large")
    starts = [each.scheduled_at for each in plan(inputs).messages if inputs.candidates.site[each.position] == large]
    # 1,600 in eight hours are 16.7 in each five minutes; a fleet in step would send 60 in some and none in others.
    counts = Counter(start // 300_000 for start in starts)
    assert len(starts) == 1_600
    assert len(counts) == 96
    assert max(counts.values()) <= 25


def test_a_warm_mailbox_writes_little_to_a_site_that_is_new_to_it(make_inputs: Make) -> None:
    policy = SendingPolicy(**{**POLICY.model_dump(), "messages_per_day_per_mailbox": 10, "minimum_gap_seconds": 0})
    warm = mailbox(1, curve=(2, 8), curve_name="mine", warmup_day=2, site_days={"gmail": 2})
    people = [{"site": "microsoft_365"}] * 4 + [{"site": "gmail"}] * 4
    decided = plan(make_inputs([warm], people, policy=policy))
    sites = Counter("microsoft_365" if message.position < 4 else "gmail" for message in decided.messages)
    assert sites == {"microsoft_365": 2, "gmail": 4}
    assert decided.summary["excluded"] == {"site_warm_up": 2}


def test_a_follow_up_whose_thread_has_ended_begins_anew_before_new_contacts(make_inputs: Make) -> None:
    moved = {"step_number": 2, "thread_mailbox_id": 0, "due_on": 20_770}
    decided = plan(make_inputs([mailbox(1, messages_per_day=2)], [{}, {}, moved], policy=POLICY))
    assert sorted(message.position for message in decided.messages) == [0, 2]
    assert decided.summary["follow_ups"] == 1


def test_a_contact_of_another_campaign_waits_and_its_own_follow_ups_do_not(make_inputs: Make) -> None:
    busy = {"is_in_other_campaign": 1}
    follow_up = {**busy, "step_number": 2, "thread_mailbox_id": 1, "due_on": 20_770}
    decided = plan(make_inputs([mailbox(1)], [busy, follow_up], policy=POLICY))
    assert [message.position for message in decided.messages] == [1]
    assert decided.summary["excluded"] == {"other_campaign": 1}


@pytest.mark.parametrize(
    "policy", [POLICY, POLICY.model_copy(update={"minimum_gap_seconds": 0, "counts_by": "rolling_24h"})]
)
@pytest.mark.parametrize(
    "days, hours, capacity",
    [
        # Six in the morning of Tuesday; 23:50; and of Saturday, which is no working day.
        (0, 0, 4),
        (0, 17.84, 1),
        (4, 0, 0),
    ],
)
def test_a_mailbox_may_send_nothing_more_when_every_window_is_closed(
    make_inputs: Make, policy: SendingPolicy, days: int, hours: float, capacity: int
) -> None:
    morning = datetime(2026, 11, 24, 5, tzinfo=UTC)
    now = morning + timedelta(days=days, hours=hours)
    sent = (milliseconds(now - timedelta(hours=2)),) if hours else ()
    inputs = make_inputs(
        [mailbox(1, ours_at=sent)], [], policy=policy, now=now, plan_date=morning.date() + timedelta(days=days)
    )
    decided = plan(inputs)
    (batch,) = decided.batches
    assert (batch.capacity, batch.already_sent) == (capacity, len(sent))
    assert decided.summary["capacity_left"] == capacity - len(sent)
    if capacity < 4:
        assert (batch.cap_terms[0].term, batch.cap_terms[0].detail) == (
            "gap",
            "no window is open on the rest of the date",
        )


def test_the_evening_of_a_campaign_is_capacity_too(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    night = datetime(2026, 11, 24, 20, tzinfo=UTC)
    late = POLICY.model_copy(update={"window_starts": time(20), "window_ends": time(23)})
    inputs = make_inputs([mailbox(1)], [], policy=POLICY, now=night, campaigns=[make_campaign(1, (1,), policy="late")])
    inputs = replace(inputs, facts=replace(inputs.facts, policies={"default": POLICY, "late": late}))
    # 21:00 in Berlin: two hours hold two messages at an hour's distance.
    (batch,) = plan(inputs).batches
    assert (batch.capacity, batch.cap_terms[0].term) == (2, "gap")


def test_a_follow_up_that_moves_and_finds_no_room_later_leaves_the_mailboxes_to_the_others(
    make_inputs: Make, make_campaign: Callable[..., CampaignInput]
) -> None:
    # Its third step would fall on the next day, of which both mailboxes have no place left; a first step's next ones do not.
    steps = tuple(StepInput(number, wait, (("a", 1.0),)) for number, wait in ((1, 0), (2, 3), (3, 1)))
    pool = [mailbox(number, reserved={"2026-11-25": 5}) for number in (1, 2)]
    moved = {"step_number": 2, "thread_mailbox_id": 0, "due_on": 20_770}
    policy = POLICY.model_copy(update={"messages_per_day_per_mailbox": 5})
    inputs = make_inputs(pool, [moved] * 2 + [{}] * 6, policy=policy, campaigns=[make_campaign(1, (1, 2), steps=steps)])
    decided = plan(inputs)
    assert decided.summary["excluded"] == {"follow_ups_reserved": 2}
    assert Counter(message.mailbox_id for message in decided.messages) == {1: 3, 2: 3}


def test_random_assignments_go_on_where_mailboxes_are_warm_when_they_are_full_at_a_site(make_inputs: Make) -> None:
    pool = [mailbox(number, curve=tuple(range(2, 31, 2)), warmup_day=15) for number in (1, 2, 3)]
    policy = POLICY.model_copy(
        update={"messages_per_day_per_mailbox": 30, "minimum_gap_seconds": 60, "random_assignment_ratio": 0.5}
    )
    elsewhere = [{"site": "elsewhere.example"}] * 70
    decided = plan(make_inputs(pool, [{"site": "gmail"}] * 40 + elsewhere, policy=policy))
    assert decided.summary["sites"]["gmail"]["planned"] == 6
    random = sum(message.is_random for message in decided.messages if message.position >= 40)
    assert 25 <= random <= 45
