"""When lanes are sent: as soon as something is due in one that no unfinished run has."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import tenant_tags, unfinished_values
from outreach_pipeline.defs.send.jobs import SEND_LANE, close_days_job, send_email_job, send_lane, warmup_send_job
from outreach_pipeline.workflows.explain_reason import held_messages_sentence
from outreach_pipeline.workflows.lanes import due_send_lanes, held_messages, tenants_of_lanes
from outreach_pipeline.workflows.shaping import undo


@dg.sensor(
    job=send_email_job,
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run for each lane in which something is due. No run key: a crashed run must not block the next.",
)
def due_sends(context: dg.SensorEvaluationContext, platform: Platform):
    """Request the lanes that are due and have no run."""
    with platform.open() as installation:
        # What rules have stopped may be all that a lane has: no run would be there to end it.
        undo(installation.database, now=datetime.now(UTC))
        due = due_send_lanes(installation, now=datetime.now(UTC), horizon_seconds=20)
        tenants = tenants_of_lanes(installation) if due else {}
        held = {} if due else held_messages(installation, now=datetime.now(UTC), horizon_seconds=20)
    busy = unfinished_values(context.instance, SEND_LANE, job_name=send_email_job.name)
    requests = [
        dg.RunRequest(
            tags={SEND_LANE: str(lane.lane), **tenant_tags(tenants.get(lane.lane, []))},
            run_config=dg.RunConfig(ops={send_lane.name: {"config": {"lane": lane.lane}}}),
        )
        for lane in due
        if str(lane.lane) not in busy
    ]
    if requests:
        return requests
    if due:
        return dg.SkipReason(f"All {len(due)} lanes with due messages have a run already.")
    if held:
        causes = ", ".join(held_messages_sentence(count, cause) for cause, count in held.items())
        return dg.SkipReason(f"Of the messages due in the next 20 seconds none may go: {causes}.")
    return dg.SkipReason("No message is due in the next 20 seconds.")


probe_schedule = dg.ScheduleDefinition(
    name="placement_probes",
    job=warmup_send_job,
    cron_schedule="30 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour, since tenants' days are planned at other times: one probe a date and mailbox, after its plan. "
    "Does nothing where no policy asks for probes.",
)
close_days_schedule = dg.ScheduleDefinition(
    name="close_days_hourly",
    job=close_days_job,
    cron_schedule="5 * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour, since dates end at other times in other zones.",
)
