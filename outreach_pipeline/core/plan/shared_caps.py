"""The caps that mailboxes share: of a sending domain, a provider account and the tenant.

Belongs here: what is left of each, and from when its places are free. Does not: a mailbox's own caps (capacity), or handing
the places out (rolling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from outreach_pipeline.core.plan.calendar import day_of_tenant, milliseconds
from outreach_pipeline.core.plan.inputs import AccountInput, MailboxInput, PlanFacts
from outreach_pipeline.core.plan.rolling import DAY, NEVER, Instants, fitting, places_from, places_until


@dataclass(frozen=True, slots=True)
class Group:
    """A cap that several mailboxes share: its kind and id, its limit, and how much of it is left.

    ``free_at`` and ``free_until`` are those of its places, as in ``Capacity``.
    """

    kind: str
    id: int
    messages_per_day: int
    left: int
    detail: str
    free_at: tuple[int, ...] = ()
    free_until: tuple[int, ...] = ()


def groups_of(mailbox: MailboxInput) -> tuple[tuple[str, int], ...]:
    """Return kind and id of every shared cap that a mailbox's messages count against."""
    keys = [("tenant", 0), ("sending_domain", mailbox.sending_domain_id)]
    if mailbox.provider_account_id is not None:
        keys.append(("provider_account", mailbox.provider_account_id))
    return tuple(keys)


def members_of(mailboxes: Sequence[MailboxInput]) -> dict[tuple[str, int], list[int]]:
    """Return for each shared cap, by kind and id, the indexes of the mailboxes whose messages count against it."""
    members: dict[tuple[str, int], list[int]] = {}
    for place, mailbox in enumerate(mailboxes):
        for key in groups_of(mailbox):
            members.setdefault(key, []).append(place)
    return members


def later_of(facts: PlanFacts, mailbox: MailboxInput) -> list[int]:
    """Return when the messages of later dates go that stand in the way of the date's, ascending."""
    is_rolling = facts.policies[mailbox.policy].counts_by == "rolling_24h"
    return sorted(mailbox.later_at) if is_rolling else []


def shared_caps(facts: PlanFacts, free_again: Sequence[Sequence[int]], *, horizon: int) -> list[Group]:
    """Return the caps that mailboxes share, as far as there are any.

    Args:
        facts: what is known.
        free_again: of each mailbox, when each place that its messages have taken is free again, ascending.
        horizon: when the last message of the date may start.
    """
    fleet = list(zip(facts.mailboxes, free_again, strict=True))
    groups = []
    for domain, of_domain in sorted(facts.domain_caps.items()):
        members = [pair for pair in fleet if pair[0].sending_domain_id == domain]
        if members:
            may = f"{members[0][0].sending_domain} may send {of_domain} a day over all its mailboxes"
            times = _of_mailboxes(facts, members)
            groups.append(_group(facts, "sending_domain", domain, cap=of_domain, may=may, times=times, horizon=horizon))
    for account in facts.accounts:
        cap, times = account.messages_per_day, _of_account(facts, account)
        may = f"{account.name} may send {cap} a day ({account.detail})"
        groups.append(_group(facts, "provider_account", account.id, cap=cap, may=may, times=times, horizon=horizon))
    if (most := facts.policy.messages_per_day) is not None:
        may = f"the tenant may send {most} a day over all its mailboxes"
        times = _of_mailboxes(facts, fleet)
        groups.append(_group(facts, "tenant", 0, cap=most, may=may, times=times, horizon=horizon))
    return groups


def _group(
    facts: PlanFacts, kind: str, number: int, *, cap: int, may: str, times: tuple[Instants, Instants], horizon: int
) -> Group:
    """Make a shared cap from when its places are free again, and when messages of later dates go."""
    free_again, later = times
    day = day_of_tenant(facts.time_zone, facts.plan_date)
    starts = max(day.starts, milliseconds(facts.now))
    taken, standing = (len(free_again) - int(np.searchsorted(free_again, at, side="right")) for at in (horizon, starts))
    left = max(0, cap - taken)
    free = places_from(free_again, starts=starts, cap=cap, most=left)
    until = places_until(free_again, later, cap=cap, most=left, ends=day.ends)
    fits = fitting(free, until)
    detail = f"{may}, {taken}{'' if kind == 'provider_account' else ' of them'} are taken"
    if standing > taken:
        detail += f", and {standing - taken} of the last 24 hours come free during the day"
    if fits < left:
        detail += f"; {len(later)} messages of the next day stand and leave {fits}"
    return Group(kind, number, cap, fits, detail, free[:fits], until)


def _of_mailboxes(facts: PlanFacts, members: Sequence[tuple[MailboxInput, Sequence[int]]]) -> tuple[Instants, Instants]:
    """Return when the places that some mailboxes took are free again, and when their messages of later dates go."""
    taken = [at for _, free_again in members for at in free_again]
    later = [at for mailbox, _ in members for at in later_of(facts, mailbox)]
    return np.sort(np.array(taken, dtype=np.int64)), np.sort(np.array(later, dtype=np.int64))


def _of_account(facts: PlanFacts, account: AccountInput) -> tuple[Instants, Instants]:
    """Return the same of a provider account."""
    ends = day_of_tenant(facts.time_zone, facts.plan_date).ends
    at = np.repeat(*np.array(account.sent_at, dtype=np.int64).reshape(-1, 2).T)
    stays = np.full(account.taken, NEVER, dtype=np.int64)
    return np.sort(np.concatenate((at[at < ends] + DAY, stays))), np.sort(at[at >= ends])
