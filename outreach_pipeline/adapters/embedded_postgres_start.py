"""Making a cluster and starting its server.

Belongs here: initdb, PostgreSQL's settings, the start itself, the facts kept beside the data. Does not: who may call it when
(embedded_postgres holds the locks), files (embedded_postgres_files), processes (embedded_postgres_process).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outreach_pipeline.adapters.embedded_postgres_files import Binaries, find_binaries
from outreach_pipeline.adapters.embedded_postgres_process import (
    HOST,
    POLL_SECONDS,
    Account,
    EmbeddedPostgresError,
    alive,
    cluster_name,
    end_strays,
    find_postmaster,
    free_port,
    run,
    server_account,
    spawn,
)

SUPERUSER = "postgres"
START_SECONDS = 60.0
LOG_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    # Taken as it is used. A plan looks up a hundred thousand rows of a million; with 64 MB half of its CPU goes into
    # copying pages from the kernel's cache.
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # In containers /dev/shm is often 64 MB, and what a killed server leaves there nobody removes.
    "dynamic_shared_memory_type": "mmap",
    # No replica and no archive: a single server writes less.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    # Compiling costs more than it saves on queries of this size.
    "jit": "off",
    # One file without a process of its own; it is bounded by size, so routine lines stay out.
    "logging_collector": "off",
    "log_checkpoints": "off",
}
# Whoever needs a block reads it: workers that read for others cost a tenth of a large plan's CPU, and three processes. Only
# these versions know the name.
SETTINGS_SINCE_18 = {"io_method": "sync"}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def make_cluster(home: Path, bin_dir: Path | None, *, sync: bool) -> None:
    """Make ``home/data``, whole or not at all: initdb works in a folder beside, which is then renamed.

    Does nothing where the data is there. With ``sync`` False nothing is flushed to the disk.

    Raises:
        EmbeddedPostgresError: there are no binaries, or initdb fails.
    """
    if (home / "data" / "PG_VERSION").exists():
        return
    account = server_account(None)
    binaries = find_binaries(bin_dir, account, major=None)
    for killed in home.glob(".init-*"):
        end_strays(killed / "data")
        shutil.rmtree(killed, ignore_errors=True)
    work = Path(tempfile.mkdtemp(dir=home, prefix=".init-"))
    try:
        password = secrets.token_urlsafe(24)
        password_file = work / "password"
        password_file.write_text(password)
        if account:
            os.chown(password_file, account.uid, account.gid)
            os.chown(work, account.uid, account.gid)
        _initdb(binaries, account, data=work / "data", password_file=password_file, sync=sync)
        write_facts(home, {"password": password})
        (work / "data").rename(home / "data")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def start_server(home: Path, bin_dir: Path | None, *, settings: Mapping[str, str], port: int | None) -> None:
    """Start the server of ``home/data`` where none lives; return once it is ready.

    Args:
        home: holds a made cluster.
        bin_dir: the only folder of programs to use, or None.
        settings: PostgreSQL's, by name; port and cluster name are added here.
        port: the one to prefer, or None.

    Raises:
        EmbeddedPostgresError: there are no binaries of its version, or it does not start; quotes its log.
    """
    data, log = home / "data", home / "postgres.log"
    account = server_account(data)
    binaries = find_binaries(bin_dir, account, major=int((data / "PG_VERSION").read_text()))
    facts = read_facts(home)
    wishes = [port, facts.get("port")]
    said = ""
    for _ in range(8):
        end_strays(data)
        # No server lives here, so what a killed one left is stale; with a reused pid it would forbid the start.
        (data / "postmaster.pid").unlink(missing_ok=True)
        bound_log(log)
        before = log.stat().st_size if log.exists() else 0
        chosen = free_port(data, wishes)
        # The facts come first: whoever finds the server alive needs them, even if this process dies now.
        write_facts(home, {**facts, "port": chosen, "bin": str(binaries.folder), "version": binaries.version})
        # On the command line and in no file: root must not write into a folder that another account owns.
        all_settings = {
            **(SETTINGS_SINCE_18 if binaries.major >= 18 else {}),
            **settings,
            "port": chosen,
            "cluster_name": cluster_name(data),
        }
        options = [f"--{name}={value}" for name, value in all_settings.items()]
        if _comes_up(data, spawn([binaries.folder / "postgres", "-D", data, *options], account, log=log)):
            return
        said = log.read_bytes()[before:].decode(errors="replace")[-2000:].strip()
        if not re.search(r"Address already in use|could not create any TCP/IP|still in use", said):
            break
        # Somebody took the port between the look and the start: the same wish would lose again.
        wishes = []
    raise EmbeddedPostgresError(f"PostgreSQL did not start in {data}: {said or 'it said nothing'} (log: {log}).")


def bound_log(log: Path) -> None:
    """Move the log's lines to ``postgres.log.1`` once it is too long; the server goes on appending to the emptied file."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        shutil.copy2(log, log.with_name("postgres.log.1"))
        os.truncate(log, 0)


def read_facts(home: Path) -> dict[str, Any]:
    """Return what is known of the cluster: ``password`` and, once it was started, ``port``, ``bin`` and ``version``.

    Raises:
        EmbeddedPostgresError: the file is missing or damaged.
    """
    path = home / "server.json"
    try:
        facts = json.loads(path.read_text())
        return {**facts, "password": str(facts["password"])}
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise EmbeddedPostgresError(
            f"{path} is missing or damaged, and with it the password of {home}/data: bring it back, or move both away for a new "
            "cluster."
        ) from error


def write_facts(home: Path, facts: Mapping[str, Any]) -> None:
    """Write whole or not at all, and for this account's eyes only: the password is in it."""
    path = home / "server.json.new"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    path.replace(home / "server.json")


def _initdb(binaries: Binaries, account: Account | None, *, data: Path, password_file: Path, sync: bool) -> None:
    # The built-in C.UTF-8 sorts alike on every system and with every C library.
    modern = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    code, said = run(
        [
            binaries.folder / "initdb",
            *("-D", data, "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
            *(modern if binaries.major >= 17 else ("--locale=C.UTF-8",)),
            *(() if sync else ("--no-sync",)),
        ],
        account,
    )
    if code:
        raise EmbeddedPostgresError(f"initdb could not make a cluster at {data} (exit code {code}): {said[-2000:]}")


def _comes_up(data: Path, pid: int) -> bool:
    """Wait until the server ``pid`` is ready; False once it has ended."""
    deadline = time.monotonic() + START_SECONDS
    while alive(pid) and time.monotonic() < deadline:
        found = find_postmaster(data)
        # A taken port shows only after the pid file is written: wait for the verdict.
        if found is not None and found.pid == pid and found.ready:
            return True
        time.sleep(POLL_SECONDS)
    return False
