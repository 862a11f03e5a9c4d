"""The platform's processes: Postgres, Dagster's code server, webserver and daemon, the gateway, a demo's sandbox.

Belongs here: how each is started, with what environment, and in what order. Does not: keeping them alive (cli.supervisor).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from outreach_pipeline.adapters.embedded_postgres import Cluster
from outreach_pipeline.adapters.postgres.migrate import LOGIN_ROLES, migrate
from outreach_pipeline.cli.context import resolver_of
from outreach_pipeline.cli.dagster_api import LOCATION, DagsterApi
from outreach_pipeline.cli.supervisor import Child, Supervisor
from outreach_pipeline.core.errors import PermanentError, TransientError
from outreach_pipeline.core.watch.failures import Restart
from outreach_pipeline.settings import Role, Settings
from outreach_pipeline.workflows.installation import database_url, embedded, prepare_embedded, uses_embedded

PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 180
# A run that is asked to stop has ten seconds, and Dagster some to note it.
_END_RUNS_SECONDS = 15
_STORAGE = """
storage:
  postgres:
    postgres_url:
      env: OUTREACH_DAGSTER_DATABASE_URL
"""
# A demo's day is minutes long.
_SYNC_IN_A_DEMO = {"OUTREACH_SYNC_EVERY_SECONDS": "10", "OUTREACH_SYNC_WINDOW_MINUTES": "1"}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people find the platform: URLs on 127.0.0.1."""

    webserver: str
    gateway: str


