"""Imports a contacts file as one contact list and enrols its contacts in a campaign.

Set-wise and in bounded memory: rows stream through the checks into a temporary table, then one statement each inserts
contacts and enrollments. Known contacts are enrolled, never overwritten. Belongs here: the order of it. Does not: what a row
must fulfil (core.contacts).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.configuration_values import NOT_OF_THE_CONTACT
from outreach_pipeline.core.contacts import ContactRow, RowProblem, header_problems, parse_row
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.gaps import AROUND, NAMES_OF_PERSONS, NO_VALUES, OF_PERSONS, unconditional_names
from outreach_pipeline.workflows.configured_objects import as_json
from outreach_pipeline.workflows.csv_rows import CsvFile, open_csv
from outreach_pipeline.workflows.installation import Installation, Tenant

_COLUMNS = tuple(each.name for each in fields(ContactRow))


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did.

    Attributes:
        already_imported: this very file was imported into this campaign before; nothing was done.
        rows: rows imported, new or known.
        created: contacts that are new.
        enrolled: contacts that are new to the campaign.
        canary: so many contacts of the list are written to first; None: it has no hold.
        hold_seconds: the others follow so long after the canary, those of working days counted; 0 without a hold.
        problems: rows left out, in the order of the file; without ``skip_bad`` always none.
        empty_fields: in how many of the rows a field is empty, or holds a word that says so, without which a step of the campaign does not go out, by field.
    """

    already_imported: bool
    rows: int
    created: int
    enrolled: int
    canary: int | None
    hold_seconds: int
    problems: tuple[RowProblem, ...]
    empty_fields: dict[str, int] = field(default_factory=dict)


def import_contacts(
    installation: Installation,
    tenant: Tenant,
    campaign_slug: str,
    file: Path,
    *,
    now: datetime,
    skip_bad: bool = False,
    author: str = "import",
) -> ImportOutcome:
    """Import a CSV file; the same file twice changes nothing.

    The contacts are due on the date that ``now`` (aware) has in the tenant's zone. ``skip_bad`` imports the good rows of a file
    that has bad ones, instead of nothing; ``author`` stands in the audit log.

    Raises:
        UsageError: the tenant has no such campaign.
        ConfigurationError: the file cannot be read, or rows are bad; one sentence each, and nothing was imported.
    """
    opened = open_csv(file)
    if problems := header_problems(opened.header):
        raise ConfigurationError(*(f"{file}: {problem}" for problem in problems))
    with installation.database.tenant(tenant.id) as transaction:
        transaction.rows("config/import_lock", campaign=campaign_slug)
        campaigns = transaction.rows("config/campaign_for_import", campaign=campaign_slug)
        if not campaigns:
            raise UsageError(f"{tenant.slug} has no campaign {campaign_slug!r}: `outreach campaigns list` shows them.")
        campaign_id = campaigns[0]["id"]
        policy = SendingPolicy.model_validate(campaigns[0]["policy"])
        if transaction.value("config/contact_list", campaign_id=campaign_id, sha256=opened.sha256) is not None:
            return ImportOutcome(
                already_imported=True, rows=0, created=0, enrolled=0, canary=None, hold_seconds=0, problems=()
            )
        transaction.run("config/stage_contacts")
        found: list[RowProblem] = []
        transaction.copy("incoming_contacts", ("line", *_COLUMNS), _good_rows(opened, found))
        found += [
            RowProblem(row["line"], "address", f"{row['address']} stands on line {row['first_line']} too: keep one.")
            for row in transaction.rows("config/take_out_duplicates")
        ]
        found.sort(key=lambda each: each.line)
        if found and not skip_bad:
            raise ConfigurationError(*(f"{file}: {problem}" for problem in found))
        transaction.run("config/analyze_contacts")
        count = transaction.value("config/count_incoming")
        if not count:
            raise ConfigurationError(f"{file}: no row can be imported.", *map(str, found))
        holds = count > policy.canary_contacts and policy.canary_hold_seconds > 0
        list_id = transaction.value(
            "config/put_contact_list",
            name=file.name,
            campaign_id=campaign_id,
            sha256=opened.sha256,
            row_count=count,
            now=now,
            canary_contacts=policy.canary_contacts,
            hold_seconds=policy.canary_hold_seconds if holds else 0,
        )
        created = transaction.run("config/put_contacts", contact_list_id=list_id, now=now)
        enrolled = transaction.run(
            "config/put_enrollments",
            campaign_id=campaign_id,
            contact_list_id=list_id,
            due_on=now.astimezone(ZoneInfo(tenant.time_zone)).date(),
            now=now,
        )
        empty_fields = _empty_fields(transaction, campaign_id)
        detail = {"campaign": campaign_slug, "rows": count, "created": created, "enrolled": enrolled, "bad": len(found)}
        entry = {"action": "import contacts", "subject": f"contact_list {file.name}", "detail": detail}
        transaction.run("config/audit", author=author, rows=as_json([entry]))
    return ImportOutcome(
        already_imported=False,
        rows=count,
        created=created,
        enrolled=enrolled,
        canary=policy.canary_contacts if holds else None,
        hold_seconds=policy.canary_hold_seconds if holds else 0,
        problems=tuple(found),
        empty_fields=empty_fields,
    )


def _empty_fields(transaction: Transaction, campaign_id: int) -> dict[str, int]:
    names: set[str] = set()
    for step in transaction.rows("config/steps_for_import", campaign_id=campaign_id):
        names.update(*(unconditional_names(each) for each in step.values() if each))
    rows = transaction.rows(
        "config/empty_fields",
        names=sorted(names - NOT_OF_THE_CONTACT),
        around=AROUND,
        no_values=sorted(NO_VALUES),
        of_persons=sorted(OF_PERSONS),
        names_of_persons=sorted(NAMES_OF_PERSONS),
    )
    return {row["name"]: row["contacts"] for row in rows}


def _good_rows(file: CsvFile, problems: list[RowProblem]) -> Iterator[tuple[Any, ...]]:
    for each in file.rows():
        if isinstance(each, RowProblem):
            problems.append(each)
            continue
        line, row = each
        contact, found = parse_row(line, row)
        problems += found
        if contact is not None:
            values = {name: getattr(contact, name) for name in _COLUMNS}
            values["attributes"] = json.dumps(contact.attributes)
            yield line, *values.values()
