"""Build the marts: dbt as a child process, its project, its environment and what it says at its end, also of its sources.

Belongs here: running dbt. Does not: what the marts say (dbt_project), or scores (workflows.refresh_weights).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from outreach_pipeline.core.errors import ConfigurationError, PermanentError
from outreach_pipeline.settings import Settings

_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class DbtOutcome:
    """What a run of dbt did.

    Attributes:
        seconds: wall-clock time of the child.
        by_status: how many nodes ended as ``success``, ``pass``, ``warn``, ``error``, ``fail`` or ``skipped``.
        failures: one sentence for each node that ended as error or fail.
    """

    seconds: float
    by_status: dict[str, int]
    failures: list[str]

    @property
    def succeeded(self) -> bool:
        """Whether every model was built and every test passed or only warned."""
        return not self.failures and not self.by_status.get("skipped")


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """How long ago something last came into one of dbt's sources.

    Attributes:
        table: the table in the schema ``outreach``.
        max_loaded_at: its newest row's time, aware; None: it has no row yet, as in a new installation.
        age_seconds: from then until the database was asked, by the database's clock; None as above.
        warn_after_seconds: the age up to which it is fresh.
        error: dbt's last words if it could not ask; '' if it could.
    """

    table: str
    max_loaded_at: datetime | None
    age_seconds: float | None
    warn_after_seconds: int
    error: str = ""

    @property
    def is_fresh(self) -> bool:
        """Whether it is young enough; what has never had a row is not late with the next one."""
        return not self.error and (self.age_seconds is None or self.age_seconds <= self.warn_after_seconds)


def warn_after_seconds(freshness: Mapping[str, Any] | None) -> int | None:
    """Return the threshold of a source's ``freshness`` as dbt's artifacts hold it; None: it is not asked for its age."""
    limit = (freshness or {}).get("warn_after") or {}
    return limit["count"] * _SECONDS[limit["period"]] if limit.get("count") else None


def dbt_project_dir() -> Path:
    """Return the folder of the dbt project, beside the package.

    Raises:
        ConfigurationError: it is not there.
    """
    path = Path(__file__).resolve().parents[2] / "dbt_project"
    if not (path / "dbt_project.yml").is_file():
        raise ConfigurationError(
            f"There is no dbt project at {path}: run the platform from a checkout of its repository."
        )
    return path


def dbt_executable() -> str:
    """Return the path of the dbt command of this Python environment, which need not be on PATH."""
    return str(Path(sysconfig.get_path("scripts")) / "dbt")


def dbt_target_dir(settings: Settings) -> Path:
    """Return where dbt keeps what it makes: under the home, never in the source tree."""
    return settings.home.expanduser().resolve() / "dbt"


def dbt_environment(settings: Settings, url: str) -> dict[str, str]:
    """Return the environment variables that profiles.yml and dbt itself read.

    Args:
        settings: say where the home is.
        url: the transform role's database, ``postgresql://user:password@host:port/database``.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    target = dbt_target_dir(settings)
    return {
        "OUTREACH_DBT_HOST": parts.hostname or options.get("host", "127.0.0.1"),
        "OUTREACH_DBT_PORT": str(parts.port or options.get("port", 5432)),
        "OUTREACH_DBT_USER": unquote(parts.username or "outreach_transform"),
        "DBT_ENV_SECRET_OUTREACH_PASSWORD": unquote(parts.password or ""),
        "OUTREACH_DBT_DATABASE": unquote(parts.path.lstrip("/")) or "outreach",
        "OUTREACH_DBT_SSLMODE": options.get("sslmode", "prefer"),
        "DBT_PROJECT_DIR": str(dbt_project_dir()),
        "DBT_PROFILES_DIR": str(dbt_project_dir()),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def dbt_vars(now: datetime) -> str:
    """Return the ``--vars`` argument that makes the marts speak of ``now`` (with a time zone)."""
    return json.dumps({"now": now.isoformat()})


@contextmanager
def dbt_lock(settings: Settings) -> Iterator[None]:
    """Hold the home's one place for a run of dbt: two at once would rename each other's tables away."""
    path = dbt_target_dir(settings) / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run_dbt(
    settings: Settings,
    url: str,
    *,
    now: datetime,
    command: Literal["build", "run", "test"] = "build",
    unit_tests: bool = False,
) -> DbtOutcome:
    """Build or test the marts as of ``now``; waits for a run of the same home that is under way.

    Args:
        settings: say where the home is.
        url: the transform role's database.
        now: business time, with a time zone.
        command: what dbt is to do.
        unit_tests: also run the models' unit tests, which say something about the code and nothing about the data.

    Raises:
        PermanentError: dbt ended before it had any result (no database, a project that does not parse); holds its last
            words.
    """
    arguments = [command, "--vars", dbt_vars(now)]
    if command != "run" and not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    started = time.monotonic()
    with dbt_lock(settings):
        results = dbt_target_dir(settings) / "run_results.json"
        results.unlink(missing_ok=True)
        last_words = _call_dbt(settings, url, arguments)
        if not results.exists():
            raise PermanentError(f"dbt {command} ended without a result. Its last words: {last_words}")
        nodes: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))["results"]
    failed = [each for each in nodes if each["status"] in {"error", "fail", "runtime error"}]
    return DbtOutcome(
        seconds=round(time.monotonic() - started, 3),
        by_status=dict(Counter(each["status"] for each in nodes)),
        failures=[f"{each['unique_id']}: {' '.join((each['message'] or 'failed').split())}" for each in failed],
    )


