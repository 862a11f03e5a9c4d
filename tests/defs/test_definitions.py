"""What Dagster is told: exactly these names, each with its words, and loading them touches nothing."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from outreach_pipeline.defs.tables import TABLES

PROJECT = Path(__file__).resolve().parents[2]
STAGING = {
    f"stg_outreach__{table}"
    for table in (
        "campaigns", "contact_lists", "enrollments", "event_retractions", "events", "mailboxes", "messages", "send_batches",
        "sending_domains", "sending_policies", "tenants",
    )
}  # fmt: skip
INTERMEDIATE = {
    "int_complaints_covered", "int_events_grouped", "int_events_standing", "int_messages_judged", "int_messages_resolved",
}  # fmt: skip
MARTS = {
    "dim_campaigns", "dim_mailboxes", "fct_bounce_rates", "fct_campaign_funnels", "fct_mailbox_days",
    "fct_mailbox_site_days", "fct_sending_domain_days", "fct_weight_inputs",
}  # fmt: skip
SEEDS = {"complaint_feeds"}
FILLED_BY_OPS = {"messages", "events", "inbound_messages", "mailbox_checks", "domain_checks"}
FILLED_BY_PEOPLE = {"event_retractions"}
CONFIGURED = {
    "tenants", "sending_domains", "sending_policies", "mailboxes", "campaigns", "contact_lists", "enrollments",
}  # fmt: skip
JOBS = {
    "plan_day", "send_email", "warmup_send", "close_days", "imap_sync", "bounce_process", "webhook_ingest", "learn", "health_check",
    "hold_promises", "purge_runs", "check_sources",
}  # fmt: skip
SCHEDULES = {
    "plan_due", "placement_probes", "close_days_hourly", "learn_nightly", "health_check_daily", "hold_promises_hourly",
    "purge_runs_daily", "check_sources_twice_a_day",
}  # fmt: skip
SENSORS = {
    "tenant_partitions", "due_sends", "mailboxes_due_for_sync", "new_mail", "new_webhooks", "failed_checks_and_runs",
    "unfinished_runs",
}  # fmt: skip
OWN_CHECKS = {
    ("send_batches", "no_cap_passed"),
    ("send_batches", "no_contact_twice"),
    ("send_batches", "nobody_suppressed"),
    ("send_batches", "inside_the_window"),
    ("send_batches", "not_empty_without_reason"),
    ("rotation_weights", "every_mailbox_is_scored"),
    ("stg_outreach__events", "source_is_fresh"),
    ("stg_outreach__messages", "source_is_fresh"),
    ("stg_outreach__send_batches", "source_is_fresh"),
    ("messages", "no_step_is_sent_twice"),
    ("messages", "planned_is_sent"),
    ("events", "hard_bounces_are_few"),
    ("events", "complaints_are_rare"),
    ("events", "webhooks_are_taken_in"),
    ("inbound_messages", "new_mail_is_processed"),
    ("inbound_messages", "mailboxes_are_read"),
}

# Runs in a process of its own: tells of every socket and process opened while it imports, and of every setting that the
# project's own code reads (libraries copy the environment as a whole).
_IMPORT = """
import json, os, sys
seen = []
def hook(event, arguments):
    # Binding port 0 is how a library finds out whether this machine knows IPv6.
    is_probe = event == "socket.bind" and arguments[1][1] == 0
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"} and not is_probe:
        seen.append(f"{event} {arguments[1:]}")
    if event == "subprocess.Popen" and "dbt" in str(arguments):
        seen.append(f"starts {arguments[1]}")
sys.addaudithook(hook)
read = type(os.environ).__getitem__
def noted(self, key):
    if str(key).startswith("OUTREACH_"):
        frame = sys._getframe(1)
        while frame.f_globals.get("__name__") in {"os", "_collections_abc", "collections.abc"}:
            frame = frame.f_back
        reader = frame.f_globals.get("__name__", "")
        if reader.startswith(("outreach_pipeline", "pydantic_settings")):
            seen.append(f"{reader} reads {key}")
    return read(self, key)
