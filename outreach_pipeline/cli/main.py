"""The command ``outreach``: all its sub-commands, and how it ends.

Belongs here: the tree of commands. Does not: what they do; each family has its module.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from outreach_pipeline.cli import configure, db, errors, fleet, inbox, limits, planning, stages, watch
from outreach_pipeline.cli.context import Json, log_to_stderr, settings_of_command

app = typer.Typer(
    name="outreach",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(db.app, name="db")
configure.add_to(app)
planning.add_to(app)
stages.add_to(app)
inbox.add_to(app)
fleet.add_to(app)
app.add_typer(limits.app, name="limits")
watch.add_to(app)


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it so
    if wanted:
        typer.echo(f"outreach {version('outreach-pipeline')}")
        raise typer.Exit


@app.callback()
def outreach(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Plans, sends, reads and learns from the mail of many mailboxes. Settings are OUTREACH_… environment variables."""


@app.command()
def demo(
    mailboxes: Annotated[int, typer.Option(min=3, help="Mailboxes over all tenants.")] = 24,
    contacts: Annotated[int, typer.Option(min=3, help="Contacts over all tenants.")] = 600,
    keep: Annotated[bool, typer.Option("--keep", help="Stay up after the report until Ctrl-C.")] = False,
    report: Annotated[bool, typer.Option("--report", help="Judge again what is there.")] = False,
    as_json: Json = False,
) -> None:
    """Run one full loop with a database, a mail world and Dagster of its own, and report on it."""
    from outreach_pipeline.cli.demo import demo as run_demo

    log_to_stderr()
    settings = settings_of_command(may_take_demo=False)
    raise typer.Exit(
        run_demo(settings, mailboxes=mailboxes, contacts=contacts, keep=keep, report_only=report, as_json=as_json)
    )


@app.command()
def up(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document when it is up: where; all else goes to stderr.")
    ] = False,
) -> None:
    """Run the platform: code server, webserver, daemon and gateway, until Ctrl-C."""
    from outreach_pipeline.cli.up import up as run_up

    log_to_stderr()
    raise typer.Exit(run_up(settings_of_command(), as_json=as_json))


def main() -> None:
    """Run the command and exit: 0 on success, 1 on failure, 2 on wrong use."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    command = typer.main.get_command(app)
    try:
        command.main(args=arguments, prog_name="outreach", standalone_mode=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else errors.FAILURE
    except Exception as error:  # noqa: BLE001  the last place where an error can become a sentence
        return errors.report(error, as_json="--json" in arguments)
    return 0
