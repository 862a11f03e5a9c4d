"""The dbt project as assets: its models, their tests as checks, its sources as the platform's tables."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
from packaging.version import Version

from outreach_pipeline.settings import Settings, load_settings
from outreach_pipeline.workflows.build_marts import (
    dbt_environment,
    dbt_executable,
    dbt_lock,
    dbt_project_dir,
    dbt_target_dir,
    dbt_vars,
)
from outreach_pipeline.workflows.installation import database_url, embedded, uses_embedded


@contextmanager
def _dbt_core_unseen() -> Iterator[None]:
    """Let an import find no dbt-core.

    dagster-dbt runs dbt as a process of its own. Of dbt-core it takes types only, and has its own where dbt-core is not
    installed. Without this each run, also one that never meets dbt, would pay 1.4 CPU seconds and 90 MB for them.
    """
    seen = sys.modules.pop("dbt", None)
    sys.modules["dbt"] = None  # type: ignore[assignment]  # Python's own way to say that there is no such module
    try:
        yield
    finally:
        del sys.modules["dbt"]
        if seen:
            sys.modules["dbt"] = seen


with _dbt_core_unseen():
    from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

DBT_POOL = "dbt"


class Translator(DagsterDbtTranslator):
    """Every model and source is known as outreach/<name>."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return the key of a model or source."""
        return dg.AssetKey(["outreach", dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the stage."""
        return "learn" if dbt_resource_props["resource_type"] != "source" else "tables"


class Dbt(DbtCliResource):
    """dbt as a process: neither asked for its version first (2 s), nor loaded into ours beside it (1 s)."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Return no adapter: it would serve row counts and columns, which these assets do not fetch through dagster-dbt."""


def dbt_resource() -> Dbt:
    """Return dbt as a resource."""
    return Dbt(project_dir=str(dbt_project_dir()), dbt_executable=dbt_executable())


def manifest_path() -> Path:
    """Return dbt's manifest, made from the project's files alone if it is not there or older than they are."""
    project = dbt_project_dir()
    path = project / "target" / "manifest.json"
    sources = [
        each
        for pattern in ("models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*", "dbt_project.yml")
        for each in project.glob(pattern)
    ]
    newest = max(each.stat().st_mtime for each in sources)
    if not path.exists() or path.stat().st_mtime < newest:
        _parse(project, path)
    return path


def _parse(project: Path, manifest: Path) -> None:
    manifest.parent.mkdir(parents=True, exist_ok=True)
    # Beside it and then in its place: other processes may import, or parse, at the same time.
    with TemporaryDirectory(dir=manifest.parent) as folder:
        subprocess.run(  # noqa: S603  our own words
            [
                dbt_executable(), "parse", "--quiet", "--project-dir", str(project), "--profiles-dir", str(project),
                "--target-path", folder, "--log-path", folder,
            ],
            check=True,
            env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        )  # fmt: skip
        made = Path(folder) / "manifest.json"
        made.touch()
        made.replace(manifest)


MANIFEST: dict[str, Any] = json.loads(manifest_path().read_text(encoding="utf-8"))


def transform_url(settings: Settings) -> str:
    """Return the database as dbt's role sees it."""
    server = embedded(settings).running() if uses_embedded(settings) else None
    return database_url(settings, "transform", server)


@dbt_assets(
    manifest=MANIFEST,
    project=None,
    dagster_dbt_translator=Translator(),
    pool=DBT_POOL,
    name="dbt_marts",
)
def dbt_marts(context: dg.AssetExecutionContext, dbt: DbtCliResource):
    """Build the marts and run their tests."""
    settings = load_settings()
    os.environ.update(dbt_environment(settings, transform_url(settings)))
    with dbt_lock(settings):
        words = ["build", "--vars", dbt_vars(datetime.now(UTC)), "--exclude-resource-type", "unit_test"]
        yield from dbt.cli(words, context=context, target_path=dbt_target_dir(settings)).stream()
