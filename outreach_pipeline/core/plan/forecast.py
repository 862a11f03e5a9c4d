"""How far the coming days reach: who is written to by when, as expected values from today's state.

Belongs here: the simulation and what it assumes. Does not: reading the state (workflows.forecast), who waits (waiting), what
is left of a day's caps (room), what other tenants take of it (shared_accounts), how many mailboxes a contract needs
(mailbox_need).

Each day goes as the planner would go, in fractions of messages: the caps of the day, of a warm-up that goes on; due follow-ups
first; then new contacts by priority and share, in their order and up to the caps of unsure addresses, as far as their own
follow-ups will fit. Not simulated:
windows and holidays where recipients are (the tenant's count), caps of companies and sites, warm-up at single sites, changes
of health, new lists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, milliseconds, sending_window, working_calendar
from outreach_pipeline.core.plan.capacity import HEALTHY_RATIO, capacities, total_left
from outreach_pipeline.core.plan.inputs import CampaignInput, PlanFacts
from outreach_pipeline.core.plan.plan import instant
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.room import Floats, Room, held_by
from outreach_pipeline.core.plan.shared_accounts import SharedAccount, on_first_day, on_later_day
from outreach_pipeline.core.plan.waiting import ListHold, Places, Waiting, WaitingContacts

# What a first mail and a later one end of their sequences before there is evidence: 3.4 % replies (Instantly's benchmark
# of 2026), and of first mails 2 % hard bounces (where Woodpecker pauses a campaign).
DEFAULT_DROP_OUT = {"first": 0.054, "later": 0.034}
# Evidence of so many sends weighs as much as what is assumed without it; Warmbly judges nobody on less.
PRIOR_SENDS = 100
_NOTHING = 1e-6
# What nobody could use is offered again so many times.
_ROUNDS = 12
# Where pools differ, the room is parted bit by bit: whoever has few mailboxes goes on by its share while they have places.
_STEPS = 16


@dataclass(frozen=True, slots=True)
class Thread:
    """Sequences under way: their next step, their mailbox, and the earliest date of the step in calendar days.

    ``out_until`` is the date on which their contacts are back, None if they are there. Of ``is_planned`` the step, which may be
    the first, is planned for that very date; ``verification`` is that of the contacts of such first steps.
    """

    campaign_id: int
    step_number: int
    mailbox_id: int
    due_on: date
    contacts: int
    out_until: date | None = None
    is_planned: bool = False
    verification: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Matured sends of one step, and how many of them ended their sequence (reply, opt-out, complaint, bounce)."""

    campaign_id: int
    step_number: int
    sends: int
    ended: int


