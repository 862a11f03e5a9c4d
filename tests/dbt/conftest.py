"""Two tenants' ledger, and one dbt build over it for the whole folder."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from outreach_pipeline.adapters.embedded_postgres import Server
from outreach_pipeline.adapters.postgres.migrate import LOGIN_ROLES
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.build_marts import DbtOutcome, run_dbt

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PASSWORD = "of-the-tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the folder's tests on one worker, so that there is one build, and give that build time on a busy machine."""
    for item in items:
        if "tests/dbt/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("dbt"))
            item.add_marker(pytest.mark.timeout(600))


@dataclass(slots=True)
class Ledger:
    """Writes rows as a superuser would, with as few words as a test needs."""

    admin: psycopg.Connection
    tenants: dict[str, UUID] = field(default_factory=dict)
    mailboxes: dict[str, tuple[UUID, int]] = field(default_factory=dict)
    campaigns: dict[UUID, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def one(self, statement: str, *values: object) -> int:
        return self.admin.execute(statement, values).fetchone()[0]

    def tenant(self, slug: str, zone: str, **policies: int) -> UUID:
        tenant = uuid4()
        self.tenants[slug] = tenant
        self.admin.execute(
            "insert into outreach.tenants (id, slug, name, time_zone, postal_address) values (%s, %s, %s, %s, 'x')",
            [tenant, slug, slug, zone],
        )
        for name, seconds in policies.items():
            self.admin.execute(
                "insert into outreach.sending_policies (tenant_id, name, policy) values (%s, %s, %s)",
                [tenant, name, Jsonb({"mature_after_seconds": seconds})],
            )
        self.campaigns[tenant] = self.one(
            "insert into outreach.campaigns (tenant_id, slug, name, accepted_lawful_bases, accepted_jurisdictions)"
            " values (%s, 'spring', 'Spring', '{}', '{}') returning id",
            tenant,
        )
        return tenant

    def mailbox(self, address: str, tenant: UUID, *, policy: str | None = None) -> int:
        domain = address.split("@")[1]
        self.admin.execute(
            "insert into outreach.sending_domains (tenant_id, domain, link_host) values (%s, %s, 'go.x')"
            " on conflict do nothing",
            [tenant, domain],
        )
        mailbox = self.one(
            "insert into outreach.mailboxes (tenant_id, address, sending_domain_id, policy_id, lane, smtp_host, smtp_port,"
            " imap_host, imap_port, login) select d.tenant_id, %s, d.id, p.id, 1, 'x', 25, 'x', 143, 'x'"
            " from outreach.sending_domains as d"
            " left join outreach.sending_policies as p on p.tenant_id = d.tenant_id and p.name = %s"
            " where d.tenant_id = %s and d.domain = %s returning id",
            address,
            policy,
            tenant,
            domain,
        )
        self.mailboxes[address] = (tenant, mailbox)
        return mailbox

    def contact_list(self, tenant: UUID, name: str) -> int:
        return self.one(
            "insert into outreach.contact_lists (tenant_id, name, campaign_id, sha256, row_count, imported_at)"
            " values (%s, %s, %s, %s, 1, now()) returning id",
            tenant,
            name,
            self.campaigns[tenant],
            name,
        )

    def message(
        self,
        mailbox: str,
        contact_list: int,
        *,
        site: str = "google",
        at: str,
        state: str = "sent",
        kind: str = "campaign",
    ) -> int:
        """A message begun at ``at`` (UTC); its plan's date is that date."""
        tenant, mailbox_id = self.mailboxes[mailbox]
        moment, number = _moment(at), next(self.numbers)
        day: date = moment.date()
        self.admin.execute(
            "insert into outreach.send_batches values (%s, %s, %s, 'real', 40, 0, 20, '[]', %s) on conflict do nothing",
            [tenant, mailbox_id, day, moment],
        )
        contact = self.one(
            "insert into outreach.contacts (tenant_id, address, mail_domain, company_domain, source, contact_list_id)"
            " values (%s, %s, 'c', 'c', 'test', %s) returning id",
            tenant,
            f"c{number}@c.example",
            contact_list,
        )
        campaign = self.campaigns[tenant]
        enrollment = self.one(
            "insert into outreach.enrollments (tenant_id, campaign_id, contact_id, contact_list_id, due_on)"
            " values (%s, %s, %s, %s, %s) returning id",
            tenant,
            campaign,
            contact,
            contact_list,
            day,
        )
        return self.one(
            "insert into outreach.messages (tenant_id, kind, state, state_at, mailbox_id, plan_date, enrollment_id,"
            " campaign_id, contact_id, contact_list_id, step_number, variant, to_address, company_domain, recipient_site,"
            " scheduled_at, window_ends_at, sending_at, sent_at, message_id)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, 'a', %s, 'c', %s, %s, %s, %s, %s, %s) returning id",
            *(tenant, kind, state, moment, mailbox_id, day, enrollment, campaign, contact, contact_list),
            *(f"c{number}@c.example", site, moment, moment),
            moment if state in {"sent", "presumed_sent", "outcome_unknown"} else None,
            moment if state == "sent" else None,
            f"<{number}@x>",
        )

    def event(self, message: int, kind: str, at: str, bounce_class: str | None = None) -> None:
        self.admin.execute(
            "insert into outreach.events (tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id,"
            " mailbox_id, recipient_site, bounce_class) select tenant_id, %s, 'imap', %s, to_address, %s, id, mailbox_id,"
            " recipient_site, %s from outreach.messages where id = %s",
            [kind, str(next(self.numbers)), _moment(at), bounce_class, message],
        )

    def retract_last(self, at: str) -> None:
        """Let the event that was written last count no more."""
        self.admin.execute(
            "insert into outreach.event_retractions (tenant_id, event_id, retracted_at, author)"
            " select tenant_id, id, %s, 'ann' from outreach.events order by id desc limit 1",
            [_moment(at)],
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def _fill(ledger: Ledger) -> None:
    acme = ledger.tenant("acme", "Europe/Berlin", default=86_400, slow=864_000)
    ledger.mailbox("ann@acme.example", acme)
    ledger.mailbox("bob@acme.example", acme, policy="slow")
    good, bad = ledger.contact_list(acme, "good"), ledger.contact_list(acme, "bad")
    ann = "ann@acme.example"
    ledger.message(ann, good, at="03-08 08:00")  # silent for two days: presumed delivered
    fresh = ledger.message(ann, good, at="03-10 11:00")
    ledger.event(fresh, "reply", "03-11 09:00")  # after the moment the marts speak of
    answered = ledger.message(ann, good, at="03-10 11:05")
    ledger.event(answered, "reply", "03-10 11:20")
    ledger.event(answered, "bounced", "03-10 11:30", "hard")  # taken for a bounce, until a person said otherwise
    ledger.retract_last("03-10 11:40")
    dead = ledger.message(ann, bad, at="03-10 11:10")
    ledger.event(dead, "bounced", "03-10 11:15", "hard")
    for sent, blocked in (("08:01", "09:10"), ("08:02", "09:20"), ("08:03", "09:59"), ("08:04", "10:01")):
        refused = ledger.message(ann, good, at=f"03-08 {sent}")
        ledger.event(refused, "bounced", f"03-08 {blocked}", "block")
        ledger.event(refused, "bounced", "03-08 18:00", "block")  # a second DSN about the same message
    at_rcpt = ledger.message(ann, bad, at="03-09 15:00", state="failed")
    ledger.event(at_rcpt, "bounced", "03-09 15:00", "block")
    ledger.message(ann, good, at="03-09 16:00", state="failed")  # given up without an answer: no outcome
    ledger.message(ann, good, at="03-08 10:00", state="outcome_unknown")
    ledger.message(ann, good, at="03-08 10:30", state="cancelled")
    ledger.message(ann, good, at="03-08 10:40", kind="probe")
    ledger.message(ann, good, at="03-08 11:00", site="yahoo")
    angry = ledger.message(ann, good, at="03-08 11:10", site="yahoo")
    ledger.event(angry, "complaint", "03-08 12:00")
    ledger.message("bob@acme.example", good, at="03-08 08:00")  # silent, but its own policy waits ten days
    ledger.message("bob@acme.example", good, at="02-20 08:00", state="presumed_sent")

    beta = ledger.tenant("beta", "America/New_York")  # no policy: 72 h
    ledger.mailbox("cat@beta.example", beta)
    contacts = ledger.contact_list(beta, "good")
    ledger.message("cat@beta.example", contacts, at="03-06 12:00")
    ledger.message("cat@beta.example", contacts, at="03-08 12:00", site="yahoo")


@dataclass(frozen=True, slots=True)
class World:
    """The built database: its settings, a superuser's connection, the ledger's names, what dbt said."""

    settings: Settings
    admin: psycopg.Connection
    ledger: Ledger
    outcome: DbtOutcome

    def row(self, query: str, *values: object) -> tuple:
        return self.admin.execute(query, values).fetchone()

    def mailbox(self, address: str) -> int:
        return self.ledger.mailboxes[address][1]


@pytest.fixture(scope="session")
def world(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    name = f"dbt_{os.getpid()}"
    with psycopg.connect(server.url(), autocommit=True) as root:
        root.execute(f'create database "{name}" template template_outreach owner outreach_owner strategy file_copy')
    urls = {
        ("database_url" if role == "app" else f"{role}_database_url"): server.url(
            name, user=f"outreach_{role}", password=PASSWORD
        )
        for role in LOGIN_ROLES
    }
    settings = Settings(
        home=tmp_path_factory.mktemp("home"), secret_key="b3V0cmVhY2gtdGVzdHMtc2VjcmV0LWtleS0zMmJ5dGU=", **urls
    )
    with psycopg.connect(server.url(name), autocommit=True) as admin:
        ledger = Ledger(admin)
        _fill(ledger)
        outcome = run_dbt(settings, settings.transform_database_url or "", now=NOW, unit_tests=True)
        yield World(settings, admin, ledger, outcome)
    with psycopg.connect(server.url(), autocommit=True) as root:
        root.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def now() -> datetime:
    """The business time that the marts were built for."""
    return NOW
