"""Carries out the shaping rules: asks whether they apply, records what they do, and undoes it in time.

A firing and what it changes are one transaction. While it stands the same rule does nothing more to the same target. Belongs
here: reading attempts, writing firings, their effects and their end. Does not: the decision (core.send.shaping), or when
replies and reports come (send_ledger, bounce_process).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from pydantic_core import to_json

from outreach_pipeline.adapters.postgres.database import Database, Transaction
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.send.shaping import (
    MOST_ATTEMPTS,
    Firing,
    Reply,
    Rule,
    Target,
    as_row,
    judge,
    questions,
    rule_of,
)
from outreach_pipeline.workflows.notify import resolve_alert

_log = structlog.get_logger(__name__)
AUTHOR = "rules"


def react(
    transaction: Transaction, replies: Sequence[Reply], *, now: datetime, are_reports: bool = False
) -> list[Firing]:
    """Let the rules react to refusals of one tenant, and return what is new.

    Args:
        transaction: of the tenant; the refusals are written already.
        replies: those that refused.
        now: business time, aware: how long a firing lasts counts from it.
        are_reports: whether they came later, by mail or webhook; then it is asked what became of the last messages, and
            not what the last attempts came to.
    """
    rules = [rule_of(row) for row in transaction.rows("shaping/rules") if row["is_enabled"]]
    asked = questions(rules, replies)
    if not asked:
        return []
    # Attempts carry the clock's time, reports that of the mail.
    clock = now if are_reports else datetime.now(UTC)
    since = clock - timedelta(seconds=max(rule.within_seconds for rule in asked.values()))
    attempts = _own_attempts(transaction, asked, since=since, are_reports=are_reports)
    at_sites = _site_attempts(transaction, asked, since=since, are_reports=are_reports)
    judged = (
        judge(rule, target, at_sites if rule.scope == "site" else attempts, now=now, clock=clock)
        for (_, target), rule in asked.items()
    )
    firings = [firing for firing in judged if firing is not None]
    return _carry_out(transaction, firings, now=now)


def undo(database: Database, *, now: datetime) -> int:
    """End what has stood for its time, in every tenant and at every site; returns how many firings that were.

    Pauses end by themselves; this restores slowed rates, resumes tenants, closes the alerts and lets the rules fire again.
    """
    with database.operator() as transaction:
        tenant_ids: list[UUID] = transaction.values("shaping/tenants_to_undo", now=now)
        site_rows = transaction.rows("shaping/undo_site_firings", now=now, sites=[])
        _restore(transaction, site_rows, now=now)
        transaction.run("shaping/end_site_pauses", now=now)
        transaction.run("shaping/resolve_host_alerts", now=now)
    count = len(site_rows)
    for tenant_id in tenant_ids:
        with database.tenant(tenant_id) as transaction:
            count += _undo(transaction, now=now)
    return count


def undo_mailboxes(transaction: Transaction, mailbox_ids: Iterable[int], *, now: datetime) -> None:
    """End whatever rules have done to some mailboxes, because a person says so."""
    _undo(transaction, keys=[str(each) for each in mailbox_ids], scopes=["mailbox", "mailbox_at_site"], now=now)


def undo_at_site(transaction: Transaction, site: str, *, now: datetime) -> int:
    """End what keeps the tenant's senders from a site, because a person says so; returns how many firings that were."""
    return _undo(transaction, sites=[site], now=now)


def undo_site(transaction: Transaction, site: str, *, now: datetime) -> int:
    """End whatever rules have done to a site, because a person says so; returns how many firings that were."""
    rows = transaction.rows("shaping/undo_site_firings", now=now, sites=[site])
    _restore(transaction, rows, now=now)
    return len(rows)


def _undo(
    transaction: Transaction,
    *,
    keys: Sequence[str] = (),
    scopes: Sequence[str] = (),
    sites: Sequence[str] = (),
    now: datetime,
) -> int:
    rows = transaction.rows("shaping/undo_firings", now=now, keys=list(keys), scopes=list(scopes), sites=list(sites))
    _restore(transaction, rows, now=now)
    return len(rows)


def standing(transaction: Transaction, *, now: datetime) -> list[dict[str, Any]]:
    """Return the firings that stand: those of the transaction's tenant, or those of sites if it has none.

    Each row has ``rule_name``, ``rule_version``, ``scope``, ``name``, ``site``, ``action``, ``slow_ratio``, ``evidence``,
    ``fired_at`` and ``until``.
    """
    return transaction.rows(
        "shaping/standing_firings" if transaction.tenant_id else "shaping/standing_site_firings", now=now
    )


def _own_attempts(
    transaction: Transaction, asked: Mapping[tuple[str, Target], Rule], *, since: datetime, are_reports: bool
) -> list[Reply]:
    targets = [target for _, target in asked]
    mailboxes = {int(each.key) for each in targets if each.scope in {"mailbox", "mailbox_at_site"}}
    domains = {int(each.key) for each in targets if each.scope == "sending_domain_at_site"}
    of_tenant = any(each.scope == "tenant" for each in targets)
    if not (mailboxes or domains or of_tenant):
        return []
    return transaction.all(
        "shaping/recent_reports" if are_reports else "shaping/recent_attempts",
        Reply,
        mailbox_ids=sorted(mailboxes),
        sending_domain_ids=sorted(domains),
        of_tenant=of_tenant,
        since=since,
        **({} if are_reports else {"most": MOST_ATTEMPTS}),
    )


