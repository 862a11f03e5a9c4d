"""A platform of a benchmark's own: an embedded Postgres in a temporary folder, migrated, and what opens it.

Belongs here: making and removing it. Does not: rows (plan_world, send_world) or measuring.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.embedded_postgres import Server, use
from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.postgres.migrate import migrate, new_passwords, provision
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation


@dataclass(frozen=True, slots=True)
class BenchWorld:
    """An installation, the superuser's connection to its database, and its server."""

    installation: Installation
    admin: psycopg.Connection
    server: Server


@contextmanager
def bench_world(*, fast: bool) -> Iterator[BenchWorld]:
    """Make one and remove it again; ``fast`` leaves out fsync, where nothing that is measured waits for a disk."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    try:
        with use(folder / "postgres", fast=fast) as server:
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
                installation = Installation(settings, database, Vault(bytes(32)), Blobs(settings.blobs))
                yield BenchWorld(installation, admin, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
