"""What a user of the embedded PostgreSQL sees: starts, access, settings, errors."""

import json
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters import embedded_postgres_start
from outreach_pipeline.adapters.embedded_postgres import Cluster, EmbeddedPostgresError, use


def query(server, sql):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_first_start_then_reuse_then_restart(state):
    cluster = Cluster(state)
    assert cluster.running() is None
    assert not state.exists()
    first = cluster.up()
    again = Cluster(state).up()
    assert (first.started, again.started) == (True, False)
    assert (first.pid, first.port, first.password) == (again.pid, again.port, again.password)
    assert Cluster(state).running() == again
    assert query(first, "create table kept as select 7 as n") == []
    cluster.stop()
    assert cluster.running() is None
    back = cluster.up()
    assert back.started
    assert (back.port, back.password) == (first.port, first.password)
    assert query(back, "select n from kept") == [(7,)]


def test_it_listens_on_loopback_with_a_password_and_without_a_socket(made):
    server = Cluster(made, fast=True).up()
    names = (
        "listen_addresses",
        "unix_socket_directories",
        "timezone",
        "wal_level",
        "max_connections",
        "jit",
        "server_encoding",
    )
    assert query(server, "select " + ", ".join(f"current_setting('{name}')" for name in names)) == [
        ("127.0.0.1", "", "UTC", "minimal", "200", "off", "UTF8")
    ]
    assert query(server, "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'") == [(0,)]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url(password="wrong"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url(user="somebody"))
    listening = {
        c.laddr.ip for c in psutil.Process(server.pid).net_connections("all") if c.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_it_never_runs_as_root_and_knows_no_secret_of_the_platform(made, monkeypatch):
    monkeypatch.setenv("OUTREACH_SECRET_KEY", "hush")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=64kB")
    server = Cluster(made, fast=True).up()
    process = psutil.Process(server.pid)
    assert process.uids().real == process.uids().effective != 0
    assert process.uids().real == server.data.stat().st_uid
    assert set(process.environ()) & {"OUTREACH_SECRET_KEY", "PGOPTIONS"} == set()
    assert server.password not in repr(server)
    assert server.password not in " ".join(process.cmdline())
    facts = server.data.parent / "server.json"
    assert facts.stat().st_mode & 0o077 == 0


def test_urls_are_quoted_and_never_lend_the_password_to_another_user(made):
    server = Cluster(made, fast=True).up()
    query(server, """create role "o'dd @:/" login password 'p@ss:/?#%'""")
    query(server, 'create database "my db/%"')
    with psycopg.connect(server.url("my db/%", user="o'dd @:/", password="p@ss:/?#%")) as connection:
        assert connection.execute("select current_database(), current_user").fetchone() == ("my db/%", "o'dd @:/")
    assert server.password in server.url()
    assert server.password not in server.url(user="app")
    done = subprocess.run(
        [server.tool("psql"), server.url(), "-XAtc", "select 1"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"


def test_settings_are_given_at_the_start(made):
    with use(made, fast=True, settings={"work_mem": "9MB", "application_name": 'o\'dd "one"'}) as server:
        assert query(server, "select current_setting('fsync'), current_setting('work_mem')") == [("off", "9MB")]
        assert query(server, "select reset_val from pg_settings where name = 'application_name'") == [('o\'dd "one"',)]
    with use(made) as server:
        assert query(server, "select current_setting('fsync'), current_setting('work_mem')") == [("on", "4MB")]


def test_a_setting_that_postgres_refuses_is_quoted_from_its_log(made):
    with pytest.raises(EmbeddedPostgresError, match='unrecognized configuration parameter "no_such"'):
        Cluster(made, settings={"no_such": "1"}).up()
    assert query(Cluster(made).up(), "select 1") == [(1,)]


def test_the_log_is_bounded_while_the_server_goes_on_writing_to_it(made):
    cluster = Cluster(made, fast=True)
    server = cluster.up()
    log = made / "postgres.log"
    with log.open("a") as file:
        file.write("x" * embedded_postgres_start.LOG_BYTES)
    assert cluster.up().pid == server.pid
    assert log.stat().st_size == 0
    with pytest.raises(psycopg.errors.UndefinedTable):
        query(server, "select * from missing")
    wait_until(lambda: "missing" in log.read_text())
    assert log.stat().st_size < 1000


def test_destroy_removes_all_but_the_state_folder(state):
    cluster = Cluster(state, fast=True)
    first = cluster.up()
    cluster.destroy()
    assert {path.name for path in state.iterdir()} <= {"lock", "users"}
    assert not first.data.exists()
    second = cluster.up()
    assert second.password != first.password


def test_errors_name_the_place_and_the_cure(folder, state):
    with pytest.raises(EmbeddedPostgresError, match=r"OUTREACH_PG_BIN.*/nowhere: "):
        Cluster(state, bin_dir=Path("/nowhere")).up()
    with pytest.raises(EmbeddedPostgresError, match="one line"):
        Cluster(folder / "two\nlines").up()
    (folder / "file").write_text("")
    with pytest.raises(EmbeddedPostgresError, match="must be a folder"):
        Cluster(folder / "file").up()
    cluster = Cluster(state, fast=True)
    server = cluster.up()
    with pytest.raises(EmbeddedPostgresError, match="smart, fast or immediate"):
        cluster.stop("gently")
    assert cluster.running() is not None
    cluster.stop()
    facts = server.data.parent / "server.json"
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match="needed is 17"):
        cluster.up()
    (server.data / "PG_VERSION").write_text(f"{server.version.split('.')[0]}\n")
    facts.write_text(json.dumps({"port": server.port}))
    with pytest.raises(EmbeddedPostgresError, match=r"server\.json is missing or damaged"):
        cluster.up()
