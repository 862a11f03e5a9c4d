"""Children are brought back when they die, go with all that they started, and are known by more than a number."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from outreach_pipeline.cli.supervisor import Child, Supervisor

# Writes its own id and that of a child of its own, which has left its process group, and waits.
_PARENT = """
import os, pathlib, subprocess, sys, time
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], process_group=0)
note = pathlib.Path(sys.argv[1])
note.with_suffix(".new").write_text(f"{os.getpid()} {own.pid}")
note.with_suffix(".new").replace(note)
time.sleep(300)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    running = Supervisor(tmp_path / "processes", say=said.append)
    yield running
    running.stop()


@pytest.fixture
def family(tmp_path):
    """A child that has a child, and how to learn of both."""
    note = tmp_path / "family"

    def look() -> list[psutil.Process]:
        deadline = time.monotonic() + 20
        while not note.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        both = [psutil.Process(int(pid)) for pid in note.read_text().split()]
        note.unlink()
        return both

    return Child("family", [sys.executable, "-c", _PARENT, str(note)]), look


def _sleeper(name: str = "sleeper") -> Child:
    return Child(name, [sys.executable, "-c", "import time; time.sleep(300)"])


def _watch_until_revived(supervisor: Supervisor, name: str) -> None:
    deadline = time.monotonic() + 20
    while supervisor.watch() != [name]:
        assert time.monotonic() < deadline, f"{name} is not started again"
        time.sleep(0.05)


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _noted(folder: Path) -> dict[str, int]:
    return {each["name"]: each["pid"] for each in json.loads((folder / "children.json").read_text())}


def test_what_is_killed_is_started_again_and_noted(supervisor, said, tmp_path):
    supervisor.start(_sleeper())
    supervisor.start(_sleeper("other"))
    first, other = supervisor.pid_of("sleeper"), supervisor.pid_of("other")
    assert supervisor.watch() == []
    os.kill(first, signal.SIGKILL)
    _watch_until_revived(supervisor, "sleeper")
    assert supervisor.pid_of("sleeper") != first
    assert _is_alive(psutil.Process(supervisor.pid_of("sleeper")))
    assert _noted(tmp_path / "processes") == {"sleeper": supervisor.pid_of("sleeper"), "other": other}
    assert said == [f"sleeper ended with -9; it is started again (its log: {tmp_path / 'processes' / 'sleeper.log'})"]


def test_what_ends_at_once_is_not_started_in_a_loop(supervisor, said):
    supervisor.start(Child("broken", [sys.executable, "-c", "raise SystemExit(3)"]))
    ends = time.monotonic() + 4
    while time.monotonic() < ends:
        supervisor.watch()
        time.sleep(0.02)
    assert 1 <= len(said) <= 3
    assert supervisor.log_of("broken").exists()


def test_a_child_gets_the_environment_and_a_log(supervisor, tmp_path):
    supervisor.start(
        Child("talker", [sys.executable, "-c", "import os; print(os.environ['OF_THE_TEST'])"], {"OF_THE_TEST": "here"})
    )
    deadline = time.monotonic() + 20
    log = supervisor.log_of("talker")
    while not log.exists() or not log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert log.read_text() == "here\n"
    assert log == tmp_path / "processes" / "talker.log"


def test_stopping_ends_the_whole_session(supervisor, family):
    child, look = family
    supervisor.start(child)
    both = look()
    assert all(map(_is_alive, both))
    supervisor.stop("family")
    assert not any(map(_is_alive, both))


def test_what_a_killed_child_has_left_ends_at_the_stop(supervisor, family, tmp_path):
    child, look = family
    supervisor.start(child)
    parent, orphan = look()
    parent.kill()
    _watch_until_revived(supervisor, "family")
    again = look()
    assert _is_alive(orphan)
    supervisor.stop()
    assert not any(map(_is_alive, [orphan, *again]))
    assert _noted(tmp_path / "processes") == {}


def test_a_child_that_will_not_stop_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr("outreach_pipeline.cli.supervisor._STOP_SECONDS", 0.5)
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
    )
    supervisor.start(Child("stubborn", [sys.executable, "-c", stubborn]))
    deadline = time.monotonic() + 20
    while "up" not in supervisor.log_of("stubborn").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process = psutil.Process(supervisor.pid_of("stubborn"))
    supervisor.stop()
    assert not _is_alive(process)


def test_the_leftovers_of_an_earlier_life_are_ended_with_what_they_started(tmp_path, family):
    child, look = family
    folder = tmp_path / "processes"
    earlier = Supervisor(folder, say=lambda _: None)
    earlier.start(child)
    both = look()
    # As if the earlier supervisor had been killed: nothing was stopped, and its note is there.
    assert Supervisor(folder, say=lambda _: None).end_leftovers() == 1
    assert not any(map(_is_alive, both))
    assert Supervisor(folder, say=lambda _: None).end_leftovers() == 0


def test_runs_whose_server_was_killed_before_are_leftovers_too(tmp_path, family):
    child, look = family
    folder = tmp_path / "processes"
    Supervisor(folder, say=lambda _: None).start(child)
    parent, orphan = look()
    parent.kill()
    psutil.wait_procs([parent], timeout=10)
    assert _is_alive(orphan)
    Supervisor(folder, say=lambda _: None).end_leftovers()
    assert not _is_alive(orphan)


def test_nobody_elses_process_with_a_noted_number_is_touched(tmp_path):
    folder = tmp_path / "processes"
    supervisor = Supervisor(folder, say=lambda _: None)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
    try:
        # The number was that of a child which ended an hour after the stranger was born: it cannot be the stranger.
        created = psutil.Process(stranger.pid).create_time()
        for offset in (-3600, 3600):
            (folder / "children.json").write_text(
                json.dumps([{"name": "daemon", "pid": stranger.pid, "created": created + offset}])
            )
            assert supervisor.end_leftovers() == 0
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("note", ["", "[", "null"])
def test_a_note_that_was_cut_is_no_obstacle(tmp_path, note):
    supervisor = Supervisor(tmp_path, say=lambda _: None)
    (tmp_path / "children.json").write_text(note)
    assert supervisor.end_leftovers() == 0
