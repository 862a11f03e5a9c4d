"""What the platform promises at any time, each held by one question to the database.

Belongs here: the promises and their thresholds. Does not: who is told (workflows.notify), a plan's own checks
(workflows.check_plan).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from outreach_pipeline.workflows.installation import Installation

# Amazon SES reviews an account at 5 % hard bounces and Google's hard line for spam complaints is 0.30 %; below 100 sends a
# rate is noise.
_MOST_HARD_BOUNCES_RATIO = 0.05
_MOST_COMPLAINTS_RATIO = 0.003
_LEAST_SENDS = 100
_RATE_WINDOW = timedelta(days=7)
# Of mail that answers us. The rules leave a few per cent of people's mail open; more means a product or a language that they
# do not know.
_MOST_UNCLASSIFIED_RATIO = 0.1
_LEAST_MAILS = 50
_LONGEST_LAG = {"send": timedelta(minutes=30), "inbound": timedelta(minutes=15), "webhook": timedelta(minutes=15)}


@dataclass(frozen=True, slots=True)
class TenantRate:
    """How much of what a tenant sent came to something bad: counts of the window, and their ratio (0 to 1)."""

    tenant: str
    sends: int
    count: int

    @property
    def ratio(self) -> float:
        """Return the bad ones a send."""
        return self.count / self.sends

    @property
    def is_judged(self) -> bool:
        """Whether there are enough sends to call it a rate."""
        return self.sends >= _LEAST_SENDS


@dataclass(frozen=True, slots=True)
class Held:
    """What a promise was held against.

    Attributes:
        findings: a sentence for each thing that breaks it; none: it is kept.
        numbers: what was measured and what is allowed, by names with their units.
        rates: of a promise about rates, one a tenant that sent anything, the worst first.
    """

    findings: list[str]
    numbers: dict[str, int | float]
    rates: list[TenantRate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise: its name, the table it speaks of, what it says, and how to hold it at a time (aware, UTC)."""

    name: str
    table: str
    text: str
    measure: Callable[[Installation, datetime], Held]


def hold(installation: Installation, promise: Promise, *, now: datetime) -> Held:
    """Hold a promise against the database as of ``now`` (aware, UTC)."""
    return promise.measure(installation, now)


def _written_twice(installation: Installation, now: datetime) -> Held:
    found = []
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            found += [
                f"{tenant.slug}: step {row['step_number']} of enrollment {row['enrollment_id']} went out "
                f"{row['times']} times."
                for row in transaction.rows("watch/steps_sent_twice", since=now - _RATE_WINDOW)
            ]
    return Held(found, {"steps_sent_twice": len(found), "window_days": _RATE_WINDOW.days})


def _lag(kind: str, what: str) -> Callable[[Installation, datetime], Held]:
    def measure(installation: Installation, now: datetime) -> Held:
        longest = _LONGEST_LAG.get(kind, timedelta(seconds=3 * installation.settings.sync_every_seconds + 300))
        with installation.database.operator() as transaction:
            row = next(row for row in transaction.rows("watch/work_lag", now=now) if row["kind"] == kind)
        oldest_at = row["oldest_at"]
        lag = max(now - oldest_at, timedelta()) if oldest_at is not None else timedelta()
        return Held(
            [f"{row['waiting_count']} {what}, the oldest since {oldest_at:%Y-%m-%d %H:%M} UTC."]
            if lag > longest
            else [],
            {
                "waiting_count": row["waiting_count"],
                "oldest_seconds": round(lag.total_seconds(), 1),
                "most_seconds": longest.total_seconds(),
            },
        )

    return measure


def _rate(kind: str, bounce_class: str, most_ratio: float) -> Callable[[Installation, datetime], Held]:
    def measure(installation: Installation, now: datetime) -> Held:
        with installation.database.operator() as transaction:
            rows = transaction.rows("watch/count_events", since=now - _RATE_WINDOW, until=now)
        sends: dict[str, int] = defaultdict(int)
        bad: dict[str, int] = defaultdict(int)
        for row in rows:
            if row["kind"] == "sent":
                sends[row["tenant"]] += row["count"]
            elif row["kind"] == kind and row["bounce_class"] == bounce_class:
                bad[row["tenant"]] += row["count"]
        rates = sorted(
            (TenantRate(tenant, count, bad[tenant]) for tenant, count in sends.items()),
            key=lambda each: (not each.is_judged, -each.ratio, each.tenant),
        )
        return Held(
            [
                f"{each.tenant}: {each.count} of {each.sends} in seven days, {each.ratio:.2%}; "
                f"the promise is {most_ratio:.2%}."
                for each in rates
                if each.is_judged and each.ratio > most_ratio
            ],
            {
                "sends": sum(sends.values()),
                "count": sum(bad[tenant] for tenant in sends),
                "worst_ratio": round(max((each.ratio for each in rates if each.is_judged), default=0.0), 6),
                "most_ratio": most_ratio,
                "least_sends": _LEAST_SENDS,
                "window_days": _RATE_WINDOW.days,
            },
            rates,
        )

    return measure


def _unclassified(installation: Installation, now: datetime) -> Held:
    with installation.database.operator() as transaction:
        rows = transaction.rows("watch/count_inbound", since=now - _RATE_WINDOW)
    shares = {
        row["tenant"]: (row["unclassified_count"], row["unclassified_count"] + row["understood_count"]) for row in rows
    }
    judged = {tenant: count / mails for tenant, (count, mails) in shares.items() if mails >= _LEAST_MAILS}
    return Held(
        [
            f"{tenant}: {shares[tenant][0]} of {shares[tenant][1]} mails in seven days were taken for nothing, {ratio:.1%}; "
            f"the promise is {_MOST_UNCLASSIFIED_RATIO:.0%}."
            for tenant, ratio in sorted(judged.items(), key=lambda each: -each[1])
            if ratio > _MOST_UNCLASSIFIED_RATIO
        ],
        {
            "mails": sum(mails for _, mails in shares.values()),
            "unclassified": sum(count for count, _ in shares.values()),
            "unrelated": sum(row["unrelated_count"] for row in rows),
            "worst_ratio": round(max(judged.values(), default=0.0), 6),
            "most_ratio": _MOST_UNCLASSIFIED_RATIO,
            "least_mails": _LEAST_MAILS,
            "window_days": _RATE_WINDOW.days,
        },
    )


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
    Promise(
        "mail_is_understood",
        "inbound_messages",
        "At most a tenth of the mail that answers us in seven days is taken for nothing (50 mails and more).",
        _unclassified,
    ),
)
