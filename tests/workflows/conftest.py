"""A tenant's day against a mail world that really listens: one world a module, mailboxes and a database of its own a test."""

from __future__ import annotations

import asyncio
import csv
import email
import email.policy
import itertools
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml

import outreach_pipeline
from outreach_pipeline.cli.demo_world import noon_zone
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.watch.judge import DayReport
from outreach_pipeline.sandbox.truth import MailStore
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.bounce_process import ProcessOutcome, process_inbound
from outreach_pipeline.workflows.claim import claim
from outreach_pipeline.workflows.claimed_message import ClaimedMessage
from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.judge_day import judge_day
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome
from outreach_pipeline.workflows.send_email import send_until
from outreach_pipeline.workflows.send_ledger import Begin, Ledger, Result
from outreach_pipeline.workflows.send_outcome import SendOutcome
from outreach_pipeline.workflows.sync_outcome import SyncOutcome

from .mail_world import FILING, PASSWORD, TENANTS, MailWorld, start

WEBHOOK_SECRET = "of-the-tests"
STEPS: tuple[dict[str, Any], ...] = (
    {
        "step": 1,
        "wait_days": 0,
        "subject": "{{ first_name }}, a question",
        "text": "Hello {{ first_name }},\n\nten minutes?",
    },
    {"step": 2, "wait_days": 1, "subject": "{{ first_name }}, a question", "text": "Just asking once more."},
)
POLICY: dict[str, Any] = {
    "counts_by": "calendar_day",
    "window_starts": "00:00",
    "window_ends": "23:59",
    "working_days": [1, 2, 3, 4, 5, 6, 7],
    "minimum_gap_seconds": 0,
    "messages_per_minute_per_mailbox": 100_000,
    "jitter_seconds": 0,
    "spread_seconds": 1,
    "random_assignment_ratio": 0,
    "canary_hold_seconds": 0,
    "messages_per_day_per_company": 20,
    "first_retry_seconds": 120,
}


@pytest.fixture(scope="session")
def mail_world_class() -> type[MailWorld]:
    """For a folder of tests that starts a world of its own."""
    return MailWorld


@pytest.fixture(scope="module")
def mail_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailWorld]:
    world = start(tmp_path_factory.mktemp("world"))
    yield world
    world.running.stop()


