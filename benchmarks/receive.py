"""What it costs to understand a mail, and to learn that nothing is new, beside a bare imapclient loop on the same server."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import psycopg
from imapclient import IMAPClient

from benchmarks.bench_world import BenchWorld, bench_world
from benchmarks.classify import measured
from benchmarks.dovecot import DOMAIN, FOLDERS, PASSWORD, Dovecot, dovecot, what_is_missing
from benchmarks.measuring import Cost, Measurement, at_least, at_most, cost
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.workflows.imap_sync import MailboxSync

_MAILBOXES = 120 if os.environ.get("OUTREACH_BENCH_SMALL") else 1_200
_TENANTS = 12
# Dovecot serves 200 connections a process; a mailbox has a few mails that were read before.
_MAILS_EACH = 2
_TIMES = 7
_MAIL = (
    b"From: someone@people.example\r\nTo: ann@acme.example\r\nSubject: Hello\r\nMessage-ID: <%d@people.example>\r\n"
    b"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\nHello.\r\n"
)
_ALL_FOLDERS = ("INBOX", *FOLDERS)


def measure() -> Iterator[Measurement]:
    """Classify ten thousand mails and as many broken ones; go over mailboxes without new mail, without and with TLS."""
    yield from measured(mails=10_000, fuzz=10_000)
    if missing := what_is_missing():
        raise RuntimeError(missing)
    with dovecot() as server, bench_world(fast=False) as world:
        for number in range(_MAILBOXES):
            server.put(_user(number), _MAIL % number, count=_MAILS_EACH)
        for security in ("plain", "tls"):
            yield from _nothing_new(world, server, security)


def _nothing_new(world: BenchWorld, server: Dovecot, security: str) -> Iterator[Measurement]:
    _make_fleet(world.admin, world.installation.vault, server, security)
    threads = world.installation.settings.sync_threads
    with MailboxSync(world.installation) as sync:
        logged_in = time.monotonic()
        sync.go_over(now=datetime.now(UTC))
        first_seconds = time.monotonic() - logged_in
        if sync.outcome.failures or sync.outcome.new_by_role["inbox"] != _MAILS_EACH * _MAILBOXES:
            raise RuntimeError(f"The first pass went wrong: {sync.outcome}")
        passes = []
        for _ in range(_TIMES):
            with cost(world.server.pid) as spent:
                sync.go_over(now=datetime.now(UTC))
            passes.append(spent)
        outcome = sync.outcome
        if outcome.failures or outcome.mailboxes != (_TIMES + 1) * _MAILBOXES or outcome.logins != _MAILBOXES:
            raise RuntimeError(f"Not every mailbox was read over its kept connection: {outcome}")
    bare = {count: _bare(server, security, threads, _ALL_FOLDERS[:count]) for count in (len(_ALL_FOLDERS), 1)}
    loop, ours = _wall(bare[len(_ALL_FOLDERS)]), _wall(passes)
    yield Measurement(
        f"receive_bare_loop_{security}",
        round(_MAILBOXES / loop),
        "mailboxes/s",
        detail={
            "threads": threads,
            "folders": len(_ALL_FOLDERS),
            "cpu_ms_a_mailbox": _each(median(each.own_cpu_seconds for each in bare[len(_ALL_FOLDERS)])),
            "inbox_alone_mailboxes_per_second": round(_MAILBOXES / _wall(bare[1])),
        },
    )
    yield at_least(
        f"receive_nothing_new_{security}",
        loop / ours,
        "ratio",
        0.7,
        mailboxes_per_second=round(_MAILBOXES / ours),
        ratio_to_loop_over_inbox_alone=round(_wall(bare[1]) / ours, 3),
        first_pass_seconds=round(first_seconds, 1),
    )
    yield at_most(
        f"receive_cpu_{security}",
        _each(median(each.own_cpu_seconds for each in passes)),
        "ms a mailbox",
        1.5,
        postgres_cpu_ms_a_mailbox=_each(median(each.postgres_cpu_seconds for each in passes)),
    )
    yield at_most(
        f"receive_memory_{security}",
        max(each.peak_own_mebibytes for each in passes),
        "MiB",
        300,
        kept_connections=_MAILBOXES,
    )


def _bare(server: Dovecot, security: str, threads: int, folders: Sequence[str]) -> list[Cost]:
    """Ask for the status of folders over as many kept connections by as many threads, with nothing around it."""
    context = ssl.create_default_context(cafile=str(server.ca_file))

    def log_in(number: int) -> IMAPClient:
        if security == "tls":
            client = IMAPClient("127.0.0.1", port=server.tls, ssl_context=context)
        else:
            client = IMAPClient("127.0.0.1", port=server.plain, ssl=False)
        client.login(_user(number), PASSWORD)
        return client

    def ask(client: IMAPClient) -> None:
        for folder in folders:
            client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])

    with ThreadPoolExecutor(threads) as pool:
        clients = list(pool.map(log_in, range(_MAILBOXES)))
        list(pool.map(ask, clients))
        costs = [_timed(lambda: list(pool.map(ask, clients))) for _ in range(_TIMES)]
        list(pool.map(IMAPClient.logout, clients))
    return costs


def _timed(work: Callable[[], object]) -> Cost:
    with cost(None) as spent:
        work()
    return spent


def _wall(costs: Sequence[Cost]) -> float:
    return median(each.wall_seconds for each in costs)


def _each(seconds: float) -> float:
    """Return milliseconds a mailbox."""
    return round(1000 * seconds / _MAILBOXES, 3)


def _user(number: int) -> str:
    return f"m{number}@{DOMAIN}"


def _make_fleet(admin: psycopg.Connection, vault: Vault, server: Dovecot, security: str) -> None:
    """Replace whatever there is by mailboxes of several tenants, none of which has been read."""
    admin.execute("set session_replication_role = replica")
    for table in (
        "inbound_locations", "inbound_messages", "mailbox_folders", "mailboxes", "sending_domains", "tenants", "data_keys",
    ):  # fmt: skip
        admin.execute(f"delete from outreach.{table}")
    port, name = (server.tls, "tls") if security == "tls" else (server.plain, "none")
    for number in range(_TENANTS):
        tenant = UUID(int=number + 1)
        wrapped = vault.new_data_key(owner=str(tenant))
        values = {
            "tenant": tenant, "number": number, "wrapped": wrapped, "port": port, "security": name,
            "ca_file": str(server.ca_file), "boxes": _MAILBOXES // _TENANTS,
        }  # fmt: skip
        for statement in _ROWS:
            admin.execute(statement, values)
        rows = admin.execute("select id, address from outreach.mailboxes where tenant_id = %s", [tenant]).fetchall()
        with admin.cursor() as cursor:
            cursor.executemany(
                "update outreach.mailboxes set secret_ciphertext = %s where tenant_id = %s and id = %s",
                [
                    (
                        vault.encrypt(PASSWORD, wrapped_key=wrapped, owner=str(tenant), purpose=f"mailbox {address}"),
                        tenant,
                        mailbox_id,
                    )
                    for mailbox_id, address in rows
                ],
            )
    admin.execute("vacuum analyze")


_ROWS = (
    """insert into outreach.tenants (id, slug, name, time_zone, postal_address)
    values (%(tenant)s, 'acme-' || %(number)s, 'Acme', 'Etc/UTC', 'Acme, 1 Street, 12345 Town')""",
    """insert into outreach.data_keys (id, tenant_id, wrapped_key) overriding system value
    values (%(number)s + 1, %(tenant)s, %(wrapped)s)""",
    """insert into outreach.sending_domains (tenant_id, id, domain, link_host) overriding system value
    values (%(tenant)s, 1, 'acme.example', 'go.acme.example')""",
    """insert into outreach.mailboxes (
        tenant_id, id, address, sending_domain_id, lane, lifecycle, smtp_host, smtp_port, imap_host, imap_port,
        imap_security, login, ca_file, data_key_id)
    overriding system value
    select %(tenant)s, n, address, 1, 0, 'active', '127.0.0.1', 25, '127.0.0.1', %(port)s, %(security)s, address,
        %(ca_file)s, %(number)s + 1
    from generate_series(%(number)s * %(boxes)s, (%(number)s + 1) * %(boxes)s - 1) as n,
        lateral (select 'm' || n || '@acme.example' as address) as a""",
)
