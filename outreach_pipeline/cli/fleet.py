"""The daily hand on the fleet: ``mailboxes``, ``campaigns``, ``pause``, ``resume``, ``suppress``.

Belongs here: these commands. Does not: what they change (workflows.fleet).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from outreach_pipeline.cli.configure import import_mailboxes_file
from outreach_pipeline.cli.context import (
    AnyTenantSlug,
    Json,
    Now,
    TenantSlug,
    Yes,
    author,
    business_time,
    confirmed,
    opened,
    tenant_of,
)
from outreach_pipeline.cli.output import note, print_tables, show
from outreach_pipeline.core.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from outreach_pipeline.workflows.fleet import MailboxRow

Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="NAME=PATTERN", help="address, domain, lifecycle or provider; may be repeated."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; stands in the log and where it shows.")]
Kind = Annotated[
    Literal["tenant", "campaign", "list", "mailbox", "contact", "site"], typer.Argument(help="What NAME is.")
]
Name = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="A slug, a list's number or name, an address or a site; a mailbox may be chosen by --where.",
    ),
]
_LISTED = 20


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    mailboxes = typer.Typer(help="Mailboxes: list, set, import.", no_args_is_help=True)
    mailboxes.command("list")(list_of_mailboxes)
    mailboxes.command("set")(set_mailboxes)
    mailboxes.command("import")(import_mailboxes_file)
    app.add_typer(mailboxes, name="mailboxes")
    campaigns = typer.Typer(help="Campaigns: list, set.", no_args_is_help=True)
    campaigns.command("list")(list_of_campaigns)
    campaigns.command("set")(set_campaign)
    app.add_typer(campaigns, name="campaigns")
    app.command()(pause)
    app.command()(resume)
    app.command()(suppress)


def list_of_mailboxes(
    tenant: AnyTenantSlug = None, where: Where = None, now: Now = None, as_json: Json = False
) -> None:
    """List mailboxes with lifecycle, limits, pauses and the last sync."""
    from outreach_pipeline.workflows.fleet import list_mailboxes, parse_filters

    filters, moment = parse_filters(where or []), business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        found = list_mailboxes(installation, chosen, filters=filters, now=moment)
    rows = [
        {
            "tenant": each.tenant, "address": each.address, "lifecycle": each.lifecycle, "provider": each.provider,
            "policy": each.policy, "per day": each.messages_per_day, "lane": each.lane,
            "paused until": each.paused_until, "errors": each.consecutive_errors, "synced": each.synced_at,
            "trouble": _trouble(each),
        }
        for each in found
    ]  # fmt: skip
    show({"mailboxes": found}, as_json=as_json, tables={f"{len(found)} mailboxes": rows})


def _trouble(mailbox: MailboxRow) -> str | None:
    """Say why a mailbox does not send, with the last refusal in the server's words, and why it is not read."""
    sending = ", ".join(filter(None, [mailbox.paused_reason, mailbox.send_failure]))
    grant = f"grant_revoked: {mailbox.grant_refusal}" if mailbox.grant_refusal else None
    reading = f"{mailbox.sync_cause}: {mailbox.sync_failure}" if mailbox.sync_failure else None
    return "; ".join(filter(None, [sending, grant, reading])) or None


def set_mailboxes(
    tenant: AnyTenantSlug = None,
    where: Where = None,
    messages_per_day: Annotated[
        int | None, typer.Option(min=-1, help="A limit of each mailbox's own; -1 takes it away.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A policy of the tenant; 'default' for the default one.")] = None,
    lifecycle: Annotated[
        Literal["warming", "active", "observed", "resting", "quarantined", "retired", "auto"] | None,
        typer.Option(help="Stands until 'auto' gives the mailboxes back to the rules."),
    ] = None,
    reason: Reason = "",
    yes: Yes = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Set values of all mailboxes that fit; shows them first. A later `apply` sets what its file says again."""
    from outreach_pipeline.core.model import Lifecycle
    from outreach_pipeline.workflows import fleet

    if messages_per_day is None and policy is None and lifecycle is None:
        raise UsageError("Nothing to set: give --messages-per-day, --policy or --lifecycle.")
    if lifecycle is not None and lifecycle != "auto" and not reason.strip():
        raise UsageError("Say why: a lifecycle that is set by hand stands with its reason. Add --reason TEXT.")
    filters, moment = fleet.parse_filters(where or []), business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        found = fleet.list_mailboxes(installation, chosen, filters=filters, now=moment)
        count = 0
        if _agreed(found, "set", yes=yes, as_json=as_json):
            clears = lifecycle == "auto"
            settings = fleet.MailboxSettings(
                messages_per_day,
                policy,
                Lifecycle(lifecycle) if lifecycle and not clears else None,
                reason=reason,
                clears_lifecycle=clears,
            )
            count = fleet.set_mailboxes(installation, found, settings, author=author(), now=moment)
    show({"mailboxes": [each.address for each in found], "set": count}, as_json=as_json, tables={
        "Set": [{"mailboxes": count}],
    })  # fmt: skip


def list_of_campaigns(tenant: AnyTenantSlug = None, as_json: Json = False) -> None:
    """List campaigns with their state, priority, mailboxes, steps and active contacts."""
    from outreach_pipeline.workflows.fleet import list_campaigns

    with opened() as installation:
        found = list_campaigns(installation, tenant_of(installation, tenant) if tenant else None)
    rows = [{name: value for name, value in row.items() if name != "id"} for row in found]
    show({"campaigns": rows}, as_json=as_json, tables={f"{len(rows)} campaigns": rows})


def set_campaign(
    slug: Annotated[str, typer.Argument(metavar="C", help="The campaign's slug.")],
    tenant: TenantSlug,
    priority: Annotated[int | None, typer.Option(help="Higher goes first: lower ones get what it leaves.")] = None,
    share: Annotated[float | None, typer.Option(help="Weight among campaigns of one priority, above 0.")] = None,
    as_json: Json = False,
) -> None:
    """Set a campaign's priority or share. A later `apply` sets what its file says again."""
    from outreach_pipeline.workflows import fleet

    if priority is None and share is None:
        raise UsageError("Nothing to set: give --priority or --share.")
    if share is not None and not share > 0:
        raise UsageError("--share must be above 0.")
    with opened() as installation:
        chosen = tenant_of(installation, tenant)
        fleet.set_campaign(installation, chosen, slug, priority=priority, share=share, author=author())
    show({"campaign": slug, "priority": priority, "share": share}, as_json=as_json)


def pause(
    kind: Kind,
    name: Name = None,
    tenant: AnyTenantSlug = None,
    where: Where = None,
    reason: Reason = "",
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="A mailbox: until when; without it, for good.")
    ] = None,
    yes: Yes = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Pause a tenant, a campaign, a contact list, mailboxes or a recipient site; what is being sent is finished."""
    from outreach_pipeline.workflows.fleet import FOR_GOOD

    end = business_time(until, option="--until") if until else FOR_GOOD
    _switch(kind, name, tenant, where or [], reason=reason, until=end, yes=yes, now=now, as_json=as_json)


def resume(
    kind: Kind,
    name: Name = None,
    tenant: AnyTenantSlug = None,
    where: Where = None,
    yes: Yes = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Resume what was paused; a site with --tenant: what rules keep of that tenant from it."""
    _switch(kind, name, tenant, where or [], reason="", until=None, yes=yes, now=now, as_json=as_json)