@dataclass
class Day:
    """An installation with a tenant in it, its mail world, and the hours from plan to reading."""

    installation: Installation
    admin: psycopg.Connection
    world: MailWorld
    now: datetime
    folder: Path
    truth_begins: int
    mailboxes: list[str] = field(default_factory=list)
    _files: Iterator[int] = field(default_factory=itertools.count)

    @property
    def tenant(self) -> Tenant:
        return self.installation.tenants(TENANTS[0])[0]

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(noon_zone(self.now))).date()

    def configure(
        self,
        *,
        boxes: int = 3,
        provider: str = "filing",
        tenants: Sequence[str] = TENANTS[:1],
        policy: dict[str, Any] | None = None,
        campaign: dict[str, Any] | None = None,
        mailbox: dict[str, Any] | None = None,
        account: dict[str, Any] | None = None,
        domain: dict[str, Any] | None = None,
        tenant: dict[str, Any] | None = None,
        rate_limits: Sequence[dict[str, Any]] = (),
        provider_hosts: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Apply a configuration; the second time it takes other numbers for the same mailboxes."""
        self.mailboxes = self.mailboxes or [
            box for slug in tenants for box in self.world.take(slug, boxes, provider=provider)
        ]
        ports = self.world.running.ports
        document = {
            "provider_accounts": [
                {"name": f"{slug}-{name}", "provider": "generic", **(account or {})}
                for slug in tenants
                for name in "ab"
            ],
            "rate_limits": list(rate_limits),
            "provider_hosts": list(provider_hosts),
            "tenants": [
                {
                    "slug": slug,
                    "name": slug.title(),
                    "time_zone": noon_zone(self.now),
                    "plan_at": "00:00",
                    "postal_address": f"{slug.title()} GmbH, Hauptstr. 1, 10115 Berlin",
                    "policies": {"default": {**POLICY, **(policy or {})}},
                    "webhook_sources": {"generic": {"secret": WEBHOOK_SECRET}},
                    "sending_domains": [
                        {"domain": f"{slug}-mail.example", "link_host": f"go.{slug}-mail.example", **(domain or {})}
                    ],
                    "mailboxes": [
                        {
                            "address": address,
                            "display_name": "Ann Example",
                            "provider_account": f"{slug}-{'ab'[number % 2]}",
                            "smtp": {"host": "127.0.0.1", "port": ports["smtp"][provider], "security": "starttls"},
                            "imap": {"host": "127.0.0.1", "port": ports["imap"], "security": "starttls"},
                            "password": PASSWORD,
                            "ca_file": str(self.world.running.ca_file),
                            "sent_copy": "server" if provider in FILING else "none",
                            **(mailbox or {}),
                        }
                        for number, address in enumerate(self.mailboxes)
                        if address.endswith(f"@{slug}-mail.example")
                    ],
                    "campaigns": [
                        {
                            "slug": "spring",
                            "name": "Spring",
                            "accepted_lawful_bases": ["consent"],
                            "accepted_jurisdictions": ["DE"],
                            "steps": list(STEPS),
                            **(campaign or {}),
                        }
                    ],
                    **(tenant or {}),
                }
                for slug in tenants
            ],
        }
        apply_configuration(
            self.installation, read_configuration(yaml.safe_dump(document), environment={}), folder=self.folder
        )

    def invite(self, *addresses: str, tenant: str = TENANTS[0], **columns: str) -> None:
        """Import these contacts into the campaign."""
        file = self.folder / f"contacts-{next(self._files)}.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            extra = {"first_name": "Zoë", "last_name": "Kim", "company": "Harbor", **columns}
            writer.writerow(["address", "source", "jurisdiction", "lawful_basis", "verification", *extra])
            writer.writerows([address, "web form", "DE", "consent", "valid", *extra.values()] for address in addresses)
        outcome = import_contacts(self.installation, self.installation.tenants(tenant)[0], "spring", file, now=self.now)
        assert outcome.enrolled == len(addresses)

    def plan(self, *, days: int = 0, tenant: str = TENANTS[0]) -> PlanOutcome:
        return plan_day(
            self.installation,
            self.installation.tenants(tenant)[0],
            self.today + timedelta(days=days),
            now=self.now + timedelta(days=days),
        )

    def ready(self, *addresses: str, **configuration: Any) -> None:
        """Configure, import and plan, so that a message to each address is due."""
        self.configure(**configuration)
        self.invite(*addresses)
        assert self.plan().planned == len(addresses)

    def send(self, *, later: timedelta = timedelta(minutes=1), for_seconds: float = 40, **more: Any) -> SendOutcome:
        """Send all that is due ``later`` than the plan."""
        return send_until(
            self.installation, now=self.now + later, **{"until_idle": True, "for_seconds": for_seconds, **more}
        )

    def start_sender(self, *arguments: str, later: timedelta = timedelta(minutes=1)) -> subprocess.Popen[bytes]:
        """Start ``outreach send`` as a process of its own, on this test's database."""
        return self.start("send", *arguments, later=later)

    def start(self, *arguments: str, later: timedelta, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a command as a process of its own, on this test's database."""
        settings = self.installation.settings
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(outreach_pipeline.__file__).parents[1]),
            "OUTREACH_HOME": str(settings.home),
            "OUTREACH_SECRET_KEY": settings.secret_key,
            "OUTREACH_DATABASE_URL": settings.database_url,
        }
        now = (self.now + later).isoformat()
        command = [sys.executable, "-m", "outreach_pipeline", *arguments, "--now", now]
        with (self.folder / "senders.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=stdout, stderr=log)

    def read(self, *, later: timedelta = timedelta(minutes=2)) -> tuple[SyncOutcome, ProcessOutcome]:
        """Let everyone react, and read and understand what came."""
        self.world.settle()
        synced = sync_mailboxes(self.installation, now=datetime.now(UTC))
        assert not synced.failures
        return synced, process_inbound(self.installation, now=self.now + later)

    def inject(self, fault: str, **more: Any) -> None:
        self.world.running.control.inject(fault, **more)

    def truth(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The truth log of this test, or its lines of one type."""
        lines = self.world.running.truth()[self.truth_begins :]
        return [line for line in lines if kind in {None, line["type"]}]

    def accepted(self) -> list[str]:
        """Whom mail of this test was accepted for, in the order of the servers."""
        return [line["rcpt"] for line in self.truth("accepted")]

    def judge(self, *, later: timedelta = timedelta(minutes=2)) -> DayReport:
        return judge_day(self.installation, self.truth(), now=self.now + later)

    def message(self, address: str, *, step: int = 1) -> dict[str, Any]:
        """The one message of a step to an address, cancelled ones left out unless there is nothing else."""
        with self.admin.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                "select * from outreach.messages where to_address = %s and coalesce(step_number, 1) = %s"
                " order by state = 'cancelled', id desc limit 1",
                [address, step],
            ).fetchone()

    def state(self, address: str, *, step: int = 1) -> tuple[str, str | None]:
        """State and reason of a message."""
        message = self.message(address, step=step)
        return message["state"], message["reason"]

    def sequence(self, address: str) -> tuple[str, str | None, int]:
        """State, stop reason and next step of the enrollment of an address."""
        return self.admin.execute(
            "select e.state, e.stop_reason, e.next_step from outreach.enrollments e"
            " join outreach.contacts c on c.tenant_id = e.tenant_id and c.id = e.contact_id where c.address = %s",
            [address],
        ).fetchone()

    def events(self, address: str) -> list[tuple[str, str | None]]:
        """Kind and bounce class of every event of an address, ``sent`` left out."""
        return self.admin.execute(
            "select kind, bounce_class from outreach.events where recipient = %s and kind <> 'sent' order by id",
            [address],
        ).fetchall()

    def attempts(self, address: str) -> list[tuple[str, str, int | None]]:
        """Stage, outcome and code of every attempt at a message."""
        return self.admin.execute(
            "select a.stage, a.outcome, a.code from outreach.send_attempts a"
            " join outreach.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id"
            " where m.to_address = %s order by a.id",
            [address],
        ).fetchall()

    def suppressed(self) -> dict[str, str]:
        """Every suppressed value and why."""
        return dict(self.admin.execute("select value, reason from outreach.suppressions").fetchall())

    def claim(
        self,
        *,
        lease_seconds: float = 60,
        most: int = 10,
        each: int = 1,
        own: Mapping[int, Collection[int]] | None = None,
    ) -> list[ClaimedMessage]:
        """Claim what is due, as a worker does that has done nothing more yet."""
        with self.installation.database.tenant(self.tenant.id) as transaction:
            return [
                message
                for (lane,) in self.admin.execute("select distinct lane from outreach.mailboxes").fetchall()
                for message in claim(
                    transaction,
                    lane=lane,
                    mailbox_ids=None,
                    kind=None,
                    mailboxes=most,
                    each=each,
                    own=own,
                    lease_seconds=lease_seconds,
                    now=self.now + timedelta(minutes=1),
                )()
            ]

    def mails(self, address: str) -> list[EmailMessage]:
        """What was accepted for an address, in its order."""
        store = MailStore(self.world.running.state / "mail")
        return [
            email.message_from_bytes(store.read(line["sha256"]), policy=email.policy.default)
            for line in self.truth("accepted")
            if line["rcpt"] == address
        ]

    def answer(
        self, person: str, text: str, *, sender: str | None = None, subject: str | None = None, **headers: str
    ) -> None:
        """Put a person's answer to their first mail into the mailbox that wrote it."""
        (original, *_) = self.mails(person)
        reply = EmailMessage()
        reply["From"] = sender or person
        reply["To"] = original["From"]
        reply["Subject"] = subject or f"Re: {original['Subject']}"
        reply["Message-ID"] = make_msgid(domain="relay.example")
        reply["In-Reply-To"] = reply["References"] = original["Message-ID"]
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        reply.set_content(text)
        self.deliver(person, reply.as_bytes())

    def deliver(self, person: str, raw: bytes, *, folder: str = "INBOX") -> None:
        """Put a mail into the mailbox that wrote to a person."""
        box = self.admin.execute(
            "select b.address from outreach.mailboxes b join outreach.messages m on m.tenant_id = b.tenant_id"
            " and m.mailbox_id = b.id where m.to_address = %s",
            [person],
        ).fetchone()[0]
        self.world.running.control.deliver(box, raw, folder=folder)

    def tables(self) -> dict[str, str]:
        """A hash of the rows of every table; when a mailbox was last read is told by the clock and left out."""
        names = self.admin.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'outreach' and table_type = 'BASE TABLE' order by 1"
        ).fetchall()
        return {
            name: self.admin.execute(
                "select md5(coalesce(string_agg(r.row, '|' order by r.row), ''))"
                f" from (select (to_jsonb(t) - 'synced_at')::text as row from outreach.{name} as t) as r"
            ).fetchone()[0]
            for (name,) in names
        }

    def count(self, table: str, condition: str = "true") -> int:
        """How many rows of a table fulfil a condition."""
        return self.admin.execute(f"select count(*) from outreach.{table} where {condition}").fetchone()[0]

    def write(self, *items: Begin | Result) -> list[str | float | BaseException]:
        """Hand begins and results to a sender's ledger, and return its answers."""

        async def ask(ledger: Ledger) -> list[str | float | BaseException]:
            asked = [ledger.ask(each) if isinstance(each, Begin) else ledger.finish(each) for each in items]
            return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 10)

        with Ledger(self.installation.database) as ledger:
            return asyncio.run(ask(ledger))

    def leases(self) -> int:
        return self.admin.execute("select count(*) from outreach.leases").fetchone()[0]


@pytest.fixture
def day(installation: Installation, admin: psycopg.Connection, mail_world: MailWorld, tmp_path: Path) -> Day:
    """A day that has not been configured yet, in a mail world without faults."""
    mail_world.running.control.clear_faults()
    return Day(
        installation,
        admin,
        mail_world,
        now=datetime.now(UTC).replace(microsecond=0),
        folder=tmp_path,
        truth_begins=len(mail_world.running.truth()),
    )