type(os.environ).__getitem__ = noted
from outreach_pipeline.definitions import defs
defs.get_repository_def()
print(json.dumps(seen))
"""


def test_the_definitions_are_loadable(definitions):
    dg.Definitions.validate_loadable(definitions)


def test_exactly_these_assets_are_known(definitions):
    materializable = {key.path[-1] for key in definitions.resolve_asset_graph().materializable_asset_keys}
    assert materializable == {"send_batches", "rotation_weights", *SEEDS, *STAGING, *INTERMEDIATE, *MARTS}
    external = {key.path[-1] for key in definitions.resolve_asset_graph().external_asset_keys}
    assert external == FILLED_BY_OPS | FILLED_BY_PEOPLE | CONFIGURED
    assert all(key.path[0] == "outreach" and len(key.path) == 2 for key in definitions.resolve_all_asset_keys())


def test_exactly_these_checks_are_our_own_and_every_dbt_test_is_one(definitions):
    checks = {(key.asset_key.path[-1], key.name) for key in definitions.resolve_asset_graph().asset_check_keys}
    of_dbt = {each for each in checks - OWN_CHECKS if each[0] in SEEDS | STAGING | INTERMEDIATE | MARTS}
    assert checks >= OWN_CHECKS
    # What is left are tests of dbt's sources.
    tables = {asset for asset, _ in checks - of_dbt - OWN_CHECKS}
    assert tables <= {table["name"] for table in _dbt_sources()}
    assert {asset for asset, _ in of_dbt} >= MARTS


def test_exactly_these_jobs_schedules_and_sensors_are_known(definitions):
    repository = definitions.get_repository_def()
    assert {name for name in repository.job_names if not name.startswith("__")} == JOBS
    assert {each.name for each in repository.schedule_defs} == SCHEDULES
    assert {each.name for each in repository.sensor_defs} == SENSORS


def test_everything_runs_from_the_start_and_says_what_it_is_for(definitions):
    repository = definitions.get_repository_def()
    assert all(each.default_status is dg.DefaultScheduleStatus.RUNNING for each in repository.schedule_defs)
    assert all(each.default_status is dg.DefaultSensorStatus.RUNNING for each in repository.sensor_defs)
    named = {
        **{each.name: each.description for each in repository.schedule_defs + repository.sensor_defs},
        **{name: definitions.resolve_job_def(name).description for name in JOBS},
        **{spec.key.path[-1]: spec.description for spec in definitions.resolve_all_asset_specs()},
        **{
            key.to_user_string(): definitions.resolve_asset_graph().get_check_spec(key).description
            for key in definitions.resolve_asset_graph().asset_check_keys
            if (key.asset_key.path[-1], key.name) in OWN_CHECKS
        },
    }
    assert [name for name, words in named.items() if not words or len(words) < 10] == []


def test_the_asset_graph_is_the_loop_without_closing_it(definitions):
    graph = definitions.resolve_asset_graph()

    def parents(name: str) -> set[str]:
        return {key.path[-1] for key in graph.get(dg.AssetKey(["outreach", name])).parent_keys}

    assert parents("send_batches") == {"rotation_weights"}
    assert parents("rotation_weights") == {"fct_weight_inputs", "dim_mailboxes"}
    assert parents("stg_outreach__events") == {"events"}
    assert parents("stg_outreach__messages") == {"messages"}
    assert not any(parents(name) for name in FILLED_BY_OPS)
    assert graph.get(dg.AssetKey(["outreach", "send_batches"])).group_name == "plan"
    assert {graph.get(dg.AssetKey(["outreach", name])).group_name for name in MARTS} == {"learn"}


def test_dbts_sources_are_our_tables_and_the_plan():
    tables = {spec.key.path[-1] for spec in TABLES}
    sources = {table["name"] for table in _dbt_sources()}
    assert sources <= tables | {"send_batches"}
    # What no op fills and no mart reads would be a table that only looks connected.
    assert tables - sources == FILLED_BY_OPS - {"messages", "events"}


def test_limits_of_runs_are_those_of_dagster_yaml(definitions):
    limits = yaml.safe_load((PROJECT / "dagster.yaml").read_text(encoding="utf-8"))["concurrency"]
    assert limits["runs"]["max_concurrent_runs"] == 12
    limited = {each["key"]: each["limit"] for each in limits["runs"]["tag_concurrency_limits"]}
    assert limited == {
        "outreach/send_lane": 1,
        "outreach/sync_lane": 1,
        "dagster/partition/tenant": 1,
        "outreach/single": 1,
    }
    single = {name: definitions.resolve_job_def(name).tags.get("outreach/single") for name in JOBS}
    assert {name for name, tag in single.items() if tag == name} == {
        "bounce_process", "webhook_ingest", "learn", "health_check", "hold_promises", "purge_runs", "check_sources",
    }  # fmt: skip
    dbt = definitions.resolve_assets_def(dg.AssetKey(["outreach", "fct_weight_inputs"]))
    assert dbt.op.pool == "dbt"
    assert limits["pools"]["default_limit"] == 1


@pytest.mark.usefixtures("definitions")
def test_import_opens_no_socket_starts_nothing_and_reads_no_setting(tmp_path):
    unreachable = "postgresql://nobody:x@127.0.0.1:1/none"
    settings = {
        "OUTREACH_HOME": str(tmp_path / "home"),
        "OUTREACH_DATABASE_URL": unreachable,
        "OUTREACH_TRANSFORM_DATABASE_URL": unreachable,
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OUTREACH_", "DAGSTER_"))}
    ended = subprocess.run(
        [sys.executable, "-c", _IMPORT],
        env={**clean, **settings},
        cwd=PROJECT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == []
    assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("definitions")
def test_loading_it_loads_no_dbt_core():
    """Every run loads the definitions, and dbt-core would be a third of what that costs."""
    asked = "import sys, outreach_pipeline.definitions; print('dbt' in sys.modules, 'dagster_dbt' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, check=True, text=True)
    assert ended.stdout.split() == ["False", "True"]


def test_no_module_of_the_entrance_postpones_its_annotations():
    """Dagster reads them at run time."""
    postponed = [
        str(path.relative_to(PROJECT))
        for path in [
            PROJECT / "outreach_pipeline" / "definitions.py",
            *(PROJECT / "outreach_pipeline/defs").rglob("*.py"),
        ]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert postponed == []


def _dbt_sources() -> list[dict]:
    found = []
    for path in (PROJECT / "dbt_project" / "models").rglob("*.yml"):
        for source in yaml.safe_load(path.read_text(encoding="utf-8")).get("sources", []):
            found += source["tables"]
    assert found
    return found
