"""An installation of its own for Dagster's definitions: they read it from the environment, as in a run's process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
import pytest
import yaml

from outreach_pipeline.cli.demo_world import noon_zone
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Mailbox, Provider, SendingDomain, Site, World
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, Tenant

PASSWORD = "open sesame"
SLUGS = ("acme", "birch")
BOXES = ("ann", "bob")
_POLICY = {
    "messages_per_day_per_mailbox": 5,
    "counts_by": "calendar_day",
    "window_starts": "00:00",
    "window_ends": "23:59",
    "working_days": [1, 2, 3, 4, 5, 6, 7],
    "minimum_gap_seconds": 0.1,
    "messages_per_minute_per_mailbox": 600,
    "jitter_seconds": 0,
    "spread_seconds": 1,
    "canary_hold_seconds": 0,
    "catch_all_per_day": 40,
}


@pytest.fixture(scope="session")
def definitions() -> dg.Definitions:
    from outreach_pipeline.definitions import defs  # noqa: PLC0415  seconds, which only these tests have to wait for

    return defs


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture(autouse=True)
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables from which an op, check or sensor opens the test's installation; none where a test has none."""
    for name in list(os.environ):
        if name.startswith("OUTREACH_"):
            monkeypatch.delenv(name)
    if "settings" in request.fixturenames:
        settings: Settings = request.getfixturevalue("settings")
        for name in ("database", "owner_database", "transform_database", "metrics_database", "dagster_database"):
            monkeypatch.setenv(f"OUTREACH_{name.upper()}_URL", getattr(settings, f"{name}_url"))
        monkeypatch.setenv("OUTREACH_HOME", str(settings.home))
        monkeypatch.setenv("OUTREACH_SECRET_KEY", settings.secret_key or "")
        monkeypatch.setenv("OUTREACH_DNS_RESOLVER", "offline")
        # A run that reads once is all that most tests have time for.
        monkeypatch.setenv("OUTREACH_SYNC_WINDOW_MINUTES", "0")
    return monkeypatch


@dataclass(frozen=True, slots=True)
class Firm:
    """Two tenants, in the zone where it is noon, each with two mailboxes and a campaign of two steps."""

    installation: Installation
    admin: psycopg.Connection
    folder: Path

    def tenant(self, slug: str = "acme") -> Tenant:
        return self.installation.tenants(slug)[0]

    @property
    def today(self) -> str:
        """The tenants' local date: that of UTC, as it is noon there."""
        return datetime.now(UTC).date().isoformat()

    def contacts(self, *addresses: str, slug: str = "acme") -> None:
        path = self.folder / f"contacts-{slug}-{len(list(self.folder.glob('*.csv')))}.csv"
        lines = [f"{address},fair,DE,consent,valid" for address in addresses]
        path.write_text("\n".join(["address,source,jurisdiction,lawful_basis,verification", *lines]) + "\n")
        import_contacts(self.installation, self.tenant(slug), "spring", path, now=datetime.now(UTC), author="test")

    def count(self, what: str, *values: Any) -> int:
        return self.admin.execute(f"select count(*) from outreach.{what}", values).fetchone()[0]

    def states(self) -> dict[str, int]:
        return dict(self.admin.execute("select state, count(*) from outreach.messages group by state").fetchall())


