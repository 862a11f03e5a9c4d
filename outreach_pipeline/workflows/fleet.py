"""The daily hand on the fleet: pause and resume, list and set mailboxes and campaigns, suppress.

Every change is logged with its author. Belongs here: what a person may do to what is configured. Does not: what rules do
(plan, send) or what files say (apply).
"""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.addresses import parse_suppressed
from outreach_pipeline.core.errors import NotAllowedError, UsageError
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.workflows.configured_objects import as_json
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.notify import resolve_alert
from outreach_pipeline.workflows.shaping import undo_at_site, undo_mailboxes, undo_site
from outreach_pipeline.workflows.suppress import suppress, suppress_everywhere

FILTERS = ("address", "domain", "lifecycle", "provider")
# A pause without an end. Not 'infinity', which Python's times cannot hold.
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as ``outreach mailboxes list`` shows it; ``paused_until`` only while it is paused.

    ``grant_refusal`` is what the token source said, as long as nobody asks it again.
    """

    tenant: str
    id: int
    address: str
    domain: str
    provider: str
    lifecycle: str
    lane: int
    messages_per_day: int | None
    policy: str
    paused_until: datetime | None
    paused_reason: str | None
    consecutive_errors: int
    send_failure: str | None
    send_failed_at: datetime | None
    synced_at: datetime | None
    sync_cause: str | None
    sync_failure: str | None
    grant_refusal: str | None


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What is to be set: None leaves a value; ``messages_per_day`` -1 and ``policy`` '' take a mailbox's own away.

    A lifecycle that is set stands, with its ``reason``, until ``clears_lifecycle`` gives the mailbox back to the rules.
    """

    messages_per_day: int | None = None
    policy: str | None = None
    lifecycle: Lifecycle | None = None
    reason: str = ""
    clears_lifecycle: bool = False


def parse_filters(words: Iterable[str]) -> dict[str, str]:
    """Read ``name=pattern`` words; patterns are globs such as ``*@acme.example``.

    Raises:
        UsageError: a word is none, or has another name than FILTERS.
    """
    filters = {}
    for word in words:
        name, equals, pattern = word.partition("=")
        if not equals or name not in FILTERS or not pattern:
            raise UsageError(f"--where {word!r} is no filter: write NAME=PATTERN, NAME one of {', '.join(FILTERS)}.")
        filters[name] = pattern.lower()
    return filters


def list_mailboxes(
    installation: Installation, tenant: Tenant | None, *, filters: Mapping[str, str], now: datetime
) -> list[MailboxRow]:
    """Return the mailboxes of a tenant, or of all, that fit every filter."""
    found = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            rows = transaction.rows("fleet/mailboxes", now=now)
        found += [
            MailboxRow(tenant=each.slug, **row)
            for row in rows
            if all(fnmatch.fnmatchcase(str(row[name]), pattern) for name, pattern in filters.items())
        ]
    return found


def set_mailboxes(
    installation: Installation, rows: Sequence[MailboxRow], settings: MailboxSettings, *, author: str, now: datetime
) -> int:
    """Set values of mailboxes, one transaction a tenant, and return how many were set.

    Raises:
        UsageError: a tenant has no such policy; nothing was set for that tenant.
    """
    count = 0
    for tenant, members in _by_tenant(installation, rows):
        with installation.database.tenant(tenant.id) as transaction:
            policy_id = None
            if settings.policy and settings.policy != "default":
                policy_id = transaction.value("fleet/policy_id", name=settings.policy)
                if policy_id is None:
                    raise UsageError(f"{tenant.slug} has no policy {settings.policy!r}: apply one.")
            limit = settings.messages_per_day
            count += transaction.run(
                "fleet/set_mailboxes",
                ids=[each.id for each in members],
                set_messages_per_day=limit is not None,
                messages_per_day=limit if limit is not None and limit >= 0 else None,
                set_policy=settings.policy is not None,
                policy_id=policy_id,
                lifecycle=settings.lifecycle,
                clears_lifecycle=settings.clears_lifecycle,
                reason=settings.reason,
                now=now,
                author=author,
            )
            detail = {
                "messages_per_day": limit,
                "policy": settings.policy,
                "lifecycle": "auto" if settings.clears_lifecycle else settings.lifecycle,
                "reason": settings.reason or None,
            }
            changed = {name: value for name, value in detail.items() if value is not None}
            _log(transaction, author, "set", [f"mailbox {each.address}" for each in members], changed)
    return count


