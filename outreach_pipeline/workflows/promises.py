"""What the platform promises at any time, each held by one question to the database.

Belongs here: the promises and their thresholds. Does not: who is told (workflows.notify), a plan's own checks
(workflows.check_plan).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach_pipeline.workflows.installation import Installation

# Amazon SES reviews an account at 5 % hard bounces and Google's hard line for spam complaints is 0.30 %; below 100 sends a
# rate is noise.
_MOST_HARD_BOUNCES_RATIO = 0.05
_MOST_COMPLAINTS_RATIO = 0.003
_LEAST_SENDS = 100
_RATE_WINDOW = timedelta(days=7)
_LONGEST_LAG = {"send": timedelta(minutes=30), "inbound": timedelta(minutes=15), "webhook": timedelta(minutes=15)}


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise: its name, the table it speaks of, what it says, and how to find what breaks it (a sentence each)."""

    name: str
    table: str
    text: str
    broken: Callable[[Installation, datetime], list[str]]


def hold(installation: Installation, promise: Promise, *, now: datetime) -> list[str]:
    """Return what breaks a promise at ``now`` (aware, UTC); nothing: it is kept."""
    return promise.broken(installation, now)


def _written_twice(installation: Installation, now: datetime) -> list[str]:
    found = []
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            found += [
                f"{tenant.slug}: step {row['step_number']} of enrollment {row['enrollment_id']} went out "
                f"{row['times']} times."
                for row in transaction.rows("watch/steps_sent_twice", since=now - _RATE_WINDOW)
            ]
    return found


def _lag(kind: str, what: str) -> Callable[[Installation, datetime], list[str]]:
    def broken(installation: Installation, now: datetime) -> list[str]:
        longest = _LONGEST_LAG.get(kind, timedelta(seconds=3 * installation.settings.sync_every_seconds + 300))
        with installation.database.operator() as transaction:
            rows = [row for row in transaction.rows("watch/work_lag", now=now) if row["kind"] == kind]
        return [
            f"{row['waiting_count']} {what}, the oldest since {row['oldest_at']:%Y-%m-%d %H:%M} UTC."
            for row in rows
            if row["oldest_at"] is not None and now - row["oldest_at"] > longest
        ]

    return broken


def _rate(kind: str, bounce_class: str, most_ratio: float) -> Callable[[Installation, datetime], list[str]]:
    def broken(installation: Installation, now: datetime) -> list[str]:
        with installation.database.operator() as transaction:
            rows = transaction.rows("watch/count_events", since=now - _RATE_WINDOW, until=now)
        sends: dict[str, int] = defaultdict(int)
        bad: dict[str, int] = defaultdict(int)
        for row in rows:
            if row["kind"] == "sent":
                sends[row["tenant"]] += row["count"]
            elif row["kind"] == kind and row["bounce_class"] == bounce_class:
                bad[row["tenant"]] += row["count"]
        return [
            f"{tenant}: {bad[tenant]} of {count} in seven days, {bad[tenant] / count:.2%}; the promise is {most_ratio:.2%}."
            for tenant, count in sorted(sends.items())
            if count >= _LEAST_SENDS and bad[tenant] / count > most_ratio
        ]

    return broken


PROMISES = (
    Promise("no_step_is_sent_twice", "messages", "No step of a sequence goes to a contact twice.", _written_twice),
    Promise(
        "planned_is_sent",
        "messages",
        "What is due and may go goes within 30 minutes.",
        _lag("send", "messages are due"),
    ),
    Promise(
        "hard_bounces_are_few",
        "events",
        "Less than 5 % hard bounces in seven days (100 sends and more).",
        _rate("bounced", "hard", _MOST_HARD_BOUNCES_RATIO),
    ),
    Promise(
        "complaints_are_rare",
        "events",
        "Less than 0.30 % complaints in seven days (100 sends and more).",
        _rate("complaint", "", _MOST_COMPLAINTS_RATIO),
    ),
    Promise(
        "webhooks_are_taken_in",
        "events",
        "A delivery becomes events within 15 minutes.",
        _lag("webhook", "webhook deliveries wait"),
    ),
    Promise(
        "new_mail_is_processed",
        "inbound_messages",
        "A mail is classified within 15 minutes of its arrival.",
        _lag("inbound", "mails wait"),
    ),
    Promise(
        "mailboxes_are_read",
        "inbound_messages",
        "Every mailbox was tried within three rounds.",
        _lag("sync", "mailboxes are read"),
    ),
)
