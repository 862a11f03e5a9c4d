"""Mailboxes get lanes: small tenants share one, a large tenant is split, none is overfull."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.lanes import assign_lanes


def test_a_small_tenant_joins_the_lane_that_it_fits_best():
    assert assign_lanes({0: 290, 1: 100}, own=frozenset(), count=8, lane_size=300) == [0] * 8


def test_a_tenant_fills_its_own_lane_first():
    assert assign_lanes({0: 290, 1: 298}, own=frozenset({1}), count=8, lane_size=300) == [1, 1, 0, 0, 0, 0, 0, 0]


def test_a_large_tenant_is_split():
    assert Counter(assign_lanes({0: 100}, own=frozenset(), count=700, lane_size=300)) == {1: 300, 2: 300, 0: 100}


@given(
    st.dictionaries(st.integers(0, 20), st.integers(1, 50), max_size=10),
    st.frozensets(st.integers(0, 20)),
    st.integers(0, 300),
    st.integers(1, 50),
)
def test_no_lane_is_overfull(sizes, own, count, lane_size):
    before = {lane: min(size, lane_size) for lane, size in sizes.items()}
    lanes = assign_lanes(before, own=own, count=count, lane_size=lane_size)
    assert len(lanes) == count
    after = Counter(before) + Counter(lanes)
    assert all(size <= lane_size for size in after.values())