def pause_mailboxes(
    installation: Installation,
    rows: Sequence[MailboxRow],
    *,
    until: datetime | None,
    reason: str | None,
    author: str,
    now: datetime,
) -> int:
    """Pause mailboxes until a time (FOR_GOOD for no end), or resume them if it is None; returns how many.

    What shaping rules have done to a mailbox ends when it is resumed, and the rules may fire again.
    """
    count = 0
    for tenant, members in _by_tenant(installation, rows):
        with installation.database.tenant(tenant.id) as transaction:
            ids = [each.id for each in members]
            count += transaction.run(
                "fleet/pause_mailboxes", ids=ids, until=until, reason=reason if until else None, now=now
            )
            subjects = [f"mailbox {each.address}" for each in members]
            _log(transaction, author, "pause" if until else "resume", subjects, {"until": until, "reason": reason})
            if until is None:
                undo_mailboxes(transaction, ids, now=now)
                transaction.run("fleet/close_mailbox_alerts", addresses=[each.address for each in members], now=now)
    return count


def list_campaigns(installation: Installation, tenant: Tenant | None) -> list[dict[str, Any]]:
    """Return the campaigns of a tenant, or of all, with counts of mailboxes, steps and active contacts."""
    found = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            found += [{"tenant": each.slug, **row} for row in transaction.rows("fleet/campaigns")]
    return found


def set_campaign(
    installation: Installation, tenant: Tenant, slug: str, *, priority: int | None, share: float | None, author: str
) -> None:
    """Set a campaign's priority (lower goes first) and share; None leaves a value.

    Raises:
        UsageError: the tenant has no such campaign.
    """
    with installation.database.tenant(tenant.id) as transaction:
        ids = [row["id"] for row in transaction.rows("fleet/campaigns") if row["slug"] == slug]
        if not ids:
            raise UsageError(f"{tenant.slug} has no campaign {slug!r}: `outreach campaigns list` shows them.")
        transaction.run("fleet/set_campaigns", ids=ids, priority=priority, share=share)
        _log(transaction, author, "set", [f"campaign {slug}"], {"priority": priority, "share": share})


def pause_campaign(
    installation: Installation,
    tenant: Tenant,
    slug: str,
    *,
    paused: bool,
    reason: str | None,
    author: str,
    now: datetime,
) -> None:
    """Pause or resume a campaign.

    Raises:
        UsageError: the tenant has no such campaign.
        NotAllowedError: it is finished.
    """
    with installation.database.tenant(tenant.id) as transaction:
        if not any(row["slug"] == slug for row in transaction.rows("fleet/campaigns")):
            raise UsageError(f"{tenant.slug} has no campaign {slug!r}: `outreach campaigns list` shows them.")
        state = "paused" if paused else "active"
        told = reason if paused else None
        if not transaction.run("fleet/set_campaign_state", slug=slug, state=state, reason=told, now=now):
            raise NotAllowedError(f"The campaign {slug} is finished: make a new one.")
        _log(transaction, author, "pause" if paused else "resume", [f"campaign {slug}"], {"reason": reason})


def pause_list(
    installation: Installation,
    tenant: Tenant,
    name: str,
    *,
    paused: bool,
    reason: str | None,
    author: str,
    now: datetime,
) -> None:
    """Pause or resume a contact list, named by its number or its name.

    What is planned of a paused list is cancelled and demanded again by the plan after it is resumed; bounces from before
    count no more then.

    Raises:
        UsageError: the tenant has no such list, or several of that name.
    """
    with installation.database.tenant(tenant.id) as transaction:
        found = [row for row in transaction.rows("fleet/lists") if name in {str(row["id"]), row["name"]}]
        if len(found) != 1:
            lists = ", ".join(f"{row['id']} ({row['name']})" for row in found or transaction.rows("fleet/lists"))
            raise UsageError(
                f"{len(found)} contact lists of {tenant.slug} are {name!r}: name one by its number: {lists}."
            )
        list_id = found[0]["id"]
        state = "paused" if paused else "active"
        transaction.run("fleet/set_list_state", list_id=list_id, state=state, reason=reason if paused else None)
        if paused:
            transaction.run("shaping/cancel_list", list_id=list_id)
        else:
            resolve_alert(transaction, cause_key=f"list/{list_id}/hard_bounces", now=now)
        _log(transaction, author, "pause" if paused else "resume", [f"list {found[0]['name']}"], {"reason": reason})


