"""How many messages a mailbox may send on a date, and why not more.

Belongs here: the terms of the cap, what has gone out already, and from when each place in the cap is free. Does not: who
gets the places (admission) or when exactly a message goes (pacing).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import floor, inf
from typing import NamedTuple
from zoneinfo import ZoneInfo

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import Window, day_of_tenant, milliseconds
from outreach_pipeline.core.plan.inputs import MailboxInput, PlanFacts
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.rolling import DAY, NEVER, fitting, places_from, places_until, usable
from outreach_pipeline.core.plan.shared_caps import Group, groups_of, later_of, shared_caps
from outreach_pipeline.core.plan.sites import PROVIDER_SITES
from outreach_pipeline.core.plan.warmup import IDLE_DAYS, allowed

# Below it a mailbox takes no part in random assignments.
HEALTHY_RATIO = 0.8
# What a mailbox under observation may still send of what its own terms would allow: throttled early, before it is stopped,
# so that one which may send at all may send one.
OBSERVED_RATIO = 0.75
# A message that cannot start this long before its window ends is not planned, as starting takes a moment.
LAST_START = 1_000


@dataclass(frozen=True, slots=True)
class CapTerm:
    """One limit on a mailbox's day: its code, what it allows, and where the number is from."""

    term: str
    messages_per_day: int
    detail: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one mailbox may send on a date.

    Attributes:
        capacity: messages of the day, the ones already gone included.
        already_sent: those that have gone out, are about to, or are people's own mail, and count against the day.
        terms: every limit, the least first.
        free_at: for each place that is left, the instant from which it is free, ascending; epoch milliseconds.
        free_until: for the last message of the day, the one before it and so on, the instant after which it may not start,
            descending; empty where there is no such instant.
        own_per_day: what policy, mailbox, warm-up and lifecycle allow a day, whatever others take.
        is_available: false if the mailbox may not send at all that day.
    """

    mailbox_id: int
    capacity: int
    already_sent: int
    terms: tuple[CapTerm, ...]
    free_at: tuple[int, ...]
    own_per_day: int
    is_available: bool
    free_until: tuple[int, ...] = ()

    @property
    def left(self) -> int:
        """How many more messages the mailbox may send."""
        return len(self.free_at)


def account_limit(provider: str, *, licences: int | None, messages_per_day: int | None) -> tuple[int | None, str]:
    """Return the external messages a day of a provider account and where the number is from; None: no limit known.

    Sources: Google Workspace's limits page (2,000 messages a day and user); Microsoft 365's tenant external recipient
    rate limit, 500 x licences^0.7 + 9,500 a day. A number of the operator's own stands before both.
    """
    if messages_per_day is not None:
        return messages_per_day, "the account's own limit"
    if provider == "google_workspace" and licences:
        return 2000 * licences, f"Google Workspace: 2,000 a day for each of {licences} users"
    if provider == "microsoft_365" and licences:
        limit = floor(500 * licences**0.7 + 9500)
        return limit, f"Microsoft 365: 500 x {licences} licences^0.7 + 9,500 a day"
    return None, ""


def earliest_start(facts: PlanFacts, mailbox: MailboxInput) -> int:
    """Return the first instant at which a mailbox may send on the date: now, its pause and its gap considered."""
    start = start_unpaused(facts, mailbox)
    return start if mailbox.paused_until is None else max(start, milliseconds(mailbox.paused_until))


def start_unpaused(facts: PlanFacts, mailbox: MailboxInput) -> int:
    """Return the same as if the mailbox were not paused."""
    day = day_of_tenant(facts.time_zone, facts.plan_date)
    gap = gap_of(facts.policies[mailbox.policy])
    now = milliseconds(facts.now)
    last = max((at for at in (*mailbox.ours_at, *mailbox.foreign_at) if at <= now), default=None)
    starts = [day.starts, now]
    if last is not None:
        starts.append(last + gap)
    return max(starts)


def gap_of(policy: SendingPolicy) -> int:
    """Return the least distance between two messages of a mailbox in milliseconds, rounded up.

    It is the policy's minimum gap, or what its limit a minute comes to if that is longer.
    """
    return -floor(-max(policy.minimum_gap_seconds, 60 / policy.messages_per_minute_per_mailbox) * 1000)


def site_caps(mailbox: MailboxInput) -> dict[str, int]:
    """Return site -> messages that a mailbox may still send there on the date, where it is colder than as a whole.

    Receivers know a mailbox each for itself: one that has been warm for months is new to a site that it never wrote to.
    So its curve counts at every provider's site anew, in days of real sending to it. The long tail of small sites, which
    never sees more than the cap of a company, has no ramp.
    """
    if not mailbox.curve:
        return {}
    whole = allowed(mailbox.curve, mailbox.warmup_day)
    caps = {}
    for site in PROVIDER_SITES:
        step = allowed(mailbox.curve, mailbox.site_days.get(site, mailbox.first_site_day))
        if step < whole:
            caps[site] = max(0, floor(step * mailbox.health_ratio + 1e-9) - mailbox.site_taken.get(site, 0))
    return caps


def capacities(facts: PlanFacts, span: Window | None) -> tuple[list[Capacity], list[Group]]:
    """Return the capacity of each mailbox, in the order of ``facts.mailboxes``, and the caps that they share.

    Args:
        facts: what is known.
        span: from the first to the last instant at which anyone may be written to that day, empty if nobody may any more;
            None: not asked, and how many messages fit between is no term.
    """
    horizon = (span or day_of_tenant(facts.time_zone, facts.plan_date)).ends
    free_again = [_free_again(facts, mailbox) for mailbox in facts.mailboxes]
    groups = shared_caps(facts, free_again, horizon=horizon)
    index = {(group.kind, group.id): group for group in groups}
    built = []
    for mailbox, taken in zip(facts.mailboxes, free_again, strict=True):
        own = _own_terms(facts, mailbox)
        already = _standing(taken, horizon)
        of_mailbox = [index[key] for key in groups_of(mailbox) if key in index]
        built.append(
            _capacity(facts, mailbox, own=own, groups=of_mailbox, free_again=taken, already=already, span=span)
        )
    return built, groups


def with_what_is_todays(
    capacity: Capacity,
    mailbox: MailboxInput,
    *,
    plan_date: date,
    today: date,
    knows_lifecycle: bool,
    knows_curve_day: bool,
) -> tuple[CapTerm, ...]:
    """Return the terms of a date that is over, each saying what of it is today's because the past is not kept.

    Args:
        capacity: of the mailbox on the date.
        mailbox: as it is today.
        plan_date: the date.
        today: the tenant's local date.
        knows_lifecycle: whether the mailbox was in its state on the date already.
        knows_curve_day: whether its day of the warm-up curve is the date's.
    """
    todays = {
        "warm_up": "the curve is" if knows_curve_day else "the curve and its day are",
        "lifecycle": "" if knows_lifecycle else "the state is",
        "health": "",
        **dict.fromkeys(("receive_only", "tenant_paused", "paused"), "the state is"),
    }
    terms = [*capacity.terms]
    if not knows_lifecycle and all(term.term != "lifecycle" for term in terms):
        terms.append(CapTerm("lifecycle", capacity.own_per_day, f"the mailbox is {mailbox.lifecycle}"))
    told = [
        replace(term, detail=f"{term.detail}; {what} of {today}, what was so on {plan_date} is not kept")
        if what
        else term
        for term in terms
        for what in [todays.get(term.term, "the cap is")]
    ]
    return tuple(sorted(told, key=lambda term: term.messages_per_day))


def may_send(facts: PlanFacts, mailbox: MailboxInput) -> bool:
    """Tell whether a mailbox may send at all on the date, whatever others take."""
    return all(term.messages_per_day > 0 for term in _own_terms(facts, mailbox))


def total_left(facts: PlanFacts, each: Sequence[Capacity], groups: Sequence[Group]) -> int:
    """Return how many more messages all mailboxes together may send: shared caps count once."""
    left = {(group.kind, group.id): group.left for group in groups}
    total = 0
    for mailbox, capacity in zip(facts.mailboxes, each, strict=True):
        keys = [key for key in groups_of(mailbox) if key in left]
        takes = min([capacity.left, *(left[key] for key in keys)])
        for key in keys:
            left[key] -= takes
        total += takes
    return total


def _own_terms(facts: PlanFacts, mailbox: MailboxInput) -> list[CapTerm]:
    policy = facts.policies[mailbox.policy]
    limit = policy.messages_per_day_per_mailbox
    terms = [CapTerm("policy", limit, f"policy {mailbox.policy!r} allows {limit} a day and mailbox")]
    if mailbox.messages_per_day is not None:
        terms.append(
            CapTerm("mailbox", mailbox.messages_per_day, f"set to {mailbox.messages_per_day} for this mailbox")
        )
    if mailbox.curve:
        step = allowed(mailbox.curve, mailbox.warmup_day)
        value = floor(step * mailbox.health_ratio + 1e-9)
        detail = f"day {mailbox.warmup_day} of curve {mailbox.curve_name!r} allows {step} x health {mailbox.health_ratio:.2f}"
        terms.append(CapTerm("warm_up", value, f"{detail} = {value}{_why_this_day(mailbox)}"))
    if not mailbox.lifecycle.sends:
        terms.append(CapTerm("lifecycle", 0, f"the mailbox is {mailbox.lifecycle}"))
    elif mailbox.lifecycle is Lifecycle.OBSERVED:
        least = min(terms, key=lambda term: term.messages_per_day)
        most = least.messages_per_day
        value = max(min(most, 1), floor(most * OBSERVED_RATIO))
        detail = f"under observation: {OBSERVED_RATIO} x the {most} of {least.term} = {value}"
        terms.append(CapTerm("lifecycle", value, detail))
    if mailbox.is_receive_only:
        terms.append(CapTerm("receive_only", 0, "the mailbox only receives"))
    if not facts.tenant_is_active:
        terms.append(CapTerm("tenant_paused", 0, "the tenant is paused"))
    if (until := mailbox.paused_until) is not None:
        day = day_of_tenant(facts.time_zone, facts.plan_date)
        if milliseconds(until) >= day.ends:
            terms.append(CapTerm("paused", 0, "the mailbox is paused beyond this day"))
    if not mailbox.curve and mailbox.health_ratio < 1:
        most = min(term.messages_per_day for term in terms)
        told = f"health {mailbox.health_ratio:.2f} takes nothing off, as the mailbox has no warm-up curve; it counts in the rotation"
        terms.append(CapTerm("health", most, told))
    return terms


def _why_this_day(mailbox: MailboxInput) -> str:
    """Say what puts a mailbox on its day of the curve, where that is not its sending alone; nothing on the last day."""
    if mailbox.warmup_day >= len(mailbox.curve):
        return ""
    told = ""
    if mailbox.idle_days:
        told = f"; it warms up anew, as it last sent {mailbox.idle_days} days before"
    elif mailbox.has_begun_anew:
        told = f"; it warms up anew since it had not sent for more than {IDLE_DAYS} days"
    if mailbox.health_ratio < HEALTHY_RATIO:
        told += f"; it stays on this day while its health is below {HEALTHY_RATIO:.2f}"
    return told


def _capacity(
    facts: PlanFacts,
    mailbox: MailboxInput,
    *,
    own: list[CapTerm],
    groups: Sequence[Group],
    free_again: Sequence[int],
    already: int,
    span: Window | None,
) -> Capacity:
    own_per_day = min(term.messages_per_day for term in own)
    terms = [*own, *(CapTerm(group.kind, group.left + already, group.detail) for group in groups)]
    if span is not None and own_per_day > 0:
        terms += _terms_of_time(facts, mailbox, span=span, most=own_per_day, already=already)
    most = max(0, min(term.messages_per_day for term in terms) - already)
    free = places_from(free_again, starts=earliest_start(facts, mailbox), cap=own_per_day, most=most)
    ends = day_of_tenant(facts.time_zone, facts.plan_date).ends
    until = places_until(free_again, later_of(facts, mailbox), cap=own_per_day, most=len(free), ends=ends)
    if (fits := fitting(free, until)) < len(free):
        detail = f"{len(mailbox.later_at)} messages of the next day stand, and 24 hours hold {own_per_day}"
        terms.append(CapTerm("next_day", fits + already, detail))
        free = free[:fits]
    if span is not None and (late := _late(facts, mailbox, free=free, groups=groups, span=span)) is not None:
        terms.append(CapTerm("rolling_24h", late.places + already, late.detail))
        free = free[: late.places]
    cap = min(term.messages_per_day for term in terms)
    ordered = sorted(terms, key=lambda term: term.messages_per_day)
    return Capacity(mailbox.id, cap, already, tuple(ordered), free, own_per_day, own_per_day > 0, until)


def _terms_of_time(
    facts: PlanFacts, mailbox: MailboxInput, *, span: Window, most: int, already: int
) -> Iterator[CapTerm]:
    """Yield how many messages fit between the first and the last instant of the day, where that is less than ``most``.

    It is a term of the gap, and one of the pause where more would fit without that.
    """
    gap = gap_of(facts.policies[mailbox.policy])
    unpaused, starts = start_unpaused(facts, mailbox), earliest_start(facts, mailbox)
    fits, fits_paused = (fits_in(span, starts=at, gap=gap) for at in (unpaused, starts))
    apart = f"at {gap / 1000:g} s between them"
    if fits < most:
        detail = f"the rest of the day holds {int(fits)} {apart}"
        is_open = span.starts < span.ends
        yield CapTerm("gap", int(fits) + already, detail if is_open else "no window is open on the rest of the date")
    if fits_paused < min(fits, most) and mailbox.paused_until is not None:
        until = mailbox.paused_until.astimezone(ZoneInfo(facts.time_zone))
        detail = f"the mailbox is paused until {until:%H:%M}, and the day holds {int(fits_paused)} after that {apart}"
        yield CapTerm("paused", int(fits_paused) + already, detail)


def fits_in(span: Window, *, starts: int, gap: int) -> float:
    """Return how many messages may start in a span, the first not before an instant."""
    room = span.ends - LAST_START - max(starts, span.starts)
    return 0 if room < 0 else inf if gap == 0 else room // gap + 1


class _Late(NamedTuple):
    """How many places come free early enough to be used, and why not more."""

    places: int
    detail: str


def _late(
    facts: PlanFacts, mailbox: MailboxInput, *, free: Sequence[int], groups: Sequence[Group], span: Window
) -> _Late | None:
    """Return what is left of a mailbox's places if some of them come free too late in the day, else None."""
    if not free:
        return None
    gap, last = gap_of(facts.policies[mailbox.policy]), span.ends - LAST_START
    starts = max(earliest_start(facts, mailbox), span.starts)
    zone = ZoneInfo(facts.time_zone)
    found = None
    # The mailbox's own first; of a shared cap it may get the places that come free first.
    for whose, places in [("its", free), *((f"the {each.kind.replace('_', ' ')}'s", each.free_at) for each in groups)]:
        fits = usable(tuple(map(max, free, places)), gap=gap, last=last)
        if fits < (found.places if found else len(free)):
            late = [at for at in places[: len(free)] if at > starts]
            first, ends = (datetime.fromtimestamp(at / 1000, zone) for at in (late[0], span.ends))
            detail = (
                f"{fits} of {whose} {len(free)} places come free in time: {len(late)} were used less than 24 hours before, "
                f"the first of these is free again at {first:%H:%M:%S}, and the last window ends at {ends:%H:%M}, "
                f"with {gap / 1000:g} s between two messages"
            )
            found = _Late(fits, detail)
    return found


def _free_again(facts: PlanFacts, mailbox: MailboxInput) -> list[int]:
    """Return when each place of the mailbox that its messages have taken is free again, ascending.

    In a rolling day that is 24 h later; by the calendar day what went out on the date stays, and nothing else counts.
    """
    times = (*mailbox.ours_at, *mailbox.foreign_at)
    if facts.policies[mailbox.policy].counts_by == "calendar_day":
        day = day_of_tenant(facts.time_zone, facts.plan_date)
        return [NEVER for at in times if day.starts <= at < day.ends]
    return sorted(at + DAY for at in times)


def _standing(free_again: Sequence[int], at: int) -> int:
    """Count the messages that still count at an instant."""
    return len(free_again) - bisect_right(free_again, at)
