"""Reads what a day's plan is made of.

Belongs here: from rows to core.plan.inputs. Does not: deciding (core.plan) or writing the plan (workflows.plan_day).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.calendar import Window, day_of_tenant
from outreach_pipeline.core.plan.capacity import account_limit, capacities
from outreach_pipeline.core.plan.inputs import (
    DEFAULT_POLICY,
    AccountInput,
    CampaignInput,
    Candidates,
    MailboxInput,
    PlanFacts,
    PlanInputs,
    StepInput,
    make_candidates,
)
from outreach_pipeline.core.plan.plan import instant
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.reservation import Coming, reserved_days
from outreach_pipeline.core.plan.sites import CONSUMER_DOMAINS
from outreach_pipeline.core.plan.warmup import Progress, day_of_curve, first_day_at_a_site, idle_days
from outreach_pipeline.workflows.installation import Tenant
from outreach_pipeline.workflows.list_holds import canaries
from outreach_pipeline.workflows.warmup_progress import ALL_SITES, note_sending_days, read_progress

# New contacts that are read for a place: some are excluded. A campaign that runs out of them is read further.
_READ_RATIO = 1.25
_READ_MORE = 50
_GROWTH = 4
# Up to this limit of a provider account each message is read by the millisecond, beyond it by the minute.
_EXACT_UP_TO = 5_000
_GRAIN_MS = 60_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the inputs of one tenant's date in one transaction."""

    transaction: Transaction
    tenant: Tenant
    plan_date: date
    now: datetime

    def facts(self) -> PlanFacts:
        """Read all but the candidates. ``waiting`` of each campaign is the number of its new contacts due."""
        names = self._policies()
        rows = self.transaction.rows("plan/mailboxes")
        policies = {name: policy for name, policy in names.values() if name != DEFAULT_POLICY}
        default = next((policy for name, policy in names.values() if name == DEFAULT_POLICY), SendingPolicy())
        campaigns = self._campaigns({key: name for key, (name, _) in names.items()})
        coming = self.transaction.all("plan/reserved", Coming, plan_date=self.plan_date)
        reserved = reserved_days(coming, campaigns, {DEFAULT_POLICY: default, **policies}, plan_date=self.plan_date)
        mailboxes = tuple(
            replace(mailbox, reserved=reserved.get(mailbox.id, {}))
            for mailbox in self._mailboxes(rows, {key: name for key, (name, _) in names.items()})
        )
        day = day_of_tenant(self.tenant.time_zone, self.plan_date)
        verified_since = self._verified_since(default)
        taken = self.transaction.rows("plan/taken", plan_date=self.plan_date, verified_since=verified_since)
        return PlanFacts(
            tenant_id=self.tenant.id,
            time_zone=self.tenant.time_zone,
            plan_date=self.plan_date,
            now=self.now.astimezone(UTC),
            mailboxes=mailboxes,
            campaigns=campaigns,
            policies={DEFAULT_POLICY: default, **policies},
            tenant_is_active=self.tenant.state == "active",
            domain_caps={
                row["sending_domain_id"]: row["domain_messages_per_day"]
                for row in rows
                if row["domain_messages_per_day"] is not None
            },
            accounts=self._accounts(mailboxes, default, day),
            taken_by_site=_summed((row["recipient_site"], row["messages"]) for row in taken),
            taken_catch_all=sum(
                row["messages"] for row in taken if row["is_new"] and row["verification"] == "catch_all"
            ),
            taken_unverified=sum(
                row["messages"] for row in taken if row["is_new"] and row["verification"] == "unverified"
            ),
            canaries=canaries(self.transaction, plan_date=self.plan_date, hold_at=max(self.now, instant(day.starts))),
        )

    def candidates(self, limits: Mapping[int, int], policy: SendingPolicy) -> tuple[Candidates, int]:
        """Read every due follow-up and so many new contacts of each campaign; also how many domains are unresolved."""
        day = day_of_tenant(self.tenant.time_zone, self.plan_date)
        self.transaction.run("plan/forget_candidates")
        self.transaction.run("plan/gather_busy", plan_date=self.plan_date)
        self.transaction.run("plan/gather_companies", plan_date=self.plan_date)
        self.transaction.run("plan/analyze_busy")
        self.transaction.run(
            "plan/gather_candidates",
            plan_date=self.plan_date,
            campaign_ids=list(limits),
            limits=list(limits.values()),
            hold_at=max(self.now, instant(day.starts)),
            verified_since=self._verified_since(policy),
            days_between_campaigns=policy.days_between_campaigns,
            consumer_domains=list(CONSUMER_DOMAINS),
            consumer_sites=list(CONSUMER_DOMAINS.values()),
        )
        columns = self.transaction.rows("plan/candidates")[0]
        unresolved = columns.pop("unresolved_domains")
        return make_candidates(columns), unresolved

    def candidate(
        self, enrollment_id: int, facts: PlanFacts, *, known_until: datetime, planned: Collection[int] = ()
    ) -> tuple[Candidates, Mapping[str, Any]]:
        """Read one enrollment as a plan of these facts would have, by what was known until a time.

        What its company gets holds those whom the plan writes to, the enrollments ``planned``.

        Returns:
            The candidate, and the enrollment's ``state`` of then with ``stop_reason`` and ``stopped_at``: one that is not
            active is no candidate.
        """
        day = day_of_tenant(self.tenant.time_zone, self.plan_date)
        (row,) = self.transaction.rows(
            "plan/candidate_of_enrollment",
            enrollment_id=enrollment_id,
            planned=list(planned),
            plan_date=self.plan_date,
            known_until=known_until,
            hold_at=max(facts.now, instant(day.starts)),
            verified_since=facts.now - timedelta(days=facts.policy.verification_days),
            days_between_campaigns=facts.policy.days_between_campaigns,
            consumer_domains=list(CONSUMER_DOMAINS),
            consumer_sites=list(CONSUMER_DOMAINS.values()),
        )
        waits = {(each.id, step.step_number): step.wait_days for each in facts.campaigns for step in each.steps}
        wait = waits.get((row["campaign_id"], row["step_number"]))
        if row["step_number"] > 1 and wait is not None and row["wait_days"] is not None:
            # Its date follows the wait of now.
            row["due_on"] += wait - row["wait_days"]
        return make_candidates({name: [value] for name, value in row.items()}), row

    def follow_ups_due(self, facts: PlanFacts) -> dict[int, int]:
        """Return mailbox id -> follow-ups that are due from it on the date."""
        active = [campaign.id for campaign in facts.campaigns if campaign.is_active]
        rows = self.transaction.rows("plan/follow_ups_due", plan_date=self.plan_date, campaign_ids=active)
        return {row["mailbox_id"]: row["follow_ups"] for row in rows}

    def inputs(self, facts: PlanFacts, limits: Mapping[int, int]) -> PlanInputs:
        """Return facts and candidates; ``waiting`` of each campaign is then the number of contacts that were not read."""
        active = {campaign.id: limits.get(campaign.id, 0) for campaign in facts.campaigns if campaign.is_active}
        candidates, unresolved = self.candidates(active, facts.policy)
        campaigns = tuple(
            replace(campaign, waiting=max(0, campaign.waiting - active.get(campaign.id, 0)))
            for campaign in facts.campaigns
        )
        return PlanInputs(replace(facts, campaigns=campaigns, unresolved_domains=unresolved), candidates)

    def _verified_since(self, policy: SendingPolicy) -> datetime:
        return self.now - timedelta(days=policy.verification_days)

    def weights(self) -> dict[int, dict[str, tuple[float, float]]]:
        """Return mailbox id -> site ('' for all) -> rotation weight and health, 0-1, of the date's newest computation."""
        weights: dict[int, dict[str, tuple[float, float]]] = {}
        ends = instant(day_of_tenant(self.tenant.time_zone, self.plan_date).ends)
        for row in self.transaction.rows("plan/weights", now=min(self.now, ends)):
            found = weights.setdefault(row["mailbox_id"], {})
            found[row["recipient_site"]] = (row["weight_ratio"], row["health_ratio"])
        return weights

    def note_sending_days(self) -> None:
        """Bring the warm-up's progress up to the date."""
        health = {
            (mailbox, site): health for mailbox, found in self.weights().items() for site, (_, health) in found.items()
        }
        note_sending_days(self.transaction, self.plan_date, health=health)

    def _policies(self) -> dict[int | None, tuple[str, SendingPolicy]]:
        found: dict[int | None, tuple[str, SendingPolicy]] = {
            row["id"]: (row["name"], SendingPolicy.model_validate(row["policy"]))
            for row in self.transaction.rows("plan/policies")
        }
        return found

    def _mailboxes(
        self, rows: Sequence[Mapping[str, Any]], policy_names: Mapping[int | None, str]
    ) -> tuple[MailboxInput, ...]:
        day = day_of_tenant(self.tenant.time_zone, self.plan_date)
        since, until = instant(day.starts) - timedelta(days=1), instant(day.ends)
        transaction = self.transaction
        ours = _times(
            transaction.rows(
                "plan/commitments",
                since=since,
                until=until + timedelta(days=1),
                now=self.now,
                plan_date=self.plan_date,
            ),
            "ours_at",
        )
        foreign = _times(transaction.rows("plan/foreign_sends", since=since, until=until), "foreign_at")
        weights = self.weights()
        blocked: dict[int, dict[str, float]] = {}
        for row in transaction.rows("plan/blocked_at_sites", now=self.now):
            blocked.setdefault(row["mailbox_id"], {})[row["site"]] = 0.0
        progress = read_progress(transaction)
        by_site: dict[int, dict[str, Progress]] = {}
        for (mailbox_id, site), each in progress.items():
            if site != ALL_SITES:
                by_site.setdefault(mailbox_id, {})[site] = each
        site_taken: dict[int, dict[str, int]] = {}
        for row in transaction.rows("plan/site_sends", plan_date=self.plan_date):
            site_taken.setdefault(row["mailbox_id"], {})[row["recipient_site"]] = row["messages"]
        return tuple(
            MailboxInput(
                id=row["id"],
                sending_domain_id=row["sending_domain_id"],
                sending_domain=row["sending_domain"],
                policy=policy_names.get(row["policy_id"], DEFAULT_POLICY),
                provider_account_id=row["provider_account_id"],
                messages_per_day=row["messages_per_day"],
                lifecycle=Lifecycle(row["lifecycle"]),
                is_receive_only=row["is_receive_only"],
                paused_until=row["paused_until"].astimezone(UTC) if row["paused_until"] else None,
                curve_name=row["curve_name"],
                curve=tuple(row["curve"] or ()),
                warmup_day=day_of_curve(whole, days_before=row["warmup_days_before"], plan_date=self.plan_date),
                idle_days=idle_days(whole, self.plan_date),
                has_begun_anew=not whole.counts_before,
                first_site_day=first_day_at_a_site(
                    whole, days_before=row["warmup_days_before"], plan_date=self.plan_date
                ),
                site_days={
                    site: day_of_curve(each, days_before=row["warmup_days_before"], plan_date=self.plan_date)
                    for site, each in by_site.get(row["id"], {}).items()
                },
                site_taken=site_taken.get(row["id"], {}),
                health_ratio=weights.get(row["id"], {}).get("", (1.0, 1.0))[1],
                weight_ratio=weights.get(row["id"], {}).get("", (1.0, 1.0))[0],
                site_weights={site: weight for site, (weight, _) in weights.get(row["id"], {}).items() if site}
                | blocked.get(row["id"], {}),
                ours_at=tuple(at for at in ours.get(row["id"], ()) if at < day.ends),
                foreign_at=foreign.get(row["id"], ()),
                # A date that is over leaves nothing to the next one.
                later_at=tuple(at for at in ours.get(row["id"], ()) if at >= day.ends and self.now < until),
            )
            for row in rows
            for whole in [progress.get((row["id"], ALL_SITES), Progress())]
        )

    def _campaigns(self, policy_names: Mapping[int | None, str]) -> tuple[CampaignInput, ...]:
        return tuple(
            CampaignInput(
                id=row["id"],
                slug=row["slug"],
                is_active=row["state"] == "active",
                priority=row["priority"],
                share=row["share"],
                policy=policy_names.get(row["policy_id"], DEFAULT_POLICY),
                mailbox_ids=tuple(row["mailbox_ids"]),
                steps=_steps(row["steps"]),
                accepted_lawful_bases=frozenset(row["accepted_lawful_bases"]),
                accepted_jurisdictions=frozenset(row["accepted_jurisdictions"]),
                waiting=row["new_due"] if row["state"] == "active" else row["new_due"] + row["following_due"],
                paused=row["paused_due"],
            )
            for row in self.transaction.rows("plan/campaigns", plan_date=self.plan_date)
        )

    def _accounts(
        self, mailboxes: Sequence[MailboxInput], policy: SendingPolicy, day: Window
    ) -> tuple[AccountInput, ...]:
        """Read the accounts that have a limit, and what all their tenants have sent or have waiting."""
        ids = sorted({each.provider_account_id for each in mailboxes if each.provider_account_id is not None})
        for account_id in ids:
            self.transaction.value("plan/lock_account", account_id=account_id)
        limits = {}
        for row in self.transaction.rows("plan/accounts", account_ids=ids):
            limit, detail = account_limit(
                row["provider"], licences=row["licences"], messages_per_day=row["messages_per_day"]
            )
            if limit is not None:
                limits[row["id"]] = (row["name"], limit, detail)
        grains = {key: 1 if limit <= _EXACT_UP_TO else _GRAIN_MS for key, (_, limit, _) in limits.items()}
        since, until = account_bounds(policy, day, self.now)
        sent: dict[int, list[tuple[int, int]]] = {key: [] for key in limits}
        for row in self.transaction.rows(
            "plan/account_messages",
            account_ids=list(limits),
            grains_ms=list(grains.values()),
            since=since,
            until=until,
            now=self.now,
            plan_date=self.plan_date,
        ):
            # As late as they can be for their own places, as early as they can be where they lie after the date.
            rest = 0 if row["at_ms"] >= day.ends else grains[row["provider_account_id"]] - 1
            sent[row["provider_account_id"]].append((row["at_ms"] + rest, row["messages"]))
        rolls = account_rolls(policy, day, self.now)
        return tuple(
            AccountInput(
                key,
                name,
                limit,
                0 if rolls else sum(count for _, count in sent[key]),
                detail,
                tuple(sent[key]) if rolls else (),
            )
            for key, (name, limit, detail) in limits.items()
        )


