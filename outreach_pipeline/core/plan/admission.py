"""Who gets a place: candidates one after the other, within every cap of the day.

Belongs here: the order of candidates, the counters of the caps, the reason when a place is refused. Does not: what rules a
candidate out beforehand (demand), which mailbox is next (rotation), the time (pacing).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from outreach_pipeline.core.plan.capacity import HEALTHY_RATIO, Capacity, Group, groups_of
from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.demand import Codes, due_days, later_days
from outreach_pipeline.core.plan.inputs import CampaignInput, PlanInputs
from outreach_pipeline.core.plan.reasons import CODES, Reason
from outreach_pipeline.core.plan.rotation import Rotation

_PLANNED = CODES[Reason.PLANNED]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A candidate's place: its position, the index of its mailbox, and whether chance chose it."""

    position: int
    place: int
    is_random: bool


@dataclass(slots=True)
class _Queue:
    """The new contacts of one campaign, in their order, and what it was given so far."""

    campaign: CampaignInput
    positions: list[int]
    later: tuple[str, ...]
    rotation: Rotation
    next: int = 0
    admitted: int = 0


@dataclass(slots=True)
class _Caps:
    """The counters of a day. They only fill up."""

    left: list[int]
    groups: list[list[int]]
    group_left: list[int]
    reserved: list[Counter[str]]
    own_per_day: list[int]
    companies: Counter[int] = field(default_factory=Counter)
    sites: Counter[int] = field(default_factory=Counter)
    contacts: set[int] = field(default_factory=set)
    unverified: int = 0
    catch_all: int = 0

    def has_place(self, place: int) -> bool:
        """Tell whether a mailbox and all the caps that it shares have room for one message."""
        return self.left[place] > 0 and all(self.group_left[group] > 0 for group in self.groups[place])

    def has_room_later(self, place: int, later: tuple[str, ...]) -> bool:
        """Tell whether a mailbox has room for follow-ups on some days."""
        reserved, cap = self.reserved[place], self.own_per_day[place]
        return all(reserved.get(day, 0) < cap for day in later)

    def take(self, place: int, later: tuple[str, ...]) -> None:
        self.left[place] -= 1
        for group in self.groups[place]:
            self.group_left[group] -= 1
        self.reserved[place].update(later)


