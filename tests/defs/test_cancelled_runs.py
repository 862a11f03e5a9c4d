"""A run that is cancelled leaves nothing half done: real runs of the real code server, interrupted as Dagster and the system do."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget

from outreach_pipeline.workflows.plan_day import plan_day

PROJECT = Path(__file__).resolve().parents[2]
LOCATION = "outreach"


def wait_for(find: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 90
    while not find():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Runs:
    """Launches jobs at a code server of its own, as the daemon does."""

    def __init__(self, instance: dg.DagsterInstance, port: int) -> None:
        self.instance = instance
        self._target = GrpcServerTarget("127.0.0.1", port, None, LOCATION)

    @contextmanager
    def launched(self, definitions: dg.Definitions, job: str) -> Iterator[str]:
        with WorkspaceProcessContext(self.instance, self._target) as process:
            workspace = process.create_request_context()
            remote = workspace.get_code_location(LOCATION).get_repository("__repository__").get_full_job(job)
            run = self.instance.create_run_for_job(
                definitions.resolve_job_def(job),
                remote_job_origin=remote.get_remote_origin(),
                job_code_origin=remote.get_python_origin(),
            )
            self.instance.launch_run(run.run_id, workspace)
            yield run.run_id

    def pid_of(self, run_id: str) -> int:
        told = " ".join(each.message for each in self.instance.all_logs(run_id))
        found = re.search(r"Started process for run \(pid: (\d+)\)", told)
        assert found, told
        return int(found.group(1))

    def has_ended(self, run_id: str) -> bool:
        return self.instance.get_run_by_id(run_id).is_finished


@pytest.fixture
def runs(tmp_path) -> Iterator[Runs]:
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "code-server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "outreach_pipeline.defs.code_server", "-h", "127.0.0.1", "-p", str(port),
             "--location-name", LOCATION, "-d", str(PROJECT)],
            cwd=PROJECT, env={**os.environ, "DAGSTER_HOME": str(home)}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_for(lambda: server.poll() is not None or _listens(port), "the code server does not come up")
        assert server.poll() is None, (tmp_path / "code-server.log").read_text()
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield Runs(instance, port)
    finally:
        server.terminate()
        server.wait(60)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("by", ["launcher", "SIGTERM", "SIGTERM twice"])
def test_a_cancelled_send_run_finishes_what_has_begun_or_says_that_it_was_stopped(
    by, make_firm, world, definitions, runs
):
    firm = make_firm(ports=world.ports, ca_file=world.ca_file)
    firm.contacts("joe@corp.test", "eve@corp2.test")
    firm.contacts("dan@corp3.test", slug="birch")
    now = datetime.now(UTC)
    for slug in ("acme", "birch"):
        plan_day(firm.installation, firm.tenant(slug), now.date(), now=now)
    # The one server answers within the patience, the other one never.
    world.control.inject("slow", stage="end", seconds=4, match={"rcpt": "joe@corp.test"})
    world.control.inject("slow", stage="end", seconds=4, match={"rcpt": "eve@corp2.test"})
    world.control.inject("slow", stage="end", seconds=120, match={"rcpt": "dan@corp3.test"})
    try:
        with runs.launched(definitions, "send_email") as run_id:
            wait_for(lambda: firm.count("messages where state = 'sending'") >= 2, "nobody sends")
            pid = runs.pid_of(run_id)
            if by == "launcher":
                assert runs.instance.run_launcher.terminate(run_id)
            else:
                os.kill(pid, signal.SIGTERM)
                if by == "SIGTERM twice":
                    time.sleep(1)
                    os.kill(pid, signal.SIGTERM)
            wait_for(lambda: runs.has_ended(run_id), "the run does not end")
    finally:
        world.control.clear_faults()
    rows = firm.admin.execute("select to_address, state, reason from outreach.messages").fetchall()
    outcomes = {address: (state, reason) for address, state, reason in rows}
    assert outcomes["dan@corp3.test"] == ("outcome_unknown", "stopped_in_data")
    # Those of one mailbox go one after the other; what had not begun waits for the next run.
    assert {state for state, _ in (outcomes["joe@corp.test"], outcomes["eve@corp2.test"])} <= {"sent", "planned"}
    assert "sent" in firm.states()
    assert firm.count("messages where lease_token is not null") == 0
    assert firm.count("leases") == 0
    # What it came to is told all the same.
    (told,) = [
        event.dagster_event.event_specific_data.materialization.metadata
        for event in runs.instance.all_logs(run_id)
        if event.dagster_event and event.dagster_event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION
    ]
    assert told["stopped"].value is True
    assert "outcome_unknown" in str(told["by_state"])
