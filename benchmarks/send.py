"""What a sent message costs, beside a bare SMTP loop that sends ready bytes to the same server over as many connections."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib
import psycopg

from benchmarks.measuring import Cost, Measurement, at_least, at_most, cost
from benchmarks.send_world import STEP, DueFleet, make_due
from benchmarks.smtp_sink import Sink, sink
from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.embedded_postgres import Server, use
from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.postgres.migrate import migrate, new_passwords, provision
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.core.send.message import Envelope, StepTemplate, build, compile_step
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.send_email import send_until

_MESSAGES = 4_800


@dataclass(frozen=True, slots=True)
class _World:
    installation: Installation
    admin: psycopg.Connection
    server: Server


def measure() -> Iterator[Measurement]:
    """Send over 8 and 32 connections, bare and whole."""
    with _world() as world, sink() as server:
        for connections in (8, 32):
            bare = _bare(server, connections)
            yield Measurement(f"send_bare_loop_{connections}_connections", round(bare), "messages/s")
            spent, rate = _whole(world, server, connections)
            yield at_least(
                f"send_throughput_{connections}_connections",
                rate / bare,
                "ratio",
                0.6,
                messages_per_second=round(rate),
                postgres_cpu_ms_a_message=round(1000 * spent.postgres_cpu_seconds / _MESSAGES, 2),
            )
            yield at_most(
                f"send_cpu_{connections}_connections", 1000 * spent.own_cpu_seconds / _MESSAGES, "ms a message", 1.5
            )


@contextmanager
def _world() -> Iterator[_World]:
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    try:
        with use(folder / "postgres") as server:
            passwords = new_passwords()
            provision(server.url(), passwords=passwords)
            migrate(server.url("outreach", user="outreach_owner", password=passwords["owner"]))
            settings = Settings(
                home=folder / "home",
                secret_key=base64.b64encode(bytes(32)).decode(),
                database_url=server.url("outreach", user="outreach_app", password=passwords["app"]),
            )
            with (
                Database(settings.database_url or "") as database,
                psycopg.connect(server.url("outreach"), autocommit=True) as admin,
            ):
                yield _World(Installation(settings, database, Vault(bytes(32)), Blobs(settings.blobs)), admin, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _whole(world: _World, server: Sink, connections: int) -> tuple[Cost, float]:
    """Send everything by the platform's own sender; each mailbox has a connection."""
    fleet = DueFleet(connections, _MESSAGES // connections, server.port, "none", None, datetime.now(UTC))
    make_due(world.admin, world.installation.vault, fleet)
    server.take()
    with cost(world.server.pid) as spent:
        outcome = send_until(world.installation, until_idle=True)
    taken = server.take()
    if len(taken) != _MESSAGES or outcome.by_state["sent"] != _MESSAGES:
        raise RuntimeError(f"{len(taken)} of {_MESSAGES} messages were taken: {outcome.by_state} {outcome.by_reason}")
    return spent, _MESSAGES / spent.wall_seconds


def _bare(server: Sink, connections: int) -> float:
    """Return messages a second of a loop without anything around it."""
    content = _ready_bytes()
    server.take()
    started = time.perf_counter()
    asyncio.run(_bare_loops(server.port, content, connections))
    seconds = time.perf_counter() - started
    if len(server.take()) != _MESSAGES:
        raise RuntimeError("The bare loop lost messages.")
    return _MESSAGES / seconds


async def _bare_loops(port: int, content: bytes, connections: int) -> None:
    async def one(number: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        await client.ehlo()
        await client.auth_plain(f"m{number}", "secret")
        for each in range(_MESSAGES // connections):
            await client.mail(f"m{number}@acme.example")
            await client.rcpt(f"p{each}@company{each}.example")
            await client.data(content)
        await client.quit()

    await asyncio.gather(*(one(number) for number in range(connections)))


def _ready_bytes() -> bytes:
    fields = {
        "first_name": "Ada", "company": "Company", "sender_name": "Sender", "postal_address": "Acme, 1 Street, 12345 Town",
        "unsubscribe_url": f"https://go.acme.example/u/{'x' * 90}",
    }  # fmt: skip
    rendered = compile_step(StepTemplate(STEP["subject"], STEP["text"], STEP["html"])).render(fields)
    return build(
        rendered,
        Envelope(
            "<x@acme.example>", "Sender", "m1@acme.example", "Ada", "p1@company.example", datetime.now(UTC),
            unsubscribe_url=fields["unsubscribe_url"],
        ),
    )  # fmt: skip
