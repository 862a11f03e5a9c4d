"""Who gets a place: candidates one after the other, within every cap of the day.

Belongs here: the order of candidates, the reason when a place is refused, and a second chance for those whose first place
held no time for them. Does not: what rules a candidate out beforehand (demand), the counters (caps), which mailbox is next
(rotation), the time (pacing).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from outreach_pipeline.core.plan.capacity import HEALTHY_RATIO, Capacity
from outreach_pipeline.core.plan.caps import recipient_caps, sender_caps
from outreach_pipeline.core.plan.chance import seed_of, uniform
from outreach_pipeline.core.plan.demand import Codes, Windows, later_days
from outreach_pipeline.core.plan.inputs import Ints, PlanInputs
from outreach_pipeline.core.plan.queues import Given, Queue, later_of, occurs_again
from outreach_pipeline.core.plan.reasons import CODES, PLACELESS, REASONS, TIMELESS, Reason
from outreach_pipeline.core.plan.rotation import Rotation
from outreach_pipeline.core.plan.shared_caps import Group

_PLANNED = CODES[Reason.PLANNED]
# Refusals by what others got, which they may lose again.
_BY_OTHERS = {
    Reason.CONTACT_BUSY,
    Reason.LIST_CANARY_HOLD,
    Reason.UNVERIFIED_CAP,
    Reason.CATCH_ALL_CAP,
    Reason.COMPANY_CAP,
    Reason.SITE_CAP,
}
_ASKED_AGAIN = np.array(sorted(CODES[each] for each in PLACELESS | _BY_OTHERS), dtype=np.int64)
# What full mailboxes lack, by the least term of their cap.
_WHY_FULL = {"paused": Reason.MAILBOX_PAUSED, "gap": Reason.GAP_FULL, "rolling_24h": Reason.PLACES_FREE_LATE}


class Admission:
    """One day's giving of places. ``codes`` is written to: the reason of every candidate."""

    def __init__(
        self,
        inputs: PlanInputs,
        codes: Codes,
        *,
        capacities: list[Capacity],
        groups: list[Group],
        windows: Windows,
        due: Ints,
    ) -> None:
        facts, candidates = inputs.facts, inputs.candidates
        self._inputs = inputs
        self._codes = codes
        self._capacities = capacities
        self._windows = windows
        self._due = due
        self._places = {mailbox.id: place for place, mailbox in enumerate(facts.mailboxes)}
        later = {
            (campaign.id, step.step_number): later_days(facts, campaign, step.step_number)
            for campaign in facts.campaigns
            for step in campaign.steps
        }
        self._senders = sender_caps(facts, capacities, groups, days={day for found in later.values() for day in found})
        self._later = {key: tuple(self._senders.days[day] for day in found) for key, found in later.items()}
        code_of = {word: code for code, word in enumerate(candidates.words)}
        self._recipients = recipient_caps(facts, code_of, companies=int(candidates.company.max(initial=0)) + 1)
        self._site_caps = {code_of.get(site, -1): cap for site, cap in facts.policy.messages_per_day_per_site.items()}
        self._unverified, self._catch_all = code_of.get("unverified", -1), code_of.get("catch_all", -1)
        self._contact: list[int] = candidates.contact_id.tolist()
        self._has_rival = occurs_again(candidates.contact_id).tolist()
        self._company: list[int] = candidates.company.tolist()
        self._company_taken: list[int] = candidates.company_taken.tolist()
        self._site: list[int] = candidates.site.tolist()
        self._verification: list[int] = candidates.verification.tolist()
        self._list: list[int] = candidates.contact_list_id.tolist()
        self._later_of = later_of(inputs, self._later)
        self._words: tuple[str, ...] = candidates.words
        self._is_new = (candidates.step_number == 1).tolist()
        seed = seed_of(facts.tenant_id, facts.plan_date, "random assignment")
        self._is_random = (uniform(seed, candidates.enrollment_id) < facts.policy.random_assignment_ratio).tolist()
        self._chance = uniform(seed + 1, candidates.enrollment_id).tolist()
        # Place -> what took the time of whoever did not fit there.
        self._why_late: dict[int, Reason] = {}
        self._by_priority: list[list[Queue]] = []
        # Position -> place, in the order of admission.
        self._given: dict[int, int] = {}
        # Follow-ups in the order in which they are asked.
        self._threads: Ints = np.zeros(0, dtype=np.int64)
        # Those whom chance gave their mailbox.
        self.random: set[int] = set()
        # Campaigns that ran out of the contacts that were read, while their pool had room and more contacts wait.
        self.hungry: set[int] = set()

    @property
    def given(self) -> Given:
        """The places that were given and not taken back."""
        count = len(self._given)
        return Given(
            np.fromiter(self._given.keys(), dtype=np.int64, count=count),
            np.fromiter(self._given.values(), dtype=np.int64, count=count),
        )

    def run(self) -> None:
        """Give the places: follow-ups first, then new contacts by priority and share."""
        self._follow_ups()
        by_priority: dict[int, list[Queue]] = {}
        for queue in self._queues():
            by_priority.setdefault(queue.campaign.priority, []).append(queue)
        self._by_priority = [by_priority[priority] for priority in sorted(by_priority, reverse=True)]
        for queues in self._by_priority:
            self._share_out(queues, self._admit_next)

    def retry(self, late: Mapping[int, Reason]) -> set[int]:
        """Take the places of some candidates back, and give what is free to whoever waits for it and fits in time.

        Follow-ups come first again, and whom a cap on the recipient's side refused is asked again too. A mailbox at which someone did not fit takes nobody any more whose window is over as early.

        Args:
            late: positions that hold a place at whose mailbox there is no time for them, and what takes it.

        Returns:
            The places that came to have other messages than before.
        """
        changed = set()
        queue_of = {position: queue for queues in self._by_priority for queue in queues for position in queue.positions}
        for position, reason in late.items():
            place = self._take_back(position, reason)
            self._why_late[place] = reason
            if position in queue_of:
                queue_of[position].admitted -= 1
            ends = self._windows.of(position).ends
            self._senders.full_until[place] = max(self._senders.full_until[place], ends)
            changed.add(place)

        def admit_again(queue: Queue) -> bool:
            place = self._admit_again(queue)
            if place is not None:
                changed.add(place)
            return place is not None

        changed |= self._follow_ups_again()
        for queues in self._by_priority:
            for queue in queues:
                queue.waiting = iter(self._asked_again(queue.positions))
                queue.closed_again.clear()
            self._share_out(queues, admit_again)
        return changed

    def give_up(self, late: Sequence[int]) -> None:
        """Take the places of some candidates back for good: the day holds no time for them."""
        for position in late:
            self._take_back(position, self._why_late.get(self._given[position], Reason.GAP_FULL))
        positions = [position for queues in self._by_priority for queue in queues for position in queue.positions]
        for position in [*self._asked_again(self._threads), *self._asked_again(positions)]:
            # What those had it lacked no more, and nobody could be asked again.
            if REASONS[self._codes[position]] in _BY_OTHERS and self._refusal(position) is None:
                self._codes[position] = CODES[Reason.GAP_FULL]

    def _asked_again(self, positions: Sequence[int] | Ints) -> list[int]:
        """Return those of some positions that were refused what may have come free."""
        found = np.asarray(positions, dtype=np.int64)
        again: list[int] = found[np.isin(self._codes[found], _ASKED_AGAIN)].tolist()
        return again

    def _follow_ups(self) -> None:
        candidates = self._inputs.candidates
        priorities = {campaign.id: campaign.priority for campaign in self._inputs.facts.campaigns}
        has_thread = (candidates.step_number > 1) & (candidates.thread_mailbox_id > 0)
        waiting = np.flatnonzero((self._codes == _PLANNED) & has_thread)
        campaigns = candidates.campaign_id[waiting].tolist()
        priority = np.array([-priorities[each] for each in campaigns], dtype=np.int64)
        order = np.lexsort((candidates.enrollment_id[waiting], priority, self._due[waiting]))
        self._threads = waiting[order]
        for position in self._threads.tolist():
            place = self._places[int(candidates.thread_mailbox_id[position])]
            reason = self._why_no_follow_up(position, place)
            if reason is None:
                self._admit(position, place, is_random=False)
            else:
                self._codes[position] = CODES[reason]

    def _why_no_follow_up(self, position: int, place: int) -> Reason | None:
        """Return what refuses a follow-up at the mailbox of its thread, or None."""
        senders = self._senders
        if (refusal := self._refusal(position)) is not None:
            return refusal
        if not senders.has_place(place):
            return self._why_full([place])
        return None if senders.is_warm_at(place, self._site_of(position)) else Reason.SITE_WARM_UP

    def _follow_ups_again(self) -> set[int]:
        """Give places that came free to follow-ups that wait for them and fit in time; returns the places."""
        changed = set()
        for position in self._asked_again(self._threads):
            place = self._places[int(self._inputs.candidates.thread_mailbox_id[position])]
            reason = self._why_no_follow_up(position, place)
            if reason is None and self._windows.of(position).ends <= self._senders.full_until[place]:
                reason = self._why_late.get(place, Reason.GAP_FULL)
            if reason is None:
                self._codes[position] = _PLANNED
                self._admit(position, place, is_random=False)
                changed.add(place)
            elif REASONS[self._codes[position]] not in TIMELESS:
                self._codes[position] = CODES[reason]
        return changed

    def _queues(self) -> Iterator[Queue]:
        facts, candidates = self._inputs.facts, self._inputs.candidates
        sending = {each.mailbox_id for each in self._capacities if each.is_available}
        healthy = {mailbox.id for mailbox in facts.mailboxes if mailbox.health_ratio >= HEALTHY_RATIO}
        # A follow-up whose thread ended begins a new one, like a first step, and goes before those.
        is_waiting = (self._codes == _PLANNED) & ((candidates.step_number == 1) | (candidates.thread_mailbox_id == 0))
        for campaign in facts.campaigns:
            if not campaign.is_active:
                continue
            of_campaign = self._inputs.positions_of(campaign.id)
            positions = of_campaign[is_waiting[of_campaign]]
            positions = positions[np.argsort(candidates.step_number[positions] == 1, kind="stable")]
            sizes = np.bincount(candidates.site[positions], minlength=len(candidates.words))
            pool = set(campaign.mailbox_ids) & sending
            rotation = Rotation(
                [mailbox for mailbox in facts.mailboxes if mailbox.id in pool],
                places=self._places,
                site_sizes={candidates.word(code): int(sizes[code]) for code in np.flatnonzero(sizes).tolist()},
                own_sites={site for mailbox in pool for site in self._senders.site_left[self._places[mailbox]]},
                healthy=healthy,
                seed=f"{facts.tenant_id}|{facts.plan_date}|{campaign.id}",
            )
            places = [self._places[mailbox] for mailbox in campaign.mailbox_ids if mailbox in self._places]
            yield Queue(campaign, positions.tolist(), places, self._later.get((campaign.id, 1), ()), rotation)

    def _share_out(self, queues: list[Queue], admit: Callable[[Queue], bool]) -> None:
        """Let the campaigns of one priority take turns by what they were given, divided by their share."""
        turns = [(0.5 / queue.campaign.share, number) for number, queue in enumerate(queues)]
        heapq.heapify(turns)
        while turns:
            _, number = turns[0]
            queue = queues[number]
            if admit(queue):
                heapq.heapreplace(turns, ((queue.admitted + 0.5) / queue.campaign.share, number))
            else:
                heapq.heappop(turns)

    def _admit_next(self, queue: Queue) -> bool:
        """Admit the campaign's next contact that can be; False when it has none left or no mailbox any more."""
        while queue.next < len(queue.positions):
            position = queue.positions[queue.next]
            queue.next += 1
            reason = self._refusal(position)
            if reason is None:
                site = self._site_of(position)
                key = site, self._later_of[position]
                reason = queue.closed.get(key)
                if reason is None:
                    place, is_random = self._choose(queue, position, site)
                    if place is not None:
                        self._admit(position, place, is_random=is_random)
                        queue.admitted += 1
                        return True
                    reason = queue.closed[key] = self._why_none(queue, site, later=key[1])
                    if self._is_new[position] and not self._has_any_place(queue):
                        for each in queue.positions[queue.next :]:
                            self._codes[each] = CODES[self._refusal(each) or reason]
                        queue.next = len(queue.positions)
            self._codes[position] = CODES[reason]
        if queue.campaign.waiting and self._has_any_place(queue):
            self.hungry.add(queue.campaign.id)
        return False

    def _has_any_place(self, queue: Queue) -> bool:
        senders, later = self._senders, queue.later
        return any(senders.has_place(place) and senders.has_room_later(place, later) for place in queue.pool)

    def _choose(self, queue: Queue, position: int, site: str) -> tuple[int | None, bool]:
        may_take = self._senders.taker(site, self._later_of[position])
        # A follow-up that moves has days of its own on which there may be no room: the first steps have others.
        others_may = None if self._is_new[position] else self._senders.taker(site, ())
        if self._is_random[position]:
            place = queue.rotation.choose_at_random(site, may_take, self._chance[position], others_may=others_may)
            if place is not None:
                return place, True
        return queue.rotation.choose(site, may_take, others_may=others_may), False

    def _admit_again(self, queue: Queue) -> int | None:
        """Give a free place to the campaign's next contact that waits for one and can have it; returns the place, or None."""
        closed, full_until = queue.closed_again, self._senders.full_until
        for position in queue.waiting:
            if refusal := self._refusal(position):
                self._codes[position] = CODES[refusal]
                continue
            site, ends, later = self._site_of(position), self._windows.of(position).ends, self._later_of[position]
            key = site, later, ends
            if key not in closed:
                may_take = self._senders.taker(site, later)
                place = queue.rotation.choose_again(
                    site, [place for place in queue.pool if full_until[place] < ends and may_take(place)]
                )
                if place is not None:
                    self._codes[position] = _PLANNED
                    self._admit(position, place, is_random=False)
                    queue.admitted += 1
                    return place
                lacks_time = (place for place in queue.pool if full_until[place] >= ends and may_take(place))
                full = next(lacks_time, None)
                closed[key] = self._why_none(queue, site, later=later) if full is None else self._why_late[full]
            # Who had a place and no time there lacks time, though others have taken the place since.
            if REASONS[self._codes[position]] not in TIMELESS:
                self._codes[position] = CODES[closed[key]]
        return None

    def _refusal(self, position: int) -> Reason | None:
        """Return which cap on the recipient's side refuses a candidate, or None."""
        caps, policy = self._recipients, self._inputs.facts.policy
        if self._has_rival[position] and self._contact[position] in caps.contacts:
            return Reason.CONTACT_BUSY
        if self._is_new[position] and (refusal := self._refusal_of_new(position)) is not None:
            return refusal
        company = self._company[position]
        if company and self._company_taken[position] + caps.companies[company] >= policy.messages_per_day_per_company:
            return Reason.COMPANY_CAP
        site = self._site[position]
        if site in self._site_caps and caps.sites[site] >= self._site_caps[site]:
            return Reason.SITE_CAP
        return None

    def _refusal_of_new(self, position: int) -> Reason | None:
        caps, policy, verification = self._recipients, self._inputs.facts.policy, self._verification[position]
        if caps.canaries.get(self._list[position], 1) <= 0:
            return Reason.LIST_CANARY_HOLD
        if verification == self._unverified and caps.unverified >= policy.unverified_per_day:
            return Reason.UNVERIFIED_CAP
        if verification == self._catch_all and caps.catch_all >= policy.catch_all_per_day:
            return Reason.CATCH_ALL_CAP
        return None

    def _admit(self, position: int, place: int, *, is_random: bool) -> None:
        self._count(position, place, 1)
        if self._has_rival[position]:
            self._recipients.contacts.add(self._contact[position])
        self._given[position] = place
        if is_random:
            self.random.add(position)

    def _take_back(self, position: int, reason: Reason) -> int:
        """Take a place back; returns the index of its mailbox."""
        place = self._given.pop(position)
        self.random.discard(position)
        self._count(position, place, -1)
        self._recipients.contacts.discard(self._contact[position])
        self._codes[position] = CODES[reason]
        return place

    def _count(self, position: int, place: int, messages: int) -> None:
        """Count a candidate's message up (1), or down again (-1), in every cap that it touches."""
        caps, site, company = self._recipients, self._site[position], self._company[position]
        self._senders.count(place, self._words[site], self._later_of[position], messages)
        if company:
            caps.companies[company] += messages
        caps.sites[site] = caps.sites.get(site, 0) + messages
        if self._is_new[position]:
            if self._list[position] in caps.canaries:
                caps.canaries[self._list[position]] -= messages
            verification = self._verification[position]
            if verification == self._unverified:
                caps.unverified += messages
            elif verification == self._catch_all:
                caps.catch_all += messages

    def _site_of(self, position: int) -> str:
        return self._words[self._site[position]]

    def _why_none(self, queue: Queue, site: str, *, later: tuple[int, ...]) -> Reason:
        """Return why no mailbox of the pool could take a contact at a site, with follow-ups on some days."""
        senders = self._senders
        sending = [place for place in queue.pool if self._capacities[place].is_available]
        if not sending:
            return Reason.NO_MAILBOX
        with_place = [place for place in sending if senders.has_place(place)]
        if not with_place:
            return self._why_full(sending)
        warm = [place for place in with_place if senders.is_warm_at(place, site)]
        if not warm:
            return Reason.SITE_WARM_UP
        if not any(senders.has_room_later(place, later) for place in warm):
            return Reason.FOLLOW_UPS_RESERVED
        return Reason.NO_MAILBOX

    def _why_full(self, places: list[int]) -> Reason:
        """Return whether it is the time left in the day, or another cap, that full mailboxes lack."""
        for place in places:
            terms = self._capacities[place].terms
            if self._senders.left[place] == 0 and terms and (reason := _WHY_FULL.get(terms[0].term)) is not None:
                return reason
        return Reason.NO_CAPACITY
