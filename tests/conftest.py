"""One Postgres without fsync a session, one database from a migrated template a test that asks for it."""

from __future__ import annotations

import base64
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.embedded_postgres import Cluster, Server
from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.postgres.migrate import LOGIN_ROLES, migrate, provision
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation

PASSWORDS = dict.fromkeys(LOGIN_ROLES, "of-the-tests")
_numbers = itertools.count(1)
# Five hundred files come and go with a test's database. On ext4 that is slow, since a new file passes over the inodes of
# the last seconds' deleted ones; in memory it is not.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own, made by mkdtemp
_MEMORY_BYTES = 2**30


def pytest_configure() -> None:
    if "OUTREACH_TESTS_POSTGRES" not in os.environ:
        with_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES
        for left in _MEMORY.glob("outreach-tests-*") if with_room else ():
            _remove_of_the_dead(left)
        folder = tempfile.mkdtemp(prefix=f"outreach-tests-{os.getpid()}-", dir=_MEMORY if with_room else None)
        Path(folder).chmod(0o755)
        os.environ["OUTREACH_TESTS_POSTGRES"] = folder
        os.environ["OUTREACH_TESTS_OWNER"] = str(os.getpid())


def pytest_unconfigure() -> None:
    # The workers of a parallel run share what the first process has made.
    if os.environ.get("OUTREACH_TESTS_OWNER") == str(os.getpid()):
        folder = Path(os.environ.pop("OUTREACH_TESTS_POSTGRES"))
        Cluster(folder / "postgres").destroy()
        shutil.rmtree(folder)


def _remove_of_the_dead(folder: Path) -> None:
    if not psutil.pid_exists(int(folder.name.split("-")[2])) and folder.stat().st_uid == os.getuid():
        Cluster(folder / "postgres").destroy()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The session's Postgres, shared by all workers of a parallel run."""
    base = Path(os.environ["OUTREACH_TESTS_POSTGRES"])
    cluster = Cluster(base / "postgres", fast=True)
    running = cluster.acquire()
    with (base / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "template.done").exists():
            provision(running.url(), passwords=PASSWORDS, database="template_outreach")
            migrate(running.url("template_outreach", user="outreach_owner", password=PASSWORDS["owner"]))
            (base / "template.done").touch()
    yield running
    cluster.release()


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh, migrated database of its own."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f'create database "{name}" template template_outreach owner outreach_owner strategy file_copy')
    urls = {
        ("database_url" if role == "app" else f"{role}_database_url"): server.url(
            "dagster" if role == "dagster" else name, user=f"outreach_{role}", password=PASSWORDS[role]
        )
        for role in LOGIN_ROLES
    }
    yield Settings(home=tmp_path / "home", secret_key="b3V0cmVhY2gtdGVzdHMtc2VjcmV0LWtleS0zMmJ5dGU=", **urls)
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    """An open installation without tenants."""
    with Database(settings.url_of("app") or "") as database:
        vault = Vault(base64.b64decode(settings.secret_key or ""))
        yield Installation(settings, database, vault, Blobs(settings.blobs))


@pytest.fixture
def owner(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection of the owner role, which writes tenants and sees tenant rows only with a tenant set."""
    with psycopg.connect(settings.url_of("owner") or "", autocommit=True) as connection:
        yield connection


@pytest.fixture
def admin(server: Server, settings: Settings) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the test's database: sees everything, as a judge."""
    name = (settings.url_of("app") or "").rsplit("/", 1)[1]
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        yield connection
