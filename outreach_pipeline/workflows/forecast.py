"""Forecasts a tenant's coming days from what stands in its tables now.

Belongs here: reading today's state. Does not: the simulation (core.plan.forecast); nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.calendar import day_of_tenant, last_working_day, local_date
from outreach_pipeline.core.plan.forecast import Forecast, ForecastInputs, Outcome, Thread, forecast
from outreach_pipeline.core.plan.inputs import PlanFacts
from outreach_pipeline.core.plan.mailbox_need import MailboxNeed, mailbox_need
from outreach_pipeline.core.plan.plan import instant
from outreach_pipeline.core.plan.shared_accounts import SharedAccount, shared_account
from outreach_pipeline.core.plan.waiting import Waiting
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.list_holds import holds_to_begin
from outreach_pipeline.workflows.plan_day import about_to_plan
from outreach_pipeline.workflows.plan_inputs import Reader

MOST_DAYS = 366
# Sends of the last weeks tell how many sequences end early; Woodpecker judges campaigns by 28 days too.
_EVIDENCE = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class TenantForecast:
    """A tenant's forecast; ``need`` is None unless a contract was asked for."""

    tenant: str
    forecast: Forecast
    need: MailboxNeed | None


def forecast_tenant(
    installation: Installation, tenant: Tenant, *, days: int, contacts_per_month: int | None = None, now: datetime
) -> TenantForecast:
    """Forecast so many days, the tenant's today first.

    Args:
        installation: where.
        tenant: whose.
        days: 1-366.
        contacts_per_month: of a contract whose mailboxes are to be counted.
        now: business time, aware.

    Raises:
        UsageError: the days or the contacts are out of range.
    """
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"--days {days}: forecast from 1 to {MOST_DAYS} days.")
    if contacts_per_month is not None and contacts_per_month < 1:
        raise UsageError(f"--contacts-per-month {contacts_per_month}: a contract has at least one contact.")
    inputs = read_forecast_inputs(installation, tenant, now=now.astimezone(UTC))
    need = None if contacts_per_month is None else mailbox_need(inputs, contacts_per_month)
    return TenantForecast(tenant.slug, forecast(inputs, days=days), need)


def read_forecast_inputs(installation: Installation, tenant: Tenant, *, now: datetime) -> ForecastInputs:
    """Read a tenant's state as planning today would find it; ``now`` is aware."""
    today = local_date(tenant.time_zone, now)
    with (
        installation.database.tenant(tenant.id) as transaction,
        about_to_plan(Reader(transaction, tenant, today, now)) as facts,
    ):
        transaction.run("plan/gather_forecast", plan_date=today)
        ages: dict[str, Any] = {"now": now, "verification_days": facts.policy.verification_days}
        waiting = transaction.all("plan/forecast_waiting", Waiting, plan_date=today, **ages)
        threads = transaction.all("plan/forecast_threads", Thread, **ages)
        outcomes = transaction.all(
            "plan/forecast_outcomes",
            Outcome,
            since=today - _EVIDENCE,
            until=now - timedelta(seconds=facts.policy.mature_after_seconds),
        )
        shared = _shared_accounts(transaction, facts)
        holds = holds_to_begin(transaction, plan_date=today, now=now)
    return ForecastInputs(facts, tuple(waiting), tuple(threads), tuple(outcomes), shared, holds)


def _shared_accounts(transaction: Transaction, facts: PlanFacts) -> tuple[SharedAccount, ...]:
    """Read what other tenants have in the provider accounts that have a limit: counts, as no tenant sees another's rows."""
    first_day = facts.plan_date
    last_day = last_working_day(facts.policy, first_day)
    mailboxes = Counter[int]()
    messages: dict[date, Counter[int]] = {}
    for day in (last_day, first_day):
        window = day_of_tenant(facts.time_zone, day)
        rows = transaction.rows(
            "plan/account_others",
            account_ids=[account.id for account in facts.accounts],
            now=facts.now,
            since=instant(window.starts),
            until=instant(window.ends),
        )
        mailboxes |= Counter({row["provider_account_id"]: row["mailboxes"] for row in rows})
        messages[day] = Counter({row["provider_account_id"]: row["messages"] for row in rows})
    return tuple(
        shared_account(
            account,
            other_mailboxes=mailboxes[account.id],
            last_day=(last_day, messages[last_day][account.id]),
            first_day=(first_day, messages[first_day][account.id]),
        )
        for account in facts.accounts
        if mailboxes[account.id] or messages[last_day][account.id] or messages[first_day][account.id]
    )
