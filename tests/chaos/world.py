"""One worker's world: a Postgres, a mail world, a proxy between, and few rows of messages that are due, made anew each cell.

Belongs here: making and reading these. Does not: faults (cells), the verdict (checker).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self

import psycopg

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.embedded_postgres import Cluster, Server
from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.postgres.migrate import LOGIN_ROLES, migrate, provision
from outreach_pipeline.adapters.secrets import Vault, load_master_key
from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Mailbox, Provider, Site, World
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_mailboxes
from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.recover_messages import recover
from outreach_pipeline.workflows.rotation import PASSWORD_REFUSED
from outreach_pipeline.workflows.send_email import LEASE_SECONDS, send_until
from outreach_pipeline.workflows.suppress import suppress
from tests.chaos.checker import Accepted, Limit, OnWire, Row
from tests.chaos.proxy import Proxy
from tests.chaos.rows import PASSWORD, MailboxAt, configure, fill

LIMITED = "limited.example"
MAILBOXES = ("plain0@acme.example", "plain1@acme.example", "secure0@acme.example")
OPEN = "state in ('planned', 'deferred', 'claimed', 'sending')"
"""Condition of a message that has still to be sent."""
_OF_SENDERS = "from pg_stat_activity where usename = 'outreach_app' and application_name <> 'chaos harness'"
_NOTICED_SECONDS = 10.0
_SECRET_KEY = "b3V0cmVhY2gtdGVzdHMtc2VjcmV0LWtleS0zMmJ5dGU="
_PASSWORDS = dict.fromkeys(LOGIN_ROLES, "of-the-tests")


@dataclass(frozen=True, slots=True)
class Due:
    """A message to be: from which of ``MAILBOXES``, to whom, and whether its server calls the address unknown."""

    mailbox: int
    to_address: str
    is_dead: bool = False


@dataclass
class ChaosWorld:
    """Use as a context manager. ``folder`` is its own."""

    folder: Path
    _numbers: int = 0
    _due: Sequence[Due] = ()
    _truth_begins: int = 0
    _truth_offset: int = 0
    leases_ended_at: list[float] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        # What is acknowledged has to survive the death of the server: of the speed-ups only those that a power cut would
        # betray, and no process can.
        self.cluster = Cluster(self.folder / "postgres", fast=True, settings={"synchronous_commit": "on"})
        self.server: Server = self.cluster.acquire()
        provision(self.server.url(), passwords=_PASSWORDS, database="chaos")
        migrate(self.server.url("chaos", user="outreach_owner", password=_PASSWORDS["owner"]))
        self.sandbox = process.start(_mail_world(), self.folder / "sandbox")
        self.proxy = Proxy(self.sandbox.ports["smtp"])
        self.settings = Settings(
            home=self.folder / "home",
            secret_key=_SECRET_KEY,
            database_url=self.server.url("chaos", user="outreach_app", password=_PASSWORDS["app"]),
            owner_database_url=self.server.url("chaos", user="outreach_owner", password=_PASSWORDS["owner"]),
        )
        self.settings.home.mkdir(parents=True, exist_ok=True)
        database = Database(self.settings.database_url or "", application_name="chaos harness")
        key = load_master_key(_SECRET_KEY, key_file=self.settings.home / "secret.key")
        self.installation = Installation(self.settings, database, Vault(key), Blobs(self.settings.blobs))
        self._connection: psycopg.Connection[Any] | None = None
        configure(
            self.installation,
            [
                MailboxAt(
                    address,
                    smtp_port=self.proxy.ports["plain" if "plain" in address else "secure"],
                    smtp_security="none" if "plain" in address else "starttls",
                    imap_port=self.sandbox.ports["imap"],
                    ca_file=str(self.sandbox.ca_file),
                )
                for address in MAILBOXES
            ],
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.installation.database.close()
        if self._connection is not None:
            self._connection.close()
        self.proxy.close()
        self.sandbox.stop()
        self.cluster.release()

    @property
    def environment(self) -> dict[str, str]:
        """The OUTREACH_… variables of a sender of this world."""
        return {
            "OUTREACH_HOME": str(self.settings.home),
            "OUTREACH_SECRET_KEY": _SECRET_KEY,
            "OUTREACH_DATABASE_URL": self.settings.database_url or "",
        }

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser, over a new connection if the server was gone meanwhile."""
        for attempt in range(2):
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = psycopg.connect(self.server.url("chaos"), autocommit=True)
                cursor = self._connection.execute(statement, parameters or None)  # type: ignore[call-overload]
                # A row without columns, of `select from …`, is a row too.
                return [] if cursor.description is None else cursor.fetchall()
            except psycopg.OperationalError:
                self._connection = None
                if attempt:
                    raise
        return []

    def refill(self, *, due: Sequence[tuple[int, str]], limits: Sequence[Limit]) -> list[str]:
        """Begin anew with these messages, due now.

        Args:
            due: mailbox and kind of each: ``accept``, ``unknown_user`` or ``limited``.
            limits: rows of ``rate_limits``.

        Returns:
            Their addresses, in that order.
        """
        self.proxy.clear()
        self.sandbox.control.clear_faults()
        self.sandbox.control.stats()
        self.leases_ended_at = []
        self.limits = list(limits)
        self.accepted()
        self._truth_begins = self._truth_offset
        self._due = [self._person(mailbox, kind) for mailbox, kind in due]
        with psycopg.connect(self.server.url("chaos"), autocommit=True) as connection:
            fill(
                connection,
                [(MAILBOXES[each.mailbox], each.to_address) for each in self._due],
                limits=limits,
                now=datetime.now(UTC),
            )
        return [each.to_address for each in self._due]

    def send(self, *, later: timedelta, for_seconds: float = 30) -> None:
        """Send what is due in this process, as another sender would."""
        send_until(self.installation, now=datetime.now(UTC) + later, until_idle=True, for_seconds=for_seconds)

    def end_leases(self) -> None:
        """Let the time pass after which a worker counts as dead."""
        self.sql("update outreach.messages set lease_expires_at = clock_timestamp() where lease_expires_at is not null")
        self.sql("update outreach.leases set expires_at = clock_timestamp()")
        self.leases_ended_at.append(time.time())

    def settle(self) -> None:
        """Have the next senders bring everything to its end, later and later, with servers that work again."""
        self.proxy.harm = None
        self.sandbox.control.clear_faults()
        self._wait_for_backends()
        self.end_leases()
        self._resume()
        hours = 1
        while hours < 10:
            self.send(later=timedelta(hours=hours))
            hours += 2
            for tenant in self.installation.tenants():
                recover(self.installation, tenant, now=datetime.now(UTC) + timedelta(hours=hours))
            if not self.sql(f"select from outreach.messages where {OPEN}"):
                return

    def _resume(self) -> None:
        """Resume the mailboxes whose password was refused: nobody but a person, or a login that works, does."""
        now = datetime.now(UTC)
        rows = list_mailboxes(self.installation, None, filters={}, now=now)
        refused = [each for each in rows if each.paused_until and each.paused_reason == PASSWORD_REFUSED]
        pause_mailboxes(self.installation, refused, until=None, reason=None, author="chaos", now=now)

    def _wait_for_backends(self) -> None:
        """Wait until the server has noticed that a killed sender is gone: until then its transaction holds what it held."""
        deadline = time.monotonic() + _NOTICED_SECONDS
        while self.sql(f"select {_OF_SENDERS}") and time.monotonic() < deadline:
            time.sleep(0.02)

    def opt_out(self, address: str) -> float:
        """Suppress an address as its owner would; returns when that was committed, in Unix seconds."""
        (tenant,) = self.installation.tenants()
        with self.installation.database.tenant(tenant.id) as transaction:
            suppress(transaction, scope="address", value=address, reason="stop", origin="chaos", now=datetime.now(UTC))
        return time.time()

    def deliver(self, mailbox: int) -> str:
        """Let a mail come in; returns its Message-ID with the angle brackets."""
        self._numbers += 1
        message_id = f"<in{self._numbers}@elsewhere.example>"
        text = f"From: Bo <bo@elsewhere.example>\r\nTo: {MAILBOXES[mailbox]}\r\nMessage-ID: {message_id}\r\nSubject: Hi\r\n"
        date = f"Date: {format_datetime(datetime.now(UTC))}\r\n\r\nHello.\r\n"
        self.sandbox.control.deliver(MAILBOXES[mailbox], (text + date).encode())
        return message_id

    def sync(self) -> None:
        """Read all mailboxes, as the next process would.

        Raises:
            RuntimeError: one could not be read.
        """
        outcome = sync_mailboxes(self.installation, now=datetime.now(UTC))
        if outcome.failures:
            raise RuntimeError(f"mailboxes cannot be read after the fault: {outcome.failures}")

    def kept_mails(self) -> list[str]:
        """Message-IDs of the mails that are kept and whose content the blob store gives back."""
        return [
            message_id
            for message_id, tenant_id, sha256 in self.sql(
                "select rfc822_message_id, tenant_id, sha256 from outreach.inbound_messages"
            )
            if message_id.encode() in self.installation.blobs.get(tenant_id, sha256)
        ]

    def cut_backends(self) -> int:
        """End every connection of the senders from the server's side; returns how many there were."""
        return len(self.sql(f"select pg_terminate_backend(pid) {_OF_SENDERS}"))

    def kill_postgres(self) -> None:
        """End the server as a crash would."""
        os.kill(self.server.pid, signal.SIGKILL)

    def start_postgres(self) -> None:
        """Start it again, on the same port."""
        self.server = self.cluster.acquire()

    def accepted(self) -> list[Accepted]:
        """What the servers took since the last refill."""
        path = self.sandbox.state / "truth.jsonl"
        lines = process.read_truth(path)
        all_lines = list(lines)
        self._truth_offset = len(all_lines)
        return [
            Accepted(
                line["message_id"].strip("<>"),
                line["mail_from"].lower(),
                line["rcpt"].lower(),
                datetime.fromisoformat(line["at"]).timestamp(),
            )
            for line in all_lines[self._truth_begins :]
            if line["type"] == "accepted"
        ]

    def on_wire(self) -> list[OnWire]:
        """What passed the proxy without TLS since the last refill."""
        now = time.time()
        return [
            OnWire(each.mail_from, each.rcpt, each.rcpt_at, each.data_at, each.ended_at or now)
            for each in list(self.proxy.wire)
        ]

    def rows(self) -> list[Row]:
        """The ledger."""
        dead = {each.to_address for each in self._due if each.is_dead}
        return [
            Row(message_id=message_id.strip("<>"), is_dead=to_address in dead, to_address=to_address, **_ROW(rest))
            for message_id, to_address, *rest in self.sql(_ROWS, LEASE_SECONDS)
        ]

    def holders(self) -> list[int]:
        """Message ids of the rows of ``leases``."""
        return [int(holder.rpartition("/")[2]) for (holder,) in self.sql("select holder from outreach.leases")]

    def _person(self, mailbox: int, kind: str) -> Due:
        self._numbers += 1
        number = self._numbers
        match kind:
            case "limited":
                return Due(mailbox, f"p{number}+b-accept@{LIMITED}")
            case "unknown_user":
                return Due(mailbox, f"p{number}+b-unknown_user@direct{number % 40:02}.example", is_dead=True)
            case _:
                return Due(mailbox, f"p{number}+b-accept@relay{number % 40:02}.example")


