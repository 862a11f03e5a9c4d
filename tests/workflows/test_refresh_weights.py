"""How the learn stage starts dbt, and what it says when it cannot learn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach_pipeline.core.errors import PermanentError
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.build_marts import DbtOutcome, dbt_environment, dbt_project_dir, run_dbt
from outreach_pipeline.workflows.refresh_weights import refresh_weights

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def quiet(tmp_path: Path) -> Settings:
    """Settings with a home and no database."""
    return Settings(home=tmp_path / "home")


def test_the_environment_takes_a_url_apart_and_keeps_dbt_out_of_the_source_tree(quiet):
    environment = dbt_environment(
        quiet, "postgresql://outreach_transform:p%40ss%2Fw@db.example:6543/my%20db?sslmode=require"
    )
    assert environment["OUTREACH_DBT_HOST"] == "db.example"
    assert environment["OUTREACH_DBT_PORT"] == "6543"
    assert environment["OUTREACH_DBT_USER"] == "outreach_transform"
    assert environment["DBT_ENV_SECRET_OUTREACH_PASSWORD"] == "p@ss/w"
    assert environment["OUTREACH_DBT_DATABASE"] == "my db"
    assert environment["OUTREACH_DBT_SSLMODE"] == "require"
    for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH"):
        assert Path(environment[name]).is_relative_to(quiet.home)
    assert environment["DBT_PROFILES_DIR"] == str(dbt_project_dir())


def test_a_url_without_port_options_or_host_falls_back_to_libpqs_defaults(quiet):
    environment = dbt_environment(quiet, "postgresql://outreach_transform@/outreach?host=/run/postgresql")
    assert environment["OUTREACH_DBT_HOST"] == "/run/postgresql"
    assert environment["OUTREACH_DBT_PORT"] == "5432"
    assert environment["OUTREACH_DBT_SSLMODE"] == "prefer"


def test_without_marts_the_error_names_the_cure(installation, owner):
    owner.execute(
        "insert into outreach.tenants (slug, name, time_zone, postal_address) values ('acme', 'Acme', 'UTC', 'x')"
    )
    with pytest.raises(PermanentError, match="`outreach weights` builds them"):
        refresh_weights(installation, now=NOW)


def test_without_tenants_there_is_nothing_to_do(installation):
    outcome = refresh_weights(installation, now=NOW)
    assert (outcome.rows, outcome.changed, outcome.tenants) == (0, 0, [])


@pytest.mark.xdist_group("dbt")
def test_without_a_database_dbts_last_words_are_in_the_error(quiet):
    with pytest.raises(PermanentError, match=r"(?s)dbt build ended without a result.*onnection"):
        run_dbt(quiet, "postgresql://outreach_transform:pw@127.0.0.1:1/outreach", now=NOW)


@pytest.mark.parametrize(
    "by_status, failures, succeeded",
    [
        ({"success": 3, "pass": 9, "warn": 1}, [], True),
        ({"success": 3, "fail": 1}, ["test.x: 1 row"], False),
        ({"success": 3, "skipped": 1}, [], False),
    ],
)
def test_a_warning_is_no_failure_and_a_skipped_model_is(by_status, failures, succeeded):
    assert DbtOutcome(seconds=1, by_status=by_status, failures=failures).succeeded is succeeded
