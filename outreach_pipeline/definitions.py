"""Everything that Dagster knows of this platform. Loading it touches no network and no database."""

import dagster as dg

from outreach_pipeline.defs import tables
from outreach_pipeline.defs.learn import assets as learn
from outreach_pipeline.defs.learn import dbt as learn_dbt
from outreach_pipeline.defs.learn import freshness as learn_freshness
from outreach_pipeline.defs.plan import assets as plan
from outreach_pipeline.defs.plan import schedules as plan_schedules
from outreach_pipeline.defs.receive import jobs as receive
from outreach_pipeline.defs.receive import sensors as receive_sensors
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.send import jobs as send
from outreach_pipeline.defs.send import sensors as send_sensors
from outreach_pipeline.defs.watch import alerts, checks, unfinished_runs
from outreach_pipeline.defs.watch import jobs as watch

defs = dg.Definitions(
    assets=[*tables.TABLES, plan.send_batches, learn_dbt.dbt_marts, learn.rotation_weights],
    asset_checks=[*checks.CHECKS, learn_freshness.source_freshness],
    jobs=[
        plan_schedules.plan_day_job,
        send.send_email_job,
        send.warmup_send_job,
        send.close_days_job,
        receive.imap_sync_job,
        receive.bounce_process_job,
        receive.webhook_ingest_job,
        learn.learn_job,
        learn_freshness.freshness_job,
        watch.health_check_job,
        watch.promises_job,
        watch.purge_runs_job,
    ],
    schedules=[
        plan_schedules.plan_due,
        send_sensors.probe_schedule,
        send_sensors.close_days_schedule,
        learn.learn_daily,
        learn_freshness.freshness_schedule,
        watch.health_check_schedule,
        watch.promises_schedule,
        watch.purge_runs_schedule,
    ],
    sensors=[
        plan_schedules.tenant_partitions,
        send_sensors.due_sends,
        receive_sensors.mailboxes_due_for_sync,
        receive_sensors.new_mail,
        receive_sensors.new_webhooks,
        alerts.failed_checks_and_runs,
        unfinished_runs.unfinished_runs,
    ],
    resources={"platform": Platform(), "dbt": learn_dbt.dbt_resource()},
    # A run is one process: the work in it is threads and coroutines.
    executor=dg.in_process_executor,
)