def _mail_world() -> World:
    return World(
        mailboxes=tuple(
            Mailbox(
                address=address,
                login=address,
                password=PASSWORD,
                provider="plain" if "plain" in address else "secure",
                tenant="acme",
            )
            for address in MAILBOXES
        ),
        providers={
            "plain": Provider(smtp_mode="none", chunking=True),
            "secure": Provider(smtp_mode="starttls", pipelining=False),
        },
        sites=(
            *(
                Site(
                    name=name,
                    mx=(f"mx.{name}.example",),
                    domains=tuple(f"{name}{number:02}.example" for number in range(40)),
                    mode=name,
                )
                for name in ("direct", "relay")
            ),
            Site(name="limited", mx=(f"mx.{LIMITED}",), domains=(LIMITED,), mode="relay"),
        ),
        clock=Clock(dsn_delay_seconds=(0.0, 0.1), reply_delay_seconds=(0.0, 0.1)),
    )


_ROW: Callable[[Sequence[Any]], dict[str, Any]] = lambda rest: dict(  # noqa: E731  one line of names
    zip(
        ("id", "mailbox", "state", "reason", "next_step", "sent_events", "is_suppressed", "lease_outlives"),
        rest,
        strict=True,
    )
)
_ROWS = """
    select m.message_id, m.to_address, m.id, b.address, m.state, m.reason, e.next_step,
        (select count(*) from outreach.events as v where v.message_id = m.id and v.kind = 'sent'),
        exists (select from outreach.suppressions as s where s.value = m.to_address),
        coalesce(m.lease_expires_at > clock_timestamp() + make_interval(secs => %s), false)
    from outreach.messages as m
    inner join outreach.mailboxes as b on b.id = m.mailbox_id
    inner join outreach.enrollments as e on e.id = m.enrollment_id
    order by m.id
"""