class Admission:
    """One day's giving of places. ``codes`` is written to: the reason of every candidate."""

    def __init__(self, inputs: PlanInputs, codes: Codes, *, capacities: list[Capacity], groups: list[Group]) -> None:
        facts, candidates = inputs.facts, inputs.candidates
        self._inputs = inputs
        self._codes = codes
        self._capacities = capacities
        self._places = {mailbox.id: place for place, mailbox in enumerate(facts.mailboxes)}
        index = {(group.kind, group.id): number for number, group in enumerate(groups)}
        self._caps = _Caps(
            left=[each.left for each in capacities],
            groups=[[index[key] for key in groups_of(mailbox) if key in index] for mailbox in facts.mailboxes],
            group_left=[group.left for group in groups],
            reserved=[Counter(mailbox.reserved) for mailbox in facts.mailboxes],
            own_per_day=[each.own_per_day for each in capacities],
        )
        self._caps.sites.update({candidates.code_of(site): count for site, count in facts.taken_by_site.items()})
        self._caps.unverified = facts.taken_unverified
        self._caps.catch_all = facts.taken_catch_all
        policy = facts.policy
        self._site_caps = {candidates.code_of(site): cap for site, cap in policy.messages_per_day_per_site.items()}
        self._verification = (candidates.code_of("unverified"), candidates.code_of("catch_all"))
        self._columns = {
            name: getattr(candidates, name).tolist()
            for name in ("contact_id", "step_number", "company", "company_taken", "site", "verification")
        }
        seed = seed_of(facts.tenant_id, facts.plan_date, "random assignment")
        self._is_random = (uniform(seed, candidates.enrollment_id) < policy.random_assignment_ratio).tolist()
        self._chance = uniform(seed + 1, candidates.enrollment_id).tolist()
        self.assignments: list[Assignment] = []
        # Campaigns that ran out of the contacts that were read, while their pool had room and more contacts wait.
        self.hungry: set[int] = set()

    def run(self) -> list[Assignment]:
        """Give the places: follow-ups first, then new contacts by priority and share."""
        facts = self._inputs.facts
        campaigns = {campaign.id: campaign for campaign in facts.campaigns}
        later = {
            (campaign.id, step.step_number): later_days(facts, campaign, step.step_number)
            for campaign in facts.campaigns
            for step in campaign.steps
        }
        self._follow_ups(campaigns, later)
        by_priority: dict[int, list[_Queue]] = {}
        for queue in self._queues(later):
            by_priority.setdefault(queue.campaign.priority, []).append(queue)
        for priority in sorted(by_priority, reverse=True):
            self._share_out(by_priority[priority])
        return self.assignments

    def _follow_ups(self, campaigns: dict[int, CampaignInput], later: dict[tuple[int, int], tuple[str, ...]]) -> None:
        candidates = self._inputs.candidates
        waiting = np.flatnonzero((self._codes == _PLANNED) & (candidates.step_number > 1))
        priority = np.array(
            [-campaigns[int(each)].priority for each in candidates.campaign_id[waiting]], dtype=np.int64
        )
        due = due_days(self._inputs)[waiting]
        for position in waiting[np.lexsort((candidates.enrollment_id[waiting], priority, due))].tolist():
            place = self._places[int(candidates.thread_mailbox_id[position])]
            days = later.get((int(candidates.campaign_id[position]), int(candidates.step_number[position])), ())
            reason = self._refusal(position)
            if reason is None and not self._caps.has_place(place):
                reason = self._why_full([place])
            if reason is None:
                self._admit(position, place, later=days, is_random=False)
            else:
                self._codes[position] = CODES[reason]

    def _queues(self, later: dict[tuple[int, int], tuple[str, ...]]) -> Iterator[_Queue]:
        facts, candidates = self._inputs.facts, self._inputs.candidates
        sending = {each.mailbox_id for each in self._capacities if each.is_available}
        healthy = {mailbox.id for mailbox in facts.mailboxes if mailbox.health_ratio >= HEALTHY_RATIO}
        waiting = (self._codes == _PLANNED) & (candidates.step_number == 1)
        for campaign in facts.campaigns:
            if not campaign.is_active:
                continue
            positions = np.flatnonzero(waiting & (candidates.campaign_id == campaign.id))
            sizes = np.bincount(candidates.site[positions], minlength=len(candidates.words))
            pool = set(campaign.mailbox_ids) & sending
            rotation = Rotation(
                [mailbox for mailbox in facts.mailboxes if mailbox.id in pool],
                places=self._places,
                site_sizes={candidates.word(code): int(sizes[code]) for code in np.flatnonzero(sizes).tolist()},
                healthy=healthy,
                seed=f"{facts.tenant_id}|{facts.plan_date}|{campaign.id}",
            )
            yield _Queue(campaign, positions.tolist(), later.get((campaign.id, 1), ()), rotation)

    def _share_out(self, queues: list[_Queue]) -> None:
        """Let the campaigns of one priority take turns by what they were given, divided by their share."""
        turns = [(0.5 / queue.campaign.share, number) for number, queue in enumerate(queues)]
        heapq.heapify(turns)
        while turns:
            _, number = heapq.heappop(turns)
            queue = queues[number]
            if self._admit_next(queue):
                heapq.heappush(turns, ((queue.admitted + 0.5) / queue.campaign.share, number))

    def _admit_next(self, queue: _Queue) -> bool:
        """Admit the campaign's next contact that can be; False when it has none left or no mailbox any more."""
        while queue.next < len(queue.positions):
            position = queue.positions[queue.next]
            queue.next += 1
            reason = self._refusal(position)
            if reason is None:
                place, is_random = self._choose(queue, position)
                if place is not None:
                    self._admit(position, place, later=queue.later, is_random=is_random)
                    queue.admitted += 1
                    return True
                reason = self._why_none(queue)
                if not any(self._may_take(queue, place) for place in self._pool(queue)):
                    self._codes[queue.positions[queue.next - 1 :]] = CODES[reason]
                    queue.next = len(queue.positions)
            self._codes[position] = CODES[reason]
        if queue.campaign.waiting and any(self._may_take(queue, place) for place in self._pool(queue)):
            self.hungry.add(queue.campaign.id)
        return False

    def _choose(self, queue: _Queue, position: int) -> tuple[int | None, bool]:
        site = self._inputs.candidates.words[self._columns["site"][position]]

        def may_take(place: int) -> bool:
            return self._may_take(queue, place)

        if self._is_random[position]:
            place = queue.rotation.choose_at_random(site, may_take, self._chance[position])
            if place is not None:
                return place, True
        return queue.rotation.choose(site, may_take), False

    def _may_take(self, queue: _Queue, place: int) -> bool:
        return self._caps.has_place(place) and self._caps.has_room_later(place, queue.later)

    def _refusal(self, position: int) -> Reason | None:
        """Return which cap on the recipient's side refuses a candidate, or None."""
        caps, columns, policy = self._caps, self._columns, self._inputs.facts.policy
        if columns["contact_id"][position] in caps.contacts:
            return Reason.CONTACT_BUSY
        if columns["step_number"][position] == 1:
            unverified, catch_all = self._verification
            if columns["verification"][position] == unverified and caps.unverified >= policy.unverified_per_day:
                return Reason.UNVERIFIED_CAP
            if columns["verification"][position] == catch_all and caps.catch_all >= policy.catch_all_per_day:
                return Reason.CATCH_ALL_CAP
        company = columns["company"][position]
        if (
            company
            and columns["company_taken"][position] + caps.companies[company] >= policy.messages_per_day_per_company
        ):
            return Reason.COMPANY_CAP
        site = columns["site"][position]
        if site in self._site_caps and caps.sites[site] >= self._site_caps[site]:
            return Reason.SITE_CAP
        return None

    def _admit(self, position: int, place: int, *, later: tuple[str, ...], is_random: bool) -> None:
        caps, columns = self._caps, self._columns
        caps.take(place, later)
        caps.contacts.add(columns["contact_id"][position])
        if columns["company"][position]:
            caps.companies[columns["company"][position]] += 1
        caps.sites[columns["site"][position]] += 1
        if columns["step_number"][position] == 1:
            unverified, catch_all = self._verification
            caps.unverified += columns["verification"][position] == unverified
            caps.catch_all += columns["verification"][position] == catch_all
        self.assignments.append(Assignment(position, place, is_random))

    def _pool(self, queue: _Queue) -> list[int]:
        return [self._places[mailbox] for mailbox in queue.campaign.mailbox_ids if mailbox in self._places]

    def _why_none(self, queue: _Queue) -> Reason:
        """Return why no mailbox of the pool could take a contact."""
        sending = [place for place in self._pool(queue) if self._capacities[place].is_available]
        if not sending:
            return Reason.NO_MAILBOX
        with_place = [place for place in sending if self._caps.has_place(place)]
        if not with_place:
            return self._why_full(sending)
        if not any(self._caps.has_room_later(place, queue.later) for place in with_place):
            return Reason.FOLLOW_UPS_RESERVED
        return Reason.NO_MAILBOX

    def _why_full(self, places: list[int]) -> Reason:
        """Return whether it is the time left in the day, or another cap, that full mailboxes lack."""
        for place in places:
            terms = self._capacities[place].terms
            if self._caps.left[place] == 0 and terms and terms[0].term == "gap":
                return Reason.GAP_FULL
        return Reason.NO_CAPACITY
