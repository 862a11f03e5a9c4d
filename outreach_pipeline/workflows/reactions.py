"""What refusals lead to beyond their own message: rules, breakers, mailboxes out of rotation, lists that bounce too much.

Belongs here: which of these a result or a report concerns. Does not: each of them (workflows.shaping, workflows.rotation,
core.send.breaker, core.send.list_health), or the ledger.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from pydantic_core import to_json

from outreach_pipeline.adapters.postgres.database import Database, Transaction
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.breaker import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, OPENS_AFTER, verdict
from outreach_pipeline.core.send.list_health import bounces_too_much
from outreach_pipeline.core.send.shaping import Reply
from outreach_pipeline.workflows.notify import raise_alert
from outreach_pipeline.workflows.rotation import tell_of_mailboxes_out
from outreach_pipeline.workflows.shaping import AUTHOR, react

if TYPE_CHECKING:
    from outreach_pipeline.workflows.send_ledger import Result

_log = structlog.get_logger(__name__)
# Counting a very long list takes a while: after it that list is left alone for a hundred times as long.
_LONG_COUNT_SECONDS = 0.25
_REST_FACTOR = 100
_rests_until: dict[tuple[UUID | None, int], float] = {}


def react_to_results(database: Database, results: Sequence[Result]) -> None:
    """React to what became of attempts of one tenant; asks the database nothing if all went well."""
    refused = [each for each in results if each.state != "sent" and each.stage != "gate"]
    if not refused:
        return
    now = max(each.finished_at for each in refused)
    with database.tenant(refused[0].tenant_id) as transaction:
        _note_hosts(transaction, results, now=now)
        if erring := {each.mailbox_id for each in refused if each.is_sender_error and each.tells_of_mailbox}:
            tell_of_mailboxes_out(transaction, erring, now=now)
        react(transaction, [_reply(each) for each in refused], now=now)
        lists = {each.contact_list_id for each in refused if each.bounce_class == "hard" and each.contact_list_id}
        judge_lists(transaction, lists, now=now)


def react_to_reports(database: Database, tenant_id: UUID, message_ids: Collection[int], *, now: datetime) -> None:
    """React to what mail or webhooks have reported of some messages of a tenant; their events are written already.

    What goes wrong here is logged and not raised: the next report asks the same questions of the same events.
    """
    if not message_ids:
        return
    try:
        with database.tenant(tenant_id) as transaction:
            rows = transaction.rows("shaping/reports_of_messages", message_ids=sorted(message_ids))
            lists = {row.pop("contact_list_id") for row in rows if row.pop("was_hard")} - {None}
            names = Reply.__dataclass_fields__.keys()
            replies = [Reply(stage="report", **{name: row[name] for name in names if name in row}) for row in rows]
            react(transaction, replies, now=now, are_reports=True)
            judge_lists(transaction, lists, now=now)
    except Exception:  # noqa: BLE001  said above
        _log.exception("reaction_failed", tenant_id=str(tenant_id), reports=len(message_ids))


def judge_lists(transaction: Transaction, list_ids: Iterable[int], *, now: datetime) -> list[str]:
    """Pause those contact lists that bounce too much, and return their names; a person resumes them.

    What of them is planned is cancelled (``list_paused``) and demanded again when the list is resumed.
    """
    paused: list[str] = []
    began = time.monotonic()
    tenant_id, standard = transaction.tenant_id, SendingPolicy()
    ids = sorted(each for each in list_ids if _rests_until.get((tenant_id, each), 0) <= began)
    if not ids:
        return paused
    rows = transaction.rows(
        "shaping/list_bounces",
        list_ids=ids,
        limit_ratio=standard.list_hard_bounce_ratio,
        least_sends=standard.list_least_sends,
    )
    seconds = time.monotonic() - began
    if seconds > _LONG_COUNT_SECONDS:
        _rests_until.update({(tenant_id, each): began + seconds * _REST_FACTOR for each in ids})
    for row in rows:
        low = bounces_too_much(
            row["sends"], row["hard_bounces"], limit_ratio=row["limit_ratio"], least_sends=row["least_sends"]
        )
        if low is None or not transaction.run("shaping/pause_list", list_id=row["id"], reason="hard_bounces"):
            continue
        transaction.run("shaping/cancel_list", list_id=row["id"])
        seen = {name: row[name] for name in ("sends", "hard_bounces", "limit_ratio", "least_sends")}
        detail = {**seen, "low_ratio": round(low, 4)}
        audit = [{"action": "pause", "subject": f"list {row['name']}", "detail": detail}]
        transaction.run("config/audit", author=AUTHOR, rows=to_json(audit).decode())
        raise_alert(
            transaction,
            cause_key=f"list/{row['id']}/hard_bounces",
            severity="error",
            title=f"The contact list {row['name']} of {row['campaign']} is paused: {row['hard_bounces']} of {row['sends']} bounced",
            detail=f"Clean it, then `outreach resume list {row['id']} --tenant {row['tenant']}`. Seen: {to_json(detail).decode()}",
            now=now,
        )
        _log.warning("contact_list_paused", contact_list=row["id"], **detail)
        paused.append(str(row["name"]))
    return paused


def _reply(result: Result) -> Reply:
    return Reply(
        mailbox_id=result.mailbox_id,
        sending_domain_id=result.sending_domain_id,
        site=result.recipient_site,
        stage=result.stage,
        code=result.smtp_code,
        enhanced_code=result.enhanced_code,
        reason=result.reason,
        text=result.reply,
    )


def _note_hosts(transaction: Transaction, results: Sequence[Result], *, now: datetime) -> None:
    answering = {each.host for each in results if each.proves_host}
    failing = [
        each
        for each in results
        if each.host and each.host not in answering and verdict(each.stage, each.smtp_code) == "fails"
    ]
    if not failing:
        return
    counts = Counter(each.host for each in failing)
    causes = {each.host: f"{each.stage}: {each.smtp_code or ''} {each.reply}".strip()[:300] for each in failing}
    hosts = sorted(counts)
    rows = transaction.rows(
        "shaping/note_host_failures",
        hosts=hosts,
        failures=[counts[host] for host in hosts],
        causes=[causes[host] for host in hosts],
        opens_after=OPENS_AFTER,
        first_pause_seconds=FIRST_PAUSE_SECONDS,
        longest_pause_seconds=LONGEST_PAUSE_SECONDS,
    )
    for row in rows:
        if row["state"] == "open":
            # The operator's alert, though it is seen in a tenant's transaction: the host is everybody's.
            transaction.run(
                "watch/raise_operator_alert",
                cause_key=f"host/{row['host']}",
                severity="error",
                title=f"The submission server {row['host']} fails: its mailboxes wait",
                detail=f"{row['consecutive_failures']} failures in a row, the last at {row['cause']}",
                now=now,
            )
            _log.warning("breaker_open", host=row["host"], failures=row["consecutive_failures"], cause=row["cause"])
