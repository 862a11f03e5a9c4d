"""How old dbt's sources are, as checks that people see; the thresholds stand beside the sources, in the dbt project.

A check stands on its source's staging view and not on the table itself: a plan's backfill, which makes ``send_batches``, would
otherwise start dbt each time. They have a job of their own: where nothing is learnt any more, somebody has to say so.
"""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.learn.dbt import DBT_POOL, MANIFEST, transform_url
from outreach_pipeline.defs.runs import SINGLE
from outreach_pipeline.settings import load_settings
from outreach_pipeline.workflows.build_marts import SourceFreshness, check_freshness, warn_after_seconds

_NAME = "source_is_fresh"


def _staging(table: str) -> dg.AssetKey:
    return dg.AssetKey(["outreach", f"stg_outreach__{table}"])


@dg.multi_asset_check(
    name="source_freshness",
    specs=[
        dg.AssetCheckSpec(
            _NAME,
            asset=_staging(source["name"]),
            description=f"Something came into outreach.{source['name']} in the last {limit / 3_600:g} hours.",
        )
        for source in MANIFEST["sources"].values()
        if (limit := warn_after_seconds(source["freshness"]))
    ],
    pool=DBT_POOL,
)
def source_freshness():
    """Ask dbt for the age of each source that has a threshold."""
    settings = load_settings()
    for found in check_freshness(settings, transform_url(settings), now=datetime.now(UTC)):
        yield dg.AssetCheckResult(
            check_name=_NAME,
            asset_key=_staging(found.table),
            passed=found.is_fresh,
            severity=dg.AssetCheckSeverity.WARN,
            description=_in_words(found),
            metadata={
                **({"max_loaded_at": dg.MetadataValue.timestamp(found.max_loaded_at)} if found.max_loaded_at else {}),
                **({"age_seconds": found.age_seconds} if found.age_seconds is not None else {}),
                "warn_after_seconds": found.warn_after_seconds,
            },
        )


def _in_words(found: SourceFreshness) -> str:
    if found.error:
        return f"dbt could not ask outreach.{found.table} for its age: {found.error}"
    if found.age_seconds is None:
        return f"outreach.{found.table} has no row yet."
    return (
        f"The newest row of outreach.{found.table} is {found.age_seconds / 3_600:.1f} hours old; "
        f"up to {found.warn_after_seconds / 3_600:g} it is fresh."
    )


freshness_job = dg.define_asset_job(
    "check_sources",
    selection=dg.AssetSelection.checks(source_freshness),
    tags={SINGLE: "check_sources"},
    description="How old the newest rows are that the marts are built from.",
)
freshness_schedule = dg.ScheduleDefinition(
    name="check_sources_twice_a_day",
    job=freshness_job,
    cron_schedule="5 2,14 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Before the marts are built.",
)
