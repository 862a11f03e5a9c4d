"""When plans are made: past each tenant's plan_at, for its own date, if that is not planned yet."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.partitions import DATE, TENANT, tenants
from outreach_pipeline.defs.plan.assets import send_batches
from outreach_pipeline.defs.resources import Platform

plan_day_job = dg.define_asset_job(
    "plan_day", selection=[send_batches], description="Plans the dates and tenants of its partitions."
)


@dg.schedule(
    job=plan_day_job,
    cron_schedule="*/5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Requests every tenant and date past its plan_at that is not planned; the run key keeps it at one.",
)
def plan_due(context: dg.ScheduleEvaluationContext, platform: Platform):
    """Request the plans that are due now."""
    from outreach_pipeline.workflows.plan_day import due_plans

    with platform.open() as installation:
        due = due_plans(installation, now=datetime.now(UTC))
    known = set(context.instance.get_dynamic_partitions(tenants.name or TENANT))
    requests = [
        dg.RunRequest(
            run_key=f"plan/{tenant.slug}/{plan_date}",
            partition_key=dg.MultiPartitionKey({DATE: plan_date.isoformat(), TENANT: tenant.slug}),
        )
        for tenant, plan_date in due
        if tenant.slug in known
    ]
    return requests or dg.SkipReason("Every active tenant's plan of its own date is there, or its plan_at is to come.")


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
