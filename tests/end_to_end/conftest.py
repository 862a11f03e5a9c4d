"""A demo's home and the commands of a person in it; what dies is killed by the process ids that the platform notes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from outreach_pipeline.adapters.embedded_postgres import Cluster
from outreach_pipeline.cli.supervisor import Supervisor
from outreach_pipeline.sandbox.control import ControlClient
from outreach_pipeline.sandbox.truth import read_truth

PROJECT = Path(__file__).resolve().parents[2]
FINAL = {"sent", "failed", "cancelled", "presumed_sent"}
FINDINGS = ("lost", "sent_twice", "caps_passed", "unrecognised", "unexplained", "suppressed_wrongly")


def until(
    done: Callable[[], Any], *, seconds: float, what: str, alive: subprocess.Popen | None = None, every: float = 0.1
) -> Any:
    """Wait until something is so and return what it came to; not longer than a process lives."""
    deadline = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        assert alive is None or alive.poll() is None, f"ended before: {what}"
        time.sleep(every)
    return found


@dataclass
class DemoHome:
    root: Path
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.root / "demo"

    @property
    def environment(self) -> dict[str, str]:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OUTREACH_", "DAGSTER_", "PYTEST_")) and name != "PYTHONDONTWRITEBYTECODE"
        }
        # A port of 0 is a free one: tests may run beside a platform.
        ports = {"OUTREACH_WEBSERVER_PORT": "0", "OUTREACH_GATEWAY_PORT": "0"}
        return {**clean, **ports, "OUTREACH_HOME": str(self.root), "PYTHONPATH": str(PROJECT)}

    def start(self, *words: str) -> subprocess.Popen:
        """Start a command; its output goes to files in the root."""
        with (self.root / f"{words[0]}.out").open("wb") as out, (self.root / f"{words[0]}.err").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "outreach_pipeline", *words],
                env=self.environment, cwd=self.root, stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def output(self, command: str) -> str:
        return (self.root / f"{command}.out").read_text(encoding="utf-8")

    def complaints(self, command: str) -> str:
        return (self.root / f"{command}.err").read_text(encoding="utf-8")[-4000:]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "outreach_pipeline", *words],
            env=self.environment, cwd=self.root, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def children(self) -> dict[str, psutil.Process]:
        """Return what the platform runs, by name."""
        found = {}
        with contextlib.suppress(FileNotFoundError):
            for entry in json.loads((self.home / "processes" / "children.json").read_text(encoding="utf-8")):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process = psutil.Process(entry["pid"])
                    if abs(process.create_time() - entry["created"]) < 1:
                        found[entry["name"]] = process
        return found

    def runs(self) -> list[psutil.Process]:
        """Return the processes of Dagster's runs: what the fork server under the code server has forked."""
        server = self.children().get("code-server")
        beneath = server.children() if server else []
        return [run for each in beneath if "forkserver" in " ".join(each.cmdline()) for run in each.children()]

    def postmaster(self) -> psutil.Process:
        (file,) = [*self.home.glob("postgres/data/postmaster.pid"), *self._elsewhere()]
        return psutil.Process(int(file.read_text().split("\n", 1)[0]))

    def _elsewhere(self) -> list[Path]:
        note = self.home / "postgres" / "elsewhere"
        return [Path(note.read_text().strip()) / "data" / "postmaster.pid"] if note.exists() else []

    def truth(self, kind: str) -> list[dict[str, Any]]:
        path = self.home / "sandbox" / "truth.jsonl"
        return [line for line in read_truth(path) if line["type"] == kind] if path.exists() else []

    def on_their_way(self) -> int:
        ports = json.loads((self.home / "sandbox" / "ports.json").read_text(encoding="utf-8"))
        stats = ControlClient(ports["control"]).stats()
        return stats["pending"] + stats["unposted"]

    def report(self) -> tuple[int, dict[str, Any]]:
        """Judge again what is there; returns the exit code too."""
        ended = self.run("demo", "--report", "--json")
        assert ended.returncode in {0, 1}, ended.stderr
        return ended.returncode, json.loads(ended.stdout) if ended.stdout else {}

    def messages_before(self, day: date) -> int:
        """Count the messages of all tenants on earlier dates, whatever became of them."""
        (url,) = self.run("db", "url", "--role", "transform").stdout.split()
        with psycopg.connect(url) as connection:
            return connection.execute("select count(*) from outreach.messages where plan_date < %s", [day]).fetchone()[
                0
            ]

    def end(self) -> None:
        """Leave nothing behind, whatever a test has broken."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self.home.exists():
            Supervisor(self.home / "processes", say=lambda _: None).end_leftovers()
            Cluster(self.home / "postgres").destroy()


@pytest.fixture
def demo_home(tmp_path: Path) -> Iterator[DemoHome]:
    home = DemoHome(tmp_path)
    yield home
    home.end()
