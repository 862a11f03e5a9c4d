from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import day_of_tenant, milliseconds, sending_window
from outreach_pipeline.core.plan.capacity import Capacity, account_limit, capacities, gap_of, site_caps, total_left
from outreach_pipeline.core.plan.inputs import AccountInput, MailboxInput, PlanFacts
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.rolling import DAY

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
CALENDAR = SendingPolicy(counts_by="calendar_day")


def mailbox(number: int = 1, **columns: Any) -> MailboxInput:
    return MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example", **columns)


def facts(*mailboxes: MailboxInput, now: datetime = NOW, policy: SendingPolicy = CALENDAR, **columns: Any) -> PlanFacts:
    return PlanFacts(
        UUID(int=1), "Europe/Berlin", date(2026, 11, 24), now, mailboxes, policies={"default": policy}, **columns
    )


def capacity(*mailboxes: MailboxInput, **columns: Any) -> Capacity:
    known = facts(*mailboxes, **columns)
    span = sending_window(
        known.policy,
        plan_date=known.plan_date,
        tenant_zone=known.time_zone,
        zone=None,
        country=None,
        not_before=milliseconds(known.now),
    )
    return capacities(known, span)[0][0]


def at(hours: float, *, now: datetime = NOW) -> int:
    return milliseconds(now + timedelta(hours=hours))


def test_eleven_and_not_forty() -> None:
    found = capacity(mailbox(curve=(2, 4, 6, 8, 10, 11, 12), curve_name="mine", warmup_day=7, health_ratio=0.95))
    assert (found.capacity, found.left) == (11, 11)
    assert [(term.term, term.messages_per_day) for term in found.terms] == [("warm_up", 11), ("policy", 40)]
    assert found.terms[0].detail == "day 7 of curve 'mine' allows 12 x health 0.95 = 11"


@pytest.mark.parametrize(
    "columns, term, expected",
    [
        ({"messages_per_day": 25}, "mailbox", 25),
        ({"lifecycle": Lifecycle.RESTING}, "lifecycle", 0),
        ({"lifecycle": Lifecycle.OBSERVED}, "lifecycle", 30),
        ({"is_receive_only": True}, "receive_only", 0),
        ({"paused_until": datetime(9999, 1, 1, tzinfo=UTC)}, "paused", 0),
        ({}, "policy", 40),
    ],
)
def test_each_term_can_be_the_least(columns: dict[str, Any], term: str, expected: int) -> None:
    found = capacity(mailbox(**columns))
    assert (found.capacity, found.terms[0].term) == (expected, term)
    assert found.is_available == (expected > 0)


@pytest.mark.parametrize(
    "columns, expected, detail",
    [
        ({}, 30, "under observation: 0.75 x the 40 of policy = 30"),
        ({"messages_per_day": 20}, 15, "under observation: 0.75 x the 20 of mailbox = 15"),
        # 16 x 0.75 of health are 12, and a quarter less is 9.
        (
            {"curve": (8, 16), "curve_name": "mine", "warmup_day": 2, "health_ratio": 0.75},
            9,
            "under observation: 0.75 x the 12 of warm_up = 9",
        ),
        ({"messages_per_day": 5}, 3, "under observation: 0.75 x the 5 of mailbox = 3"),
        ({"messages_per_day": 1}, 1, "under observation: 0.75 x the 1 of mailbox = 1"),
        ({"messages_per_day": 0}, 0, "under observation: 0.75 x the 0 of mailbox = 0"),
    ],
)
def test_a_mailbox_under_observation_sends_a_quarter_less_than_it_would(
    columns: dict[str, Any], expected: int, detail: str
) -> None:
    found = capacity(mailbox(lifecycle=Lifecycle.OBSERVED, **columns))
    assert (found.capacity, found.own_per_day) == (expected, expected)
    assert detail in [term.detail for term in found.terms if term.term == "lifecycle"]


def test_a_paused_tenant_sends_nothing() -> None:
    assert capacity(mailbox(), tenant_is_active=False).terms[0].term == "tenant_paused"


