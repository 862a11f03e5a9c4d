"""Random days: fleets, policies, people, zones and dates, drawn so that nights that change the clock, holidays and tight
caps of every level are among them; ``what_happens`` names what a day holds, for the test that all of it is met.

Mailboxes and people come from populations that are made once: a day of sixty people is sixty choices, so that hypothesis
reaches many different days and still shrinks a bad one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, milliseconds
from outreach_pipeline.core.plan.inputs import AccountInput, MailboxInput
from outreach_pipeline.core.plan.plan import Plan, instant
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.rolling import DAY
from outreach_pipeline.core.plan.shared_caps import groups_of

# Two providers' sites, of which mailboxes have ramps, and a small one, which has none.
PROVIDERS = ("google_workspace", "microsoft_365")
SITES = (*PROVIDERS, "tiny.example")
# Zones of the tenant, with the nights that change their clocks; Lord Howe moves it by half an hour.
NIGHTS = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (),
}
# A plain Tuesday, the day before Christmas Eve, Thanksgiving, Epiphany, and the first day of a year.
DATES = (date(2026, 11, 24), date(2026, 12, 23), date(2026, 11, 26), date(2027, 1, 6), date(2027, 1, 1))
PLACES = (
    ("", ""), ("Europe/Berlin", ""), ("Europe/Berlin", "DE"), ("Europe/Berlin", "DE-BY"), ("America/Los_Angeles", "US-CA"),
    ("America/New_York", "US"), ("Pacific/Auckland", ""), ("Asia/Kolkata", "IN"), ("", "DE-BE"),
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """What a day is planned from: arguments of ``make_inputs``, the priorities and shares of its two active campaigns."""

    time_zone: str
    plan_date: date
    now: datetime
    policy: SendingPolicy
    mailboxes: list[MailboxInput]
    people: list[dict[str, Any]]
    priorities: tuple[int, int]
    shares: tuple[float, float]
    facts: dict[str, Any] = field(default_factory=dict)


def often(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Draw the usual value three times in four: days on which everything is odd at once have no messages at all."""
    return st.sampled_from([usual] * 3 * len(others) + list(others))


