"""Start a sandbox as a child process and hold on to it: for the demo and the tests.

Belongs here: starting, stopping, killing, and reading what it logged. Does not: anything inside the process.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import outreach_pipeline
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.sandbox.control import ControlClient
from outreach_pipeline.sandbox.truth import Record, read_truth
from outreach_pipeline.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSandbox:
    """A sandbox that is up.

    Attributes:
        ports: ``smtp`` (by provider), ``imap``, ``imaps``, ``dns``, ``https``, ``control``.
        pid: of the process.
        state: its state folder.
    """

    ports: dict[str, Any]
    pid: int
    state: Path
    _process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def ca_file(self) -> Path:
        """PEM of the authority that its certificates come from."""
        return self.state / "ca.pem"

    @property
    def control(self) -> ControlClient:
        """A client of the control port."""
        return ControlClient(self.ports["control"])

    def truth(self) -> list[Record]:
        """Return the truth log so far."""
        return list(read_truth(self.state / "truth.jsonl"))

    def stop(self, *, timeout_seconds: float = 15.0) -> int:
        """Ask it to end, wait, and return its exit code; after the time-out it is killed."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL), and wait until it is gone."""
        self._process.kill()
        self._process.wait()


def start(world: World, state_dir: Path, *, timeout_seconds: float = 30.0) -> RunningSandbox:
    """Start a sandbox as a child and wait until it is ready.

    The world is written to ``state_dir/sandbox.json``, stderr goes to ``state_dir/sandbox.log``. Started again on the
    same folder it comes back with everything it had.

    Raises:
        ConfigurationError: it ended, or was not ready in time; the text has the end of its log.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    config, log = state_dir / "sandbox.json", state_dir / "sandbox.log"
    config.write_text(world.to_json())
    # The child must run this very code, whichever copy is installed.
    root = str(Path(outreach_pipeline.__file__).parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "outreach_pipeline.sandbox", "--config", str(config), "--state", str(state_dir)]
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
    line = _first_line(process, timeout_seconds)
    if process.stdout is not None:
        process.stdout.close()
    if not line.startswith(b"READY "):
        process.kill()
        process.wait()
        tail = log.read_text(errors="replace")[-2000:].strip()
        raise ConfigurationError(f"The sandbox in {state_dir} did not become ready. Its log ends: {tail or '(empty)'}")
    ports = json.loads(line.removeprefix(b"READY "))
    return RunningSandbox(ports=ports, pid=process.pid, state=state_dir, _process=process)


def _first_line(process: subprocess.Popen[bytes], timeout_seconds: float) -> bytes:
    if process.stdout is None:
        return b""
    deadline = time.monotonic() + timeout_seconds
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        piece = os.read(process.stdout.fileno(), 65536) if ready else b""
        if not piece:
            return b""
        line += piece
    return line
