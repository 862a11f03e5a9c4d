"""A tenant, and servers that really answer: a sandbox mail world, a DNS server, and a place that takes notes."""

from __future__ import annotations

import dataclasses
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from dnslib import QTYPE, RCODE, RR
from dnslib.server import BaseResolver, DNSServer

from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Mailbox, Provider, World
from outreach_pipeline.workflows.installation import Installation, Tenant

ADDRESS = "ann@acme.test"
PASSWORD = "open sesame"


@pytest.fixture
def tenant(admin: psycopg.Connection, installation: Installation) -> Tenant:
    admin.execute(
        "insert into outreach.tenants (slug, name, time_zone, postal_address) values ('acme', 'Acme', 'UTC', 'Berlin 1')"
    )
    return installation.tenants("acme")[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.RunningSandbox]:
    mailbox = Mailbox(address=ADDRESS, login=ADDRESS, password=PASSWORD, provider="relay", tenant="acme")
    running = process.start(
        World(mailboxes=(mailbox,), providers={"relay": Provider(smtp_mode="starttls")}),
        tmp_path_factory.mktemp("world"),
    )
    yield running
    running.stop()


@pytest.fixture
def add_mailbox(admin, installation, tenant, world):
    """Add the sandbox's mailbox to the tenant, or one like it with other columns."""

    def add(*, password: str | None = PASSWORD, **columns: Any) -> int:
        with installation.database.tenant(tenant.id) as transaction:
            key_id, wrapped = installation.tenant_key(transaction, tenant.id)
        values = {
            "tenant_id": tenant.id,
            "address": ADDRESS,
            "lane": 1,
            "smtp_host": "127.0.0.1",
            "smtp_port": world.ports["smtp"]["relay"],
            "imap_host": "127.0.0.1",
            "imap_port": world.ports["imap"],
            "imap_security": "none",
            "login": ADDRESS,
            "ca_file": str(world.ca_file),
            "data_key_id": key_id,
        } | columns
        if password is not None:
            values["secret_ciphertext"] = installation.vault.encrypt(
                password, wrapped_key=wrapped, owner=str(tenant.id), purpose=f"mailbox {values['address']}"
            )
        values["sending_domain_id"] = admin.execute(
            "insert into outreach.sending_domains (tenant_id, domain, link_host, dkim_selector)"
            " values (%s, 'acme.test', 'go.acme.test', 's1')"
            " on conflict (tenant_id, domain) do update set link_host = excluded.link_host returning id",
            [tenant.id],
        ).fetchone()[0]
        statement = psycopg.sql.SQL("insert into outreach.mailboxes ({}) values ({}) returning id").format(
            psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, values)),
            psycopg.sql.SQL(", ").join(psycopg.sql.Placeholder() * len(values)),
        )
        return admin.execute(statement, list(values.values())).fetchone()[0]

    return add


class Zones(BaseResolver):
    """Answers from a table of (name, type) to records; ``servfail.test`` fails, what is not there does not exist."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], str] = {}

    def resolve(self, request, _handler):
        reply = request.reply()
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        if name.endswith("servfail.test"):
            reply.header.rcode = RCODE.SERVFAIL
        elif found := self.records.get((name, kind)):
            reply.add_answer(*RR.fromZone("\n".join(f"{name}. 60 {kind} {line}" for line in found.split("\n"))))
        elif not any(known == name for known, _ in self.records):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


@pytest.fixture(scope="module")
def zones() -> Iterator[tuple[dict[tuple[str, str], str], str]]:
    """The table of a name server that listens, and its ``host:port``."""
    resolver = Zones()
    server = DNSServer(resolver, address="127.0.0.1", port=0)
    server.start_thread()
    yield resolver.records, f"127.0.0.1:{server.server.server_address[1]}"
    server.stop()
    server.server.server_close()


@dataclass
class Notes:
    """A webhook as Slack's: keeps what is posted, answers with ``status``."""

    url: str = ""
    status: int = 200
    texts: list[str] = field(default_factory=list)


@pytest.fixture
def notes() -> Iterator[Notes]:
    kept = Notes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if kept.status == 200:
                kept.texts.append(body["text"])
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def configured(installation: Installation):
    """The installation with other settings."""

    def configure(**settings: Any) -> Installation:
        return dataclasses.replace(installation, settings=installation.settings.model_copy(update=settings))

    return configure