@pytest.fixture
def make_firm(installation: Installation, admin: psycopg.Connection, tmp_path: Path) -> Callable[..., Firm]:
    def make(*, ports: dict[str, Any] | None = None, ca_file: Path | None = None, **policy: Any) -> Firm:
        smtp, imap = (ports["smtp"]["relay"], ports["imap"]) if ports else (2525, 1143)
        document = {
            "tenants": [
                {
                    "slug": slug,
                    "name": slug.title(),
                    "time_zone": noon_zone(datetime.now(UTC)),
                    "plan_at": "05:00",
                    "postal_address": f"{slug.title()}, Hauptstr. 1, 10115 Berlin",
                    "policies": {"default": {**_POLICY, **policy}},
                    "webhook_sources": {"generic": {"secret": "webhook-secret-of-the-firm"}},
                    "sending_domains": [{"domain": f"{slug}-mail.example", "link_host": f"go.{slug}-mail.example"}],
                    "mailboxes": [
                        {
                            "address": f"{name}@{slug}-mail.example",
                            "smtp": {"host": "127.0.0.1", "port": smtp, "security": "starttls"},
                            "imap": {"host": "127.0.0.1", "port": imap, "security": "starttls"},
                            "password": PASSWORD,
                            "sent_copy": "server",
                            **({"ca_file": str(ca_file)} if ca_file else {}),
                        }
                        for name in BOXES
                    ],
                    "campaigns": [
                        {
                            "slug": "spring",
                            "name": "Spring",
                            "accepted_lawful_bases": ["consent"],
                            "accepted_jurisdictions": ["DE"],
                            "mailboxes": "all",
                            "steps": [
                                {"step": 1, "subject": "A question", "text": "Have you ten minutes for it?"},
                                {"step": 2, "wait_days": 2, "subject": "A question", "text": "Once more."},
                            ],
                        }
                    ],
                }
                for slug in SLUGS
            ]
        }
        apply_configuration(installation, read_configuration(yaml.safe_dump(document), environment={}), author="test")
        return Firm(installation, admin, tmp_path)

    return make


@pytest.fixture
def firm(make_firm: Callable[..., Firm]) -> Firm:
    """Nobody answers at its mailboxes' addresses."""
    return make_firm()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.RunningSandbox]:
    """A mail world of the firm's mailboxes, whose recipients at corp.test answer at once."""
    addresses = [(slug, f"{name}@{slug}-mail.example") for slug in SLUGS for name in BOXES]
    running = process.start(
        World(
            mailboxes=tuple(
                Mailbox(address=address, login=address, password=PASSWORD, provider="relay", tenant=slug)
                for slug, address in addresses
            ),
            providers={"relay": Provider(smtp_mode="starttls", sent_copy=True)},
            sites=(Site(name="corp", mx=("mx.corp.test",), domains=("corp.test", "corp2.test", "corp3.test")),),
            sending_domains=tuple(
                SendingDomain(domain=f"{slug}-mail.example", link_host=f"go.{slug}-mail.example") for slug in SLUGS
            ),
            clock=Clock(dsn_delay_seconds=(0.0, 0.1), reply_delay_seconds=(0.0, 0.1)),
        ),
        tmp_path_factory.mktemp("world"),
    )
    yield running
    running.stop()


@pytest.fixture
def live_firm(make_firm: Callable[..., Firm], world: process.RunningSandbox) -> Firm:
    """Its mailboxes are in the mail world."""
    return make_firm(ports=world.ports, ca_file=world.ca_file)


@pytest.fixture
def run(definitions: dg.Definitions, instance: dg.DagsterInstance) -> Callable[..., dg.ExecuteInProcessResult]:
    """Runs a job in this process, on the test's instance."""

    def execute(job: str, **arguments: Any) -> dg.ExecuteInProcessResult:
        return definitions.resolve_job_def(job).execute_in_process(instance=instance, **arguments)

    return execute


@pytest.fixture
def tick(definitions: dg.Definitions, instance: dg.DagsterInstance) -> Callable[..., Any]:
    """Evaluates a sensor or schedule by its name, as the daemon does."""

    def evaluate(name: str, *, cursor: str | None = None) -> Any:
        repository = definitions.get_repository_def()
        given = {"instance": instance, "repository_def": repository, "resources": {"platform": Platform()}}
        if repository.has_sensor_def(name):
            context = dg.build_sensor_context(cursor=cursor, sensor_name=name, **given)
            return repository.get_sensor_def(name).evaluate_tick(context)
        context = dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC), **given)
        # The builder for tests drops an instance that is only in memory.
        context._instance_ref, context._instance = object(), instance
        return repository.get_schedule_def(name).evaluate_tick(context)

    return evaluate
