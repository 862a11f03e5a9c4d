"""Every fault point names a function that exists, and what is short in a cell's sender too."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.cells import ACTIONS, point_cells
from tests.chaos.points import POINTS, SEND_POINTS, Point, install, locate

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_the_function_of_a_point_exists(point):
    _, _, function = locate(point.target)
    assert inspect.isfunction(function)


def test_a_point_whose_function_is_gone_fails_by_name():
    gone = Point("gone", "outreach_pipeline.workflows.send_email:_Run._no_more", "before")
    with pytest.raises(AttributeError, match="_no_more"):
        install(gone, lambda: None)


def test_every_point_and_every_action_is_in_the_matrix():
    assert len(SEND_POINTS) >= 25
    cells = list(point_cells())
    assert {cell.where for cell in cells} == {point.name for point in SEND_POINTS}
    assert {cell.action for cell in cells} == set(ACTIONS)
    assert len({cell.name for cell in cells}) == len(cells)


def test_one_cell_runs_from_the_command_line():
    command = [sys.executable, "-m", "tests.chaos", "--only", "begin committed x kill", "--kills", "0"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith(
        '{"faults": 2, "sent_twice": 0, "lost": 0, "stuck_leases": 0, "limits_passed": 0}'
    )
