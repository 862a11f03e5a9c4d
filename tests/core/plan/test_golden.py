"""Three small fleets, each on a page of its own: what there is, and the plan that a person can follow by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parent / "golden").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_plan_is_the_one_on_the_page(read_world, tell, page):
    inputs, told = read_world(page.read_text())
    assert tell(inputs) == told


def test_there_are_three_fleets():
    assert len(PAGES) == 3
