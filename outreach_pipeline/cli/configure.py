"""``outreach apply`` and the imports.

Belongs here: these commands. Does not: what a file may say or how it is applied.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_pipeline.cli.context import DryRun, Json, Now, TenantSlug, author, business_time, opened, tenant_of
from outreach_pipeline.cli.output import as_text, note, show
from outreach_pipeline.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outreach_pipeline.core.configuration_diff import Change
    from outreach_pipeline.core.contacts import RowProblem

SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Import the good rows and report the bad ones.")]
CsvFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help="A CSV file in UTF-8 with a header.")]
_LONGEST_CELL = 60


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(apply)
    contacts = typer.Typer(help="Contacts.", no_args_is_help=True)
    contacts.command("import")(import_contacts_file)
    contacts.callback()(_contacts)
    app.add_typer(contacts, name="contacts")


def _contacts() -> None:
    """Bring contacts in."""


def apply(
    file: Annotated[Path, typer.Option("-f", "--file", metavar="CONFIG.yaml", help="The configuration.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Make tenants, domains, mailboxes, policies and campaigns be as a file says; what it does not name stays."""
    from outreach_pipeline.core.configuration_file import (
        nameless_senders,
        probes_without_targets,
        read_configuration,
        unused_subjects,
    )
    from outreach_pipeline.workflows.apply import apply_configuration

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.") from error
    try:
        document = read_configuration(text, environment=os.environ)
    except ConfigurationError as error:
        raise ConfigurationError(*(f"{file}: {problem}" for problem in error.problems)) from error
    with opened(may_take_demo=False) as installation:
        changes = apply_configuration(installation, document, dry_run=dry_run, author=author(), folder=file.parent)
    show_changes(changes, as_json=as_json, dry_run=dry_run)
    for warning in (*nameless_senders(document), *unused_subjects(document), *probes_without_targets(document)):
        note(f"warning: {warning}")


def import_contacts_file(
    file: CsvFile,
    tenant: TenantSlug,
    campaign: Annotated[str, typer.Option("--campaign", metavar="C", help="The campaign's slug.")],
    skip_bad: SkipBad = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Import a contact list and enrol it in a campaign; the same file twice changes nothing."""
    from outreach_pipeline.workflows.import_contacts import import_contacts

    moment = business_time(now)
    with opened(may_take_demo=False) as installation:
        outcome = import_contacts(
            installation,
            tenant_of(installation, tenant),
            campaign,
            file,
            now=moment,
            skip_bad=skip_bad,
            author=author(),
        )
    report_skipped(outcome.problems)
    if outcome.already_imported and not as_json:
        typer.echo(f"{file.name} is imported into {campaign} already: nothing to do.")
        return
    show(outcome, as_json=as_json, tables={f"Imported {file.name}": [
        {"rows": outcome.rows, "new": outcome.created, "enrolled": outcome.enrolled, "left out": len(outcome.problems),
         "canary": outcome.canary, "hold hours": outcome.hold_seconds / 3600 if outcome.canary is not None else None},
    ]})  # fmt: skip
    for name, rows in outcome.empty_fields.items():
        note(
            f"warning: {rows} of {outcome.rows} rows have no {name}, which a step of {campaign} names without a condition: it does not "
            f'go to them (gate_template_gap). Fill it, or write {{{{ {name} or "…" }}}} or {{% if {name} %}}…{{% endif %}} in the step.'
        )


def import_mailboxes_file(file: CsvFile, tenant: TenantSlug, skip_bad: SkipBad = False, as_json: Json = False) -> None:
    """Import mailboxes, a row each with the fields of the configuration file; campaigns take them in at the next apply."""
    from outreach_pipeline.workflows.import_mailboxes import import_mailboxes

    with opened(may_take_demo=False) as installation:
        outcome = import_mailboxes(
            installation, tenant_of(installation, tenant), file,
            environment=os.environ, skip_bad=skip_bad, author=author(),
        )  # fmt: skip
    report_skipped(outcome.problems)
    show_changes(outcome.changes, as_json=as_json, dry_run=False)


def report_skipped(problems: Iterable[RowProblem]) -> None:
    """Name each row that was left out."""
    for problem in problems:
        note(f"left out: {problem}")


def show_changes(changes: Iterable[Change], *, as_json: bool, dry_run: bool) -> None:
    """Print a diff: what is made and changed, then what is left alone."""
    listed = list(changes)
    written = [each for each in listed if each.writes]
    rows = [
        {
            "tenant": each.tenant or "",
            "what": each.kind.replace("_", " "),
            "name": each.name,
            "change": each.action,
            "fields": "\n".join(f"{name}: {_cell(pair[0])} → {_cell(pair[1])}" for name, pair in each.fields.items())
            if each.action == "update"
            else _cell(", ".join(each.fields)),
        }
        for each in written
    ]
    title = "Would change" if dry_run else "Changed"
    if not as_json and not written:
        typer.echo("Nothing to change.")
    else:
        show({"dry_run": dry_run, "changes": listed}, as_json=as_json, tables={title: rows})
    for each in listed:
        if not each.writes:
            note(
                f"left alone, as the file does not name it: {each.tenant or ''} {each.kind.replace('_', ' ')} {each.name}"
            )


def _cell(value: object) -> str:
    text = " ".join(as_text(value).split())
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
