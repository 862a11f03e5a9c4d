"""What a sent message costs, beside a bare SMTP loop that sends ready bytes to the same server over as many connections."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, median

import aiosmtplib

from benchmarks import dovecot as dovecots
from benchmarks import postfix as postfixes
from benchmarks.bench_world import BenchWorld, bench_world
from benchmarks.measuring import Cost, Measurement, at_least, at_most, cost
from benchmarks.send_world import STEP, DueFleet, make_due
from benchmarks.smtp_sink import Sink, Taken, certificate, sink
from outreach_pipeline.core.send.message import Envelope, StepTemplate, build, compile_step
from outreach_pipeline.workflows.send_email import send_until

_MESSAGES = 4_800
_TIMES = 3
# One round of four seconds may come out a fifth higher or lower than the next, as the disk and the neighbours let it.
_ROUNDS_AT_POSTFIX = {8: 7, 32: 3}
_SEND = (sys.executable, "-m", "outreach_pipeline", "send", "--for", "180")
# So long after they are started several processes are ready, and have until the end of it.
_STARTING_SECONDS, _MOST_SECONDS = 12, 170
# Of each recipient domain, in the run with several processes: a minute, and at once.
_RATE, _BURST = 1_200, 5


def measure() -> Iterator[Measurement]:
    """Send ready messages over kept connections, one a login over TLS, over a window, and by several processes at once."""
    if missing := dovecots.what_is_missing() or postfixes.what_is_missing():
        raise RuntimeError(missing)
    with bench_world(fast=False) as world:
        with dovecots.dovecot() as logins, postfixes.postfix(sasl=logins.sasl) as mta:
            for connections in (8, 32):
                yield from _against_postfix(world, mta, connections)
        with sink() as server:
            for connections in (8, 32):
                yield from _against_sink(world, server, connections)
            yield from _several_processes(world, server)
            if not os.environ.get("OUTREACH_BENCH_SMALL"):
                yield from _window(world, server)
        yield from _one_message_a_login(world)


def _against_postfix(world: BenchWorld, server: postfixes.Postfix, connections: int) -> Iterator[Measurement]:
    """Send by the bare loop and by ourselves in turns, each to an MTA that has nothing else to do."""
    fleet = _kept(connections, server.port)
    bare, whole = [], []
    for _ in range(_ROUNDS_AT_POSTFIX[connections]):
        bare.append(_bare(server.port, fleet))
        server.settle()
        before = server.taken()
        whole.append(_send(world, fleet))
        server.settle()
        if server.taken() - before != fleet.total:
            raise RuntimeError(f"Postfix took {server.taken() - before} of {fleet.total} messages.")
    yield from _throughput("postfix", bare, whole, connections, goal=0.6)


def _kept(connections: int, port: int) -> DueFleet:
    """Return a fleet that sends all over as many connections as the bare loop, which closes none either."""
    each = _MESSAGES // connections
    return DueFleet(connections, each, port, "none", None, datetime.now(UTC), messages_a_connection=each)


def _against_sink(world: BenchWorld, server: Sink, connections: int) -> Iterator[Measurement]:
    """The same at a server that does next to nothing, which shows what a message costs us."""
    fleet = _kept(connections, server.port)
    bare, whole = [], []
    for _ in range(_TIMES):
        bare.append(_bare(server.port, fleet))
        server.take()
        whole.append(_send(world, fleet))
        taken = len(server.take())
        if taken != fleet.total:
            raise RuntimeError(f"{taken} of {fleet.total} messages were taken.")
    yield from _throughput("sink", bare, whole, connections, goal=None)
    cpu_seconds = median(each.own_cpu_seconds for each in whole)
    yield at_most(f"send_cpu_{connections}_connections", _each(cpu_seconds), "ms a message", 1.5)


def _throughput(
    server: str, bare: Sequence[Cost], whole: Sequence[Cost], connections: int, *, goal: float | None
) -> Iterator[Measurement]:
    loop, sender = median(each.wall_seconds for each in bare), median(each.wall_seconds for each in whole)
    yield Measurement(
        f"send_bare_loop_{server}_{connections}_connections",
        round(_MESSAGES / loop),
        "messages/s",
        detail={"cpu_ms_a_message": _each(median(each.own_cpu_seconds for each in bare))},
    )
    ratio = loop / sender
    yield Measurement(
        f"send_throughput_{server}_{connections}_connections",
        round(ratio, 4),
        "ratio",
        goal,
        None if goal is None else ratio >= goal,
        {
            "messages_per_second": round(_MESSAGES / sender),
            "ratio_of_all_seconds": round(
                fmean(each.wall_seconds for each in bare) / fmean(each.wall_seconds for each in whole), 3
            ),
            "rounds": [round(alone.wall_seconds / own.wall_seconds, 2) for alone, own in zip(bare, whole, strict=True)],
            "cpu_ms_a_message": _each(median(each.own_cpu_seconds for each in whole)),
            "postgres_cpu_ms_a_message": _each(median(each.postgres_cpu_seconds for each in whole)),
        },
    )


def _one_message_a_login(world: BenchWorld) -> Iterator[Measurement]:
    """Every message has a mailbox of its own, so that each needs a handshake and a login."""
    with certificate() as (ca_file, key_file), sink(certificate=ca_file, key=key_file) as server:
        fleet = DueFleet(1_200, 1, server.port, "tls", str(ca_file), datetime.now(UTC))
        bare = [_bare(server.port, fleet).own_cpu_seconds for _ in range(_TIMES)]
        whole = [_send(world, fleet).own_cpu_seconds for _ in range(_TIMES)]
        yield at_most(
            "send_cpu_one_message_a_login",
            median(whole) / median(bare),
            "ratio",
            1.3,
            cpu_ms_a_message=round(1000 * median(whole) / fleet.total, 2),
            bare_cpu_ms_a_message=round(1000 * median(bare) / fleet.total, 2),
        )


def _window(world: BenchWorld, server: Sink) -> Iterator[Measurement]:
    """Send four messages of each of 1,200 mailboxes, due evenly over five minutes, by one process."""
    seconds = 300.0
    fleet = DueFleet(1_200, 4, server.port, "none", None, datetime.now(UTC) + timedelta(seconds=15), seconds)
    make_due(world.admin, world.installation.vault, fleet)
    server.take()
    to_monotonic = time.monotonic() - time.time()
    with cost(world.server.pid) as spent:
        send_until(world.installation, for_seconds=(fleet.due_at - datetime.now(UTC)).total_seconds() + seconds + 10)
    due = {
        message_id: at.timestamp() + to_monotonic
        for message_id, at in world.admin.execute("select message_id, scheduled_at from outreach.messages").fetchall()
    }
    late = sorted(each.at - due[each.message_id] for each in server.take())
    if len(late) != fleet.total:
        raise RuntimeError(f"{len(late)} of {fleet.total} messages were taken.")
    yield at_most(
        "send_lateness_p99_1200_mailboxes",
        late[len(late) * 99 // 100],
        "s",
        5,
        p50_seconds=round(late[len(late) // 2], 3),
    )
    yield at_most("send_memory_1200_mailboxes", spent.peak_own_mebibytes, "MiB", 300)
    yield Measurement(
        "send_cpu_1200_mailboxes",
        round(1000 * spent.own_cpu_seconds / fleet.total, 2),
        "ms a message",
        detail={"postgres_cpu_ms_a_message": round(1000 * spent.postgres_cpu_seconds / fleet.total, 2)},
    )


def _several_processes(world: BenchWorld, server: Sink) -> Iterator[Measurement]:
    """Send the same by one, two, four and eight processes under a rate for each recipient domain."""
    rates = {}
    for count in (1, 2, 4, 8):
        # To start eight interpreters takes the machine longer than to send: nothing is due before they wait for it.
        due_at = datetime.now(UTC) + timedelta(seconds=_STARTING_SECONDS)
        fleet = DueFleet(
            64, 60, server.port, "none", None, due_at, messages_a_domain=60, domain_rate=_RATE, domain_burst=_BURST
        )
        make_due(world.admin, world.installation.vault, fleet)
        server.take()
        taken = _taken_by(server, [_start_sender(world) for _ in range(count)], fleet.total)
        if len({each.message_id for each in taken}) != fleet.total or len(taken) != fleet.total:
            raise RuntimeError(f"{len(taken)} of {fleet.total} messages were taken.")
        times = sorted(each.at for each in taken)
        rates[count] = len(times) / (times[-1] - times[0])
        yield at_most(f"send_limits_passed_{count}_processes", _passed(taken), "messages", 0)
    for count in (2, 4, 8):
        yield at_least(
            f"send_throughput_{count}_processes",
            rates[count] / rates[1],
            "ratio",
            0.9,
            messages_per_second=round(rates[count]),
        )


def _taken_by(server: Sink, senders: Sequence[subprocess.Popen[bytes]], total: int) -> list[Taken]:
    """Wait until senders have sent so many messages, tell them to stop, and return all that was taken."""
    taken: list[Taken] = []
    gives_up = time.monotonic() + _MOST_SECONDS
    while len(taken) < total and time.monotonic() < gives_up:
        time.sleep(0.5)
        taken += server.take()
    for sender in senders:
        sender.terminate()
    if any(sender.wait(30) for sender in senders):
        raise RuntimeError("A sender failed.")
    return taken + server.take()


def _start_sender(world: BenchWorld) -> subprocess.Popen[bytes]:
    settings = world.installation.settings
    environment = {
        **os.environ,
        "OUTREACH_HOME": str(settings.home),
        "OUTREACH_SECRET_KEY": settings.secret_key or "",
        "OUTREACH_DATABASE_URL": settings.database_url or "",
    }
    quiet = subprocess.DEVNULL
    return subprocess.Popen(_SEND, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603  ourselves


def _passed(taken: Sequence[Taken]) -> int:
    """Return how many messages came to a domain before its rate allowed them, by the server's clock.

    A burst of b at r a second lets at most b + r t through in any t seconds; 20 ms are left for the way.
    """
    by_domain: dict[str, list[float]] = defaultdict(list)
    for each in taken:
        by_domain[each.recipient.rpartition("@")[2]].append(each.data_at)
    early = 0
    for times in map(sorted, by_domain.values()):
        for number, at in enumerate(times[_BURST:], start=_BURST):
            early += any(
                number - first + 1 > _BURST + _RATE / 60 * (at - times[first] + 0.02) for first in range(number)
            )
    return early


def _each(seconds: float) -> float:
    """Return milliseconds a message."""
    return round(1000 * seconds / _MESSAGES, 3)


def _send(world: BenchWorld, fleet: DueFleet) -> Cost:
    """Send a fleet's messages by the platform's own sender."""
    make_due(world.admin, world.installation.vault, replace(fleet, due_at=datetime.now(UTC)))
    with cost(world.server.pid) as spent:
        outcome = send_until(world.installation, until_idle=True)
    if outcome.by_state["sent"] != fleet.total:
        raise RuntimeError(f"Of {fleet.total} messages: {outcome.by_state} {outcome.by_reason}")
    return spent


def _bare(port: int, fleet: DueFleet) -> Cost:
    """Send as many messages over as many logins by a loop without anything around it."""
    content = _ready_bytes()
    context = ssl.create_default_context(cafile=fleet.ca_file) if fleet.security == "tls" else None

    async def one(number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            client = aiosmtplib.SMTP(
                hostname="127.0.0.1", port=port, use_tls=context is not None, start_tls=False, tls_context=context
            )
            await client.connect()
            await client.ehlo()
            await client.auth_plain(f"m{number}", "secret")
            for each in range(fleet.messages_each):
                await client.mail(f"m{number}@acme.example")
                await client.rcpt(f"p{each}@company{each}.example")
                await client.data(content)
            await client.quit()

    async def all_of_them() -> None:
        gate = asyncio.Semaphore(64)
        await asyncio.gather(*(one(number, gate) for number in range(fleet.mailboxes)))

    with cost(None) as spent:
        asyncio.run(all_of_them())
    return spent


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
