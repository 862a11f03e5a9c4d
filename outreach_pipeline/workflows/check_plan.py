"""Holds a written plan against what must never happen, by questions of its own; a failed blocking check holds the plan.

Belongs here: the checks of one date and tenant, and holding and releasing its plan. Does not: planning (workflows.plan_day).
No check uses the planner's decisions: the caps and policies come from the plan's inputs, all else from the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import day_of_tenant, milliseconds
from outreach_pipeline.core.plan.fair_share import unfair_shares
from outreach_pipeline.core.plan.inputs import MailboxInput, PlanFacts, decode
from outreach_pipeline.core.plan.plan import instant
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.sites import PROVIDER_SITES
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_inputs import account_bounds, account_rolls


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """A plan as its checks see it: the transaction that sees its rows, what it was made from, and its ``summary``."""

    transaction: Transaction
    facts: PlanFacts
    summary: dict[str, Any]
    now: datetime

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and last instant of the tenant's date, aware."""
        day = day_of_tenant(self.facts.time_zone, self.facts.plan_date)
        return instant(day.starts), instant(day.ends)

    def ask(self, query: str, **parameters: Any) -> list[str]:
        """Run a query that returns a sentence for each finding."""
        return self.transaction.values(query, plan_date=self.facts.plan_date, now=self.now, **parameters)

    def foreign_sends(self) -> list[tuple[int, int]]:
        """Return mailbox id and epoch milliseconds of mail that people sent, from a day before the date to the planning.

        What they sent after it is no fault of the plan.
        """
        starts, ends = self.bounds
        rows = self.transaction.rows(
            "plan/foreign_sends", since=starts - timedelta(days=1), until=min(ends, self.facts.now)
        )
        return [(row["mailbox_id"], at) for row in rows for at in row["foreign_at"]]


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A check: its name, what it promises, what finds what breaks it, and whether a finding holds the plan."""

    name: str
    promise: str
    find: Callable[[WrittenPlan], list[str]]
    blocks: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What breaks a check, in a sentence that names the tenant's own mailboxes and never a recipient's address."""

    check: str
    detail: str
    blocks: bool


def _caps(plan: WrittenPlan) -> list[str]:
    facts, (starts, ends) = plan.facts, plan.bounds
    policy = facts.policy
    foreign = plan.foreign_sends()
    own = {box.id: _own_cap(facts, box) for box in facts.mailboxes}
    ramps = [ramp for box in facts.mailboxes for ramp in _ramps(box)]
    rolling = _rolling_caps(facts, own)
    today = Counter(mailbox_id for mailbox_id, at in foreign if at >= milliseconds(starts))
    return [
        *plan.ask(
            "plan/check_caps",
            mailbox_ids=list(own),
            mailbox_caps=list(own.values()),
            ramp_ids=[mailbox_id for mailbox_id, _, _ in ramps],
            ramp_sites=[site for _, site, _ in ramps],
            ramp_caps=[cap for _, _, cap in ramps],
            verifications=["catch_all", "unverified"],
            verification_caps=[policy.catch_all_per_day, policy.unverified_per_day],
            list_ids=list(facts.canaries),
            lists_left=list(facts.canaries.values()),
            foreign_ids=list(today),
            foreign_counts=list(today.values()),
            tenant_cap=policy.messages_per_day,
            company_cap=policy.messages_per_day_per_company,
            domain_ids=list(facts.domain_caps),
            domain_caps=list(facts.domain_caps.values()),
            sites=list(policy.messages_per_day_per_site),
            site_caps=list(policy.messages_per_day_per_site.values()),
        ),
        *plan.ask(
            "plan/check_rolling_caps",
            foreign_ids=[mailbox_id for mailbox_id, _ in foreign],
            foreign_ms=[at for _, at in foreign],
            mailbox_ids=rolling.mailbox_ids,
            scopes=rolling.scopes,
            caps=rolling.caps,
            names=rolling.names,
            owner_ids=rolling.owner_ids,
            since=starts - timedelta(days=1),
            until=ends + timedelta(days=1),
        ),
        *_account_caps(plan),
    ]


