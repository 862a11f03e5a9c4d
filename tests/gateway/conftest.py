"""A gateway that really listens, and two tenants with a message each."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import anyio
import psycopg
import pytest
import uvicorn

from outreach_pipeline.gateway.app import create_app
from outreach_pipeline.workflows.installation import Installation

# anyio loads its parts at first use; in the server's thread that would race with pytest's own compiling (CPython 3.11).
assert anyio.open_file


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Gateway:
    port: int

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode())
        finally:
            connection.close()


@pytest.fixture
def gateway(installation: Installation) -> Iterator[Gateway]:
    config = uvicorn.Config(create_app(installation), host="127.0.0.1", port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the gateway did not start"
        time.sleep(0.01)
    yield Gateway(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)


@dataclass(frozen=True, slots=True)
class SeededTenant:
    id: UUID
    slug: str
    link_host: str
    mailbox_id: int
    campaign_id: int
    contact_list_id: int

    def add_message(self, admin: psycopg.Connection, to_address: str, *, state: str = "planned", step: int = 1) -> int:
        """Add a contact, its enrollment and a message of today's plan; returns messages.id."""
        domain = to_address.partition("@")[2]
        contact = admin.execute(
            "insert into outreach.contacts (tenant_id, address, mail_domain, company_domain, source, contact_list_id)"
            " values (%s, %s, %s, %s, 'fair', %s) on conflict (tenant_id, address) do update set source = 'fair'"
            " returning id",
            [self.id, to_address, domain, domain, self.contact_list_id],
        ).fetchone()[0]
        enrollment = admin.execute(
            "insert into outreach.enrollments (tenant_id, campaign_id, contact_id, contact_list_id, due_on)"
            " values (%s, %s, %s, %s, current_date) on conflict (tenant_id, campaign_id, contact_id)"
            " do update set due_on = excluded.due_on returning id",
            [self.id, self.campaign_id, contact, self.contact_list_id],
        ).fetchone()[0]
        return admin.execute(
            "insert into outreach.messages (tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, campaign_id,"
            " contact_id, contact_list_id, step_number, variant, to_address, company_domain, recipient_site,"
            " scheduled_at, window_ends_at, message_id, sending_at, sent_at)"
            " values (%s, 'campaign', %s, %s, current_date, %s, %s, %s, %s, %s, 'a', %s, %s, 'site-one', now(),"
            " now() + interval '8 hours', %s, case when %s in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')"
            " then now() end, case when %s = 'sent' then now() end) returning id",
            [
                self.id,
                state,
                self.mailbox_id,
                enrollment,
                self.campaign_id,
                contact,
                self.contact_list_id,
                step,
                to_address,
                domain,
                f"<{enrollment}.{step}@{self.slug}-mail.example>",
                state,
                state,
            ],
        ).fetchone()[0]


def seed_tenant(admin: psycopg.Connection, slug: str) -> SeededTenant:
    """Make a tenant with a sending domain, a mailbox with today's batch, and a campaign of two steps."""
    tenant_id = admin.execute(
        "insert into outreach.tenants (slug, name, time_zone, postal_address)"
        " values (%s, %s, 'Europe/Berlin', 'Hauptstr. 1, Berlin') returning id",
        [slug, slug.title() + " GmbH"],
    ).fetchone()[0]
    domain_id = admin.execute(
        "insert into outreach.sending_domains (tenant_id, domain, link_host) values (%s, %s, %s) returning id",
        [tenant_id, f"{slug}-mail.example", f"go.{slug}-mail.example"],
    ).fetchone()[0]
    mailbox_id = admin.execute(
        "insert into outreach.mailboxes (tenant_id, address, sending_domain_id, lane, smtp_host, smtp_port, imap_host,"
        " imap_port, login) values (%s, %s, %s, 1, '127.0.0.1', 2525, '127.0.0.1', 1143, %s) returning id",
        [tenant_id, f"ann@{slug}-mail.example", domain_id, f"ann@{slug}-mail.example"],
    ).fetchone()[0]
    campaign_id = admin.execute(
        "insert into outreach.campaigns (tenant_id, slug, name, accepted_lawful_bases, accepted_jurisdictions)"
        " values (%s, 'spring', 'Spring', '{consent}', '{DE}') returning id",
        [tenant_id],
    ).fetchone()[0]
    for step, wait_days in ((1, 0), (2, 3)):
        admin.execute(
            "insert into outreach.campaign_steps (tenant_id, campaign_id, step_number, wait_days, subject, text_body)"
            " values (%s, %s, %s, %s, 'Hello', 'Hello')",
            [tenant_id, campaign_id, step, wait_days],
        )
    list_id = admin.execute(
        "insert into outreach.contact_lists (tenant_id, name, campaign_id, sha256, row_count, imported_at)"
        " values (%s, 'fair', %s, 'abc', 1, now()) returning id",
        [tenant_id, campaign_id],
    ).fetchone()[0]
    admin.execute(
        "insert into outreach.send_batches (tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned,"
        " cap_terms, planned_at) values (%s, %s, current_date, 'real', 40, 0, 1, '[]', now())",
        [tenant_id, mailbox_id],
    )
    admin.execute(
        "insert into outreach.plans (tenant_id, plan_date, mode, input_sha256, planned_at, summary)"
        " values (%s, current_date, 'real', 'x', now(), '{}')",
        [tenant_id],
    )
    return SeededTenant(tenant_id, slug, f"go.{slug}-mail.example", mailbox_id, campaign_id, list_id)


@pytest.fixture
def acme(admin: psycopg.Connection) -> SeededTenant:
    return seed_tenant(admin, "acme")


@pytest.fixture
def birch(admin: psycopg.Connection) -> SeededTenant:
    return seed_tenant(admin, "birch")


@pytest.fixture
def add_source(installation: Installation, admin: psycopg.Connection):
    """Add a webhook source to a tenant, its secret encrypted as the configuration does."""

    def add(tenant: SeededTenant, source: str, secret: str) -> None:
        with installation.database.tenant(tenant.id) as transaction:
            key_id, wrapped = installation.tenant_key(transaction, tenant.id)
        ciphertext = installation.vault.encrypt(
            secret, wrapped_key=wrapped, owner=str(tenant.id), purpose=f"webhook {source}"
        )
        admin.execute(
            "insert into outreach.webhook_sources (tenant_id, source, data_key_id, secret_ciphertext)"
            " values (%s, %s, %s, %s)",
            [tenant.id, source, key_id, ciphertext],
        )

    return add
