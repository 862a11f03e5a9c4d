"""A failure counts unless it follows from a death."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach_pipeline.core.watch.failures import FailedCheck, FailedRun, Restart, judge_failures, standing_warnings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _run(seconds: float = 0, *, gone: bool = False) -> FailedRun:
    return FailedRun("r1", "send_email", NOON + timedelta(seconds=seconds), is_process_gone=gone)


def test_a_day_without_failures_has_none():
    verdict = judge_failures([], [], restarts=[])
    assert (verdict.failed_runs, verdict.excused_runs, verdict.failed_checks) == (0, 0, 0)
    assert (verdict.restarts, verdict.sentences) == ({}, [])


def test_on_an_undisturbed_day_every_failure_counts():
    verdict = judge_failures(
        [_run()],
        [FailedCheck("r1", "outreach/send_batches/no_cap_passed", "2026-03-02|acme"), FailedCheck("r2", "a/b")],
        restarts=[],
    )
    assert (verdict.failed_runs, verdict.excused_runs, verdict.failed_checks) == (1, 0, 2)
    assert verdict.sentences == [
        "A run of send_email failed: r1.",
        "The check outreach/send_batches/no_cap_passed failed for 2026-03-02|acme.",
        "The check a/b failed.",
    ]


@pytest.mark.parametrize(
    "seconds, excused", [(-61, False), (-60, True), (0, True), (180, True), (181, False), (3600, False)]
)
def test_a_run_is_excused_near_a_restart_only_and_its_checks_with_it(seconds, excused):
    verdict = judge_failures([_run(seconds)], [FailedCheck("r1", "a/b")], restarts=[Restart("postgres", NOON)])
    assert (verdict.excused_runs, verdict.failed_checks) == ((1, 0) if excused else (0, 1))
    assert len(verdict.sentences) == (0 if excused else 2)


def test_a_failed_check_of_a_run_that_ended_well_counts_on_any_day():
    verdict = judge_failures([], [FailedCheck("r9", "a/b")], restarts=[Restart("daemon", NOON)])
    assert verdict.failed_checks == 1


def test_a_run_whose_process_is_gone_was_killed_and_is_counted_as_brought_back():
    verdict = judge_failures([_run(gone=True)], [], restarts=[])
    assert (verdict.failed_runs, verdict.excused_runs, verdict.restarts) == (1, 1, {"run": 1})


def test_restarts_are_counted_by_process():
    names = ["postgres", "daemon", "daemon"]
    verdict = judge_failures([], [], restarts=[Restart(name, NOON) for name in names])
    assert verdict.restarts == {"daemon": 2, "postgres": 1}


def test_a_warning_stands_while_the_newest_evaluation_of_its_partition_fails():
    def evaluation(check, *, success, severity="WARN", partition=None):
        return {"check": check, "partition": partition, "success": success, "severity": severity}

    assert standing_warnings([
        evaluation("events/rare", success=False),
        evaluation("events/rare", success=True),
        evaluation("events/few", success=True),
        evaluation("events/few", success=False),
        evaluation("plans/fair", success=True, partition="2026-01-01|acme"),
        evaluation("plans/fair", success=False, partition="2026-01-02|acme"),
        evaluation("plans/caps", success=False, severity="ERROR"),
    ]) == ["events/rare", "plans/fair for 2026-01-02|acme"]  # fmt: skip
