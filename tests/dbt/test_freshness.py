"""How old dbt finds the sources of a ledger whose truth is known."""

from __future__ import annotations

import pytest

from outreach_pipeline.workflows.build_marts import check_freshness

HOUR = 3_600


def test_old_rows_are_stale_and_new_ones_fresh_each_by_its_own_threshold(world, now):
    found = {
        each.table: each for each in check_freshness(world.settings, world.settings.transform_database_url, now=now)
    }
    assert {table: each.warn_after_seconds for table, each in found.items()} == {
        "events": 240 * HOUR, "messages": 240 * HOUR, "send_batches": 36 * HOUR,
    }  # fmt: skip
    # The ledger's times are given, and long ago; an event's recorded_at is the database's own.
    assert {table: each.is_fresh for table, each in found.items()} == {
        "events": True, "messages": False, "send_batches": False,
    }  # fmt: skip
    newest = {
        "messages": "select max(state_at), extract(epoch from now() - max(state_at)) from outreach.messages",
        "send_batches": "select max(planned_at), extract(epoch from now() - max(planned_at)) from outreach.send_batches",
    }
    for table, query in newest.items():
        loaded_at, age = world.row(query)
        assert found[table].max_loaded_at == loaded_at
        assert found[table].age_seconds == pytest.approx(float(age), abs=60)
    assert {each.error for each in found.values()} == {""}


def test_a_source_that_cannot_be_asked_is_not_fresh_and_says_why(world, now):
    world.admin.execute("revoke select on outreach.events from outreach_transform")
    try:
        found = check_freshness(world.settings, world.settings.transform_database_url, now=now)
    finally:
        world.admin.execute("grant select on outreach.events to outreach_transform")
    events = next(each for each in found if each.table == "events")
    assert (events.is_fresh, events.age_seconds) == (False, None)
    assert "permission denied for table events" in events.error
    assert [each.error for each in found if each.table != "events"] == ["", ""]