def check_freshness(settings: Settings, url: str, *, now: datetime) -> list[SourceFreshness]:
    """Ask dbt how old the sources are that have a threshold, by table; waits for a run of the same home that is under way.

    Args:
        settings: say where the home is.
        url: the transform role's database.
        now: business time, with a time zone, for the project's variables; ages are by the database's clock.

    Raises:
        PermanentError: dbt ended before it had any result; holds its last words.
    """
    with dbt_lock(settings):
        results = dbt_target_dir(settings) / "sources.json"
        results.unlink(missing_ok=True)
        last_words = _call_dbt(settings, url, ["source", "freshness", "--vars", dbt_vars(now)])
        if not results.exists():
            raise PermanentError(f"dbt source freshness ended without a result. Its last words: {last_words}")
        document = json.loads(results.read_text(encoding="utf-8"))
        manifest = json.loads((results.parent / "manifest.json").read_text(encoding="utf-8"))
    results_of = {each["unique_id"]: each for each in document["results"]}
    limits = {name: warn_after_seconds(each["freshness"]) for name, each in manifest["sources"].items()}
    return [
        _freshness(name, limit, results_of.get(name), last_words=last_words)
        for name, limit in sorted(limits.items())
        if limit
    ]


def _freshness(name: str, limit: int, result: Mapping[str, Any] | None, *, last_words: str) -> SourceFreshness:
    table = name.rpartition(".")[2]
    if result is None or "max_loaded_at" not in result:
        # dbt leaves a source that it could not ask out of its artifact.
        return SourceFreshness(table, None, None, limit, error=" ".join(last_words.split()))
    loaded_at = datetime.fromisoformat(result["max_loaded_at"])
    # dbt's way to say that there is no row.
    if loaded_at.year == 1:
        return SourceFreshness(table, None, None, limit)
    return SourceFreshness(table, loaded_at, round(result["max_loaded_at_time_ago_in_s"], 1), limit)


def build_docs(settings: Settings, url: str) -> Path:
    """Build the dbt docs site as one page, ``dbt-docs/index.html`` under the home, and return its folder.

    Raises:
        PermanentError: dbt could not; holds its last words.
    """
    target = dbt_target_dir(settings)
    page = target / "static_index.html"
    with dbt_lock(settings):
        page.unlink(missing_ok=True)
        last_words = _call_dbt(settings, url, ["docs", "generate", "--static"])
        if not page.exists():
            raise PermanentError(f"dbt docs generate made no page. Its last words: {last_words}")
        folder = target.parent / "dbt-docs"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, folder / "index.html")
    return folder


def _call_dbt(settings: Settings, url: str, arguments: list[str]) -> str:
    """Run dbt to its end and return the last lines of what it said; its exit code is in its artifacts, too."""
    command = [dbt_executable(), "--no-use-colors", *arguments]
    environment = {**os.environ, **dbt_environment(settings, url)}
    ended = subprocess.run(  # noqa: S603 - our own arguments, no shell
        command,
        env=environment,
        cwd=dbt_project_dir(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-12:])
