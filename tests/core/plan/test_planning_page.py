"""The worked example of docs/planning.md, recomputed: its tables, its times, its plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.core.plan.rotation import weight_at

PAGE = (Path(__file__).parents[3] / "docs" / "planning.md").read_text(encoding="utf-8")


@pytest.fixture
def example(read_world):
    return read_world(PAGE)


def rows_after(heading: str) -> list[list[str]]:
    """The cells of the first table after a bold heading."""
    table = re.search(r"(?:^\|.*\n)+", PAGE[PAGE.index(heading) :], re.MULTILINE)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_plan_is_the_one_on_the_page(example, tell):
    inputs, told = example
    assert tell(inputs) == told


def test_the_terms_of_each_cap_are_those_of_the_table(example):
    inputs, _ = example
    stated = [(int(row[0]), row[1], int(row[2])) for row in rows_after("**Capacity.**")]
    assert stated == [
        (batch.mailbox_id, term.term, term.messages_per_day)
        for batch in plan(inputs).batches
        for term in batch.cap_terms
    ]


def test_the_turns_of_the_rotation_are_those_of_the_table(example):
    inputs, _ = example
    urgent = [each for each in plan(inputs).messages if inputs.candidates.campaign_id[each.position] == 2]
    written = {each.enrollment_id: each.mailbox_id for each in urgent}
    counts = dict.fromkeys((1, 2), 0)
    weights = {box.id: weight_at(box, "site") for box in inputs.facts.mailboxes}
    turns = rows_after("**Admission and rotation.**")
    assert len(turns) == len(written) == 2
    for (_, first, second, writes), contact in zip(turns, sorted(written), strict=True):
        assert [float(first), float(second)] == [(counts[box] + 1) / weights[box] for box in (1, 2)]
        next_one = min(counts, key=lambda box: ((counts[box] + 1) / weights[box], counts[box] / weights[box]))
        assert int(writes) == written[contact] == next_one
        counts[written[contact]] += 1


def test_the_times_in_the_text_are_those_of_the_plan(example):
    inputs, told = example
    pacing = PAGE[PAGE.index("**Pacing.** Mailbox 1") :].partition("\n\n")[0]
    times = [line[:5] for line in told if " mailbox 1 writes" in line]
    assert re.findall(r"at (\d\d:\d\d)", pacing) == times
    decided = plan(inputs)
    starts = [each.scheduled_at for each in decided.messages if each.mailbox_id == 1]
    opens, closes = 1_795_507_200_000, 1_795_536_000_000 - 1000
    assert [round(start, -3) for start in starts] == [
        round(opens + part * (closes - opens), -3) for part in (0.25, 0.75)
    ]
