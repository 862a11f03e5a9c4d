"""Reads the ledger of all tenants and has it judged against a truth log.

Belongs here: loading facts. Does not: the judgement (core.watch.judge), the truth log's file (whoever keeps it), showing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from outreach_pipeline.core.watch.judge import CapFact, DayReport, EventFact, MessageFact, Truth, judge
from outreach_pipeline.workflows.installation import Installation


def judge_day(installation: Installation, truth: Iterable[Truth], *, now: datetime) -> DayReport:
    """Judge everything that an installation's ledger holds.

    Args:
        installation: whose ledger.
        truth: lines of the truth log, as dicts.
        now: aware; what is unfinished and past its time by then is lost.
    """
    messages: list[MessageFact] = []
    events: list[EventFact] = []
    caps: list[CapFact] = []
    suppressions: set[tuple[str, str]] = set()
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            messages += transaction.all("watch/judge_messages", MessageFact, tenant_slug=tenant.slug)
            events += transaction.all("watch/judge_events", EventFact, tenant_slug=tenant.slug)
            caps += transaction.all("watch/judge_caps", CapFact, tenant_slug=tenant.slug)
            suppressions |= {(tenant.slug, value) for value in transaction.values("watch/judge_suppressions")}
    return judge(truth, messages=messages, events=events, suppressions=suppressions, caps=caps, now=now)