def test_a_pause_that_ends_during_the_day_moves_the_start() -> None:
    # 16:00 in Berlin: an hour is left, which holds 6 messages at 600 s, and the first at once.
    found = capacity(mailbox(paused_until=datetime(2026, 11, 24, 15, tzinfo=UTC)))
    assert (found.terms[0].term, found.capacity) == ("paused", 6)
    assert (
        found.terms[0].detail
        == "the mailbox is paused until 16:00, and the day holds 6 after that at 600 s between them"
    )
    assert "gap" not in [term.term for term in found.terms]


def test_a_gap_that_binds_with_and_without_a_pause_is_told_beside_it() -> None:
    policy = SendingPolicy(minimum_gap_seconds=7200)
    found = capacity(mailbox(paused_until=datetime(2026, 11, 24, 12, 30, tzinfo=UTC)), policy=policy)
    assert [(term.term, term.messages_per_day) for term in found.terms[:2]] == [("paused", 2), ("gap", 4)]
    # One that is over before the window opens costs nothing.
    found = capacity(mailbox(paused_until=datetime(2026, 11, 24, 7, tzinfo=UTC)), policy=policy)
    assert found.terms[0].term == "gap"
    assert "paused" not in [term.term for term in found.terms]


def test_by_the_calendar_day_only_the_date_counts() -> None:
    found = capacity(mailbox(ours_at=(at(-20), at(-1), at(0)), foreign_at=(at(-2), at(-12))))
    assert (found.already_sent, found.capacity, found.left) == (3, 40, 37)


def test_in_a_rolling_day_places_come_free_24_hours_after_they_were_taken() -> None:
    # Yesterday 09:00 to 15:30 in Berlin, each half hour 3 messages: 42, of which 40 is the cap.
    yesterday = milliseconds(datetime(2026, 11, 23, 8, tzinfo=UTC))
    times = tuple(yesterday + slot * 1_800_000 for slot in range(14) for _ in range(3))
    found = capacity(mailbox(ours_at=times), policy=SendingPolicy(minimum_gap_seconds=60))
    assert found.already_sent == 0
    assert found.left == 40
    day = day_of_tenant("Europe/Berlin", date(2026, 11, 24))
    for number, free in enumerate(found.free_at):
        before = sum(taken > free - DAY for taken in times)
        assert before + number + 1 - sum(at_ <= free - DAY for at_ in found.free_at[:number]) <= 40
        assert free < day.ends


def test_what_went_out_today_counts_for_the_rest_of_a_rolling_day() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    sent = tuple(at(-3 + number / 10, now=now) for number in range(10))
    found = capacity(mailbox(ours_at=sent), now=now, policy=SendingPolicy(minimum_gap_seconds=60))
    assert (found.already_sent, found.left) == (10, 30)


