"""Looking at an installation: ``status``, ``check``, ``doctor``.

Belongs here: these commands. Does not: what is looked at (workflows).
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from outreach_pipeline.cli.context import AnyTenantSlug, Json, Now, TenantSlug, business_time, opened, tenant_of
from outreach_pipeline.cli.output import plain, show


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    checks = typer.Typer(help="One health check now.", no_args_is_help=True)
    checks.command("mailbox")(check_mailbox)
    checks.command("domain")(check_domain)
    app.add_typer(checks, name="check")
    app.command()(doctor)


def status(tenant: AnyTenantSlug = None, now: Now = None, as_json: Json = False) -> None:
    """Show messages by state, what is due, mailboxes by lifecycle and the last sync, and what is wrong."""
    from outreach_pipeline.workflows.status import status as status_of

    moment = business_time(now)
    with opened() as installation:
        document = status_of(installation, tenant_of(installation, tenant) if tenant else None, now=moment)
    tenants = document["tenants"]
    show(document, as_json=as_json, tables={
        "Tenants": [
            {"tenant": each["tenant"], "state": each["state"], **each["queue"], **each["work"]} for each in tenants
        ],
        "Messages by state": [
            {"tenant": each["tenant"], "state": state, "messages": count}
            for each in tenants for state, count in each["messages"].items()
        ],
        "Held plans": [{"tenant": each["tenant"], **row} for each in tenants for row in each["held_plans"]],
        "Mailboxes": [{"tenant": each["tenant"], **row} for each in tenants for row in each["mailboxes"]],
        "Campaigns": [{"tenant": each["tenant"], **row} for each in tenants for row in each["campaigns"]],
        "Alerts": [
            {"tenant": each["tenant"], **{name: row[name] for name in ("severity", "raised_at", "title")}}
            for each in tenants for row in each["alerts"]
        ],
        "Hosts that fail": document["breakers"],
        "Rules in effect": [
            {
                "tenant": each.get("tenant"), "rule": row["rule_name"], "action": row["action"], "scope": row["scope"],
                "name": row["name"], "site": row["site"], "until": row["until"],
            }
            for each in [*tenants, {"rules": document["site_rules"]}] for row in each["rules"]
        ],
    })  # fmt: skip


def check_mailbox(
    address: Annotated[str, typer.Argument(metavar="M", help="The mailbox's address.")],
    tenant: TenantSlug,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Log in to a mailbox by SMTP and IMAP; exits 1 and names stage and cause if that fails."""
    from outreach_pipeline.workflows.health_check import check_mailbox as check

    moment = business_time(now)
    with opened() as installation:
        rows = check(installation, tenant_of(installation, tenant), address.lower(), now=moment)
    found = [plain(row) for row in rows]
    show({"mailbox": address.lower(), "checks": found}, as_json=as_json, tables={address.lower(): found})
    if not all(row["is_ok"] for row in found):
        raise typer.Exit(1)


def check_domain(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="A sending domain.")],
    tenant: TenantSlug,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Check SPF, DKIM, DMARC and MX of a sending domain; exits 1 if one fails."""
    from outreach_pipeline.workflows.health_check import check_domain as check

    moment = business_time(now)
    with opened() as installation:
        rows = check(installation, tenant_of(installation, tenant), domain.lower(), now=moment)
    found = [plain(row) for row in rows]
    show({"domain": domain.lower(), "checks": found}, as_json=as_json, tables={domain.lower(): found})
    if any(row["result"] == "fail" for row in found):
        raise typer.Exit(1)


def doctor(
    everything: Annotated[bool, typer.Option("--all", help="Show also what is well.")] = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Is this installation ready to send? Every problem with its cure; exits 1 if there is one."""
    from outreach_pipeline.workflows.doctor import examine

    moment = business_time(now)
    with opened(checked=False) as installation:
        findings = examine(installation, now=moment)
    shown = [plain(each) for each in findings if everything or as_json or each.level != "ok"]
    counts = Counter(each.level for each in findings)
    title = f"{counts['problem']} problems, {counts['warning']} warnings, {counts['ok']} things are well"
    show({"ready": not counts["problem"], "findings": shown}, as_json=as_json, tables={title: shown})
    if counts["problem"]:
        raise typer.Exit(1)
