"""``outreach db …``: schema, URLs, the embedded server.

Belongs here: these commands. Does not: how the server is started or migrated.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from outreach_pipeline.cli.context import AnyTenantSlug, Json, opened, settings_of_command, tenant_of
from outreach_pipeline.cli.output import note, show
from outreach_pipeline.core.errors import UsageError

app = typer.Typer(help="The database: its schema, its URLs, the embedded server.", no_args_is_help=True)
Role = Literal["owner", "app", "transform", "metrics", "dagster", "analyst"]


@app.command()
def migrate(as_json: Json = False) -> None:
    """Bring the schema to this version's; does nothing where it is."""
    from outreach_pipeline.adapters.postgres.migrate import migrate as apply_migrations
    from outreach_pipeline.workflows.role_urls import role_url

    with opened(checked=False) as installation:
        applied = [
            {"migration": f"{each.version:04d}", "name": each.name}
            for each in apply_migrations(role_url(installation, "owner"))
        ]
    if not applied and not as_json:
        typer.echo("The schema is this version's already.")
    else:
        show({"applied": applied}, as_json=as_json, tables={"Applied": applied})


@app.command()
def url(
    role: Annotated[Role, typer.Option(help="The role to connect as; analyst needs --tenant.")] = "app",
    tenant: AnyTenantSlug = None,
    as_json: Json = False,
) -> None:
    """Print the URL of the database in use; starts the embedded server and leaves it up."""
    from outreach_pipeline.workflows.installation import embedded, open_installation, uses_embedded
    from outreach_pipeline.workflows.role_urls import analyst_url, role_url

    if (role == "analyst") != (tenant is not None):
        raise UsageError("--role analyst and --tenant T go together: an analyst belongs to a tenant.")
    settings = settings_of_command()
    if uses_embedded(settings):
        embedded(settings).up()
    with open_installation(settings) as installation:
        found = analyst_url(installation, tenant_of(installation, tenant)) if tenant else role_url(installation, role)
    if as_json:
        show({"role": role, "tenant": tenant, "url": found}, as_json=True)
    else:
        typer.echo(found)


@app.command()
def stop(as_json: Json = False) -> None:
    """Stop the embedded server, whoever uses it."""
    from outreach_pipeline.workflows.installation import embedded, uses_embedded

    settings = settings_of_command()
    if not uses_embedded(settings):
        raise UsageError(
            "OUTREACH_DATABASE_URL names a server that is not the platform's own: stop it by its own means."
        )
    cluster = embedded(settings)
    was_up = cluster.running() is not None
    if not was_up:
        note("It is not up.")
    cluster.stop()
    if as_json:
        show({"was_up": was_up}, as_json=True)