def _account_caps(plan: WrittenPlan) -> list[str]:
    facts = plan.facts
    day = day_of_tenant(facts.time_zone, facts.plan_date)
    since, until = account_bounds(facts.policy, day, plan.now)
    caps = {account.id: account.messages_per_day for account in facts.accounts}

    def parameters(account_ids: Sequence[int], grain: timedelta) -> dict[str, Any]:
        return {
            "account_ids": account_ids,
            "account_caps": [caps[each] for each in account_ids],
            "grains_ms": [grain // timedelta(milliseconds=1)] * len(account_ids),
            "planned_at": facts.now,
            "since": since,
            "until": until,
        }

    full = plan.transaction.rows(
        "plan/full_accounts", plan_date=facts.plan_date, **parameters(list(caps), until - since)
    )
    if account_rolls(facts.policy, day, plan.now):
        # Of the others none can pass its cap in any 24 hours.
        ids = [row["account_id"] for row in full]
        return plan.ask("plan/check_rolling_accounts", **parameters(ids, timedelta(milliseconds=1))) if ids else []
    return [
        f"provider account {row['account_id']} has {row['messages']} messages and a cap of {row['cap']}" for row in full
    ]


@dataclass(slots=True)
class _RollingCaps:
    """Caps of 24 hours: which mailboxes count against which, by the number (from 1) of whose it is.

    Whose is a name, or a mailbox by its id where it is a mailbox's own.
    """

    names: list[str | None] = field(default_factory=list)
    owner_ids: list[int | None] = field(default_factory=list)
    mailbox_ids: list[int] = field(default_factory=list)
    scopes: list[int] = field(default_factory=list)
    caps: list[int] = field(default_factory=list)

    def add(self, members: Collection[int], cap: int, *, name: str | None = None) -> None:
        """Add a cap of some mailboxes together, or without a name that of one."""
        self.names.append(name)
        self.owner_ids.append(None if name else next(iter(members)))
        self.mailbox_ids += members
        self.scopes += [len(self.names)] * len(members)
        self.caps += [cap] * len(members)


def _rolling_caps(facts: PlanFacts, own: Mapping[int, int]) -> _RollingCaps:
    rolling = {box.id for box in facts.mailboxes if facts.policies[box.policy].counts_by == "rolling_24h"}
    caps = _RollingCaps()
    for mailbox_id in sorted(rolling):
        caps.add([mailbox_id], own[mailbox_id])
    for domain, cap in facts.domain_caps.items():
        members = {box.id: box.sending_domain for box in facts.mailboxes if box.sending_domain_id == domain}
        if members and members.keys() <= rolling:
            caps.add(members, cap, name=f"sending domain {next(iter(members.values()))}")
    if (most := facts.policy.messages_per_day) is not None and len(rolling) == len(facts.mailboxes):
        caps.add(own, most, name="the tenant")
    return caps


def _own_cap(facts: PlanFacts, box: MailboxInput) -> int:
    """Return what a mailbox may send a day by its policy, its own limit, its curve and its lifecycle, reckoned here anew."""
    if not box.lifecycle.sends or box.is_receive_only or not facts.tenant_is_active:
        return 0
    limits = [facts.policies[box.policy].messages_per_day_per_mailbox]
    if box.messages_per_day is not None:
        limits.append(box.messages_per_day)
    if box.curve:
        limits.append(_warmed_up(box, box.warmup_day))
    cap = min(limits)
    return cap - ceil(cap / 4) if box.lifecycle is Lifecycle.OBSERVED and cap > 1 else cap


def _ramps(box: MailboxInput) -> list[tuple[int, str, int]]:
    """Return mailbox id, site and messages a day for each provider's site at which a mailbox is still warming up."""
    days = {site: box.site_days.get(site, box.first_site_day) for site in PROVIDER_SITES} if box.curve else {}
    return [(box.id, site, _warmed_up(box, day)) for site, day in days.items() if day < len(box.curve)]


def _warmed_up(box: MailboxInput, day: int) -> int:
    return floor([*box.curve[:day]][-1] * box.health_ratio + 1e-9)


def _windows(plan: WrittenPlan) -> list[str]:
    facts = plan.facts
    policies = {campaign.id: facts.policies[campaign.policy] for campaign in facts.campaigns}
    found = []
    for row in plan.transaction.rows("plan/windows_of_date", plan_date=facts.plan_date):
        where = f"of {row['messages']} messages of campaign {row['campaign_id']} in {row['zone'] or facts.time_zone}"
        if row["late"]:
            found.append(f"{row['late']} {where} start after their window")
        policy = policies[row["campaign_id"]]
        zone = (row["zone"] if policy.follows_recipient_zone else "") or facts.time_zone
        for which, at, ends in (("the first", row["first_at"], None), ("the last", row["last_at"], row["last_end"])):
            fault = _outside(policy, at, ends=ends, zone=zone, country=row["country"], region=row["region"])
            if not fault and at.astimezone(ZoneInfo(facts.time_zone)).date() != facts.plan_date:
                fault = f"is not on {facts.plan_date} in {facts.time_zone}"
            if fault:
                found.append(f"{which} {where}, at {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {fault}")
    return found


def _outside(
    policy: SendingPolicy, at: datetime, *, ends: datetime | None, zone: str, country: str, region: str
) -> str:
    """Return what is wrong with a start by the wall clock and the calendar of a zone, or ''."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    day = local.date()
    if not policy.window_starts <= local.time() < policy.window_ends:
        return f"is outside {policy.window_starts:%H:%M}-{policy.window_ends:%H:%M} in {zone}"
    if ends is not None and ends > datetime.combine(day, policy.window_ends, there):
        return f"may start until {ends.astimezone(UTC):%H:%M} UTC, when the window there is over"
    if day.isoweekday() not in policy.working_days:
        return "is on no working day there"
    if not policy.follows_recipient_zone or not _supported(country):
        country, region = policy.holiday_country or "", ""
    if country == policy.holiday_country:
        region = region or policy.holiday_region or ""
    if day in _public_holidays(_supported(country), region, day.year):
        return "is on a public holiday there"
    return ""


@lru_cache(maxsize=512)
def _public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    known = holidays.country_holidays(country, years=year)
    return frozenset(
        holidays.country_holidays(country, subdiv=region, years=year) if region in known.subdivisions else known
    )


@lru_cache(maxsize=512)
def _supported(country: str) -> str:
    return country if country in holidays.list_supported_countries(include_aliases=True) else ""


def _fair_shares(plan: WrittenPlan) -> list[str]:
    rows = plan.transaction.rows("plan/threads_begun", plan_date=plan.facts.plan_date)
    return unfair_shares(
        plan.facts.campaigns,
        {row["campaign_id"]: row["threads"] for row in rows},
        # A plan that stands since an older version does not part them.
        {slug: counts.get("excluded_openers", {}) for slug, counts in plan.summary.get("campaigns", {}).items()},
    )


PLAN_CHECKS = (
    PlanCheck(
        "no_cap_passed",
        "No mailbox, sending domain, provider account, tenant, company, site, kind of unsure address or canary of a list "
        "has more messages than its cap, and no mailbox more at a provider's site than its warm-up allows there.",
        _caps,
        blocks=True,
    ),
    PlanCheck(
        "no_contact_twice",
        "No contact is written to twice on the date.",
        lambda plan: plan.ask("plan/check_contacts_twice"),
        blocks=True,
    ),
    PlanCheck(
        "nobody_suppressed",
        "No planned message goes to a suppressed address.",
        lambda plan: plan.ask("plan/check_suppressed"),
        blocks=True,
    ),
    PlanCheck(
        "inside_the_window",
        "Every planned message starts inside its recipient's window, on a working day there.",
        _windows,
        blocks=True,
    ),
    PlanCheck(
        "fair_shares",
        "Campaigns that lack capacity for new threads got what priority and share promise of the mailboxes they share.",
        _fair_shares,
        blocks=False,
    ),
    PlanCheck(
        "not_empty_without_reason",
        "A plan without messages says why there are none.",
        lambda plan: plan.ask("plan/check_empty"),
        blocks=False,
    ),
)


def find_faults(plan: WrittenPlan) -> list[Finding]:
    """Ask every check; the plan stays as it is."""
    plan.transaction.run("plan/forget_standing")
    plan.transaction.run(
        "plan/gather_standing",
        plan_date=plan.facts.plan_date,
        verified_since=plan.facts.now - timedelta(days=plan.facts.policy.verification_days),
    )
    return [Finding(check.name, detail, check.blocks) for check in PLAN_CHECKS for detail in check.find(plan)]


def settle(transaction: Transaction, plan_date: date, findings: Sequence[Finding]) -> None:
    """Hold a date's plan if a blocking check found something, else release it if it was not checked yet."""
    if failed := sorted({finding.check for finding in findings if finding.blocks}):
        transaction.run("plan/hold", plan_date=plan_date, reason=f"check failed: {', '.join(failed)}")
    else:
        transaction.run("plan/release", plan_date=plan_date)


def check_plan(installation: Installation, tenant: Tenant, plan_date: date, *, now: datetime) -> list[Finding]:
    """Check a plan that stands. If a blocking check finds something it is held: nothing of it is sent until it is replanned.

    A date without a plan, or with a back-filled one, has nothing to find.

    Args:
        installation: the installation.
        tenant: the tenant.
        plan_date: the tenant's local date.
        now: aware, UTC.
    """
    with installation.database.tenant(tenant.id) as transaction:
        existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
        if not existing or existing[0]["mode"] != "real":
            return []
        facts = decode(installation.blobs.get(tenant.id, existing[0]["input_sha256"])).facts
        findings = find_faults(WrittenPlan(transaction, facts, existing[0]["summary"], now))
        settle(transaction, plan_date, findings)
    return findings
