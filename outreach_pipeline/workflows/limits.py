"""The rates and places in flight that all processes share: seen, and set while they run.

Belongs here: reading them for people, and a person's change. Does not: keeping to them (core.send.claims), or what
files say (apply).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.send.limits import LimitScope, parse_rate, parse_recipient, rate_text, usual_burst
from outreach_pipeline.workflows.configured_objects import as_json
from outreach_pipeline.workflows.installation import Installation, Tenant

# Of hosts in a refusal.
_MOST_NAMED = 10

DEFAULT = "*"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A rate as ``outreach limits`` shows it.

    Attributes:
        key: an address, a tenant's slug, a domain, a site or ``host:port``; ``*`` is the default of its scope.
        tenant: the slug of whose mailbox or tenant it is.
        limit: such as ``30/minute``.
        slowed_to: the same while a shaping rule slows it.
        burst: so many may go at once.
        in_flight: messages between claim and end, now.
        in_flight_allowed: the most of these; None: as many as may be.
        free_at: when the next may go, by the database's clock: now, if it may.
    """

    scope: LimitScope
    key: str
    tenant: str | None
    limit: str
    slowed_to: str | None
    burst: int
    in_flight: int
    in_flight_allowed: int | None
    free_at: datetime


def list_limits(installation: Installation, tenant: Tenant | None = None) -> list[LimitRow]:
    """Return every limit, or those of one tenant and its mailboxes."""
    addresses: dict[str, tuple[str, str]] = {}
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            for row in transaction.rows("limits/mailboxes"):
                addresses[str(row["id"])] = (each.slug, row["address"])
    with installation.database.operator() as transaction:
        rows = transaction.rows("limits/all")
    found = []
    for row in rows:
        owner, key = (
            addresses.get(row["key"], (None, row["key"])) if row["scope"] == "mailbox" else (row["tenant"], row["key"])
        )
        if tenant is not None and owner != tenant.slug:
            continue
        rate = row["message_count"], row["per_seconds"]
        found.append(
            LimitRow(
                scope=row["scope"],
                key=owner if row["scope"] == "tenant" and owner else key,
                tenant=owner,
                limit=rate_text(*rate),
                slowed_to=rate_text(*rate, slow_ratio=row["slow_ratio"]) if row["slow_ratio"] < 1 else None,
                burst=row["burst"],
                in_flight=row["in_flight"],
                in_flight_allowed=row["in_flight_allowed"],
                free_at=row["free_at"],
            )
        )
    return found


def set_limit(
    installation: Installation,
    scope: str,
    key: str,
    limit: str,
    *,
    burst: int | None = None,
    in_flight: int | None = None,
    author: str,
) -> dict[str, Any]:
    """Set a rate for all processes from their next claim on; a later ``apply`` sets what its file says again.

    Args:
        installation: where.
        scope: one of ``LimitScope``.
        key: an address, slug, domain, site or ``host:port``; ``*`` the default of its scope, which rows made from it follow.
        limit: such as ``30/minute``.
        burst: so many at once, at least 1: with 1 they are evenly spaced, with b at most n + b - 1 go in the first unit; None:
            ``usual_burst``, whatever it was.
        in_flight: the most at once between claim and end; 0 takes the limit away, None leaves it.
        author: stands in the operator's log.

    Returns:
        scope, key, limit, burst and in_flight (the most at once, None without a limit), as the row holds from now on.

    Raises:
        UsageError: the scope, key or limit cannot be meant.
    """
    if scope not in get_args(LimitScope):
        raise UsageError(f"There is no scope {scope!r}: it is one of {', '.join(get_args(LimitScope))}.")
    try:
        message_count, per_seconds = parse_rate(limit)
    except ValueError as error:
        raise UsageError(f"The {error}.") from error
    name, key = key.strip().lower(), _key_of(installation, scope, key.strip().lower())
    with installation.database.operator() as transaction:
        existing = transaction.rows("limits/one", scope=scope, key=key) or transaction.rows(
            "limits/one", scope=scope, key=DEFAULT
        )
        before = existing[0] if existing else {"in_flight": None}
        row = {
            "scope": scope,
            "key": key,
            "message_count": message_count,
            "per_seconds": per_seconds,
            "burst": burst or usual_burst(message_count, per_seconds),
            "in_flight": before["in_flight"] if in_flight is None else in_flight or None,
        }
        transaction.run("config/put_rate_limits", rows=as_json([row]))
        fields = ("message_count", "per_seconds", "burst", "in_flight")
        detail = {"before": before if existing else None, "after": {field: row[field] for field in fields}}
        transaction.run(
            "config/operator_audit",
            author=author,
            rows=as_json([{"action": "set", "subject": f"limit {scope} {name}", "detail": detail}]),
        )
        (holds,) = transaction.rows("limits/one", scope=scope, key=key)
    return {
        "scope": scope,
        # As `outreach limits` names it.
        "key": name if scope in {"mailbox", "tenant"} else key,
        "limit": rate_text(holds["message_count"], holds["per_seconds"]),
        "burst": holds["burst"],
        "in_flight": holds["in_flight"],
    }


def _key_of(installation: Installation, scope: str, key: str) -> str:
    """Return the key as the table has it."""
    if key == DEFAULT and scope != "mailbox":
        return key
    if scope == "tenant":
        return str(installation.tenants(key)[0].id)
    if scope == "mailbox":
        return _mailbox(installation, key)
    if scope == "account_logins":
        return _account(installation, key)
    if scope in {"recipient_domain", "recipient_site"}:
        try:
            return parse_recipient(scope, key)
        except ValueError as error:
            raise UsageError(f"{error}.") from error
    return _host(installation, scope, key)


def _host(installation: Installation, scope: str, key: str) -> str:
    if not re.fullmatch(r"[^\s/]{1,255}:\d{1,5}", key):
        raise UsageError(f"{key!r} is no host: write it with its port, like smtp.example.com:587.")
    rows = _mailboxes(installation)
    hosts = sorted({row["smtp"] for row in rows} | {row["imap"] for row in rows if scope == "host_logins"})
    if key not in hosts:
        more = ", ..." if len(hosts) > _MOST_NAMED else ""
        raise UsageError(
            f"No mailbox has its server at {key!r}: it is one of {', '.join(hosts[:_MOST_NAMED]) or 'none'}{more}."
        )
    return key


def _account(installation: Installation, key: str) -> str:
    with installation.database.operator() as transaction:
        names = [row["name"] for row in transaction.rows("config/provider_accounts")]
    if key not in {name.lower() for name in names}:
        raise UsageError(f"There is no provider account {key!r}: it is one of {', '.join(names) or 'none'}.")
    return key


def _mailbox(installation: Installation, address: str) -> str:
    for row in _mailboxes(installation):
        if row["address"] == address:
            return str(row["id"])
    raise UsageError(f"There is no mailbox {address!r}: `outreach mailboxes list` shows them.")


def _mailboxes(installation: Installation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            found += transaction.rows("limits/mailboxes")
    return found
