"""What the demo's day came to: the report as data, and as tables for people.

Belongs here: the report's fields and its looks. Does not: the judgement (core.watch.judge and .failures).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from outreach_pipeline.cli.dagster_api import DagsterApi
from outreach_pipeline.core.learn.weights import DEFAULTS
from outreach_pipeline.core.watch.failures import (
    PROCESS_GONE_TAG,
    FailedCheck,
    FailedRun,
    Failures,
    Restart,
    judge_failures,
    standing_warnings,
)
from outreach_pipeline.core.watch.judge import FINDINGS, DayReport
from outreach_pipeline.sandbox.truth import read_truth
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.judge_day import judge_day

FILE = "demo-report.json"
Weights = dict[str, dict[str, float]]
FINAL_STATES = frozenset({"sent", "failed", "cancelled", "presumed_sent"})


def newest_weights(installation: Installation) -> Weights:
    """Return each tenant's newest weight of each mailbox over all sites; the prior's before the first computation."""
    found: Weights = {}
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            rows = transaction.rows("watch/newest_weights")
        found[tenant.slug] = {
            row["mailbox"]: round(DEFAULTS.prior_weight if row["weight_ratio"] is None else row["weight_ratio"], 4)
            for row in rows
        }
    return found


def count_states(installation: Installation, plan_date: date) -> dict[str, int]:
    """Return messages of a date by state, over all tenants."""
    with installation.database.operator() as transaction:
        rows = transaction.rows("watch/count_messages", from_date=plan_date, to_date=plan_date)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + row["count"]
    return counts


@dataclass(frozen=True, slots=True)
class DagsterDay:
    """What Dagster did: runs by job and status, what of them failed, and the checks whose warning stands."""

    runs: dict[str, dict[str, int]]
    failures: Failures
    warned_checks: list[str]


def ask_dagster(api: DagsterApi, restarts: Sequence[Restart]) -> DagsterDay:
    """Ask Dagster what it did.

    Raises:
        TransientError: it does not answer now.
    """
    runs = api.runs()
    by_job: dict[str, dict[str, int]] = {}
    for run in runs:
        by_status = by_job.setdefault(run["jobName"], {})
        by_status[run["status"]] = by_status.get(run["status"], 0) + 1
    failed = [
        FailedRun(
            run["runId"],
            run["jobName"],
            datetime.fromtimestamp(run["endTime"] or run["updateTime"], UTC),
            is_process_gone=PROCESS_GONE_TAG in run["tags"],
        )
        for run in runs
        if run["status"] == "FAILURE"
    ]
    evaluations = api.evaluations()
    checks = [
        FailedCheck(each["runId"], each["check"], each["partition"])
        for each in evaluations
        if not each["success"] and each["severity"] == "ERROR"
    ]
    return DagsterDay(by_job, judge_failures(failed, checks, restarts=restarts), standing_warnings(evaluations))


def dagster_day_of(report: Mapping[str, Any]) -> DagsterDay:
    """Return what an earlier report says of Dagster; without one nothing is known of it."""
    return DagsterDay(
        report.get("dagster_runs", {}),
        Failures(
            failed_runs=report.get("failed_runs", 0),
            excused_runs=report.get("excused_runs", 0),
            failed_checks=report.get("failed_checks", 0),
            restarts=report.get("restarts", {}),
            sentences=report.get("failures", []),
        ),
        report.get("warned_checks", []),
    )


def exit_code(report: Mapping[str, Any], *, is_judged_again: bool) -> int:
    """Return 0 for a day that went as it should, else 1.

    Args:
        report: ``agrees``, ``failed_runs``, ``excused_runs``, ``failed_checks`` and ``next_day_follow_ups`` are read.
        is_judged_again: the day may have been cut off before the next one was planned.
    """
    # Weights may rightly stay where they are: a mailbox is judged by itself from 20 sends on.
    is_whole = is_judged_again or bool(report["next_day_follow_ups"])
    is_sound = report["failed_runs"] == report["excused_runs"] and not report["failed_checks"]
    return 0 if report["agrees"] and is_whole and is_sound else 1


def make_report(
    installation: Installation,
    *,
    truth_file: Path,
    today: date,
    tomorrow: date,
    weights_before: Weights,
    seconds: dict[str, float],
    dagster: DagsterDay,
) -> dict[str, Any]:
    """Judge the day and return the report as plain data; its fields are documented in docs/data_flow.md."""
    verdict: DayReport = judge_day(installation, read_truth(truth_file), now=datetime.now(UTC))
    after = newest_weights(installation)
    next_day = count_states(installation, tomorrow)
    changed = sum(
        abs(weight - weights_before[tenant][mailbox]) > 1e-6
        for tenant, by_mailbox in after.items()
        for mailbox, weight in by_mailbox.items()
    )
    next_day_planned = sum(count for state, count in next_day.items() if state != "cancelled")
    states = count_states(installation, today)
    follow_ups, alerts = 0, []
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            follow_ups += transaction.value("watch/count_follow_ups", plan_date=tomorrow)
            alerts += [
                {"tenant": tenant.slug, "severity": row["severity"], "title": row["title"]}
                for row in transaction.rows("watch/open_alerts")
            ]
    unfinished = sum(count for state, count in states.items() if state not in FINAL_STATES)
    return {
        # A day that has not begun, or has not ended, agrees with nothing.
        "agrees": verdict.agrees and bool(states) and not unfinished,
        "planned": sum(states.values()),
        "unfinished": unfinished,
        "by_state": states,
        "events": verdict.events,
        "truth": verdict.truth,
        "caps_reached": verdict.caps_reached,
        **{name: len(getattr(verdict, name)) for name in FINDINGS},
        "findings": {name: getattr(verdict, name)[:50] for name in FINDINGS},
        "weights_changed": changed,
        "weights_before": weights_before,
        "weights_after": after,
        "next_day_planned": next_day_planned,
        "next_day_follow_ups": follow_ups,
        "alerts": alerts,
        "dagster_runs": dagster.runs,
        "failed_runs": dagster.failures.failed_runs,
        "excused_runs": dagster.failures.excused_runs,
        "failed_checks": dagster.failures.failed_checks,
        "warned_checks": dagster.warned_checks,
        "failures": dagster.failures.sentences[:50],
        "restarts": dagster.failures.restarts,
        "seconds": seconds,
        "judged_at": datetime.now(UTC).isoformat(),
    }


def show(report: dict[str, Any], *, console: Console) -> None:
    """Print a report for people."""
    console.print()
    console.print(_counts(report))
    console.print(_weights(report))
    verdict = Table(title="Held against what the mail world saw", title_justify="left")
    verdict.add_column("question")
    verdict.add_column("found", justify="right")
    questions = {
        "lost": "messages lost",
        "sent_twice": "messages sent twice",
        "caps_passed": "caps passed (mailbox, sending domain, account, tenant, company, site)",
        "unrecognised": "reactions not recognised for what they were",
        "unexplained": "events that never happened",
        "suppressed_wrongly": "addresses suppressed without a cause",
    }
    for name, question in questions.items():
        verdict.add_row(question, f"[{'green' if not report[name] else 'red'}]{report[name]}[/]")
    for kind, count in sorted(report["caps_reached"].items()):
        verdict.add_row(f"caps used up and not passed: {kind.replace('_', ' ')}", str(count))
    console.print(verdict)
    for name, question in questions.items():
        for finding in report["findings"][name][:10]:
            console.print(f"{question}: {json.dumps(finding, default=str)}", markup=False, highlight=False)
    _show_failures(report, console)
    for alert in report["alerts"]:
        console.print(f"Alert for {alert['tenant']}: {alert['title']}.", markup=False, highlight=False)
    console.print(
        f"{report['next_day_planned']} messages are planned for the next day, {report['next_day_follow_ups']} of them follow-ups; "
        f"{report['weights_changed']} of the mailboxes' weights have moved; "
        f"{sum(report['seconds'].values()):.0f} seconds in all."
    )
    console.print(
        "[bold green]The day agrees with the truth log.[/]" if report["agrees"] else "[bold red]It does not agree.[/]"
    )
    if report["unfinished"] or not report["planned"]:
        console.print(f"{report['unfinished']} of {report['planned']} messages are unfinished.")


def _show_failures(report: dict[str, Any], console: Console) -> None:
    if report["restarts"]:
        times = ", ".join(f"{name} {count}" for name, count in report["restarts"].items())
        console.print(
            f"Processes died and were brought back: {times}. {report['excused_runs']} runs failed by it, which is no fault."
        )
    if not report["dagster_runs"]:
        console.print("What became of Dagster's runs is not known: the demo ended before it asked.")
    counting = report["failed_runs"] - report["excused_runs"]
    if counting or report["failed_checks"]:
        console.print(
            f"[bold red]{counting} of Dagster's runs failed by themselves, and {report['failed_checks']} checks.[/]"
        )
    for sentence in report["failures"][:10]:
        console.print(sentence, markup=False, highlight=False)
    if warned := report.get("warned_checks"):
        console.print(
            f"Checks that warn: {', '.join(warned)}. A warning fails no day: the demo's recipients bounce and complain far more "
            "than those of a real list, on purpose, so that each kind is seen.",
            markup=False,
            highlight=False,
        )


def _counts(report: dict[str, Any]) -> Table:
    table = Table(title=f"{report['planned']} messages, by state, and what came back", title_justify="left")
    table.add_column("messages")
    table.add_column("count", justify="right")
    table.add_column("events")
    table.add_column("recorded", justify="right")
    table.add_column("truth log", justify="right")
    states = sorted(report["by_state"].items())
    kinds = sorted(set(report["events"]) | set(report["truth"]) - {"accepted"})
    for number in range(max(len(states), len(kinds))):
        state, count = states[number] if number < len(states) else ("", "")
        kind = kinds[number] if number < len(kinds) else ""
        truth = report["truth"].get("accepted" if kind == "sent" else kind, 0) if kind else ""
        table.add_row(state, str(count), kind, str(report["events"].get(kind, 0)) if kind else "", str(truth))
    return table


def _weights(report: dict[str, Any]) -> Table:
    table = Table(title="Rotation weights, before and after", title_justify="left")
    table.add_column("tenant")
    table.add_column("mailboxes", justify="right")
    table.add_column("lowest", justify="right")
    table.add_column("highest", justify="right")
    table.add_column("before", justify="right")
    for tenant, after in sorted(report["weights_after"].items()):
        before = report["weights_before"].get(tenant, {})
        values = sorted(after.values()) or [0.0]
        table.add_row(
            tenant,
            str(len(after)),
            f"{values[0]:.3f}",
            f"{values[-1]:.3f}",
            f"{min(before.values()):.3f}-{max(before.values()):.3f}" if before else "",
        )
    return table
