"""A tenant as `outreach apply` and `outreach contacts import` make it, on a fixed date."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

# A Tuesday, 06:00 in Berlin.
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
POLICY: dict[str, Any] = {
    "messages_per_day_per_mailbox": 10,
    "counts_by": "calendar_day",
    "random_assignment_ratio": 0,
    "canary_hold_seconds": 0,
}
STEPS = (
    {"step": 1, "wait_days": 0, "subject": "Hello", "text": "Hello"},
    {"step": 2, "wait_days": 2, "subject": "Hello", "text": "Hello again"},
)


@dataclass
class Firm:
    """An installation with one tenant, acme; ``admin`` sees and changes everything behind the platform's back."""

    installation: Installation
    admin: psycopg.Connection
    folder: Path

    @property
    def tenant(self) -> Tenant:
        return self.installation.tenants("acme")[0]

    def configure(
        self,
        *,
        policy: dict[str, Any] | None = None,
        boxes: Sequence[dict[str, Any] | str] = ("ann",),
        campaigns: Sequence[dict[str, Any]] = ({},),
        domains: Sequence[dict[str, Any]] = ({},),
        accounts: Sequence[dict[str, Any]] = (),
        slug: str = "acme",
        **tenant: Any,
    ) -> None:
        """Apply a configuration: boxes are names or sections with ``name``, campaigns and domains sections."""
        server = {"host": "127.0.0.1", "port": 2525, "security": "starttls"}
        named = [{"name": box} if isinstance(box, str) else dict(box) for box in boxes]
        document = {
            "provider_accounts": list(accounts),
            "tenants": [
                {
                    "slug": slug,
                    "name": slug.title(),
                    "time_zone": "Europe/Berlin",
                    "postal_address": "Here 1, 10115 Berlin",
                    "policies": {"default": {**POLICY, **(policy or {})}},
                    "sending_domains": [
                        {"domain": f"{slug}-mail.example", "link_host": f"go.{slug}-mail.example", **each}
                        for each in domains
                    ],
                    "mailboxes": [
                        {
                            "address": f"{box.pop('name')}@{box.pop('domain', f'{slug}-mail.example')}",
                            "smtp": server,
                            "imap": server,
                            "password": "open sesame",
                            **box,
                        }
                        for box in named
                    ],
                    "campaigns": [
                        {
                            "slug": "spring",
                            "name": "Spring",
                            "mailboxes": "all",
                            "accepted_lawful_bases": ["consent"],
                            "accepted_jurisdictions": ["DE"],
                            "steps": list(STEPS),
                            **each,
                        }
                        for each in campaigns
                    ],
                    **tenant,
                }
            ],
        }
        text = yaml.safe_dump(document)
        apply_configuration(self.installation, read_configuration(text, environment={}), author="test")

    def contacts(
        self, *people: dict[str, Any] | str, campaign: str = "spring", now: datetime = NOW, slug: str = "acme"
    ) -> None:
        """Import people: addresses, or rows of the contacts file."""
        rows = [
            {"source": "fair", "jurisdiction": "DE", "lawful_basis": "consent", "verification": "valid"}
            | ({"address": person} if isinstance(person, str) else person)
            for person in people
        ]
        path = self.folder / f"{campaign}-{len(list(self.folder.glob('*.csv')))}.csv"
        names = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
        tenant = self.installation.tenants(slug)[0]
        import_contacts(self.installation, tenant, campaign, path, now=now, author="test")

    def crowd(self, count: int, **columns: Any) -> None:
        """Import so many people of as many companies."""
        self.contacts(*({"address": f"c{number:03}@company{number:03}.example", **columns} for number in range(count)))

    def plan(self, day: date = TODAY, *, now: datetime = NOW, **options: Any) -> PlanOutcome:
        return plan_day(self.installation, self.tenant, day, now=now, **options)

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        cursor = self.admin.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    def copy(self, count: int, **columns: str) -> None:
        """Put copies of the first planned message beside it, as test mails; ``columns`` are SQL."""
        names = self.run(
            "select column_name from information_schema.columns where table_schema = 'outreach'"
            " and table_name = 'messages' and column_name not in ('id', 'due_at')"
        )
        values = {"kind": "'test'", "company_domain": "company_domain || n", **columns}
        self.run(
            f"insert into outreach.messages ({', '.join(name for (name,) in names)})"
            f" select {', '.join(values.get(name, f'm.{name}') for (name,) in names)}"
            f" from (select * from outreach.messages order by id limit 1) as m, generate_series(1, {count}) as n"
        )

    def plan_state(self) -> list[tuple[str, str | None]]:
        return self.run("select state, held_reason from outreach.plans order by plan_date")


@pytest.fixture
def firm(installation: Installation, admin: psycopg.Connection, tmp_path: Path) -> Firm:
    return Firm(installation, admin, tmp_path)


@pytest.fixture
def make_firm(firm: Firm) -> Callable[..., Firm]:
    """Configure the firm and return it."""

    def make(**sections: Any) -> Firm:
        firm.configure(**sections)
        return firm

    return make
