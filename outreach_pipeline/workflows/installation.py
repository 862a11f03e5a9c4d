"""Opens an installation: its database (embedded or given), its keys, its blobs.

Belongs here: how settings become open things. Does not: what is done with them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.embedded_postgres import Cluster, Server
from outreach_pipeline.adapters.postgres.database import Database, Transaction
from outreach_pipeline.adapters.postgres.migrate import new_passwords, provision
from outreach_pipeline.adapters.secrets import Vault, load_master_key
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.settings import Role, Settings

_DATABASES: dict[Role, str] = {"dagster": "dagster"}


@dataclass(frozen=True, slots=True)
class Tenant:
    """A row of ``tenants`` as workflows need it; ``time_zone`` is an IANA name."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    postal_address: str
    state: str


@dataclass(frozen=True, slots=True)
class Installation:
    """What every workflow works with: settings, the app role's database, the vault, the blobs."""

    settings: Settings
    database: Database
    vault: Vault
    blobs: Blobs

    def tenants(self, slug: str | None = None) -> list[Tenant]:
        """Return all tenants, or the one with this slug.

        Raises:
            UsageError: there is no such tenant.
        """
        with self.database.operator() as transaction:
            found = transaction.all("tenants", Tenant, slug=slug)
        if slug is not None and not found:
            raise UsageError(f"There is no tenant {slug!r}: `outreach status` lists them, `outreach apply` makes them.")
        return found

    def tenant_key(self, transaction: Transaction, tenant_id: UUID | None) -> tuple[int, bytes]:
        """Return id and wrapped bytes of a tenant's (None: the operator's) data key, made at first use."""
        owner = str(tenant_id) if tenant_id else "operator"
        fresh = self.vault.new_data_key(owner=owner)
        rows = transaction.rows("data_key", owner_id=tenant_id, fresh_key=fresh)
        # Whoever made it at the same moment has committed by now: a statement of its own sees that.
        rows = rows or transaction.rows("data_key", owner_id=tenant_id, fresh_key=fresh)
        return rows[0]["id"], bytes(rows[0]["wrapped_key"])


def embedded(settings: Settings) -> Cluster:
    """Return the embedded server of a home, not started."""
    return Cluster(settings.home.expanduser().resolve() / "postgres", bin_dir=settings.pg_bin)


def uses_embedded(settings: Settings) -> bool:
    """Tell whether the embedded server serves this installation."""
    return settings.database_url is None


def database_url(settings: Settings, role: Role, server: Server | None) -> str:
    """Return the URL of the platform's database for a role (of Dagster's own for ``dagster``)."""
    if server is None:
        url = settings.url_of(role)
        if url is None:
            raise ConfigurationError(
                f"OUTREACH_{role.upper()}_DATABASE_URL is not set, but OUTREACH_DATABASE_URL is: set the URL of each role, "
                "or none for the embedded server."
            )
        return url
    password = _passwords(settings)[role]
    return server.url(_DATABASES.get(role, "outreach"), user=f"outreach_{role}", password=password)


def prepare_embedded(settings: Settings, server: Server) -> None:
    """Make roles and databases of the embedded server; idempotent."""
    provision(server.url(), passwords=_passwords(settings))


def open_database(settings: Settings, role: Role = "app", *, server: Server | None = None) -> Database:
    """Return the pool of a role; connections are opened at first use."""
    return Database(database_url(settings, role, server), application_name=f"outreach {role}")


@contextmanager
def open_installation(settings: Settings) -> Iterator[Installation]:
    """Open an installation for the time of a block; the embedded server is started, shared, and left by its last user."""
    if not uses_embedded(settings):
        with _with_server(settings, None) as installation:
            yield installation
        return
    cluster = embedded(settings)
    server = cluster.acquire()
    try:
        if server.started or not _passwords_file(settings).exists():
            prepare_embedded(settings, server)
        with _with_server(settings, server) as installation:
            yield installation
    finally:
        cluster.release()


@contextmanager
def _with_server(settings: Settings, server: Server | None) -> Iterator[Installation]:
    home = settings.home.expanduser().resolve()
    vault = Vault(load_master_key(settings.secret_key, key_file=home / "secret.key"))
    with open_database(settings, server=server) as database:
        installation = Installation(settings, database, vault, Blobs(settings.blobs))
        yield installation


def check_master_key(installation: Installation) -> None:
    """Refuse to work with another master key than the one this database was written with; makes the first canary.

    Raises:
        ConfigurationError: the key is another one.
    """
    with installation.database.operator() as transaction:
        _, wrapped = installation.tenant_key(transaction, None)
    installation.vault.check(wrapped, owner="operator")


def _passwords_file(settings: Settings) -> Path:
    return settings.home.expanduser().resolve() / "roles.json"


def _passwords(settings: Settings) -> dict[str, Any]:
    path = _passwords_file(settings)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(new_passwords(), file)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