def _site_attempts(
    transaction: Transaction, asked: Mapping[tuple[str, Target], Rule], *, since: datetime, are_reports: bool
) -> list[Reply]:
    sites = sorted({target.site for _, target in asked if target.scope == "site"})
    if not sites:
        return []
    return transaction.all(
        "shaping/recent_site_outcomes", Reply, sites=sites, since=since, are_reports=are_reports, most=MOST_ATTEMPTS
    )


def _carry_out(transaction: Transaction, firings: Sequence[Firing], *, now: datetime) -> list[Firing]:
    new = []
    for query, chosen in (
        ("shaping/note_firings", [each for each in firings if each.rule.scope != "site"]),
        ("shaping/note_site_firings", [each for each in firings if each.rule.scope == "site"]),
    ):
        if chosen:
            rows = transaction.rows(query, rows=to_json([as_row(each) for each in chosen]).decode(), now=now)
            fired = {(row["rule_name"], row["scope"], row["key"], row["site"]) for row in rows}
            new += [
                each
                for each in chosen
                if (each.rule.name, each.target.scope, each.target.key, each.target.site) in fired
            ]
    for firing in new:
        _ACTIONS[firing.rule.action](transaction, firing, now)
        _tell(transaction, firing, now)
    return new


def _suspend(transaction: Transaction, firing: Firing, now: datetime) -> None:
    target, reason = firing.target, _reason(firing.rule.name)
    if target.scope == "mailbox":
        transaction.run("shaping/suspend_mailbox", mailbox_id=int(target.key), until=firing.until, reason=reason)
    elif target.scope == "tenant":
        transaction.run("shaping/suspend_tenant", reason=reason)
    elif target.scope == "site":
        transaction.run("shaping/suspend_site", site=target.site, until=firing.until, reason=reason, now=now)
    # One sender at one site: the firing itself is what claims, sends and plans ask.


def _slow_down(transaction: Transaction, firing: Firing, _now: datetime) -> None:
    _set_slow_ratios(transaction, [firing.target])


def _quarantine(transaction: Transaction, firing: Firing, now: datetime) -> None:
    mailbox_id = int(firing.target.key)
    before = transaction.rows("shaping/mailbox_lifecycle", mailbox_id=mailbox_id)[0]
    evidence = {
        "rule": _reason(firing.rule.name),
        "version": firing.rule.version,
        "from": before["lifecycle"],
        "until": firing.until.isoformat(),
        **firing.evidence,
    }
    row = {
        "mailbox_id": mailbox_id,
        "moved_from": before["lifecycle"],
        "moved_to": str(Lifecycle.QUARANTINED),
        "evidence": evidence,
    }
    if before["lifecycle"] not in {Lifecycle.QUARANTINED, Lifecycle.RETIRED}:
        transaction.run("learn/move_lifecycles", rows=json.dumps([row]), now=now)


_ACTIONS: dict[str, Callable[[Transaction, Firing, datetime], None]] = {
    "suspend": _suspend,
    "slow_down": _slow_down,
    "quarantine": _quarantine,
}


def _tell(transaction: Transaction, firing: Firing, now: datetime) -> None:
    rule, target = firing.rule, firing.target
    subject = f"{target.scope} {target.key or target.site}".strip()
    detail = {"rule": rule.name, "version": rule.version, "site": target.site, "until": firing.until, **firing.evidence}
    row = {"action": f"rule_{rule.action}", "subject": subject, "detail": detail}
    transaction.run(
        # What concerns a site is the operator's, and says nothing of the tenant in whose transaction it was seen.
        "config/operator_audit" if rule.scope == "site" else "config/audit",
        author=AUTHOR,
        rows=to_json([row]).decode(),
    )
    _log.warning("shaping_rule_fired", rule=rule.name, action=rule.action, scope=target.scope, until=firing.until)
    transaction.run(
        f"watch/raise_{'operator' if rule.scope == 'site' else 'tenant'}_alert",
        cause_key=_cause(rule.name, target.scope, target.key, target.site),
        severity="warning",
        title=f"The rule {rule.name} has fired: {rule.action}, {subject}",
        detail=f"Until {firing.until:%Y-%m-%d %H:%M} UTC. Seen: {to_json(firing.evidence).decode()}",
        now=now,
    )


def _restore(transaction: Transaction, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    targets = [Target(row["scope"], row["key"], row["site"]) for row in rows if row["action"] == "slow_down"]
    _set_slow_ratios(transaction, targets)
    if targets:
        transaction.run("shaping/forget_slow_rates")
    for row in rows:
        if row["scope"] == "tenant" and row["action"] == "suspend":
            transaction.run("shaping/resume_tenant", reason=_reason(row["rule_name"]))
        resolve_alert(transaction, cause_key=_cause(row["rule_name"], row["scope"], row["key"], row["site"]), now=now)


def _set_slow_ratios(transaction: Transaction, targets: Iterable[Target]) -> None:
    scopes = {"mailbox": "mailbox", "tenant": "tenant", "site": "recipient_site"}
    cells = sorted({(scopes[each.scope], _cell(transaction, each)) for each in targets})
    if cells:
        transaction.run("shaping/set_slow_ratios", scopes=[scope for scope, _ in cells], keys=[key for _, key in cells])


def _cell(transaction: Transaction, target: Target) -> str:
    if target.scope == "tenant":
        return str(transaction.tenant_id)
    return target.site if target.scope == "site" else target.key


def _cause(rule_name: str, scope: str, key: str, site: str) -> str:
    cause_key = f"shaping/{rule_name}/{scope}/{key}/{site}"
    return cause_key.rstrip("/")


def _reason(rule_name: str) -> str:
    return f"rule/{rule_name}"
