"""Failed checks and runs become alerts, one a cause, which leave once by webhook and e-mail, and once more when it is over."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.notify import Alert, raise_operator_alerts, resolve_operator_alerts, send_due_alerts

_MOST_EVENTS = 200
_KINDS = (
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.RUN_SUCCESS,
)
# What a run works on, if it says so.
_PLACES = ("dagster/partition", "outreach/send_lane", "outreach/sync_lane")


@dg.sensor(
    name="failed_checks_and_runs",
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises an alert for what fails, a check or a job's runs, closes it when that goes well, sends what is due.",
)
def failed_checks_and_runs(context: dg.SensorEvaluationContext, platform: Platform):
    """Read what was evaluated and failed since the last tick."""
    cursor = json.loads(context.cursor) if context.cursor else {}
    records: list[dg.EventLogRecord] = []
    for kind in _KINDS:
        found = _events(context.instance, kind, after=cursor.get(kind.value))
        records += found
        if found:
            cursor[kind.value] = found[-1].storage_id
    raised, over = _judge(context.instance, sorted(records, key=lambda record: record.storage_id))
    now = datetime.now(UTC)
    with platform.open() as installation:
        raise_operator_alerts(installation, raised, now=now)
        resolve_operator_alerts(installation, over, now=now)
        sent = send_due_alerts(installation, now=now)
    context.update_cursor(json.dumps(cursor))
    return dg.SkipReason(f"{len(raised)} failures seen, {sent} alerts sent.")


def _events(
    instance: dg.DagsterInstance, kind: dg.DagsterEventType, *, after: int | None
) -> Sequence[dg.EventLogRecord]:
    if kind is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        # Dagster has no other way to follow the checks of all assets.
        wanted = dg.EventRecordsFilter(event_type=kind, after_cursor=after)
        return instance.get_event_records(wanted, limit=_MOST_EVENTS, ascending=True)
    return instance.fetch_run_status_changes(
        dg.RunStatusChangeRecordsFilter(event_type=kind, after_storage_id=after), limit=_MOST_EVENTS, ascending=True
    ).records


def _judge(instance: dg.DagsterInstance, records: Sequence[dg.EventLogRecord]) -> tuple[list[Alert], list[str]]:
    """Return an alert for each failure, and the causes that have gone well since; the records come in their order."""
    ids = [record.run_id for record in records if record.event_type is not dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    runs = {run.run_id: run for run in instance.get_runs(dg.RunsFilter(run_ids=ids))} if ids else {}
    raised: list[Alert] = []
    is_well: dict[str, bool] = {}
    for record in records:
        if record.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            cause_key, alert = _of_check(record)
        elif run := runs.get(record.run_id):
            cause_key, alert = _of_run(record, run)
        else:
            continue
        is_well[cause_key] = alert is None
        if alert is not None:
            raised.append(alert)
    return raised, [cause_key for cause_key, well in is_well.items() if well]


def _of_run(record: dg.EventLogRecord, run: dg.DagsterRun) -> tuple[str, Alert | None]:
    """A job that fails again and again over the same lane or partition is one cause, not one a run."""
    where = next((run.tags[tag] for tag in _PLACES if tag in run.tags), "")
    cause_key = f"run/{run.job_name}" + (f"/{where}" if where else "")
    event = record.event_log_entry.dagster_event
    if event is None or record.event_type is dg.DagsterEventType.RUN_SUCCESS:
        return cause_key, None
    return cause_key, Alert(
        cause_key=cause_key,
        severity="error",
        title=f"A run of {run.job_name} failed" + (f" ({where})" if where else ""),
        detail=f"Run {run.run_id}: {event.message or 'no message'}"[:1000],
    )


def _of_check(record: dg.EventLogRecord) -> tuple[str, Alert | None]:
    event = record.event_log_entry.dagster_event
    if event is None:
        raise TypeError(f"The record {record.storage_id} of a check holds no event.")
    evaluation = event.asset_check_evaluation_data
    where = f"{evaluation.asset_key.to_user_string()}/{evaluation.check_name}"
    cause_key = f"check/{where}" + (f"/{evaluation.partition}" if evaluation.partition else "")
    if evaluation.passed:
        return cause_key, None
    return cause_key, Alert(
        cause_key=cause_key,
        severity="error" if evaluation.severity is dg.AssetCheckSeverity.ERROR else "warning",
        title=f"The check {where} failed",
        detail=str({name: value.value for name, value in evaluation.metadata.items()})[:1000],
    )
