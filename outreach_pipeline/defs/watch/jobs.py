"""Watching: logins and domains are checked, old runs are purged, promises are held."""

import time
from datetime import UTC, datetime, timedelta

import dagster as dg

from outreach_pipeline.defs.metadata import counts, first_rows, table
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import SINGLE, UNFINISHED
from outreach_pipeline.workflows.health_check import check_health
from outreach_pipeline.workflows.limits import list_limits

MAILBOX_CHECKS = dg.AssetKey(["outreach", "mailbox_checks"])
DOMAIN_CHECKS = dg.AssetKey(["outreach", "domain_checks"])
_KEEP_RUNS = timedelta(days=7)
_MOST_PURGED = 2000


@dg.op(description="Logs in to every mailbox and asks DNS about every sending domain; names the stage that fails.")
def check_mailboxes_and_domains(context: dg.OpExecutionContext, platform: Platform) -> None:
    """Check everything once."""
    started = time.monotonic()
    with platform.open() as installation:
        outcome = check_health(installation, now=datetime.now(UTC))
        limits = list_limits(installation)
    failed = [
        {"mailbox": row.address, "protocol": row.protocol, "stage": row.stage, "cause": row.cause}
        for row in outcome.mailboxes
        if not row.is_ok
    ]
    context.log_event(
        dg.AssetMaterialization(
            MAILBOX_CHECKS,
            metadata={
                "checks": len(outcome.mailboxes),
                "failed_mailboxes": outcome.failed_mailboxes,
                "failures": table(
                    failed,
                    columns={"mailbox": "string", "protocol": "string", "stage": "string", "cause": "string"},
                ),
                "limits": len(limits),
                **first_rows(
                    "limits_now",
                    [
                        {
                            "scope": row.scope,
                            "key": row.key,
                            "tenant": row.tenant or "",
                            "limit": row.limit,
                            "slowed_to": row.slowed_to or "",
                            "burst": row.burst,
                            "in_flight": row.in_flight,
                            "in_flight_allowed": row.in_flight_allowed,
                            "free_at": row.free_at.isoformat(timespec="seconds"),
                        }
                        # Shared ones first: there are as many of mailboxes as there are mailboxes.
                        for row in sorted(limits, key=lambda each: each.scope == "mailbox")
                    ],
                    columns={
                        "scope": "string", "key": "string", "tenant": "string", "limit": "string", "slowed_to": "string",
                        "burst": "int", "in_flight": "int", "in_flight_allowed": "int", "free_at": "string",
                    },
                    rest_by="outreach limits",
                ),
                "seconds": round(time.monotonic() - started, 2),
            },
        )
    )  # fmt: skip
    results: dict[str, int] = {}
    for row in outcome.domains:
        name = f"{row.subject} {row.result}"
        results[name] = results.get(name, 0) + 1
    context.log_event(dg.AssetMaterialization(DOMAIN_CHECKS, metadata={"results": counts(results)}))


@dg.job(
    name="health_check", tags={SINGLE: "health_check"}, description="Every mailbox's logins, every domain's records."
)
def health_check_job() -> None:
    """Check mailboxes and domains."""
    check_mailboxes_and_domains()


health_check_schedule = dg.ScheduleDefinition(
    name="health_check_daily",
    job=health_check_job,
    cron_schedule="45 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Before the day begins anywhere west of Asia.",
)


@dg.op(description="Deletes finished runs after a week: each leaves 26 KB, and Dagster keeps them for ever by itself.")
def delete_old_runs(context: dg.OpExecutionContext) -> None:
    """Purge what ended long ago."""
    finished = [status for status in dg.DagsterRunStatus if status not in UNFINISHED]
    records = context.instance.get_run_records(
        filters=dg.RunsFilter(statuses=finished, updated_before=datetime.now(UTC) - _KEEP_RUNS),
        limit=_MOST_PURGED,
        ascending=True,
    )
    for record in records:
        context.instance.delete_run(record.dagster_run.run_id)
    context.log.info(f"{len(records)} runs deleted.")


@dg.job(name="purge_runs", tags={SINGLE: "purge_runs"}, description="Keeps Dagster's own storage small.")
def purge_runs_job() -> None:
    """Delete old runs."""
    delete_old_runs()


purge_runs_schedule = dg.ScheduleDefinition(
    name="purge_runs_daily",
    job=purge_runs_job,
    cron_schedule="20 1 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a night.",
)


promises_job = dg.define_asset_job(
    "hold_promises",
    selection=dg.AssetSelection.checks_for_assets(
        *(dg.AssetKey(["outreach", name]) for name in ("messages", "events", "inbound_messages"))
    ),
    tags={SINGLE: "hold_promises"},
    description="Bounce and complaint rates, sync and webhook lag, contacts written to once.",
)
promises_schedule = dg.ScheduleDefinition(
    name="hold_promises_hourly",
    job=promises_job,
    cron_schedule="50 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour; a failed promise becomes an alert.",
)
