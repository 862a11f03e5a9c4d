"""Failed checks and failed runs become alerts, which leave by webhook and e-mail, once each."""

import json
from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.notify import Alert, raise_operator_alerts, resolve_operator_alerts, send_due_alerts

_MOST_EVENTS = 200


@dg.sensor(
    name="failed_checks_and_runs",
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises an alert for each failed check and run, notes when a check passes again, and sends what is due.",
)
def failed_checks_and_runs(context: dg.SensorEvaluationContext, platform: Platform):
    """Read what was evaluated and failed since the last tick."""
    cursor = json.loads(context.cursor) if context.cursor else {}
    raised: list[Alert] = []
    passed: list[str] = []
    for kind in (dg.DagsterEventType.ASSET_CHECK_EVALUATION, dg.DagsterEventType.RUN_FAILURE):
        records = context.instance.get_event_records(
            dg.EventRecordsFilter(event_type=kind, after_cursor=cursor.get(kind.value)),
            limit=_MOST_EVENTS,
            ascending=True,
        )
        for record in records:
            _judge(record, raised, passed)
            cursor[kind.value] = record.storage_id
    now = datetime.now(UTC)
    with platform.open() as installation:
        raise_operator_alerts(installation, raised, now=now)
        resolve_operator_alerts(installation, passed, now=now)
        sent = send_due_alerts(installation, now=now)
    context.update_cursor(json.dumps(cursor))
    return dg.SkipReason(f"{len(raised)} failures seen, {sent} alerts sent.")


def _judge(record: dg.EventLogRecord, raised: list[Alert], passed: list[str]) -> None:
    event = record.event_log_entry.dagster_event
    if event is None:
        return
    if event.event_type is dg.DagsterEventType.RUN_FAILURE:
        run_id = record.event_log_entry.run_id
        raised.append(
            Alert(
                cause_key=f"run/{run_id}",
                severity="error",
                title=f"The run {run_id[:8]} of {event.job_name} failed",
                detail=(event.message or "")[:1000],
            )
        )
        return
    evaluation = event.asset_check_evaluation_data
    where = f"{evaluation.asset_key.to_user_string()}/{evaluation.check_name}"
    cause_key = f"check/{where}" + (f"/{evaluation.partition}" if evaluation.partition else "")
    if evaluation.passed:
        passed.append(cause_key)
        return
    raised.append(
        Alert(
            cause_key=cause_key,
            severity="error" if evaluation.severity is dg.AssetCheckSeverity.ERROR else "warning",
            title=f"The check {where} failed",
            detail=str({name: value.value for name, value in evaluation.metadata.items()})[:1000],
        )
    )