def suppress(
    value: Annotated[str, typer.Argument(metavar="ADDRESS|DOMAIN", help="Who is never to be written to again.")],
    tenant: Annotated[
        str | None, typer.Option("--tenant", metavar="T", help="The tenant that will not write to it.")
    ] = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="For all tenants, by the operator; instead of --tenant.")
    ] = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Suppress an address or a domain, at once and for good: nothing takes it back. Say for whom: --tenant T or --everywhere."""
    from outreach_pipeline.workflows.fleet import suppress_by_hand

    if everywhere == (tenant is not None):
        raise UsageError("Say for whom: --tenant T or --everywhere.")
    moment = business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        suppressed, is_new = suppress_by_hand(installation, chosen, value, author=author(), now=moment)
    show({"value": suppressed, "is_new": is_new}, as_json=as_json)


def _switch(
    kind: str,
    name: str | None,
    tenant: str | None,
    where: list[str],
    *,
    reason: str,
    until: datetime | None,
    yes: bool,
    now: str | None,
    as_json: bool,
) -> None:
    from outreach_pipeline.workflows import fleet

    paused, moment, who = until is not None, business_time(now), author()
    filters = fleet.parse_filters(where)
    if kind == "mailbox" and name:
        filters["address"] = name.lower()
    _check_choice(kind, name, tenant, where, is_filtered=bool(filters), is_paused=paused)
    subject = name or ""
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        if kind == "mailbox":
            found = fleet.list_mailboxes(installation, chosen, filters=filters, now=moment)
            if not found:
                raise UsageError("No mailbox fits: `outreach mailboxes list` shows them.")
            if name or _agreed(found, "pause" if paused else "resume", yes=yes, as_json=as_json):
                fleet.pause_mailboxes(installation, found, until=until, reason=reason, author=who, now=moment)
            subject = ", ".join(each.address for each in found)
        elif kind in {"campaign", "list"} and chosen is not None:
            of_tenant = fleet.pause_campaign if kind == "campaign" else fleet.pause_list
            of_tenant(installation, chosen, subject, paused=paused, reason=reason, author=who, now=moment)
        elif kind == "contact" and chosen is not None:
            fleet.pause_contact(installation, chosen, subject, paused=paused, reason=reason, author=who, now=moment)
        elif kind == "site" and chosen is not None:
            fleet.resume_at_site(installation, chosen, subject, author=who, now=moment)
        elif kind == "tenant":
            fleet.pause_tenant(
                installation, tenant_of(installation, subject), paused=paused, reason=reason, author=who, now=moment
            )
        else:
            fleet.pause_site(installation, subject, paused=paused, reason=reason, author=who, now=moment)
    show({"kind": kind, "name": subject, "paused": paused}, as_json=as_json)


def _check_choice(
    kind: str, name: str | None, tenant: str | None, where: list[str], *, is_filtered: bool, is_paused: bool
) -> None:
    if kind != "mailbox" and (where or not name):
        raise UsageError(f"Name the {kind}; --where chooses mailboxes only.")
    if kind == "mailbox" and not is_filtered:
        raise UsageError("Name a mailbox or choose by --where.")
    if kind == "site" and tenant is not None and is_paused:
        raise UsageError("A site is paused for all tenants: leave --tenant out.")
    if kind in {"campaign", "list", "contact"} and tenant is None:
        raise UsageError(f"A {kind} belongs to a tenant: add --tenant T.")


def _agreed(found: list[MailboxRow], word: str, *, yes: bool, as_json: bool) -> bool:
    """Show which mailboxes are meant and ask."""
    if not found:
        note("No mailbox fits.")
        return False
    if not as_json:
        rows = [
            {"tenant": each.tenant, "address": each.address, "lifecycle": each.lifecycle} for each in found[:_LISTED]
        ]
        more = f", the first {_LISTED}" if len(found) > _LISTED else ""
        print_tables({f"To {word}: {len(found)} mailboxes{more}": rows})
    return confirmed(f"{word.capitalize()} {len(found)} mailboxes?", yes=yes)
