"""Alerts: raised once while their cause lasts, sent once a channel, and followed by a note when it is over.

Belongs here: rows of ``alerts`` and ``operator_alerts`` and when their notes leave. Does not: wording (core.watch.alerts) or
delivery (adapters.notify).

A note is marked only after its channel took it, so that a crash in between sends it again rather than never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import OutreachError
from outreach_pipeline.core.watch.alerts import Alert, Note, Severity, note_of
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation

_log = structlog.get_logger(__name__)
# Older ones were raised before there was a channel, and are no news any more.
_NEWS_FOR = timedelta(days=2)

Channel = Callable[[Note], None]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    cause_key: str
    severity: Severity
    title: str
    detail: str
    is_resolved: bool
    is_notified: bool
    taken_by: list[str]


def raise_alert(
    transaction: Transaction, *, cause_key: str, severity: Severity, title: str, detail: str = "", now: datetime
) -> bool:
    """Open an alert of the transaction's tenant, or the operator's if it has none.

    Returns:
        Whether it is new; False while one of the same cause is open.
    """
    raised = transaction.run(
        f"watch/raise_{_whose(transaction)}_alert",
        cause_key=cause_key,
        severity=severity,
        title=title,
        detail=detail,
        now=now,
    )
    return raised > 0


def resolve_alert(transaction: Transaction, *, cause_key: str, now: datetime) -> bool:
    """Close the open alert of a cause; returns whether there was one."""
    return transaction.run(f"watch/resolve_{_whose(transaction)}_alert", cause_key=cause_key, now=now) > 0


def raise_operator_alerts(installation: Installation, alerts: Iterable[Alert], *, now: datetime) -> int:
    """Open alerts of the operator; returns how many are new."""
    with installation.database.operator() as transaction:
        return sum(
            raise_alert(
                transaction,
                cause_key=alert.cause_key,
                severity=alert.severity,
                title=alert.title,
                detail=alert.detail,
                now=now,
            )
            for alert in alerts
        )


def resolve_operator_alerts(installation: Installation, cause_keys: Iterable[str], *, now: datetime) -> int:
    """Close alerts of the operator; returns how many were open."""
    with installation.database.operator() as transaction:
        return sum(resolve_alert(transaction, cause_key=cause_key, now=now) for cause_key in cause_keys)


def send_due_alerts(installation: Installation, *, now: datetime) -> int:
    """Send every note that is due, once a channel. Several processes share the work; none sends what another holds.

    A channel that fails is left alone for the rest of this call and tried again in the next; the log says why.

    Returns:
        How many notes all channels have now taken. Without a channel nothing is sent and nothing marked.
    """
    channels = _channels(installation.settings)
    if not channels:
        return 0
    done = 0
    broken: set[str] = set()
    for about, open_transaction in _owners(installation):
        with open_transaction() as transaction:
            ids = transaction.values(f"watch/due_{_whose(transaction)}_alerts", news_since=now - _NEWS_FOR)
        for alert_id in ids:
            with open_transaction() as transaction:
                done += _send_one(transaction, alert_id, about=about, channels=channels, broken=broken, now=now)
    return done


def _send_one(
    transaction: Transaction,
    alert_id: int,
    *,
    about: str,
    channels: Mapping[str, Channel],
    broken: set[str],
    now: datetime,
) -> bool:
    whose = _whose(transaction)
    row = transaction.one(f"watch/take_{whose}_alert", _Row, id=alert_id)
    if row is None:
        return False
    note = note_of(
        Alert(row.cause_key, row.severity, row.title, row.detail),
        about=about,
        is_over=row.is_resolved,
        is_first=not row.is_notified,
    )
    taken_by = set(row.taken_by)
    for name in channels.keys() - taken_by - broken:
        try:
            channels[name](note)
            taken_by.add(name)
        except OutreachError as error:
            broken.add(name)
            _log.warning("note_not_sent", channel=name, cause_key=row.cause_key, problem=str(error))
    is_done = channels.keys() <= taken_by
    transaction.run(
        f"watch/note_{whose}_alert",
        id=alert_id,
        is_first=not row.is_notified,
        is_over=row.is_resolved,
        is_done=is_done,
        taken_by=sorted(taken_by),
        now=now,
    )
    return is_done


def _channels(settings: Settings) -> dict[str, Channel]:
    channels: dict[str, Channel] = {}
    if settings.notify_webhook_url:
        channels["webhook"] = partial(_to_webhook, settings.notify_webhook_url)
    if settings.notify_mail_url:
        channels["mail"] = partial(_to_mail, settings.notify_mail_url)
    return channels


# The libraries behind the channels cost most of a second to load, and most processes never send a note.
def _to_webhook(url: str, note: Note) -> None:
    from outreach_pipeline.adapters.notify import post_to_webhook  # noqa: PLC0415

    post_to_webhook(url, f"{note.subject}\n{note.body}")


def _to_mail(url: str, note: Note) -> None:
    from outreach_pipeline.adapters.notify import send_mail  # noqa: PLC0415

    send_mail(url, subject=note.subject, body=note.body)


def _owners(installation: Installation) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Transaction]]]]:
    yield "platform", installation.database.operator
    for tenant in installation.tenants():
        yield tenant.slug, partial(installation.database.tenant, tenant.id)


def _whose(transaction: Transaction) -> str:
    return "operator" if transaction.tenant_id is None else "tenant"
