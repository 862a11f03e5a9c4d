"""Who may be written to on the date, before anyone's place is given away.

Belongs here: the reasons that lie in the contact, its list, its campaign and the calendar, asked for all candidates at
once. Does not: caps and capacity (admission) or which mailbox writes (rotation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from outreach_pipeline.core.plan.calendar import (
    EPOCH,
    Window,
    day_number,
    milliseconds,
    sending_window,
    working_calendar,
)
from outreach_pipeline.core.plan.inputs import CampaignInput, Candidates, Ints, PlanFacts, PlanInputs
from outreach_pipeline.core.plan.reasons import CODES, Reason

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Windows:
    """The sending window of each candidate: ``number`` points into ``windows``."""

    windows: tuple[Window | Reason, ...]
    number: Ints

    def of(self, position: int) -> Window:
        """Return the window of a candidate that has one."""
        return self.at(int(self.number[position]))

    def at(self, number: int) -> Window:
        """Return a window by its number."""
        found = self.windows[number]
        if isinstance(found, Window):
            return found
        raise TypeError(f"There is no window {number}: {found}.")

    @property
    def bounds(self) -> Ints:
        """When each window starts and ends, a row for each; zeros where there is none."""
        both = [(each.starts, each.ends) if isinstance(each, Window) else (0, 0) for each in self.windows]
        return np.array(both, dtype=np.int64).reshape(-1, 2)

    @property
    def span(self) -> Window | None:
        """From the first start to the last end of all windows, or None if there is none."""
        open_ones = [each for each in self.windows if isinstance(each, Window)]
        if not open_ones:
            return None
        return Window(min(each.starts for each in open_ones), max(each.ends for each in open_ones))


def windows_of(inputs: PlanInputs) -> Windows:
    """Return the window of each candidate: one for every campaign's policy, zone and country that occurs."""
    facts, candidates = inputs.facts, inputs.candidates
    not_before = milliseconds(facts.now)
    # One number a combination: sorting numbers takes a tenth of the time of sorting rows.
    campaigns, campaign_number = np.unique(candidates.campaign_id, return_inverse=True)
    size = len(candidates.words)
    keys = (campaign_number * size + candidates.zone) * size + candidates.country
    found, number = np.unique(keys, return_inverse=True)
    unique = zip(campaigns[found // (size * size)], found // size % size, found % size, strict=True)
    policy_of = {campaign.id: campaign.policy for campaign in facts.campaigns}
    windows = tuple(
        sending_window(
            facts.policies[policy_of[int(campaign)]],
            plan_date=facts.plan_date,
            tenant_zone=facts.time_zone,
            zone=candidates.word(int(zone)) or None,
            country=candidates.word(int(country)) or None,
            not_before=not_before,
        )
        for campaign, zone, country in unique
    )
    number = number.reshape(-1).astype(np.int64)
    return Windows(windows, number)


def due_days(inputs: PlanInputs) -> Ints:
    """Return the day on which each candidate's step falls due, as days since 1970; a first step is due at once.

    A follow-up waits its step's ``wait_days`` in working days of its campaign's policy after the date of the last send,
    and never less than until its ``due_on``.
    """
    facts, candidates = inputs.facts, inputs.candidates
    due = np.zeros(len(candidates), dtype=np.int64)
    for campaign in facts.campaigns:
        calendar = working_calendar(facts.policies[campaign.policy], None, facts.plan_date.year)
        positions = inputs.positions_of(campaign.id)
        for step in campaign.steps:
            if step.step_number == 1:
                continue
            mask = positions[candidates.step_number[positions] == step.step_number]
            if len(mask):
                last = (candidates.due_on[mask] - step.wait_days).astype("datetime64[D]")
                days = np.busday_offset(last, step.wait_days, roll="backward", busdaycal=calendar)
                due[mask] = np.maximum(days.astype(np.int64), candidates.due_on[mask])
    return due


def exclusions(inputs: PlanInputs, windows: Windows, *, due: Ints, available: frozenset[int]) -> Codes:
    """Return the code of the first reason that speaks against each candidate, or that of ``planned`` where none does.

    Args:
        inputs: facts and candidates.
        windows: of the candidates.
        due: ``due_days`` of the candidates.
        available: ids of the mailboxes that may send at all on the date.
    """
    facts, candidates = inputs.facts, inputs.candidates
    today = day_number(facts.plan_date)
    is_new = candidates.step_number == 1
    by_window = np.array([CODES[each] if isinstance(each, Reason) else 0 for each in windows.windows], dtype=np.int8)
    window_code = by_window[windows.number] if len(candidates) else np.zeros(0, dtype=np.int8)
    per_campaign = _by_campaign(inputs)
    has_thread = ~is_new & (candidates.thread_mailbox_id > 0)
    thread_is_out = has_thread & ~np.isin(candidates.thread_mailbox_id, np.array(sorted(available), dtype=np.int64))
    rules: list[tuple[Reason, npt.NDArray[np.bool_]]] = [
        (Reason.CAMPAIGN_PAUSED, per_campaign[Reason.CAMPAIGN_PAUSED]),
        (Reason.NO_STEP, per_campaign[Reason.NO_STEP]),
        (Reason.SUPPRESSED, candidates.is_suppressed),
        (Reason.INVALID_ADDRESS, candidates.verification == candidates.code_of("invalid")),
        (Reason.NO_MAIL_DOMAIN, candidates.takes_no_mail),
        (Reason.LEFT_COMPANY, candidates.has_left),
        (Reason.NO_LAWFUL_BASIS, per_campaign[Reason.NO_LAWFUL_BASIS]),
        (Reason.JURISDICTION_NOT_ACCEPTED, per_campaign[Reason.JURISDICTION_NOT_ACCEPTED]),
        (Reason.ALREADY_PLANNED, candidates.has_message),
        (Reason.CONTACT_BUSY, candidates.is_busy),
        (Reason.OTHER_CAMPAIGN, is_new & candidates.is_in_other_campaign),
        (Reason.LIST_PAUSED, candidates.is_list_paused),
        (Reason.OUT_OF_OFFICE, candidates.out_until > today),
        (Reason.NOT_DUE, due > today),
        (Reason.MAILBOX_UNAVAILABLE, thread_is_out),
        (Reason.NOT_WORKING_DAY, window_code == CODES[Reason.NOT_WORKING_DAY]),
        (Reason.OUTSIDE_WINDOW, window_code == CODES[Reason.OUTSIDE_WINDOW]),
    ]
    codes = np.zeros(len(candidates), dtype=np.int8)
    for reason, applies in reversed(rules):
        codes[applies] = CODES[reason]
    return codes


def later_days(facts: PlanFacts, campaign: CampaignInput, step_number: int) -> tuple[str, ...]:
    """Return the ISO dates on which the steps after one would follow if that one went out on the plan's date."""
    calendar = working_calendar(facts.policies[campaign.policy], None, facts.plan_date.year)
    day: Any = np.datetime64(facts.plan_date)
    days = []
    for step in sorted(campaign.steps, key=lambda each: each.step_number):
        if step.step_number > step_number:
            day = np.busday_offset(day, step.wait_days, roll="backward", busdaycal=calendar)
            days.append(str(day))
    return tuple(days)


def has_waited_out(facts: PlanFacts, campaign: CampaignInput, *, due_on: int) -> bool:
    """Tell whether a follow-up whose mailbox is out has waited the policy's working days since it was due.

    Args:
        facts: whose policies and date count.
        campaign: the follow-up's.
        due_on: days since 1970.
    """
    policy = facts.policies[campaign.policy]
    calendar = working_calendar(policy, None, facts.plan_date.year)
    waited = np.busday_count(np.datetime64(EPOCH) + due_on, np.datetime64(facts.plan_date), busdaycal=calendar)
    return bool(waited > policy.follow_up_waits_working_days)


def _by_campaign(inputs: PlanInputs) -> dict[Reason, npt.NDArray[np.bool_]]:
    """Answer what depends on the campaign; a candidate of an unknown campaign counts as one of a paused one."""
    facts, candidates = inputs.facts, inputs.candidates
    size = len(candidates)
    paused = np.ones(size, dtype=np.bool_)
    no_step, no_basis, no_place = (np.zeros(size, dtype=np.bool_) for _ in range(3))
    for campaign in facts.campaigns:
        mask = inputs.positions_of(campaign.id)
        if not len(mask):
            continue
        paused[mask] = not campaign.is_active
        no_step[mask] = ~np.isin(candidates.step_number[mask], [step.step_number for step in campaign.steps])
        no_basis[mask] = ~_among(candidates, candidates.lawful_basis[mask], campaign.accepted_lawful_bases)
        no_place[mask] = ~_among(candidates, candidates.jurisdiction[mask], campaign.accepted_jurisdictions)
    return {
        Reason.CAMPAIGN_PAUSED: paused,
        Reason.NO_STEP: no_step,
        Reason.NO_LAWFUL_BASIS: no_basis,
        Reason.JURISDICTION_NOT_ACCEPTED: no_place,
    }


def _among(candidates: Candidates, codes: Ints, accepted: frozenset[str]) -> npt.NDArray[np.bool_]:
    known = [candidates.code_of(word) for word in sorted(accepted) if word]
    return np.isin(codes, [code for code in known if code > 0])