def pause_contact(
    installation: Installation,
    tenant: Tenant,
    address: str,
    *,
    paused: bool,
    reason: str | None,
    author: str,
    now: datetime,
) -> int:
    """Pause a contact's running sequences, or let those go on that wait, whoever had paused them; returns how many those are.

    Raises:
        UsageError: the tenant has no such contact.
    """
    address = address.strip().lower()
    with installation.database.tenant(tenant.id) as transaction:
        contact_id = transaction.value("fleet/contact_of_address", address=address)
        if contact_id is None:
            raise UsageError(f"{tenant.slug} has no contact {address}.")
        changed = transaction.run(
            "fleet/set_contact_paused", contact_id=contact_id, paused=paused, reason=reason or "paused", now=now
        )
        if paused:
            transaction.run("receive/cancel_paused", contact_ids=[contact_id])
        _log(transaction, author, "pause" if paused else "resume", [f"contact {address}"], {"reason": reason})
    return changed


def pause_tenant(
    installation: Installation, tenant: Tenant, *, paused: bool, reason: str | None, author: str, now: datetime
) -> None:
    """Pause or resume all sending of a tenant."""
    with installation.database.operator() as transaction:
        transaction.run(
            "fleet/set_tenant_state",
            paused_tenant_id=tenant.id,
            state="paused" if paused else "active",
            reason=reason if paused else None,
            now=now,
        )
        _log(transaction, author, "pause" if paused else "resume", [f"tenant {tenant.slug}"], {"reason": reason})


def pause_site(
    installation: Installation, site: str, *, paused: bool, reason: str | None, author: str, now: datetime
) -> bool:
    """Pause or resume all sending to a recipient site, over all tenants; returns whether that changed anything.

    Raises:
        UsageError: no recipient domain is known to be at that site.
    """
    site = site.strip().lower()
    with installation.database.operator() as transaction:
        if not transaction.value("fleet/site_is_known", site=site):
            raise UsageError(
                f"No recipient domain is known to be at the site {site!r}: sites are as in a plan's summary."
            )
        if paused:
            changed = transaction.run("fleet/pause_site", site=site, reason=reason or "", author=author, now=now)
        else:
            changed = transaction.run("fleet/resume_site", site=site) + undo_site(transaction, site, now=now)
        if changed:
            _log(transaction, author, "pause" if paused else "resume", [f"site {site}"], {"reason": reason})
    return changed > 0


def resume_at_site(installation: Installation, tenant: Tenant, site: str, *, author: str, now: datetime) -> int:
    """Let a tenant's mailboxes and sending domains write to a site from which rules keep them; returns how many those were."""
    site = site.strip().lower()
    with installation.database.tenant(tenant.id) as transaction:
        count = undo_at_site(transaction, site, now=now)
        if count:
            _log(transaction, author, "resume", [f"site {site}"], {"firings": count})
    return count


def suppress_by_hand(
    installation: Installation, tenant: Tenant | None, text: str, *, author: str, now: datetime
) -> tuple[str, bool]:
    """Suppress an address or a domain for a tenant, or for all (None); returns it in its one spelling, and whether it is new.

    Raises:
        UsageError: the text is neither. It is for good, so nothing is guessed.
    """
    try:
        scope, value = parse_suppressed(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} can not be suppressed ({str(error).rstrip('.')}): give an address such as ann@firm.example or a domain "
            "such as firm.example."
        ) from error
    with installation.database.tenant(tenant.id) if tenant else installation.database.operator() as transaction:
        if tenant is None:
            is_new = suppress_everywhere(transaction, scope=scope, value=value, reason="manual", now=now)
        else:
            origin = f"person {author}"
            is_new = suppress(transaction, scope=scope, value=value, reason="manual", origin=origin, now=now)
        if is_new:
            _log(transaction, author, "suppress", [f"{scope} {value}"], {})
    return value, is_new


def _by_tenant(installation: Installation, rows: Iterable[MailboxRow]) -> Iterable[tuple[Tenant, list[MailboxRow]]]:
    members: dict[str, list[MailboxRow]] = defaultdict(list)
    for row in rows:
        members[row.tenant].append(row)
    return [(each, members[each.slug]) for each in installation.tenants() if each.slug in members]


def _log(
    transaction: Transaction, author: str, action: str, subjects: Iterable[str], detail: Mapping[str, Any]
) -> None:
    query = "config/audit" if transaction.tenant_id else "config/operator_audit"
    rows = [{"action": action, "subject": subject, "detail": dict(detail)} for subject in subjects]
    transaction.run(query, author=author, rows=as_json(rows))
