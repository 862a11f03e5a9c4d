"""Imports mailboxes from CSV: the same fields as in the configuration file, one mailbox a row.

Belongs here: columns to a mailbox's section. Does not: how mailboxes are compared and written (configured_objects).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from outreach_pipeline.core.configuration import Mailbox
from outreach_pipeline.core.configuration_diff import Change, Objects, differences, mailbox_objects, preset_curves
from outreach_pipeline.core.configuration_file import place_of, problem_sentence
from outreach_pipeline.core.contacts import RowProblem
from outreach_pipeline.core.errors import AuthorityFileError, ConfigurationError
from outreach_pipeline.core.oauth import SourceKind
from outreach_pipeline.core.plan.warmup import PRESETS
from outreach_pipeline.workflows.authority_files import with_authority_file
from outreach_pipeline.workflows.configured_objects import read_objects, write_audit_log, write_objects
from outreach_pipeline.workflows.csv_rows import open_csv
from outreach_pipeline.workflows.installation import Installation, Tenant

_SERVER_COLUMNS = tuple(f"{server}_{part}" for server in ("smtp", "imap") for part in ("host", "port", "security"))
COLUMNS = (*(name for name in Mailbox.model_fields if name not in ("smtp", "imap")), *_SERVER_COLUMNS)


@dataclass(frozen=True, slots=True)
class MailboxImport:
    """The changes an import made, and the rows it left out (with ``skip_bad`` only)."""

    changes: tuple[Change, ...]
    problems: tuple[RowProblem, ...]


def import_mailboxes(
    installation: Installation,
    tenant: Tenant,
    file: Path,
    *,
    environment: Mapping[str, str],
    skip_bad: bool = False,
    author: str = "import",
) -> MailboxImport:
    """Import a CSV file; the same file twice changes nothing. An empty field is the field's default.

    ``password_env`` and ``refresh_token_env`` are looked up in ``environment``; a ``ca_file`` is relative to the CSV file.
    ``skip_bad`` imports the good rows of a file that has bad ones, instead of nothing; ``author`` stands in the audit log.

    Raises:
        ConfigurationError: the file cannot be read, or rows are bad; one sentence each, and nothing was imported.
    """
    opened = open_csv(file)
    unknown = [name for name in opened.header if name not in COLUMNS]
    missing = [
        name for name in ("address", "smtp_host", "smtp_port", "imap_host", "imap_port") if name not in opened.header
    ]
    if unknown or missing:
        problems = [f"{file}: line 1: there is no column {name!r}: it may be {', '.join(COLUMNS)}." for name in unknown]
        problems += [f"{file}: line 1: the column {name} is missing: add it." for name in missing]
        raise ConfigurationError(*problems)
    with installation.database.tenant(tenant.id) as transaction:
        transaction.rows("config/lock")
        current = read_objects(transaction, installation)
        accounts = {row["name"]: row["oauth_kind"] for row in transaction.rows("config/provider_accounts")}
        found: list[RowProblem] = []
        mailboxes: dict[str, Mailbox] = {}
        for each in opened.rows():
            if isinstance(each, RowProblem):
                found.append(each)
                continue
            line, row = each
            mailbox, problems_of_row = _parse(line, row, environment)
            if mailbox is not None:
                try:
                    mailbox = with_authority_file(mailbox, folder=file.parent)
                except AuthorityFileError as error:
                    problems_of_row.append(RowProblem(line, "ca_file", str(error)))
                problems_of_row += _reference_problems(line, mailbox, current, accounts)
                if mailbox.address in mailboxes:
                    problems_of_row.append(RowProblem(line, "address", f"{mailbox.address} stands twice: keep one."))
            found += problems_of_row
            if mailbox is not None and not problems_of_row:
                mailboxes[mailbox.address] = mailbox
        if found and not skip_bad:
            raise ConfigurationError(*(f"{file}: {problem}" for problem in found))
        own = frozenset(name for kind, name in current if kind == "warmup_curve")
        wanted = preset_curves(mailboxes.values(), own=own) | mailbox_objects(mailboxes.values())
        changes = differences(tenant.slug, current, wanted, names_kept=False)
        write_objects(transaction, installation, wanted=wanted, changes=changes)
        write_audit_log(transaction, author=author, action="import", changes=changes)
    return MailboxImport(tuple(changes), tuple(found))


def _parse(
    line: int, row: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[Mailbox | None, list[RowProblem]]:
    section: dict[str, Any] = {"smtp": {}, "imap": {}}
    for name, text in row.items():
        # A password may start or end with a space.
        value = text if name == "password" else text.strip()
        if not value:
            continue
        if name in _SERVER_COLUMNS:
            server, _, part = name.partition("_")
            section[server][part] = value
        else:
            section[name] = value
    for secret in ("password", "refresh_token"):
        variable = section.get(f"{secret}_env")
        if variable and not environment.get(variable):
            return None, [RowProblem(line, f"{secret}_env", f"the environment has no {variable}: set it.")]
        if variable:
            section[secret] = environment[variable]
    try:
        return Mailbox.model_validate(section), []
    except ValidationError as error:
        return None, [
            RowProblem(line, place_of(each["loc"]).replace(".", "_"), problem_sentence(each))
            for each in error.errors(include_input=False, include_url=False)
        ]


def _reference_problems(
    line: int, mailbox: Mailbox, current: Objects, accounts: Mapping[str, SourceKind | None]
) -> list[RowProblem]:
    problems = []
    domain = mailbox.address.rpartition("@")[2]
    if ("sending_domain", domain) not in current:
        problems.append(
            RowProblem(line, "address", f"{domain} is none of the tenant's sending domains: apply it first.")
        )
    if mailbox.policy not in (None, "default") and ("sending_policy", mailbox.policy) not in current:
        problems.append(RowProblem(line, "policy", f"the tenant has no policy {mailbox.policy!r}: apply it first."))
    curve = mailbox.warmup_curve
    if curve is not None and ("warmup_curve", curve) not in current and curve not in PRESETS:
        problems.append(RowProblem(line, "warmup_curve", f"the tenant has no curve {curve!r}: apply it first."))
    if mailbox.provider_account is not None and mailbox.provider_account not in accounts:
        cause = f"there is no provider account {mailbox.provider_account!r}: apply it first."
        problems.append(RowProblem(line, "provider_account", cause))
    known = current.get(("mailbox", mailbox.address), {})
    field = "password" if mailbox.auth == "password" else "refresh_token"
    missing = mailbox.missing_secret(source=accounts.get(mailbox.provider_account or ""), is_known=field in known)
    if missing and mailbox.provider_account in {None, *accounts}:
        problems.append(RowProblem(line, *missing))
    return problems
