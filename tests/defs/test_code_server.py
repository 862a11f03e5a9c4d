"""Runs are forks of a process that holds the definitions and nothing that a fork would tear."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_SCRIPT = """
import inspect, json, multiprocessing, sys
import psutil
from outreach_pipeline.defs import code_server

def tell():
    template = psutil.Process().parent()
    print(json.dumps({
        "is_loaded": "outreach_pipeline.definitions" in sys.modules,
        "is_fork": "forkserver" in " ".join(template.cmdline()),
        "threads_of_template": template.num_threads(),
        "connections_of_template": template.net_connections(kind="inet"),
    }))

if __name__ == "__main__":
    code_server.fork_runs()
    from dagster._grpc import server
    assert 'multiprocessing.get_context("spawn")' in inspect.getsource(server.DagsterApiServer.__init__)
    run = multiprocessing.get_context("spawn").Process(target=tell)
    run.start()
    run.join(60)
    sys.exit(run.exitcode)
"""


def test_what_dagster_spawns_is_a_fork_of_one_thread_that_has_loaded_the_definitions(tmp_path):
    script = tmp_path / "server.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    ended = subprocess.run([sys.executable, script], cwd=PROJECT, env={"PYTHONPATH": str(PROJECT)}, capture_output=True,
                           text=True, timeout=90, check=False)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told == {"is_loaded": True, "is_fork": True, "threads_of_template": 1, "connections_of_template": []}