def account_rolls(policy: SendingPolicy, day: Window, now: datetime) -> bool:
    """Tell whether an account's places are free again 24 hours after they were used; of a day that is over none is."""
    return policy.counts_by == "rolling_24h" and instant(day.ends) > now


def account_bounds(policy: SendingPolicy, day: Window, now: datetime) -> tuple[datetime, datetime]:
    """Return between which instants messages count against a provider account's cap on a tenant's day.

    In a rolling day that is from 24 h before the first that can be sent to 24 h after the last: each of them has to fit
    into the 24 hours before it, and into those before each that stands. On a day that is over it is what went out on it.
    """
    starts, ends = instant(day.starts), instant(day.ends)
    if not account_rolls(policy, day, now):
        return starts, ends
    return max(now, starts) - timedelta(days=1), ends + timedelta(days=1)


def first_limits(facts: PlanFacts, follow_ups: Mapping[int, int]) -> dict[int, int]:
    """Return how many new contacts of each active campaign to read at first: its share of the places, and some more.

    Campaigns of one priority share a mailbox's places, and those of lower ones get what is left. Reading too few costs a
    second reading, reading too many only a little time.

    Args:
        facts: whose campaigns ask for places.
        follow_ups: mailbox id -> follow-ups that are due from it and go first.
    """
    per_mailbox, _ = capacities(facts, None)
    places = {each.mailbox_id: float(max(0, each.left - follow_ups.get(each.mailbox_id, 0))) for each in per_mailbox}
    active = [campaign for campaign in facts.campaigns if campaign.is_active]
    limits = {}
    for priority in sorted({campaign.priority for campaign in active}, reverse=True):
        campaigns = [campaign for campaign in active if campaign.priority == priority]
        shares = Counter[int]()
        for campaign in campaigns:
            shares.update(dict.fromkeys(campaign.mailbox_ids, campaign.share))
        taken = Counter[int]()
        for campaign in campaigns:
            own = {
                mailbox: places.get(mailbox, 0) * campaign.share / shares[mailbox] for mailbox in campaign.mailbox_ids
            }
            expected = sum(own.values())
            wanted = ceil(_READ_RATIO * expected) + _READ_MORE if campaign.mailbox_ids else 0
            limits[campaign.id] = min(campaign.waiting, wanted)
            served = min(1.0, campaign.waiting / expected) if expected else 0.0
            taken.update({mailbox: count * served for mailbox, count in own.items()})
        places = {mailbox: max(0.0, count - taken[mailbox]) for mailbox, count in places.items()}
    return limits


