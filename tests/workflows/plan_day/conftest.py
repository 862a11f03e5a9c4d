"""A tenant with one domain and one campaign, written behind the platform's back, and its plan."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

# A Tuesday, 06:00 in Berlin.
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)


TODAY = date(2026, 11, 24)


POLICY: dict[str, Any] = {"messages_per_day_per_mailbox": 10, "counts_by": "calendar_day", "random_assignment_ratio": 0}


_WITHOUT_ID = {"campaign_mailboxes", "campaign_steps", "operator_suppressions", "recipient_sites", "rotation_weights"}


@dataclass
class World:
    """A tenant with one domain and one campaign, written by the superuser."""

    admin: psycopg.Connection
    tenant: Tenant
    domain_id: int
    campaign_id: int
    list_id: int

    def mailbox(self, name: str = "ann", **columns: Any) -> int:
        values = {
            "tenant_id": self.tenant.id,
            "address": f"{name}@acme-mail.example",
            "sending_domain_id": self.domain_id,
            "lane": 1,
            "lifecycle": "active",
            "smtp_host": "127.0.0.1",
            "smtp_port": 2525,
            "imap_host": "127.0.0.1",
            "imap_port": 1143,
            "login": name,
            **columns,
        }
        mailbox_id = self.insert("mailboxes", **values)
        self.insert("campaign_mailboxes", tenant_id=self.tenant.id, campaign_id=self.campaign_id, mailbox_id=mailbox_id)
        return mailbox_id

    def contact(self, address: str, *, enrollment: dict[str, Any] | None = None, **columns: Any) -> int:
        domain = address.split("@")[1]
        values = {
            "tenant_id": self.tenant.id,
            "address": address,
            "mail_domain": domain,
            "company_domain": domain,
            "source": "test",
            "jurisdiction": "DE",
            "lawful_basis": "consent",
            "verification": "valid",
            "contact_list_id": self.list_id,
            **columns,
        }
        contact_id = self.insert("contacts", **values)
        self.insert(
            "enrollments",
            **{
                "tenant_id": self.tenant.id,
                "campaign_id": self.campaign_id,
                "contact_id": contact_id,
                "contact_list_id": self.list_id,
                "due_on": TODAY,
                "enrolled_at": NOW,
                **(enrollment or {}),
            },
        )
        return contact_id

    def contacts(self, count: int, **columns: Any) -> None:
        for number in range(count):
            self.contact(f"c{number:03}@company{number:03}.example", **columns)

    def insert(self, table: str, **columns: Any) -> int:
        names = ", ".join(columns)
        marks = ", ".join(f"%({name})s" for name in columns)
        values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in columns.items()}
        key = "" if table in _WITHOUT_ID else " returning id"
        row = self.admin.execute(f"insert into outreach.{table} ({names}) values ({marks}){key}", values)
        return 0 if table in _WITHOUT_ID else row.fetchone()[0]

    def messages(self, condition: str = "true") -> list[dict[str, Any]]:
        with self.admin.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                f"select * from outreach.messages where tenant_id = %s and {condition} order by scheduled_at, id",
                [self.tenant.id],
            ).fetchall()

    def run(self, statement: str, *values: Any, **named: Any) -> None:
        self.admin.execute(statement, named or values)


@pytest.fixture
def make_world(installation: Installation, admin: psycopg.Connection) -> Callable[..., World]:
    def make(slug: str = "acme", policy: dict[str, Any] | None = None, zone: str = "Europe/Berlin") -> World:
        tenant_id = uuid.uuid5(uuid.NAMESPACE_DNS, slug)
        admin.execute(
            "insert into outreach.tenants (id, slug, name, time_zone, postal_address) values (%s, %s, %s, %s, 'Here 1')",
            [tenant_id, slug, slug, zone],
        )
        world = World(admin, installation.tenants(slug)[0], 0, 0, 0)
        world.insert("sending_policies", tenant_id=tenant_id, name="default", policy={**POLICY, **(policy or {})})
        world.domain_id = world.insert(
            "sending_domains", tenant_id=tenant_id, domain="acme-mail.example", link_host="go.acme-mail.example"
        )
        world.campaign_id = world.insert(
            "campaigns",
            tenant_id=tenant_id,
            slug="spring",
            name="Spring",
            accepted_lawful_bases=["consent"],
            accepted_jurisdictions=["DE"],
        )
        for step, wait in ((1, 0), (2, 2)):
            world.insert(
                "campaign_steps",
                tenant_id=tenant_id,
                campaign_id=world.campaign_id,
                step_number=step,
                wait_days=wait,
                subject="Hello",
                text_body="Hello",
            )
        world.list_id = world.insert(
            "contact_lists",
            tenant_id=tenant_id,
            name="list",
            campaign_id=world.campaign_id,
            sha256="0" * 64,
            row_count=1,
            imported_at=NOW,
        )
        return world

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def plan_it(installation: Installation, world: World) -> Callable[..., PlanOutcome]:
    def run(day: date = TODAY, *, now: datetime = NOW, **options: Any) -> PlanOutcome:
        return plan_day(installation, world.tenant, day, now=now, **options)

    return run
