"""When plans are made: past each tenant's plan_at, for its own date, if that is not planned yet."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.partitions import DATE, TENANT, tenants
from outreach_pipeline.defs.plan.assets import send_batches
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import PARTITION_TAG, unfinished_values

plan_day_job = dg.define_asset_job(
    "plan_day", selection=[send_batches], description="Plans the dates and tenants of its partitions."
)


@dg.schedule(
    job=plan_day_job,
    cron_schedule="*/5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Requests every tenant and date past its plan_at that is not planned and has no unfinished run.",
)
def plan_due(context: dg.ScheduleEvaluationContext, platform: Platform):
    """Request the plans that are due now."""
    from outreach_pipeline.workflows.due_days import due_plans

    with platform.open() as installation:
        due = due_plans(installation, now=datetime.now(UTC))
    if not due:
        return dg.SkipReason("Every active tenant's plan of its own date is there, or its plan_at is to come.")
    known = set(context.instance.get_dynamic_partitions(TENANT))
    busy = unfinished_values(context.instance, PARTITION_TAG, job_name=plan_day_job.name)
    # No run key: it would tell apart the ticks of a schedule only, and a run that failed must be followed by another.
    keys = [
        dg.MultiPartitionKey({DATE: plan_date.isoformat(), TENANT: tenant.slug})
        for tenant, plan_date in due
        if tenant.slug in known
    ]
    requests = [dg.RunRequest(partition_key=key) for key in keys if key not in busy]
    if requests:
        return requests
    return dg.SkipReason(
        f"{len(due)} plans are due: {len(keys)} have a run already, {len(due) - len(keys)} wait for their tenant's partition."
    )


@dg.sensor(
    name="tenant_partitions",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Keeps one partition a tenant; a tenant that is gone keeps its partitions and their history.",
)
def tenant_partitions(context: dg.SensorEvaluationContext, platform: Platform):
    """Add the partitions of new tenants."""
    with platform.open() as installation:
        slugs = {tenant.slug for tenant in installation.tenants()}
    missing = sorted(slugs - set(context.instance.get_dynamic_partitions(TENANT)))
    if not missing:
        return dg.SkipReason(f"All {len(slugs)} tenants have their partition.")
    return dg.SensorResult(dynamic_partitions_requests=[tenants.build_add_request(missing)])
