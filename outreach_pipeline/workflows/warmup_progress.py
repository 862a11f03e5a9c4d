"""Keeps how far each mailbox has come on its warm-up curve, as a whole and at each provider's site.

Belongs here: from messages that went out to ``warmup_progress``. Does not: how days are counted (core.plan.warmup).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.plan.capacity import HEALTHY_RATIO
from outreach_pipeline.core.plan.sites import PROVIDER_SITES
from outreach_pipeline.core.plan.warmup import Progress, advance

ALL_SITES = ""
# A message may be known as sent some days later only; days before the first progress are read so far back.
_LOOKS_BACK = timedelta(days=3)
_LOOKS_BACK_AT_FIRST = timedelta(days=400)

Key = tuple[int, str]


def read_progress(transaction: Transaction) -> dict[Key, Progress]:
    """Return the progress of each mailbox and site, ``''`` for all sites together."""
    return {
        (row["mailbox_id"], row["recipient_site"]): Progress(row["days"], row["last_on"], row["counts_before"])
        for row in transaction.rows("plan/warmup_progress")
    }


def note_sending_days(transaction: Transaction, plan_date: date, *, health: Mapping[Key, float]) -> int:
    """Add the dates before ``plan_date`` on which mailboxes sent, each once; returns how many rows changed.

    Args:
        transaction: a tenant's.
        plan_date: the tenant's local date.
        health: mailbox and site -> health, 0-1; a site without one has that of all sites, and unknown is healthy.
    """
    before = read_progress(transaction)
    newest = max((each.last_on for each in before.values() if each.last_on), default=None)
    since = newest - _LOOKS_BACK if newest else plan_date - _LOOKS_BACK_AT_FIRST
    after = dict(before)
    for row in transaction.rows("plan/sending_days", since=since, plan_date=plan_date):
        mailbox, site = row["mailbox_id"], row["recipient_site"]
        whole = health.get((mailbox, ALL_SITES), 1.0)
        for key, ratio in (((mailbox, ALL_SITES), whole), ((mailbox, site), health.get((mailbox, site), whole))):
            if key[1] == ALL_SITES or key[1] in PROVIDER_SITES:
                is_healthy = ratio >= HEALTHY_RATIO
                # At a site where it begins, the days before count as they do for the whole.
                begins = Progress(counts_before=after.get((mailbox, ALL_SITES), Progress()).counts_before)
                after[key] = advance(after.get(key, begins), row["sent_on"], is_healthy=is_healthy)
    rows = [
        {
            "mailbox_id": mailbox,
            "recipient_site": site,
            "days": progress.days,
            "last_on": str(progress.last_on),
            "counts_before": progress.counts_before,
        }
        for (mailbox, site), progress in after.items()
        if before.get((mailbox, site)) != progress
    ]
    if rows:
        transaction.run("plan/write_warmup_progress", rows=json.dumps(rows))
    return len(rows)
