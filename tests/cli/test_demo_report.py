"""When a demo's day is good: by its report alone."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from outreach_pipeline.cli.demo import _Lines, _Progress, _shown
from outreach_pipeline.cli.demo_report import dagster_day_of, exit_code, show
from outreach_pipeline.cli.main import run
from outreach_pipeline.core.watch.judge import FINDINGS

GOOD = {
    "agrees": True, "next_day_follow_ups": 3, "failed_runs": 0, "excused_runs": 0, "failed_checks": 0, "restarts": {},
    "failures": [], "dagster_runs": {"learn": {"SUCCESS": 1}},
}  # fmt: skip


@pytest.mark.parametrize(
    "change, code",
    [
        ({}, 0),
        ({"agrees": False}, 1),
        ({"next_day_follow_ups": 0}, 1),
        ({"failed_runs": 1}, 1),
        ({"failed_checks": 1}, 1),
        ({"warned_checks": ["outreach/events/complaints_are_rare"]}, 0),
        ({"failed_runs": 2, "excused_runs": 2, "restarts": {"postgres": 1}}, 0),
        ({"failed_runs": 2, "excused_runs": 1, "restarts": {"postgres": 1}}, 1),
    ],
)
def test_the_exit_code_of_a_day(change, code):
    assert exit_code({**GOOD, **change}, is_judged_again=False) == code


def test_a_day_that_was_cut_off_needs_no_follow_ups():
    assert exit_code({**GOOD, "next_day_follow_ups": 0}, is_judged_again=True) == 0


def test_what_was_seen_of_dagster_is_kept_when_the_day_is_judged_again():
    bad = {
        **GOOD,
        "failed_runs": 3,
        "excused_runs": 1,
        "failed_checks": 2,
        "restarts": {"daemon": 1},
        "failures": ["x"],
        "warned_checks": ["y"],
    }
    kept = dagster_day_of(bad)
    assert kept.runs == bad["dagster_runs"]
    for name in ("failed_runs", "excused_runs", "failed_checks", "restarts"):
        assert getattr(kept.failures, name) == bad[name]
    assert kept.failures.sentences == ["x"]
    assert kept.warned_checks == ["y"]
    assert dagster_day_of({}).failures.failed_runs == 0


def test_people_see_what_failed_and_what_was_brought_back():
    report = {
        **GOOD, "failed_runs": 3, "excused_runs": 2, "failed_checks": 1, "restarts": {"daemon": 1, "run": 1},
        "failures": ["A run of learn failed: r1."], "planned": 1, "by_state": {}, "events": {}, "truth": {},
        "weights_after": {}, "weights_before": {}, "weights_changed": 0, "next_day_planned": 0, "seconds": {}, "unfinished": 0,
        **dict.fromkeys(FINDINGS, 0),
        "findings": dict.fromkeys(FINDINGS, ()),
        "caps_reached": {"tenant": 1},
        "warned_checks": ["outreach/events/hard_bounces_are_few"],
        "alerts": [{"tenant": "harbor", "severity": "error", "title": "The contact list x is paused"}],
    }  # fmt: skip
    console = Console(file=io.StringIO(), width=200)
    show(report, console=console)
    text = console.file.getvalue()
    assert "brought back: daemon 1, run 1. 2 runs failed by it" in text
    assert "1 of Dagster's runs failed by themselves, and 1 checks." in text
    assert "A run of learn failed: r1." in text
    assert "Checks that warn: outreach/events/hard_bounces_are_few. A warning fails no day" in text
    assert "Alert for harbor: The contact list x is paused." in text


def test_off_a_terminal_a_line_tells_of_each_stage_and_of_one_that_goes_on():
    console = Console(file=io.StringIO(), width=80)
    progress = _Progress(current="plan", began=100.0)
    lines = _Lines(progress, console)
    for now in (100.0, 101.0, 114.0, 116.0, 120.0):
        lines.tell(now)
    progress.stages["plan"] = (21.0, "3 partitions")
    progress.current, progress.began, progress.note = "send and receive", 121.0, "5 sent; 2 reactions on their way"
    lines.tell(121.0)
    lines.tell(137.0)
    progress.stages["send and receive"], progress.current = (20.0, ""), ""
    lines.tell(141.0)
    assert console.file.getvalue().splitlines() == [
        "plan ...",
        "plan: 16 s.",
        "plan: done in 21.0 s. 3 partitions",
        "send and receive ...",
        "send and receive: 16 s. 5 sent; 2 reactions on their way",
        "send and receive: done in 20.0 s.",
    ]


def test_what_is_shown_off_a_terminal_ends_with_the_last_stage():
    console = Console(file=io.StringIO(), width=80)
    progress = _Progress()
    with _shown(progress, console):
        progress.stages["database"] = (1.0, "up")
    assert console.file.getvalue() == "database: done in 1.0 s. up\n"


def test_a_demo_takes_no_folder_that_it_has_not_made(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("OUTREACH_DATABASE_URL", raising=False)
    monkeypatch.setenv("OUTREACH_HOME", str(tmp_path))
    precious = tmp_path / "demo" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("keep")
    assert run(["demo"]) == 1
    assert f"{tmp_path / 'demo'} holds something that no demo has made" in " ".join(capsys.readouterr().err.split())
    assert precious.read_text() == "keep"
