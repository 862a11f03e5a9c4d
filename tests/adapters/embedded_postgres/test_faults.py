"""The embedded PostgreSQL under kills, stale files and many users at once."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import threading
import time

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters.embedded_postgres import Cluster, EmbeddedPostgresError, use

ROOT = os.geteuid() == 0
FORK = multiprocessing.get_context("fork")


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
