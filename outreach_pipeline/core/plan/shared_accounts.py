"""Provider accounts from which other tenants send too, over the days of a forecast.

Belongs here: what the others are taken to send. Does not: counting their messages (workflows.forecast), the cap itself
(shared_caps).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from outreach_pipeline.core.plan.inputs import AccountInput


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """A provider account with a limit, in which other tenants have mailboxes.

    Attributes:
        messages_per_day: the limit, over all tenants.
        other_mailboxes: of the other tenants, those that are retired or only receive left out.
        others_on_first_day: messages of the others on the forecast's first day, those that are planned included.
        others_per_day: messages that the others are taken to send on every day of the forecast.
        explanation: where that is from and what it leaves open, in sentences.
    """

    id: int
    name: str
    messages_per_day: int
    other_mailboxes: int
    others_on_first_day: int
    others_per_day: int
    explanation: str


def shared_account(
    account: AccountInput, *, other_mailboxes: int, last_day: tuple[date, int], first_day: tuple[date, int]
) -> SharedAccount:
    """Expect of the others that they go on as on the last working day, or as on the first day if they have more on it.

    Args:
        account: which.
        other_mailboxes: as in ``SharedAccount``.
        last_day: the tenant's last working day before the forecast, and messages of the others on it.
        first_day: the same of the forecast's first day.
    """
    expected = max(last_day[1], first_day[1])
    explanation = (
        f"Of {account.messages_per_day} messages a day, {expected} are taken to be those of other tenants, which had "
        f"{last_day[1]} on {last_day[0]} and have {first_day[1]} on {first_day[0]} (mailboxes of theirs: {other_mailboxes}). "
        "What they will need beyond that is not known, and whoever plans first takes what is left: their forecasts may count "
        "on the same places."
    )
    return SharedAccount(
        id=account.id,
        name=account.name,
        messages_per_day=account.messages_per_day,
        other_mailboxes=other_mailboxes,
        others_on_first_day=first_day[1],
        others_per_day=expected,
        explanation=explanation,
    )


def on_first_day(accounts: Iterable[AccountInput], shared: Iterable[SharedAccount]) -> tuple[AccountInput, ...]:
    """Return accounts as the forecast's first day finds them: what the others are still expected to plan is taken."""
    coming = {each.id: each.others_per_day - each.others_on_first_day for each in shared}
    return tuple(replace(account, taken=account.taken + coming.get(account.id, 0)) for account in accounts)


def on_later_day(accounts: Iterable[AccountInput], shared: Iterable[SharedAccount]) -> tuple[AccountInput, ...]:
    """Return accounts at the start of a day of which nothing is known yet but what the others are expected to send."""
    others = {each.id: each.others_per_day for each in shared}
    return tuple(replace(account, taken=others.get(account.id, 0), sent_at=()) for account in accounts)