@st.composite
def policies(draw: st.DrawFn, theme: str) -> SendingPolicy:
    # By the quarter of an hour, so that ends fall into the hours that a night skips or repeats.
    starts = draw(st.integers(0, 94))
    usual = [(starts, draw(st.integers(starts + 1, 95))), (36, 68), (0, 95)]
    of_theme = {"night": [(2, 9), (4, 10), (9, 20), (10, 16), (5, 14)], "late": [(36, 68)]}
    starts, ends = draw(st.sampled_from(of_theme.get(theme, usual)))
    unsure = st.sampled_from(range(6)) if theme == "unsure" else often(5, 0, 1)
    return SendingPolicy(
        messages_per_day_per_mailbox=draw(often(8, 0, 1, 2, 3, 5)),
        messages_per_day=None if theme == "late" else draw(often(None, 0, 3, 6, 9, 20)),
        messages_per_day_per_company=draw(st.sampled_from([1, 2, 3])),
        messages_per_day_per_site=draw(often({}, {SITES[0]: 0}, {SITES[0]: 3}, {SITES[1]: 2, SITES[2]: 4})),
        catch_all_per_day=draw(unsure),
        unverified_per_day=draw(unsure),
        counts_by=draw(st.sampled_from(["rolling_24h"] if theme == "late" else ["rolling_24h", "calendar_day"])),
        window_starts=time(starts // 4, starts % 4 * 15),
        window_ends=time(ends // 4, ends % 4 * 15),
        working_days=draw(often(frozenset(range(1, 8)), frozenset(range(1, 6)), frozenset({2, 4, 7}))),
        follows_recipient_zone=draw(st.booleans()) and theme != "late",
        minimum_gap_seconds=draw(st.sampled_from([3600] if theme == "late" else [0, 1, 600, 3600])),
        messages_per_minute_per_mailbox=draw(often(30, 1)),
        jitter_seconds=draw(st.sampled_from([0, 90])),
        spread_seconds=draw(often(None, 1800)),
        random_assignment_ratio=draw(st.sampled_from([0, 0.05, 0.5])),
        **draw(often({}, {"holiday_country": "DE"}, {"holiday_country": "DE", "holiday_region": "BY"})),
    )


ODD_MAILBOXES: tuple[dict[str, Any], ...] = (
    {"messages_per_day": 3}, {"lifecycle": Lifecycle.OBSERVED}, {"lifecycle": Lifecycle.RESTING}, {"is_receive_only": True},
    {"health_ratio": 0.0}, {"site_weights": {SITES[0]: 0.0, SITES[1]: 0.3}}, {"site_weights": dict.fromkeys(SITES, 0.0)},
)  # fmt: skip
WARMING_MAILBOXES: tuple[dict[str, Any], ...] = (
    {"curve": (2, 4, 6)}, {"curve": (4, 6, 9), "warmup_day": 2, "site_days": {SITES[0]: 2}},
    {"curve": (1, 6), "warmup_day": 2, "site_days": {SITES[1]: 1}, "site_taken": {SITES[0]: 1}},
    {"curve": (1, 8), "warmup_day": 2, "site_taken": dict.fromkeys(SITES, 1)},
    {"health_ratio": 0.5, "curve": (3, 8), "warmup_day": 3, "first_site_day": 3},
)  # fmt: skip


Times = tuple[float, ...]


@dataclass(frozen=True)
class Box:
    """A mailbox whatever the day: times are parts of the day before ``now`` and of the one after the date, 0-1.

    ``pause`` is when its pause ends, as a part of the date: beyond 1 it lasts longer, None is no pause.
    """

    columns: dict[str, Any]
    ours: Times
    foreign: Times
    later: Times
    reserved: dict[int, int]
    pause: float | None = None

    def on(self, number: int, *, now: datetime, day: Window, plan_date: date) -> MailboxInput:
        clock = milliseconds(now)
        paused_until = None if self.pause is None else instant(day.starts + int(self.pause * DAY))
        return MailboxInput(
            id=number,
            paused_until=paused_until,
            sending_domain_id=number % 2,
            sending_domain=f"d{number % 2}.example",
            ours_at=tuple(clock - int(part * DAY) for part in self.ours),
            foreign_at=tuple(clock - int(part * DAY) for part in self.foreign),
            later_at=tuple(day.ends + int(part * (DAY - 1)) for part in self.later),
            reserved={(plan_date + timedelta(days=days)).isoformat(): count for days, count in self.reserved.items()},
            **self.columns,
        )


def _boxes(chance: Random, theme: str, count: int = 60) -> list[Box]:
    def times(most: int) -> Times:
        count = most // 2 if theme == "noon" else chance.choice((0, 0, 0, most))
        return tuple(sorted((chance.random() * (0.4 if theme == "noon" else 1) for _ in range(count)), reverse=True))

    def columns() -> dict[str, Any]:
        account = {"provider_account_id": chance.choice((7, 8))} if theme == "accounts" else {}
        if chance.random() < 0.3:
            return account | chance.choice(ODD_MAILBOXES)
        return account | (chance.choice(WARMING_MAILBOXES) if theme == "warm-up" else {})

    # Apart from the others' chance.
    pauses = Random(f"{theme}: pauses")
    return [
        Box(
            columns(),
            pause=pauses.choice((0.3, 0.6, 0.65, 0.69, 1.1)) if pauses.random() < 0.15 else None,
            # All at once, so that their places come free at once too, and late in the day.
            ours=(0.28,) * 6 if theme == "late" and number % 2 == 0 else times(6),
            foreign=times(4),
            later=tuple(0.3 + number / 1000 for number in range(5)) if theme == "next day" else times(6),
            reserved={days: chance.randint(0, 9) for days in range(1, 6) if chance.random() < 0.15},
        )
        for number in range(count)
    ]


ODD_PEOPLE: tuple[dict[str, Any], ...] = (
    *({name: 1} for name in (
        "is_suppressed", "is_busy", "is_in_other_campaign", "has_left", "has_message", "is_list_paused", "takes_no_mail",
    )),
    *({"verification": word} for word in ("invalid", "catch_all", "catch_all", "unverified", "unverified")),
    {"lawful_basis": ""}, {"jurisdiction": "FR"}, {"out_until": 1}, {"campaign_id": 3},
)  # fmt: skip


def _people(chance: Random, theme: str, count: int = 250) -> list[dict[str, Any]]:
    """Make people whatever the day: ``due_on`` and ``out_until`` count from it, ``thread_mailbox_id`` is any number."""

    def person(number: int) -> dict[str, Any]:
        zone, country = chance.choice(PLACES)
        odd = chance.choice(ODD_PEOPLE) if chance.random() < 0.3 else {}
        company = chance.choice(("one", "two", "three", "four")) if chance.random() < 0.4 else ""
        follow_up = {
            "step_number": 2, "thread_mailbox_id": chance.randint(0, 5), "due_on": chance.choice((-5, -4, -3, -2, -1, 0, 1)),
        }  # fmt: skip
        return {
            "contact_id": chance.randint(1, 400),
            "campaign_id": chance.choice((1, 1, 2)),
            "site": chance.choice(SITES),
            "zone": zone,
            "country": country,
            "company": company,
            "company_taken": {"two": 1, "three": 2}.get(company, 0),
            "contact_list_id": number % 3 + 1,
            "verification": chance.choice(("catch_all", "unverified")) if theme == "unsure" else "valid",
            "step_number": 1,
            "thread_mailbox_id": 0,
            "due_on": 0,
            "out_until": 0,
            **(follow_up if chance.random() < 0.3 else {}),
            **odd,
        }

    return [person(number) for number in range(count)]


THEMES = ("plain", "noon", "warm-up", "unsure", "accounts", "next day", "night", "late")
BOXES = {theme: _boxes(Random(theme), theme) for theme in THEMES}
PEOPLE = {theme: _people(Random(theme), theme) for theme in THEMES}
ACCOUNTS: tuple[tuple[tuple[int, int, int], ...], ...] = (((7, 3, 2), (8, 3, 0)), ((7, 6, 4),), ((8, 5, 8),))
# When an account's tenants send, by the date's midnight, and how many at once; the third is what falls to the next date.
ACCOUNT_HOURS = (
    ((-14.5, 2), (-13, 1), (-12, 3), (-8, 2)),
    ((-11, 5), (10, 1), (35, 2)),
    ((33, 2), (34, 2), (36.5, 3)),
    (),
)


@st.composite
def days(draw: st.DrawFn, theme: str) -> Day:
    """Draw a day of a theme: what is odd about most of its mailboxes, people or hours."""
    time_zone = draw(st.sampled_from(sorted(NIGHTS)))
    nights = NIGHTS[time_zone]
    plan_date = draw(st.sampled_from(nights if theme == "night" and nights else (*nights * 2, *DATES)))
    day = day_of_tenant(time_zone, plan_date)
    midnight = datetime.combine(plan_date, time(), ZoneInfo(time_zone)).astimezone(UTC)
    hours = {"night": [-2], "late": [-2], "noon": [9, 11, 12, 13, 15]}.get(theme, [-10, -2, -2, 1, 6, 9])
    now = midnight + timedelta(hours=draw(st.sampled_from(hours)))
    boxes = [
        box.on(number, now=now, day=day, plan_date=plan_date)
        for number, box in enumerate(draw(st.lists(st.sampled_from(BOXES[theme]), min_size=1, max_size=5)), start=1)
    ]
    size = draw(st.sampled_from([4, 20, 60]))
    today = (plan_date - date(1970, 1, 1)).days
    everybody = draw(st.lists(st.sampled_from(PEOPLE[theme]), min_size=size // 2, max_size=size))
    policy = draw(policies(theme))
    is_rolling = theme == "accounts" and policy.counts_by == "rolling_24h"
    hours = draw(st.sampled_from(ACCOUNT_HOURS)) if is_rolling else ()
    sent_at = tuple((day.starts + int(hour * 3_600_000), count) for hour, count in hours)
    return Day(
        time_zone=time_zone,
        plan_date=plan_date,
        now=now,
        policy=policy,
        mailboxes=boxes,
        people=[
            {
                **person,
                "thread_mailbox_id": person["thread_mailbox_id"] % (len(boxes) + 1),
                "due_on": today + person["due_on"],
                "out_until": today + person["out_until"],
            }
            for person in everybody
        ],
        priorities=draw(st.sampled_from([(100, 100), (100, 200)])),
        shares=draw(st.sampled_from([(1.0, 1.0), (1.0, 3.0)])),
        facts={
            "domain_caps": draw(often({}, {0: 3, 1: 6}, {1: 4}, {0: 0, 1: 12})),
            "accounts": tuple(
                AccountInput(number, f"account{number}", cap, 0 if sent_at else taken, "its own limit", sent_at)
                for number, cap, taken in draw(st.sampled_from(ACCOUNTS if theme == "accounts" else [()]))
            ),
            "tenant_is_active": draw(st.sampled_from([True] * 9 + [False])),
            "taken_by_site": draw(often({}, {SITES[0]: 2})),
            "canaries": draw(often({}, {1: 3}, {1: 0, 2: 2})),
            "taken_catch_all": draw(st.integers(0, 2)) if theme == "unsure" else 0,
            "taken_unverified": draw(st.integers(0, 2)) if theme == "unsure" else 0,
        },
    )


def holidays_at(policy: SendingPolicy, country: str, day: date) -> bool:
    """Tell whether a date is a public holiday for a recipient, by the library alone."""
    code, _, region = country.partition("-")
    if not (policy.follows_recipient_zone and code):
        code, region = policy.holiday_country or "", ""
    if code == policy.holiday_country:
        region = region or policy.holiday_region or ""
    return bool(code) and day in holidays.country_holidays(code, subdiv=region or None)


def what_happens(day: Day, decided: Plan) -> Iterator[str]:
    """Name what a day and its plan hold: all of it has to come up, or the invariants are asked of nothing."""
    local = day_of_tenant(day.time_zone, day.plan_date)
    if decided.messages:
        yield f"messages on a day of {(local.ends - local.starts) / 3_600_000:g} hours"
        yield f"messages counted by {day.policy.counts_by}"
        yield from {f"messages in {'step ' + str(min(each.step_number, 2))}" for each in decided.messages}
        if any(holidays_at(day.policy, each["country"], day.plan_date) for each in day.people):
            yield "messages on somebody's holiday"
        if any(each.is_random for each in decided.messages):
            yield "messages at random"
    planned: Counter[tuple[str, int]] = Counter()
    left: dict[tuple[str, int], int] = {}
    for mailbox, batch in zip(day.mailboxes, decided.batches, strict=True):
        # What mailboxes share has the same number left for all of them; a mailbox's own terms are its own.
        keys = {"mailbox": mailbox.id, **dict(groups_of(mailbox))}
        for term in batch.cap_terms:
            key = (term.term, keys.get(term.term, mailbox.id))
            planned[key] += batch.planned
            left[key] = term.messages_per_day - batch.already_sent
    yield from (f"filled to {kind}" for kind, number in planned if 0 < planned[kind, number] == left[kind, number])
    yield from (f"refused: {reason}" for reason in decided.summary["excluded"])


# What every run of the invariants is to meet. The kinds of caps, each full, and every reason that a day can have.
WANTED = (
    *(f"messages on a day of {hours} hours" for hours in ("23", "24", "25", "23.5", "24.5")),
    "messages counted by rolling_24h", "messages counted by calendar_day", "messages in step 1", "messages in step 2",
    "messages on somebody's holiday", "messages at random",
    *(f"filled to {term}" for term in (
        "policy", "mailbox", "warm_up", "lifecycle", "sending_domain", "provider_account", "tenant", "gap", "paused", "next_day",
        "rolling_24h",
    )),
    *(f"refused: {reason}" for reason in (
        "campaign_paused", "suppressed", "invalid_address", "no_mail_domain", "left_company", "no_lawful_basis",
        "jurisdiction_not_accepted", "already_planned", "contact_busy", "other_campaign", "list_paused", "list_canary_hold",
        "out_of_office", "not_due", "mailbox_unavailable", "not_working_day", "outside_window", "unverified_cap",
        "catch_all_cap", "company_cap", "site_cap", "site_warm_up", "no_mailbox", "no_capacity", "follow_ups_reserved",
        "mailbox_paused", "gap_full", "places_free_late",
    )),
)  # fmt: skip
