"""The plan as Dagster makes it: a partition a date and tenant, its checks, and who asks for it."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from outreach_pipeline.defs.metadata import first_rows
from outreach_pipeline.workflows.claim import claim
from outreach_pipeline.workflows.lanes import due_send_lanes

SEND_BATCHES = dg.AssetKey(["outreach", "send_batches"])
BLOCKING = ("no_cap_passed", "no_contact_twice", "nobody_suppressed", "inside_the_window")


@pytest.fixture
def plan(run, instance):
    """Makes the partition of a date and tenant, which has been added before."""

    def make(plan_date: str, slug: str = "acme", **arguments):
        instance.add_dynamic_partitions("tenant", [slug])
        return run("plan_day", partition_key=dg.MultiPartitionKey({"date": plan_date, "tenant": slug}), **arguments)

    return make


def _checks(result) -> dict[str, bool]:
    return {each.check_name: each.passed for each in result.get_asset_check_evaluations()}


def _metadata(result) -> dict:
    (event,) = result.asset_materializations_for_node("send_batches")
    return event.metadata


def _due(firm) -> int:
    return sum(
        lane.due_count for lane in due_send_lanes(firm.installation, now=datetime.now(UTC), horizon_seconds=86400)
    )


def _claim(firm) -> int:
    tenant, later = firm.tenant(), datetime.now(UTC) + timedelta(hours=1)
    (lane,) = firm.admin.execute(
        "select distinct lane from outreach.mailboxes where tenant_id = %s", [tenant.id]
    ).fetchone()
    with firm.installation.database.tenant(tenant.id) as transaction:
        claimed = claim(
            transaction, lane=lane, mailbox_ids=None, kind=None, mailboxes=10, each=1, lease_seconds=60, now=later
        )
    return len(claimed())


def test_a_partition_shows_rows_caps_reasons_and_a_plot(firm, plan):
    firm.contacts("joe@corp.test", "eve@corp2.test", "dan@corp3.test")
    result = plan(firm.today)
    metadata = _metadata(result)
    assert metadata["dagster/row_count"].value == firm.count("send_batches") == 2
    assert metadata["planned_messages"].value == firm.count("messages where state = 'planned'") == 3
    assert metadata["capacity_messages"].value == 10
    rows = [record.data for record in metadata["mailboxes"].records]
    assert sum(row["planned"] for row in rows) == 3
    assert {row["capacity"] for row in rows} == {5}
    assert all(row["bound_by"] for row in rows)
    assert len({row["mailbox_id"] for row in rows}) == 2
    assert {row["sending_domain"] for row in rows} == {"acme-mail.example"}
    assert not any(address in repr(metadata) for address in ("joe@", "eve@", "dan@", "ann@", "bob@"))
    assert "mailboxes_shown" not in metadata
    _, _, encoded = metadata["planned_against_capacity"].value.partition("base64,")
    assert base64.b64decode(encoded.rstrip(")")).startswith(b"\x89PNG")
    assert f"acme {firm.today}" in metadata["plans"].value
    assert _checks(result) == {**dict.fromkeys(BLOCKING, True), "fair_shares": True, "not_empty_without_reason": True}
    assert firm.count("messages as m join outreach.tenants as t on t.id = m.tenant_id where t.slug <> 'acme'") == 0


def test_a_table_that_is_cut_says_so_and_names_what_tells_the_rest():
    rows = [{"name": str(number)} for number in range(1_234)]
    shown = first_rows("things", rows, columns={"name": "string"}, rest_by="outreach explain --date D")
    assert [record.data["name"] for record in shown["things"].records] == [str(number) for number in range(500)]
    assert shown["things_shown"] == "500 of 1,234 rows; the rest by `outreach explain --date D`"
    assert first_rows("things", rows[:500], columns={"name": "string"}, rest_by="x").keys() == {"things"}


def test_the_same_partition_again_plans_nothing_twice(firm, plan):
    firm.contacts("joe@corp.test", "eve@corp2.test")
    plan(firm.today)
    plan(firm.today)
    assert firm.count("messages where state <> 'cancelled'") == 2


def test_those_left_out_are_counted_by_reason(firm, plan):
    firm.contacts("joe@corp.test")
    firm.admin.execute("update outreach.contacts set lawful_basis = null")
    reasons = {record.data["name"]: record.data["count"] for record in _metadata(plan(firm.today))["reasons"].records}
    assert sum(reasons.values()) == 1
    assert firm.count("messages") == 0


def test_a_past_date_is_a_backfill_without_a_message(firm, plan):
    firm.contacts("joe@corp.test")
    yesterday = (date.fromisoformat(firm.today) - timedelta(days=1)).isoformat()
    result = plan(yesterday)
    assert result.success
    assert _metadata(result)["planned_messages"].value == 0
    assert firm.count("send_batches where mode = 'backfill'") == 2
    assert firm.count("messages") == 0
    assert _due(firm) == 0


def test_a_range_of_past_dates_is_one_run_for_a_tenant(definitions, instance, firm):
    """What a backfill of the UI comes to: BackfillPolicy.single_run makes one run of a range."""
    instance.add_dynamic_partitions("tenant", ["acme"])
    first, last = (date.fromisoformat(firm.today) - timedelta(days=days) for days in (3, 1))
    result = definitions.resolve_job_def("plan_day").execute_in_process(
        instance=instance,
        tags={
            "dagster/asset_partition_range_start": f"{first}|acme",
            "dagster/asset_partition_range_end": f"{last}|acme",
        },
    )
    assert result.success
    assert firm.count("send_batches where mode = 'backfill'") == 6
    assert firm.count("messages") == 0


def test_a_failed_blocking_check_fails_the_run_and_nothing_of_the_plan_can_be_claimed(firm, plan):
    firm.contacts("joe@corp.test", "eve@corp2.test")
    plan(firm.today)
    assert _due(firm) == 2
    firm.admin.execute("update outreach.messages set state = 'deferred', retry_at = now() where to_address like 'joe%'")
    # Behind the platform's back, which would have cancelled the message.
    firm.admin.execute(
        "insert into outreach.suppressions (tenant_id, scope, value, reason, origin, created_at)"
        " select id, 'address', 'joe@corp.test', 'manual', 'test', now() from outreach.tenants where slug = 'acme'"
    )
    result = plan(firm.today, raise_on_error=False)
    assert not result.success
    assert {name for name, passed in _checks(result).items() if not passed} == {"nobody_suppressed"}
    assert firm.admin.execute("select state, held_reason from outreach.plans").fetchone() == (
        "held",
        "check failed: nobody_suppressed",
    )
    assert firm.states()["planned"] == 1
    assert _due(firm) == 0
    assert _claim(firm) == 0
    firm.admin.execute("update outreach.messages set state = 'cancelled', reason = 'test' where to_address like 'joe%'")
    assert plan(firm.today).success
    assert (_due(firm), _claim(firm)) == (1, 1)


def test_a_tenant_that_is_gone_is_named(plan, firm):
    result = plan(firm.today, "nobody", raise_on_error=False)
    said = result.failure_data_for_node("send_batches").user_failure_data.description
    assert "1 of 1 plans were not made" in said
    assert "There is no tenant 'nobody'" in said


@pytest.mark.usefixtures("firm")
def test_new_tenants_become_partitions_once(tick):
    requests = tick("tenant_partitions").dynamic_partitions_requests
    assert [sorted(each.partition_keys) for each in requests] == [["acme", "birch"]]


@pytest.mark.usefixtures("firm")
def test_the_sensor_of_tenants_rests_when_all_are_known(tick, instance):
    instance.add_dynamic_partitions("tenant", ["acme", "birch", "a-tenant-of-old"])
    data = tick("tenant_partitions")
    assert (data.dynamic_partitions_requests, data.skip_message) == ([], "All 2 tenants have their partition.")
    assert instance.has_dynamic_partition("tenant", "a-tenant-of-old")


def test_plans_are_asked_for_past_plan_at_only_and_for_known_tenants_only(firm, tick, instance):
    instance.add_dynamic_partitions("tenant", ["acme", "birch"])
    firm.admin.execute("update outreach.tenants set plan_at = '23:59' where slug = 'birch'")
    (request,) = tick("plan_due").run_requests
    assert request.partition_key == f"{firm.today}|acme"
    instance.delete_dynamic_partition("tenant", "acme")
    assert tick("plan_due").run_requests == []


def test_a_plan_that_is_there_is_not_asked_for_again(firm, tick, plan, instance):
    plan(firm.today)
    instance.add_dynamic_partitions("tenant", ["birch"])
    (request,) = tick("plan_due").run_requests
    assert request.partition_key == f"{firm.today}|birch"
    plan(firm.today, "birch")
    data = tick("plan_due")
    assert data.run_requests == []
    assert data.skip_message.startswith("Every active tenant's plan of its own date is there")


@pytest.mark.usefixtures("firm")
def test_a_plan_is_not_asked_for_while_a_run_is_at_it_and_is_again_when_that_failed(definitions, tick, instance):
    instance.add_dynamic_partitions("tenant", ["acme"])
    (request,) = tick("plan_due").run_requests
    started = instance.create_run_for_job(
        definitions.resolve_job_def("plan_day"), tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED
    )
    data = tick("plan_due")
    assert data.run_requests == []
    assert data.skip_message == "2 plans are due: 1 have a run already, 1 wait for their tenant's partition."
    instance.report_run_failed(started)
    assert [each.partition_key for each in tick("plan_due").run_requests] == [request.partition_key]


def test_a_plan_that_cannot_be_made_takes_no_other_with_it(definitions, instance, firm):
    instance.add_dynamic_partitions("tenant", ["acme", "gone"])
    first, last = (date.fromisoformat(firm.today) - timedelta(days=days) for days in (2, 1))
    result = definitions.resolve_job_def("plan_day").execute_in_process(
        instance=instance,
        raise_on_error=False,
        tags={
            "dagster/asset_partition_range_start": f"{first}|acme",
            "dagster/asset_partition_range_end": f"{last}|gone",
        },
    )
    assert not result.success
    assert firm.count("send_batches where mode = 'backfill'") == 4
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    said = failure.step_failure_data.user_failure_data.description
    assert "2 of 4 plans were not made" in said
    assert f"gone {first}" in said
    # What was made is shown as made, partition by partition, with its own numbers and checks.
    good = [f"{day}|acme" for day in (first, last)]
    made = {event.partition: event.step_materialization_data.materialization for event in _events(result)}
    assert sorted(made) == good
    for key, materialization in made.items():
        metadata = materialization.metadata
        assert metadata["dagster/row_count"].value == 2
        assert {record.data["plan"] for record in metadata["mailboxes"].records} == {f"acme {key.partition('|')[0]}"}
    evaluations = result.get_asset_check_evaluations()
    assert {each.partition for each in evaluations} == set(good)
    assert all(each.passed for each in evaluations)
    assert instance.get_materialized_partitions(SEND_BATCHES) == set(good)


def test_checks_are_of_their_partition_whichever_run_ends_last(definitions, instance, firm, plan):
    check = dg.AssetCheckKey(SEND_BATCHES, BLOCKING[0])
    plan(firm.today)
    (evaluation, *_) = plan(firm.today, "birch").get_asset_check_evaluations()
    assert evaluation.partition == f"{firm.today}|birch"
    first, last = (date.fromisoformat(firm.today) - timedelta(days=days) for days in (2, 1))
    assert (
        definitions.resolve_job_def("plan_day")
        .execute_in_process(
            instance=instance,
            tags={
                "dagster/asset_partition_range_start": f"{first}|acme",
                "dagster/asset_partition_range_end": f"{last}|birch",
            },
        )
        .success
    )
    records = instance.event_log_storage.get_asset_check_execution_history(check, limit=20)
    of_partitions = {record.partition: record.status.value for record in records if record.partition}
    days = (first, last, firm.today)
    assert of_partitions == {f"{day}|{slug}": "SUCCEEDED" for day in days for slug in ("acme", "birch")}


def _events(result) -> list[dg.DagsterEvent]:
    return [event for event in result.all_events if event.is_step_materialization]