class PlatformProcesses:
    """Starts and stops the platform of one home.

    Args:
        settings: say where the home is.
        say: is told what people want to know.
        stop: set when it is to stop; whatever waits for a process to come up raises TransientError then.
    """

    def __init__(self, settings: Settings, *, say: Callable[[str], None], stop: threading.Event) -> None:
        self.settings = settings
        self._stop = stop
        self.home = settings.home.expanduser().resolve()
        self._say = say
        self.supervisor = Supervisor(self.home / "processes", say=say)
        self._cluster: Cluster | None = embedded(settings) if uses_embedded(settings) else None
        self.environment: dict[str, str] = {}
        self._ports: dict[str, int] = {}
        self.restarts: list[Restart] = []

    @property
    def addresses(self) -> Addresses:
        """Return where the webserver and the gateway listen."""
        return Addresses(f"http://127.0.0.1:{self._ports['webserver']}", f"http://127.0.0.1:{self._ports['gateway']}")

    @property
    def api(self) -> DagsterApi:
        """Return Dagster's own interface."""
        return DagsterApi(self.addresses.webserver)

    def start_database(self) -> None:
        """Bring the database up and to the newest schema, and write the environment of all children."""
        self.supervisor.end_leftovers()
        server = self._cluster.acquire() if self._cluster else None
        if server:
            prepare_embedded(self.settings, server)
        applied = migrate(database_url(self.settings, "owner", server))
        if applied:
            self._say(f"{len(applied)} migrations applied")
        preferred = {"webserver": self.settings.webserver_port, "gateway": self.settings.gateway_port}
        self._ports = {name: _free_port(port) for name, port in preferred.items()}
        self._ports["code_server"] = _free_port(0)
        roles: list[Role] = list(LOGIN_ROLES)  # type: ignore[arg-type]
        self.environment = {
            "OUTREACH_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home / "dagster"),
            "DO_NOT_TRACK": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "PYTHONDONTWRITEBYTECODE": "",
            "OUTREACH_PUBLIC_URL": os.environ.get("OUTREACH_PUBLIC_URL", self.addresses.gateway),
            **{
                ("OUTREACH_DATABASE_URL" if role == "app" else f"OUTREACH_{role.upper()}_DATABASE_URL"): database_url(
                    self.settings, role, server
                )
                for role in roles
            },
        }

    def start_sandbox(self) -> bool:
        """Start a demo home's mail world; False if this home has none."""
        from outreach_pipeline.sandbox.world import World

        world = self.home / "sandbox.json"
        if not world.exists():
            return False
        # The gateway may have another port than in an earlier life; the mail world sends its webhooks and clicks there.
        described = replace(World.from_json(world.read_text(encoding="utf-8")), gateway_url=self.addresses.gateway)
        world.write_text(described.to_json(), encoding="utf-8")
        state = self.home / "sandbox"
        ports = state / "ports.json"
        ports_were = ports.read_text(encoding="utf-8") if ports.exists() else None
        self._start(
            "sandbox", sys.executable, "-m", "outreach_pipeline.sandbox", "--config", str(world), "--state", str(state)
        )
        deadline = time.monotonic() + 60
        while not ports.exists() or (
            ports_were and json.loads(ports.read_text())["pid"] != self.supervisor.pid_of("sandbox")
        ):
            if time.monotonic() > deadline:
                raise TransientError(f"The sandbox does not start: see {self.supervisor.log_of('sandbox')}.")
            self._wait(0.05)
        self.environment |= {name: os.environ.get(name, value) for name, value in _SYNC_IN_A_DEMO.items()}
        self.environment["OUTREACH_DNS_RESOLVER"] = resolver_of(ports)
        return True

    def start_gateway(self) -> None:
        """Start the HTTP entrance."""
        self._start("gateway", sys.executable, "-m", "outreach_pipeline.gateway", "--port", str(self._ports["gateway"]))

    def start_dagster(self, *, is_fresh: bool) -> None:
        """Start code server, webserver and daemon; runs of an earlier life are failed first unless there are none."""
        dagster_home = self.home / "dagster"
        dagster_home.mkdir(parents=True, exist_ok=True)
        settings = (PROJECT / "dagster.yaml").read_text(encoding="utf-8") + _STORAGE
        (dagster_home / "dagster.yaml").write_text(settings, encoding="utf-8")
        port = str(self._ports["code_server"])
        workspace = dagster_home / "workspace.yaml"
        workspace.write_text(
            f"load_from:\n  - grpc_server:\n      host: 127.0.0.1\n      port: {port}\n      location_name: {LOCATION}\n",
            encoding="utf-8",
        )
        if not is_fresh:
            subprocess.run(
                [sys.executable, "-m", "outreach_pipeline.defs.watch.unfinished_runs"],
                env={**os.environ, **self.environment},
                check=False,
                capture_output=True,
                timeout=120,
            )
        self._start(
            "code-server", sys.executable, "-m", "outreach_pipeline.defs.code_server", "-h", "127.0.0.1", "-p", port,
            "--location-name", LOCATION, "-d", str(PROJECT),
        )  # fmt: skip
        # Each makes Dagster's tables in an empty database before it listens; of two that make them at once one fails. The daemon also
        # warns and waits when it comes before the code server.
        self._wait_for_port(int(port), seconds=_START_SECONDS)
        self._start(
            "webserver", _tool("dagster-webserver"), "-h", "127.0.0.1", "-p", str(self._ports["webserver"]),
            "-w", str(workspace),
        )  # fmt: skip
        self._wait_for_port(self._ports["webserver"], seconds=_START_SECONDS)
        self._start("daemon", _tool("dagster-daemon"), "run", "-w", str(workspace))

    def wait_until_ready(self) -> None:
        """Wait until the webserver has loaded the definitions.

        Raises:
            TransientError: it has not in three minutes, and names the log; or it is to stop.
        """
        deadline = time.monotonic() + _START_SECONDS
        while not self.api.is_ready():
            self.watch()
            if time.monotonic() > deadline:
                raise TransientError(
                    f"Dagster does not load: see {self.supervisor.log_of('code-server')} and "
                    f"{self.supervisor.log_of('webserver')}."
                )
            self._wait(0.3)

    def watch(self) -> None:
        """Bring back what has died, Postgres first, and note it in ``restarts``."""
        if self._cluster is not None and self._cluster.running() is None:
            self._say("Postgres has ended; it is started again")
            self.restarts.append(Restart("postgres", datetime.now(UTC)))
            self._cluster.acquire()
        self.restarts += [Restart(name, datetime.now(UTC)) for name in self.supervisor.watch()]

    def stop(self) -> None:
        """Stop everything: what starts runs, the runs, the rest of Dagster, and Postgres last.

        A run ends in order when Dagster asks it to; the code server would wait for it, and its supervisor not for long.
        """
        self.supervisor.stop("daemon")
        if self.supervisor.is_running("webserver"):
            try:
                if ended := self.api.end_runs(seconds=_END_RUNS_SECONDS):
                    self._say(f"{ended} runs were stopped")
            except (TransientError, PermanentError) as error:
                self._say(f"Runs that are under way are cut off: {error}")
        self.supervisor.stop()
        if self._cluster is not None:
            self._cluster.release()

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise TransientError("The platform was stopped before it was up.")

    def _wait_for_port(self, port: int, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            self._wait(0.2)

    def _start(self, name: str, *command: str) -> None:
        self.supervisor.start(Child(name, command, self.environment))


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            number: int = probe.getsockname()[1]
            return number
    raise TransientError("This machine has no free port on 127.0.0.1.")
