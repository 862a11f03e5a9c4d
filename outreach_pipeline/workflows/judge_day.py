"""Reads the ledger and the configuration of all tenants and has them judged against a truth log.

Belongs here: loading facts. Does not: the judgement (core.watch.judge), the truth log's file (whoever keeps it), showing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.plan.capacity import account_limit
from outreach_pipeline.core.plan.inputs import DEFAULT_POLICY
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.watch.judge import DayReport, judge
from outreach_pipeline.core.watch.judge_facts import (
    CapFact,
    EventFact,
    MailboxFact,
    MessageFact,
    SuppressionFact,
    Truth,
)
from outreach_pipeline.workflows.installation import Installation


def judge_day(installation: Installation, truth: Iterable[Truth], *, now: datetime) -> DayReport:
    """Judge everything that an installation's ledger holds, by the configuration that stands now.

    Args:
        installation: whose ledger.
        truth: lines of the truth log, as dicts.
        now: aware; what is unfinished and past its time by then is lost.
    """
    messages: list[MessageFact] = []
    events: list[EventFact] = []
    suppressions: list[SuppressionFact] = []
    mailboxes: list[MailboxFact] = []
    with installation.database.operator() as transaction:
        caps = list(_account_caps(transaction))
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            messages += transaction.all("watch/judge_messages", MessageFact, tenant_slug=tenant.slug)
            events += transaction.all("watch/judge_events", EventFact, tenant_slug=tenant.slug)
            suppressions += transaction.all("watch/judge_suppressions", SuppressionFact, tenant_slug=tenant.slug)
            policies = {
                row["name"]: SendingPolicy.model_validate(row["policy"]) for row in transaction.rows("plan/policies")
            }
            mailboxes += _mailboxes(transaction, tenant.slug, policies)
            caps += transaction.all("watch/judge_caps", CapFact, tenant_slug=tenant.slug)
            caps += _policy_caps(tenant.slug, policies.get(DEFAULT_POLICY, SendingPolicy()))
    return judge(
        truth,
        messages=messages,
        events=events,
        suppressions=suppressions,
        mailboxes=mailboxes,
        caps=caps,
        now=now,
    )


def _mailboxes(transaction: Transaction, tenant: str, policies: dict[str, SendingPolicy]) -> Iterator[MailboxFact]:
    for row in transaction.rows("watch/judge_mailboxes", tenant_slug=tenant):
        limits = [policies.get(row.pop("policy"), SendingPolicy()).messages_per_day_per_mailbox]
        own = row.pop("messages_per_day")
        limits += [] if own is None else [own]
        yield MailboxFact(**row | {"curve": tuple(row["curve"])}, messages_per_day=min(limits))


def _policy_caps(tenant: str, policy: SendingPolicy) -> Iterator[CapFact]:
    yield CapFact("company", tenant, "", policy.messages_per_day_per_company)
    if policy.messages_per_day is not None:
        yield CapFact("tenant", tenant, "", policy.messages_per_day)
    for site, most in policy.messages_per_day_per_site.items():
        yield CapFact("site", tenant, site, most)


def _account_caps(transaction: Transaction) -> Iterator[CapFact]:
    for row in transaction.rows("config/provider_accounts"):
        limit, _ = account_limit(row["provider"], licences=row["licences"], messages_per_day=row["messages_per_day"])
        if limit is not None:
            yield CapFact("provider_account", "", row["name"], limit)