@dataclass(frozen=True, slots=True)
class ForecastInputs:
    """Today's state. ``facts`` are those of the first day; ``waiting`` stand in the order in which the planner reads them."""

    facts: PlanFacts
    waiting: tuple[Waiting, ...]
    threads: tuple[Thread, ...]
    outcomes: tuple[Outcome, ...]
    shared_accounts: tuple[SharedAccount, ...] = ()
    holds: tuple[ListHold, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day: what could be sent, and the messages expected; ``reached`` are new contacts since the first day."""

    date: date
    capacity: int
    follow_ups: float
    new: float
    reached: float


@dataclass(frozen=True, slots=True)
class CampaignForecast:
    """One campaign over all days.

    Attributes:
        drop_outs: of each step, the share of contacts whose sequence ends with it, 0-1.
        reached: new contacts written to by the end; ``waiting`` those that could be and were not, ``blocked`` those that
            cannot be as things stand.
        all_reached_on: the date on which nobody is left to be written to; None if that is later, or nobody was left before.
        new_by_day: new contacts of each day.
    """

    slug: str
    is_active: bool
    drop_outs: tuple[float, ...]
    reached: float
    waiting: float
    blocked: int
    all_reached_on: date | None
    new_by_day: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of the coming days, and with what other tenants are taken to send from accounts that they share."""

    days: tuple[ForecastDay, ...]
    campaigns: tuple[CampaignForecast, ...]
    shared_accounts: tuple[SharedAccount, ...]


def drop_out_ratios(campaigns: Iterable[CampaignInput], outcomes: Iterable[Outcome]) -> dict[tuple[int, int], float]:
    """Return, by campaign and step, the share of contacts that a step is the last for.

    What a campaign's step has shown is drawn towards what the tenant's first or later steps have shown, and that towards
    the defaults, each as if by ``PRIOR_SENDS`` sends.
    """
    seen = {(each.campaign_id, each.step_number): (each.sends, each.ended) for each in outcomes}
    of_tenant = {}
    for kind, default in DEFAULT_DROP_OUT.items():
        counts = [count for (_, step), count in seen.items() if (step == 1) == (kind == "first")]
        of_tenant[kind] = _shrunk(sum(sends for sends, _ in counts), sum(ended for _, ended in counts), default)
    return {
        (campaign.id, step.step_number): _shrunk(
            *seen.get((campaign.id, step.step_number), (0, 0)), of_tenant["first" if step.step_number == 1 else "later"]
        )
        for campaign in campaigns
        for step in campaign.steps
    }


def _shrunk(sends: int, ended: int, prior: float) -> float:
    return (ended + PRIOR_SENDS * prior) / (sends + PRIOR_SENDS)


def forecast(inputs: ForecastInputs, *, days: int) -> Forecast:
    """Simulate so many days, the facts' date first."""
    simulation = _Simulation(inputs)
    for number in range(days):
        simulation.run_day(number)
    return simulation.result()


class _Simulation:
    """The state of a forecast between its days."""

    def __init__(self, inputs: ForecastInputs) -> None:
        facts = inputs.facts
        self.facts = facts
        self.first = facts.plan_date
        self.warmup = np.array([box.warmup_day for box in facts.mailboxes], dtype=np.int64)
        self.campaigns = [campaign for campaign in facts.campaigns if campaign.is_active and campaign.steps]
        self.drop_outs = drop_out_ratios(facts.campaigns, inputs.outcomes)
        places = {box.id: place for place, box in enumerate(facts.mailboxes)}
        self.pools = {
            campaign.id: np.isin(np.arange(len(places)), [places[box] for box in campaign.mailbox_ids if box in places])
            for campaign in self.campaigns
        }
        self.shared_accounts = inputs.shared_accounts
        self.waiting = inputs.waiting
        self.contacts = WaitingContacts(inputs.waiting, inputs.holds)
        # day number -> (campaign, step) -> follow-ups that fall due then, by mailbox; and their sum over all of them.
        self.pending: dict[int, dict[tuple[int, int], Floats]] = defaultdict(dict)
        self.reserved: dict[int, Floats] = {}
        # Campaign -> how many messages its window of the day holds at each mailbox.
        self.fits: dict[int, Floats] = {}
        self.planned_openers = Counter[int]()
        # Day number -> verification -> first mails of the day that stand already.
        self.unsure_taken: dict[int, Counter[str]] = defaultdict(Counter)
        self.unsure_taken[0].update(unverified=facts.taken_unverified, catch_all=facts.taken_catch_all)
        self.days: list[ForecastDay] = []
        self.new: dict[int, list[float]] = {campaign.id: [] for campaign in facts.campaigns}
        known = {
            (campaign.id, step.step_number): step.wait_days for campaign in self.campaigns for step in campaign.steps
        }
        for thread in inputs.threads:
            key = (thread.campaign_id, thread.step_number)
            if key in known and thread.mailbox_id in places:
                policy = self.policy_of(next(each for each in self.campaigns if each.id == thread.campaign_id))
                last = thread.due_on - timedelta(days=known[key])
                waited = thread.due_on if thread.is_planned else _after(policy, last, known[key])
                due = max(waited, thread.due_on, thread.out_until or self.first, self.first)
                if thread.step_number == 1:
                    self.planned_openers[thread.campaign_id] += thread.contacts
                    self.unsure_taken[(due - self.first).days][thread.verification] += thread.contacts
                one = np.zeros(len(places))
                one[places[thread.mailbox_id]] = thread.contacts
                self.schedule((due - self.first).days, key, one)

    def policy_of(self, campaign: CampaignInput) -> SendingPolicy:
        return self.facts.policies[campaign.policy]

    def schedule(self, number: int, key: tuple[int, int], by_mailbox: Floats) -> None:
        day = self.pending[number]
        day[key] = day[key] + by_mailbox if key in day else by_mailbox
        self.reserved[number] = self.reserved.get(number, np.zeros(len(by_mailbox))) + by_mailbox

    def run_day(self, number: int) -> None:
        today = self.first + timedelta(days=number)
        self.contacts.begin_day(today)
        facts = self._facts_of(number, today)
        open_ones = {campaign.id: _window(facts, self.policy_of(campaign)) for campaign in self.campaigns}
        windows = [window for window in open_ones.values() if window]
        span = Window(min(each.starts for each in windows), max(each.ends for each in windows)) if windows else None
        per_mailbox, groups = capacities(facts, span)
        working = [campaign for campaign in self.campaigns if open_ones[campaign.id]]
        room = Room(facts.mailboxes, per_mailbox, groups, is_open=bool(working))
        self.fits = {campaign.id: held_by(facts, open_ones[campaign.id]) for campaign in working}
        follow_ups, opened = self._send_due(number, room, working)
        new = self._send_new(number, room, working, opened)
        self.contacts.end_day(facts)
        # While its health is low a mailbox stays where it is on its curve.
        is_healthy = np.array([box.health_ratio >= HEALTHY_RATIO for box in facts.mailboxes], dtype=np.bool_)
        self.warmup += ((room.sent >= 0.5) & is_healthy).astype(np.int64)
        reached = (self.days[-1].reached if self.days else 0.0) + new
        capacity = total_left(facts, per_mailbox, groups) if working else 0
        self.days.append(ForecastDay(today, capacity, follow_ups, new, reached))

    def _facts_of(self, number: int, today: date) -> PlanFacts:
        """Return the facts of a day: on later ones warm-up has gone on, pauses end, and nothing of ours has gone out yet."""
        if number == 0:
            return replace(self.facts, accounts=on_first_day(self.facts.accounts, self.shared_accounts))
        mailboxes = tuple(
            replace(box, warmup_day=int(day), ours_at=(), foreign_at=(), later_at=(), reserved={})
            for box, day in zip(self.facts.mailboxes, self.warmup, strict=True)
        )
        return replace(
            self.facts,
            plan_date=today,
            now=instant(day_of_tenant(self.facts.time_zone, today).starts),
            mailboxes=mailboxes,
            accounts=on_later_day(self.facts.accounts, self.shared_accounts),
        )

    def _send_due(self, number: int, room: Room, working: Sequence[CampaignInput]) -> tuple[float, dict[int, float]]:
        """Send what falls due, as far as it fits; returns the follow-ups, and of each campaign the first mails that were planned."""
        due = self.pending.pop(number, {})
        self.reserved.pop(number, None)
        nobody = np.zeros(len(room.left))
        by_campaign = {
            campaign.id: sum((each for key, each in due.items() if key[0] == campaign.id), nobody)
            for campaign in working
        }
        wanted = {campaign_id: np.minimum(each, self.fits[campaign_id]) for campaign_id, each in by_campaign.items()}
        total = sum(wanted.values(), nobody)
        part = np.divide(room.take(total), total, out=nobody.copy(), where=total > _NOTHING)
        follow_ups, opened = 0.0, defaultdict[int, float](float)
        for key, each in due.items():
            sent = nobody
            if (whole := by_campaign.get(key[0])) is not None:
                of_it = np.divide(wanted[key[0]], whole, out=nobody.copy(), where=whole > _NOTHING)
                sent = each * of_it * part
                self.fits[key[0]] = self.fits[key[0]] - sent
            if key[1] == 1:
                opened[key[0]] += float(sent.sum())
            else:
                follow_ups += float(sent.sum())
            self._follow(number, key, sent)
            if (left := each - sent).sum() > _NOTHING:
                self.schedule(number + 1, key, left)
        return follow_ups, opened

    def _follow(self, number: int, key: tuple[int, int], sent: Floats) -> None:
        """Schedule the step after one that was sent, for those whose sequence goes on."""
        if sent.sum() <= _NOTHING:
            return
        campaign = next(each for each in self.campaigns if each.id == key[0])
        if later := self._later(campaign, key[1], number):
            next_step, next_number = later[0]
            self.schedule(next_number, (campaign.id, next_step), sent * (1 - self.drop_outs[key]))

    def _later(self, campaign: CampaignInput, step_number: int, number: int) -> list[tuple[int, int]]:
        """Return the steps after one, and the numbers of the days on which they would follow."""
        day, found = self.first + timedelta(days=number), []
        for step in sorted(campaign.steps, key=lambda each: each.step_number):
            if step.step_number > step_number:
                day = _after(self.policy_of(campaign), day, step.wait_days)
                found.append((step.step_number, max((day - self.first).days, number + 1)))
        return found

    def _send_new(
        self, number: int, room: Room, working: Sequence[CampaignInput], opened: Mapping[int, float]
    ) -> float:
        """Send to new contacts; returns how many, those included to whom planned first mails have ``opened`` threads."""
        caps = {"unverified": self.facts.policy.unverified_per_day, "catch_all": self.facts.policy.catch_all_per_day}
        unsure = {kind: float(cap - self.unsure_taken[number][kind]) for kind, cap in caps.items()}
        reserved = {day: each.copy() for day, each in self.reserved.items()}
        given = {campaign.id: np.zeros(len(room.left)) for campaign in working}
        for priority in sorted({campaign.priority for campaign in working}, reverse=True):
            group = [campaign for campaign in working if campaign.priority == priority]
            steps = 1 if all((self.pools[each.id] == self.pools[group[0].id]).all() for each in group) else _STEPS
            for step in range(steps + _ROUNDS):
                hungry = [campaign for campaign in group if self.contacts.has_any(campaign.id, unsure)]
                part = 1 / max(1, steps - step)
                offered = room.take_together(self._shares(number, room, reserved, hungry, part=part))
                places = {
                    campaign.id: Places(
                        float(offered[campaign.id].sum()), campaign.share, float(given[campaign.id].sum())
                    )
                    for campaign in hungry
                    if campaign.id in offered
                }
                if sum(each.messages for each in places.values()) < 0.01:
                    break
                filled = self.contacts.take(places, unsure)
                for campaign in hungry:
                    if not filled.get(campaign.id):
                        continue
                    got = offered[campaign.id] * (filled[campaign.id] / places[campaign.id].messages)
                    offered[campaign.id] -= got
                    given[campaign.id] += got
                    self.fits[campaign.id] = self.fits[campaign.id] - got
                    for _, day in self._later(campaign, 1, number):
                        reserved[day] = reserved.get(day, np.zeros(len(got))) + got
                room.give_back(sum(offered.values(), np.zeros(len(room.left))))
        for campaign in self.facts.campaigns:
            given_here = given.get(campaign.id, np.zeros(len(room.left)))
            self.new[campaign.id].append(float(given_here.sum()) + opened.get(campaign.id, 0.0))
            self._follow(number, (campaign.id, 1), given_here)
        return sum(float(each.sum()) for each in given.values()) + sum(opened.values())

    def _shares(
        self,
        number: int,
        room: Room,
        reserved: Mapping[int, Floats],
        hungry: Sequence[CampaignInput],
        *,
        part: float,
    ) -> dict[int, Floats]:
        """Part some of the room among the campaigns that want it, by their shares and as far as follow-ups will fit."""
        fits = {}
        for campaign in hungry:
            later = [room.own_per_day - reserved[day] for _, day in self._later(campaign, 1, number) if day in reserved]
            least = np.minimum.reduce([room.left, room.own_per_day, self.fits[campaign.id], *later]).clip(min=0)
            if (mine := least * self.pools[campaign.id]).sum() > _NOTHING:
                fits[campaign.id] = mine
        if not fits:
            return {}
        messages = part * float(np.maximum.reduce(list(fits.values())).sum())
        shares = {campaign.id: campaign.share for campaign in hungry if campaign.id in fits}
        total = sum(shares.values())
        return {key: each * min(1.0, messages * shares[key] / total / each.sum()) for key, each in fits.items()}

    def result(self) -> Forecast:
        """Return what the days came to."""
        totals, blocked = self.planned_openers.copy(), Counter[int]()
        for each in self.waiting:
            (blocked if each.due_on is None else totals)[each.campaign_id] += each.contacts
        campaigns = []
        for campaign in self.facts.campaigns:
            new, total = self.new[campaign.id], totals[campaign.id]
            done = np.flatnonzero(np.cumsum(new) >= total - 0.5) if total else np.zeros(0)
            campaigns.append(
                CampaignForecast(
                    slug=campaign.slug,
                    is_active=campaign.is_active,
                    drop_outs=tuple(self.drop_outs[campaign.id, step.step_number] for step in campaign.steps),
                    reached=sum(new),
                    waiting=max(0.0, total - sum(new)),
                    blocked=blocked[campaign.id],
                    all_reached_on=self.days[int(done[0])].date if len(done) else None,
                    new_by_day=tuple(new),
                )
            )
        return Forecast(tuple(self.days), tuple(campaigns), self.shared_accounts)


def _window(facts: PlanFacts, policy: SendingPolicy) -> Window | None:
    found = sending_window(
        policy,
        plan_date=facts.plan_date,
        tenant_zone=facts.time_zone,
        zone=None,
        country=None,
        not_before=milliseconds(facts.now),
    )
    return found if isinstance(found, Window) else None


def _after(policy: SendingPolicy, day: date, working_days: int) -> date:
    """Return the date so many working days after one."""
    calendar = working_calendar(policy, None, day.year)
    moved = np.busday_offset(np.datetime64(day), working_days, roll="backward", busdaycal=calendar)
    return date.fromisoformat(str(moved))
