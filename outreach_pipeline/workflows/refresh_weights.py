"""Learn: build the marts with dbt, then score every mailbox from them.

Belongs here: running dbt as a child process, reading the marts, writing ``rotation_weights``. Does not: what the marts
say (dbt_project) or how a score comes about (core.learn.weights).
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pandas as pd

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import ConfigurationError, PermanentError
from outreach_pipeline.core.learn.weights import ALL_SITES, DEFAULTS, WeightParameters, rotation_weights
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation, Tenant

_LEAST_MOVE = 0.001
_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class WeightMove:
    """How the score of a mailbox over all sites changed; ``before`` is the prior's where there was none."""

    address: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class TenantWeights:
    """What was computed for a tenant.

    Attributes:
        tenant: the tenant's slug.
        mailboxes: how many were scored.
        rows: how many rows were written; 0 where this ``now`` had been computed before.
        changed: how many mailboxes moved by more than 0.001.
        moves: the biggest moves, at most 10.
    """

    tenant: str
    mailboxes: int
    rows: int
    changed: int
    moves: list[WeightMove]


@dataclass(frozen=True, slots=True)
class WeightsOutcome:
    """What a computation wrote, by tenant."""

    computed_at: datetime
    tenants: list[TenantWeights]

    @property
    def rows(self) -> int:
        """Rows written for all tenants."""
        return sum(each.rows for each in self.tenants)

    @property
    def changed(self) -> int:
        """Mailboxes of all tenants that moved."""
        return sum(each.changed for each in self.tenants)


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


def refresh_weights(
    installation: Installation, *, now: datetime, parameters: WeightParameters = DEFAULTS
) -> WeightsOutcome:
    """Score every tenant's mailboxes from the marts as they are; the same ``now`` twice writes nothing the second time.

    Args:
        installation: read as the app role, one tenant a transaction.
        now: business time, with a time zone; it becomes ``computed_at``.
        parameters: of the scores.

    Raises:
        PermanentError: the marts were never built.
    """
    return WeightsOutcome(
        now, [_refresh_tenant(installation, each, now, parameters) for each in installation.tenants()]
    )


def _refresh_tenant(
    installation: Installation, tenant: Tenant, now: datetime, parameters: WeightParameters
) -> TenantWeights:
    with installation.database.tenant(tenant.id) as transaction:
        if not transaction.value("learn/marts_are_built"):
            raise PermanentError("There are no marts to learn from yet: `outreach weights` builds them.")
        mailboxes = pd.DataFrame(
            transaction.rows("learn/mailboxes"),
            columns=["mailbox_id", "address", "sending_domain_id", "provider_account_id"],
        )
        inputs = pd.DataFrame(transaction.rows("learn/weight_inputs")[0])
        today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
        weights = rotation_weights(mailboxes, inputs, as_of=today, parameters=parameters)
        moves = _moves(transaction, mailboxes, weights, now, parameters)
        rows = transaction.run("learn/insert_weights", now=now, rows=json.dumps(weights.to_dict("records")))
    return TenantWeights(tenant.slug, len(mailboxes), rows, len(moves), moves[:_MOST_MOVES])


def _moves(
    transaction: Transaction,
    mailboxes: pd.DataFrame,
    weights: pd.DataFrame,
    now: datetime,
    parameters: WeightParameters,
) -> list[WeightMove]:
    """Return what moved over all sites since the computation before, the biggest first."""
    before = {row["mailbox_id"]: row["weight_ratio"] for row in transaction.rows("learn/weights_before", now=now)}
    addresses = dict(zip(mailboxes["mailbox_id"], mailboxes["address"], strict=True))
    whole = weights[weights["recipient_site"] == ALL_SITES]
    moves = [
        WeightMove(addresses[mailbox_id], before.get(mailbox_id, parameters.prior_weight), after)
        for mailbox_id, after in zip(whole["mailbox_id"], whole["weight_ratio"], strict=True)
    ]
    moved = [each for each in moves if abs(each.after - each.before) > _LEAST_MOVE]
    return sorted(moved, key=lambda each: (-abs(each.after - each.before), each.address))


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
