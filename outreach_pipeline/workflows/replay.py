"""Makes kept plans again: a replay shows that a plan follows from its inputs, a backtest what another policy would have made.

Belongs here: finding the kept inputs, and both uses of them. Does not: deciding (core.plan) or writing; nothing is written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.backtest import Comparison, Difference, PolicyChanges, backtest, without_effect
from outreach_pipeline.core.plan.inputs import decode
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.kept_plans import whole_day

_HEX_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Replay:
    """A plan that was made again from its kept inputs.

    Attributes:
        input_sha256: of the inputs; plan_sha256 of the plan's bytes as they are made now.
        expected_sha256: of the plan's bytes as they were kept with the plan, None where no plan names them any more.
        content: the plan's bytes, JSON without addresses.
    """

    tenant: str
    plan_date: date
    input_sha256: str
    plan_sha256: str
    expected_sha256: str | None
    planned: int
    summary: dict[str, Any]
    content: bytes = field(repr=False)

    @property
    def is_same(self) -> bool:
        """Whether the plan came out as it was kept; also true if it is not known how it was kept."""
        return self.expected_sha256 in {None, self.plan_sha256}


@dataclass(frozen=True, slots=True)
class DayBacktest:
    """One day of a backtest; ``comparison`` is None on a day without a real plan.

    ``input_sha256`` names the plan that was used, made at ``planned_at``: the one that the day began with, see
    workflows.kept_plans. ``plans`` counts the plans of the date that are known.
    """

    plan_date: date
    comparison: Comparison | None
    input_sha256: str | None = None
    planned_at: datetime | None = None
    plans: int = 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """Days one by one, and what they add up to. Mailboxes have their addresses, reasons count contacts a day.

    ``without_effect`` names changed fields that a backtest cannot judge, see core.plan.backtest.
    """

    days: list[DayBacktest]
    planned: Difference
    campaigns: list[Difference]
    mailboxes: list[Difference]
    sites: list[Difference]
    reasons: list[Difference]
    without_effect: list[str]


def replay_plan(installation: Installation, input_sha256: str, *, tenants: Sequence[Tenant]) -> Replay:
    """Plan from kept inputs again.

    Args:
        installation: where.
        input_sha256: the hash of the inputs, 64 hexadecimal digits, as ``outreach plan`` shows it.
        tenants: whose inputs are looked through.

    Raises:
        UsageError: none of the tenants has such inputs.
    """
    digest = input_sha256.lower()
    if len(digest) != _HEX_DIGITS or not set(digest) <= set("0123456789abcdef"):
        raise UsageError(
            f"{input_sha256!r} is no hash of inputs: `outreach plan` and `outreach explain` show it, 64 digits."
        )
    for tenant in tenants:
        try:
            inputs = decode(installation.blobs.get(tenant.id, digest))
        except FileNotFoundError:
            continue
        decided = plan(inputs)
        content = decided.to_bytes()
        return Replay(
            tenant=tenant.slug,
            plan_date=inputs.facts.plan_date,
            input_sha256=digest,
            plan_sha256=hashlib.sha256(content).hexdigest(),
            expected_sha256=_expected(installation, tenant, inputs.facts.plan_date, digest),
            planned=len(decided.messages),
            summary=decided.summary,
            content=content,
        )
    names = ", ".join(tenant.slug for tenant in tenants)
    raise UsageError(
        f"No inputs of {names or 'any tenant'} have the hash {digest}: `outreach explain --tenant T --date D` shows it."
    )


def backtest_policy(
    installation: Installation, tenant: Tenant, changes: PolicyChanges, *, first: date, last: date
) -> Backtest:
    """Plan past days again with changed policies, and compare with how they were planned.

    Raises:
        UsageError: the dates are the wrong way round, or no day between them has a real plan.
        ConfigurationError: the changes do not fit a day's policies.
    """
    if last < first:
        raise UsageError(f"{last} is before {first}: give --from the earlier date.")
    with installation.database.tenant(tenant.id) as transaction:
        plans = transaction.rows("plan/plans_between", first=first, last=last)
        addresses = {str(row["id"]): row["address"] for row in transaction.rows("plan/mailboxes")}
    days = []
    for row in plans:
        if row["mode"] != "real":
            days.append(DayBacktest(row["plan_date"], None))
            continue
        replaced = row["replaces"] or []
        digest, inputs = whole_day(installation, tenant, row, replaced)
        comparison = _with_addresses(backtest(inputs, changes), addresses)
        days.append(DayBacktest(row["plan_date"], comparison, digest, inputs.facts.now, len(replaced) + 1))
    compared = [day.comparison for day in days if day.comparison]
    if not compared:
        raise UsageError(f"{tenant.slug} has no real plan from {first} to {last}: `outreach plan` makes plans.")
    return Backtest(
        days=days,
        planned=_summed("planned", [each.planned for each in compared]),
        campaigns=_totals(each.campaigns for each in compared),
        mailboxes=_totals(each.mailboxes for each in compared),
        sites=_totals(each.sites for each in compared),
        reasons=_totals(each.reasons for each in compared),
        without_effect=without_effect(changes),
    )


def _expected(installation: Installation, tenant: Tenant, plan_date: date, digest: str) -> str | None:
    with installation.database.tenant(tenant.id) as transaction:
        existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
    for row in existing:
        for kept in (row["summary"], *row["summary"].get("replaces", [])):
            if kept.get("input_sha256") == digest:
                expected: str | None = kept.get("plan_sha256")
                return expected
    return None


def _with_addresses(comparison: Comparison, addresses: Mapping[str, str]) -> Comparison:
    named = (replace(each, name=addresses.get(each.name, f"mailbox {each.name}")) for each in comparison.mailboxes)
    return replace(comparison, mailboxes=tuple(named))


def _totals(days: Iterable[Sequence[Difference]]) -> list[Difference]:
    """Add up the days by name, the largest change first."""
    before, after = Counter[str](), Counter[str]()
    for each in (each for day in days for each in day):
        before[each.name] += each.before
        after[each.name] += each.after
    totals = [Difference(name, before[name], after[name]) for name in {*before, *after}]
    return sorted(totals, key=lambda each: (-abs(each.change), each.name))


def _summed(name: str, each: Sequence[Difference]) -> Difference:
    return Difference(name, sum(day.before for day in each), sum(day.after for day in each))
