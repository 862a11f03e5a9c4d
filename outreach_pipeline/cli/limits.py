"""``outreach limits``: rates and places in flight, seen and set.

Belongs here: these commands. Does not: what they read and change (workflows.limits).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from outreach_pipeline.cli.context import AnyTenantSlug, Json, author, opened, tenant_of
from outreach_pipeline.cli.output import show
from outreach_pipeline.core.send.limits import LimitScope

app = typer.Typer(help="Rates and places in flight that all processes share: show, set.", invoke_without_command=True)


@app.callback()
def limits(context: typer.Context, tenant: AnyTenantSlug = None, as_json: Json = False) -> None:
    """Show every limit with its unit, its burst, what is in flight, and when the next message may go."""
    if context.invoked_subcommand is not None:
        return
    from outreach_pipeline.workflows.limits import list_limits

    with opened() as installation:
        found = list_limits(installation, tenant_of(installation, tenant) if tenant else None)
    rows = [
        {
            "scope": each.scope, "key": each.key, "limit": each.limit, "slowed to": each.slowed_to, "burst": each.burst,
            "in flight": each.in_flight, "allowed": each.in_flight_allowed, "free at": each.free_at,
        }
        for each in found
    ]  # fmt: skip
    show({"limits": [asdict(each) for each in found]}, as_json=as_json, tables={f"{len(rows)} limits": rows})


@app.command("set")
def set_limit(
    scope: Annotated[LimitScope, typer.Argument(help="What KEY is.")],
    key: Annotated[str, typer.Argument(help="An address, slug, domain, site or HOST:PORT; * for the scope's default.")],
    limit: Annotated[str, typer.Argument(help="Messages/second, /minute, /hour or /day, like 30/minute.")],
    burst: Annotated[
        int | None,
        typer.Option(
            min=1, help="So many may go at once; of n/unit with burst b at most n + b - 1 go in the first unit."
        ),
    ] = None,
    in_flight: Annotated[
        int | None,
        typer.Option(
            min=0, help="The most between claim and end at once; 0 takes the limit away, without it it stays."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Set a limit for all processes, also those that run, and show it as it holds then.

    Without --burst messages are evenly spaced, whatever the burst was; of 100 a second or more a quarter of a second's go at once. A later `apply` sets what its file says again.
    """
    from outreach_pipeline.workflows import limits as workflow

    with opened() as installation:
        holds = workflow.set_limit(installation, scope, key, limit, burst=burst, in_flight=in_flight, author=author())
    show(holds, as_json=as_json)
