"""When mailboxes are read and what came is processed."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.receive.jobs import (
    SYNC_LANE,
    bounce_process_job,
    imap_sync_job,
    sync_lane,
    webhook_ingest_job,
)
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import SINGLE, tenant_tags, unfinished_values
from outreach_pipeline.settings import load_settings
from outreach_pipeline.workflows.lanes import due_sync_lanes, tenants_of_lanes, waiting_work


@dg.sensor(
    job=imap_sync_job,
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run for each lane that has mailboxes not read for OUTREACH_SYNC_EVERY_SECONDS.",
)
def mailboxes_due_for_sync(context: dg.SensorEvaluationContext, platform: Platform):
    """Request the lanes whose mailboxes are due and have no run."""
    every_seconds = load_settings().sync_every_seconds
    with platform.open() as installation:
        due = due_sync_lanes(installation, now=datetime.now(UTC), every_seconds=every_seconds)
        tenants = tenants_of_lanes(installation) if due else {}
    busy = unfinished_values(context.instance, SYNC_LANE, job_name=imap_sync_job.name)
    requests = [
        dg.RunRequest(
            tags={SYNC_LANE: str(lane.lane), **tenant_tags(tenants.get(lane.lane, []))},
            run_config=dg.RunConfig(ops={sync_lane.name: {"config": {"lane": lane.lane}}}),
        )
        for lane in due
        if str(lane.lane) not in busy
    ]
    if requests:
        return requests
    if due:
        return dg.SkipReason(f"All {len(due)} lanes with due mailboxes have a run already.")
    return dg.SkipReason(f"Every mailbox was read in the last {every_seconds:g} seconds.")


def _when_waiting(kind: str, job: dg.JobDefinition, name: str, what: str) -> dg.SensorDefinition:
    @dg.sensor(
        name=name,
        job=job,
        minimum_interval_seconds=5,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Starts a run when {what} wait and none is at it.",
    )
    def sensor(context: dg.SensorEvaluationContext, platform: Platform):
        with platform.open() as installation:
            waiting = waiting_work(installation)[kind]
        if not waiting:
            return dg.SkipReason(f"No {what} wait.")
        if unfinished_values(context.instance, SINGLE, job_name=job.name):
            return dg.SkipReason(f"{waiting} {what} wait; a run is at it.")
        return dg.RunRequest()

    return sensor


new_mail = _when_waiting("inbound", bounce_process_job, "new_mail", "new mails")
new_webhooks = _when_waiting("webhook", webhook_ingest_job, "new_webhooks", "webhook deliveries")
