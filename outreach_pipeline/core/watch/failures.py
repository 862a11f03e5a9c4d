"""Which failures of a day are its own, and which follow from a process that died and was brought back.

Belongs here: the judgement, as pure data. Does not: asking Dagster for its runs and checks, or showing the result (cli).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# On a run that was failed because its process was gone.
PROCESS_GONE_TAG = "outreach/process_gone"
# A death is noticed by the next look, which may wait half a minute for the answer of what has died.
_NOTICED_WITHIN = timedelta(seconds=60)
# Until Postgres has recovered, the code server has loaded, and what was launched meanwhile has given up.
_FELT_FOR = timedelta(seconds=180)


@dataclass(frozen=True, slots=True)
class Restart:
    """A process that had died and was started again: its name, and when that was noticed (aware)."""

    process: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run of Dagster that failed.

    Attributes:
        run_id: Dagster's.
        job: its job.
        ended_at: when it failed, aware.
        is_process_gone: whether it was failed because its process had been killed.
    """

    run_id: str
    job: str
    ended_at: datetime
    is_process_gone: bool = False


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """An evaluation of an asset check that failed with severity ERROR; ``check`` is ``asset/name``."""

    run_id: str
    check: str
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class Failures:
    """What failed, and what of it counts.

    Attributes:
        failed_runs: all of them.
        excused_runs: those of them that follow from a death.
        failed_checks: evaluations that failed with severity ERROR, in runs that have no such excuse.
        restarts: how often each process was brought back; ``run`` for runs whose process was gone, since their work goes on
            in another.
        sentences: one for each run and check that counts.
    """

    failed_runs: int
    excused_runs: int
    failed_checks: int
    restarts: dict[str, int]
    sentences: list[str]


def standing_warnings(evaluations: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the checks whose newest evaluation, of a partition if they have some, failed with severity WARN, by name.

    Args:
        evaluations: with ``check``, ``partition``, ``success`` and ``severity``; of one check the newest first.
    """
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for each in evaluations:
        newest.setdefault((each["check"], each["partition"] or ""), each)
    return sorted(
        f"{check} for {partition}" if partition else check
        for (check, partition), each in newest.items()
        if not each["success"] and each["severity"] == "WARN"
    )


def judge_failures(
    runs: Sequence[FailedRun], checks: Sequence[FailedCheck], *, restarts: Sequence[Restart]
) -> Failures:
    """Tell the failures that count from those that follow from a death.

    A run is excused if its process was gone, or if it failed in the minute before a restart was noticed or in the three
    after it; a check if its run is. On a day without a death nothing is excused.
    """
    excused = {run.run_id for run in runs if run.is_process_gone or _follows(run.ended_at, restarts)}
    counting = [check for check in checks if check.run_id not in excused]
    brought_back = Counter(restart.process for restart in restarts)
    brought_back["run"] += sum(run.is_process_gone for run in runs)
    return Failures(
        failed_runs=len(runs),
        excused_runs=len(excused),
        failed_checks=len(counting),
        restarts={name: times for name, times in sorted(brought_back.items()) if times},
        sentences=[
            *(f"A run of {run.job} failed: {run.run_id}." for run in runs if run.run_id not in excused),
            *(
                f"The check {check.check} failed" + (f" for {check.partition}" if check.partition else "") + "."
                for check in counting
            ),
        ],
    )


def _follows(ended_at: datetime, restarts: Sequence[Restart]) -> bool:
    return any(-_NOTICED_WITHIN <= ended_at - restart.at <= _FELT_FOR for restart in restarts)
