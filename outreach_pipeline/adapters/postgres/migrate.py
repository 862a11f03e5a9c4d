"""Numbered, forward-only migrations: one transaction each, under one advisory lock, held to their checksums.

Belongs here: applying migrations/NNNN_name.sql and the roles they grant to. Does not: starting a server.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import sql

from outreach_pipeline.core.errors import ConfigurationError

LOGIN_ROLES = ("owner", "app", "transform", "metrics", "dagster")
_LOCK = 7_266_117_832


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name, its text and the SHA-256 of that text."""

    version: int
    name: str
    text: str
    checksum: str


def migrations() -> list[Migration]:
    """Return all migrations of this version of the platform, in order."""
    found = []
    for path in resources.files(__package__).joinpath("migrations").iterdir():
        if match := re.fullmatch(r"(\d{4})_(\w+)\.sql", path.name):
            text = path.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), match[2], text, hashlib.sha256(text.encode()).hexdigest()))
    return sorted(found, key=lambda each: each.version)


def migrate(owner_url: str) -> list[Migration]:
    """Apply what is missing and return it. Safe to run from several processes at once.

    Raises:
        ConfigurationError: an applied migration has changed since, or the database is newer than this code, or nobody can
            be connected to as its owner.
    """
    applied = []
    try:
        owner = psycopg.connect(owner_url, autocommit=True)
    except psycopg.OperationalError as error:
        raise ConfigurationError(
            f"The database cannot be reached as its owner ({str(error).strip().splitlines()[0]}): look at "
            "OUTREACH_OWNER_DATABASE_URL and at the server."
        ) from error
    with owner as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        connection.execute(
            "create table if not exists public.schema_migrations ("
            "version integer primary key, name text not null, checksum text not null,"
            " applied_at timestamptz not null default now())"
        )
        known: dict[int, str] = dict(
            connection.execute("select version, checksum from public.schema_migrations").fetchall()
        )
        ours = migrations()
        if newer := sorted(set(known) - {each.version for each in ours}):
            raise ConfigurationError(
                f"The database has migration {newer[0]:04d}, which this version of the platform does not know: "
                "install the version that made it, or a newer one."
            )
        for each in ours:
            if each.version in known:
                if known[each.version] != each.checksum:
                    raise ConfigurationError(
                        f"Migration {each.version:04d}_{each.name} was changed after it had been applied: restore its text "
                        "and put the change into a new migration."
                    )
                continue
            with connection.transaction():
                connection.execute(each.text)
                connection.execute(
                    "insert into public.schema_migrations (version, name, checksum) values (%s, %s, %s)",
                    [each.version, each.name, each.checksum],
                )
            applied.append(each)
    return applied


def new_passwords() -> dict[str, str]:
    """Make a password for each role that logs in."""
    return {role: secrets.token_urlsafe(24) for role in LOGIN_ROLES}


def provision(
    admin_url: str, *, passwords: Mapping[str, str], database: str = "outreach", dagster: str = "dagster"
) -> None:
    """Make the roles and the two databases of an installation, as a role that may; idempotent.

    Args:
        admin_url: any database of the server, as its administrator.
        passwords: role (without the prefix ``outreach_``) to password.
        database: the platform's own database.
        dagster: Dagster's storage.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        with connection.transaction():
            connection.execute((resources.files(__package__) / "roles.sql").read_text(encoding="utf-8"))
            for role, password in passwords.items():
                connection.execute(
                    sql.SQL("alter role {} password {}").format(
                        sql.Identifier(f"outreach_{role}"), sql.Literal(password)
                    )
                )
        for name, owner in ((database, "outreach_owner"), (dagster, "outreach_dagster")):
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
                connection.execute(
                    sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(owner))
                )