def test_places_that_come_free_too_late_are_none() -> None:
    # Eleven at 16:59 yesterday in Berlin, a second apart: of the window's last minute, at 10 s between two, one can be sent
    # when the first is free again, and five after it.
    first = milliseconds(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    busy = mailbox(ours_at=tuple(first + number * 1000 for number in range(11)), messages_per_day=11)
    found = capacity(busy, policy=SendingPolicy(minimum_gap_seconds=10))
    assert (found.terms[0].term, found.capacity, found.left) == ("rolling_24h", 6, 6)
    assert found.terms[0].detail == (
        "6 of its 11 places come free in time: 11 were used less than 24 hours before, the first of these is free again at "
        "16:59:00, and the last window ends at 17:00, with 10 s between two messages"
    )
    # With one more place, which is free all day, the mailbox may send one more.
    found = capacity(replace(busy, messages_per_day=12), policy=SendingPolicy(minimum_gap_seconds=10))
    assert (found.terms[0].term, found.capacity) == ("rolling_24h", 7)
    # The places of a cap that it shares come free as late.
    shared = AccountInput(9, "one", 11, 0, "its own", ((first, 11),))
    alone = mailbox(provider_account_id=9)
    found = capacity(alone, policy=SendingPolicy(minimum_gap_seconds=10), accounts=(shared,))
    assert (found.terms[0].term, found.capacity) == ("rolling_24h", 6)
    assert found.terms[0].detail.startswith("6 of the provider account's 11 places come free in time")


def test_health_without_a_curve_is_told_and_binds_nothing() -> None:
    found = capacity(mailbox(health_ratio=0.3))
    assert (found.capacity, [term.term for term in found.terms]) == (40, ["policy", "health"])
    assert found.terms[1].detail.startswith("health 0.30 takes nothing off, as the mailbox has no warm-up curve")
    assert [term.term for term in capacity(mailbox()).terms] == ["policy"]


def test_a_rolling_day_leaves_room_for_what_stands_of_the_next() -> None:
    # Planned again at noon: of 40 in 24 hours, 40 stand for tomorrow from 09:00 to 16:48 in Berlin, 12 minutes apart.
    now = datetime(2026, 11, 24, 11, tzinfo=UTC)
    tomorrow = milliseconds(datetime(2026, 11, 25, 8, tzinfo=UTC))
    later = tuple(tomorrow + number * 720_000 for number in range(40))
    policy = SendingPolicy(minimum_gap_seconds=60)
    found = capacity(mailbox(later_at=later), now=now, policy=policy)
    # Fifteen of them go until noon tomorrow, so 25 that start from noon on today fit before the sixteenth and later ones.
    assert (found.terms[0].term, found.capacity, found.left) == ("next_day", 25, 25)
    assert found.terms[0].detail == "40 messages of the next day stand, and 24 hours hold 40"
    latest = found.free_until[found.left - 1 :: -1]
    assert all(free <= last for free, last in zip(found.free_at, latest, strict=True))
    for number, at_ in enumerate(later, start=1):
        assert number + sum(last > at_ - DAY for last in latest) <= 40
    assert capacity(mailbox(later_at=later), now=now).capacity == 30
    assert capacity(mailbox(later_at=later), now=now).free_until == ()


def test_a_shared_cap_does_not_hold_a_mailbox_to_its_own_last_24_hours() -> None:
    yesterday = milliseconds(datetime(2026, 11, 23, 8, tzinfo=UTC))
    busy = mailbox(ours_at=tuple(yesterday + number * 720_000 for number in range(30)))
    found = capacity(busy, policy=SendingPolicy(minimum_gap_seconds=60, messages_per_day=5))
    assert (found.terms[0].term, found.capacity) == ("tenant", 5)
    # Ten places are free at once, whatever the tenant may send today.
    assert set(found.free_at) == {milliseconds(NOW)}


def test_shared_caps_count_once() -> None:
    known = facts(
        mailbox(1), mailbox(2), mailbox(3, provider_account_id=9, ours_at=(at(0), at(0))), domain_caps={1: 50}
    )
    known = facts(
        *known.mailboxes, domain_caps={1: 50}, accounts=(AccountInput(9, "acme", 30, 25, "the account's own limit"),)
    )
    found, groups = capacities(known, None)
    assert [each.capacity for each in found] == [40, 40, 7]
    assert [each.terms[0].term for each in found] == ["policy", "policy", "provider_account"]
    assert total_left(known, found, groups) == 48
    assert groups[0].detail == "acme.example may send 50 a day over all its mailboxes, 2 of them are taken"


@pytest.mark.parametrize(
    "provider, licences, own, limit",
    [
        ("microsoft_365", 25, None, 14259),
        ("google_workspace", 12, None, 24000),
        ("google_workspace", 12, 500, 500),
        ("generic", 5, None, None),
        ("microsoft_365", None, None, None),
    ],
)
def test_a_provider_limits_an_organisation(
    provider: str, licences: int | None, own: int | None, limit: int | None
) -> None:
    assert account_limit(provider, licences=licences, messages_per_day=own)[0] == limit


def test_a_site_that_a_warm_mailbox_never_wrote_to_is_warmed_up_by_itself() -> None:
    warm = mailbox(
        curve=(10, 20, 30),
        warmup_day=9,
        site_days={"gmail": 9, "microsoft_365": 2},
        site_taken={"microsoft_365": 5},
        health_ratio=0.9,
    )
    caps = site_caps(warm)
    assert "gmail" not in caps
    assert (caps["microsoft_365"], caps["google_workspace"]) == (13, 9)
    assert "small.example" not in caps


def test_a_limit_a_minute_is_a_gap() -> None:
    assert gap_of(SendingPolicy(minimum_gap_seconds=1, messages_per_minute_per_mailbox=20)) == 3_000
    assert gap_of(SendingPolicy(minimum_gap_seconds=600, messages_per_minute_per_mailbox=20)) == 600_000