def more_limits(facts: PlanFacts, limits: Mapping[int, int], hungry: frozenset[int]) -> dict[int, int]:
    """Return the limits of a further reading: four times as many for the campaigns that ran out of contacts."""
    due = {campaign.id: campaign.waiting for campaign in facts.campaigns}
    return {
        campaign: min(due[campaign], limit * _GROWTH + _READ_MORE) if campaign in hungry else limit
        for campaign, limit in limits.items()
    }


def _steps(rows: Sequence[Mapping[str, Any]]) -> tuple[StepInput, ...]:
    variants: dict[tuple[int, int], list[tuple[str, float]]] = {}
    waits: dict[int, int] = {}
    for row in rows:
        wait = waits.setdefault(row["step_number"], row["wait_days"])
        waits[row["step_number"]] = min(wait, row["wait_days"])
    for row in rows:
        key = (row["step_number"], waits[row["step_number"]])
        variants.setdefault(key, []).append((row["variant"], float(row["share"])))
    return tuple(StepInput(number, wait, tuple(found)) for (number, wait), found in sorted(variants.items()))


def _times(rows: Sequence[Mapping[str, Any]], column: str) -> dict[int, tuple[int, ...]]:
    return {row["mailbox_id"]: tuple(row[column]) for row in rows}


def _summed(pairs: Any) -> dict[str, int]:
    totals: dict[str, int] = {}
    for key, count in pairs:
        totals[key] = totals.get(key, 0) + count
    return totals
