"""Runs whose process is gone: the default launcher does not notice, so they are failed here.

`python -m outreach_pipeline.defs.watch.unfinished_runs` fails all that are left, for the start of the platform, when no run
can be alive; the sensor fails those whose process has ended.
"""

import os
import sys
import time

import dagster as dg
import psutil

from outreach_pipeline.defs.runs import UNFINISHED

_LONGEST_START_SECONDS = 180
_IN_PROCESS = [status for status in UNFINISHED if status is not dg.DagsterRunStatus.QUEUED]


def fail_dead_runs(instance: dg.DagsterInstance, *, none_is_alive: bool = False) -> list[str]:
    """Fail unfinished runs without a process and return their ids.

    Args:
        instance: Dagster's instance.
        none_is_alive: the caller knows that no run can have a process (the platform is just starting).
    """
    failed = []
    for record in instance.get_run_records(filters=dg.RunsFilter(statuses=_IN_PROCESS)):
        run = record.dagster_run
        pid = _process_id(instance, run.run_id)
        started = record.start_time or record.create_timestamp.timestamp()
        if none_is_alive or (
            _is_gone(pid, run.run_id) if pid is not None else time.time() - started > _LONGEST_START_SECONDS
        ):
            instance.report_run_failed(run, "The process of this run is gone; its work goes on in the next run.")
            failed.append(run.run_id)
    return failed


def _process_id(instance: dg.DagsterInstance, run_id: str) -> int | None:
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.dagster_event
        if event is not None and (value := event.engine_event_data.metadata.get("pid")) is not None:
            return int(str(value.value))
    return None


def _is_gone(pid: int, run_id: str) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        # A number may be in use again by now: a run's own process has its id in its environment or parent's command.
        return "python" not in process.name() and run_id not in " ".join(process.cmdline())
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
