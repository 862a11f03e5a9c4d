"""Runs whose process is gone: the default launcher does not notice, so they are failed here.

`python -m outreach_pipeline.defs.watch.unfinished_runs` fails all that are left, for the start of the platform, when no run
can be alive; the sensor fails those whose process has ended.
"""

import os
import sys
import time

import dagster as dg
import psutil

from outreach_pipeline.core.watch.failures import PROCESS_GONE_TAG
from outreach_pipeline.defs.runs import UNFINISHED

_LONGEST_START_SECONDS = 180
# Between the start of a process and the event that tells of it; also between the two clocks by which they are known.
_CLOCKS_DIFFER_SECONDS = 10
_IN_PROCESS = [status for status in UNFINISHED if status is not dg.DagsterRunStatus.QUEUED]


def fail_dead_runs(instance: dg.DagsterInstance, *, none_is_alive: bool = False) -> list[str]:
    """Fail unfinished runs without a process and return their ids.

    Args:
        instance: Dagster's instance.
        none_is_alive: the caller knows that no run can have a process (the platform is just starting).
    """
    failed = []
    for record in instance.get_run_records(filters=dg.RunsFilter(statuses=_IN_PROCESS)):
        if none_is_alive or _is_dead(instance, record):
            run = record.dagster_run
            instance.add_run_tags(run.run_id, {PROCESS_GONE_TAG: "true"})
            instance.report_run_failed(run, "The process of this run is gone; its work goes on in the next run.")
            failed.append(run.run_id)
    return failed


def _is_dead(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    for entry in instance.all_logs(record.dagster_run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.dagster_event
        if event is not None and (pid := event.engine_event_data.metadata.get("pid")) is not None:
            return _is_gone(int(str(pid.value)), told_at=entry.timestamp)
    # Not told of yet. It may have waited in the queue for hours: what counts is when it was launched.
    return time.time() - record.update_timestamp.timestamp() > _LONGEST_START_SECONDS


def _is_gone(pid: int, *, told_at: float) -> bool:
    try:
        process = psutil.Process(pid)
        # A process that is younger than what was told of it has only got the number.
        return process.status() == psutil.STATUS_ZOMBIE or process.create_time() > told_at + _CLOCKS_DIFFER_SECONDS
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


@dg.sensor(
    name="unfinished_runs",
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Fails runs whose process is gone, so that their lane or tenant is free again.",
)
def unfinished_runs(context: dg.SensorEvaluationContext):
    """Look for dead runs."""
    failed = fail_dead_runs(context.instance)
    if failed:
        context.log.warning(f"Failed {len(failed)} runs whose process was gone: {', '.join(failed)}.")
    return dg.SkipReason(f"Failed {len(failed)} runs whose process was gone.")


if __name__ == "__main__":
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as at_start:
        sys.stdout.write(f"{len(fail_dead_runs(at_start, none_is_alive=True))} runs of an earlier life failed\n")
