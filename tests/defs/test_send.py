"""Sending as Dagster does it: one run a lane that is due and has none, and what a run leaves behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from outreach_pipeline.defs.send.sensors import probe_schedule
from outreach_pipeline.workflows.explain_reason import WAITS, WAITS_OF_SEVERAL
from outreach_pipeline.workflows.plan_day import plan_day

PEOPLE = ("joe@corp.test", "eve@corp2.test", "dan@corp3.test")


def _plan(firm, *slugs: str) -> None:
    now = datetime.now(UTC)
    for slug in slugs:
        plan_day(firm.installation, firm.tenant(slug), now.date(), now=now)


def _metadata(result, node: str) -> dict:
    (event,) = result.asset_materializations_for_node(node)
    return event.metadata


def _unfinished(definitions, instance, request, job: str) -> dg.DagsterRun:
    return instance.create_run_for_job(
        definitions.resolve_job_def(job), tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED
    )


@pytest.fixture
def two_lanes(firm):
    """A tenant a lane."""
    firm.admin.execute(
        "update outreach.mailboxes as m set lane = case t.slug when 'acme' then 1 else 2 end"
        " from outreach.tenants as t where t.id = m.tenant_id"
    )
    firm.contacts("joe@corp.test")
    firm.contacts("eve@corp2.test", slug="birch")
    return firm


@pytest.mark.usefixtures("firm")
def test_nothing_planned_is_nothing_requested(tick):
    data = tick("due_sends")
    assert (data.run_requests, data.skip_message) == ([], "No message is due in the next 20 seconds.")


def test_what_is_due_and_held_is_told_with_its_causes(two_lanes, tick):
    _plan(two_lanes, "acme", "birch")
    two_lanes.admin.execute("update outreach.tenants set state = 'paused' where slug = 'acme'")
    two_lanes.admin.execute(
        "update outreach.mailboxes as m set paused_until = 'infinity' from outreach.tenants as t"
        " where t.id = m.tenant_id and t.slug = 'birch'"
    )
    data = tick("due_sends")
    assert (data.run_requests, data.skip_message) == (
        [],
        "Of the messages due in the next 20 seconds none may go: 1 as its mailbox is paused, 1 as the tenant is paused.",
    )


def test_what_waits_for_a_grant_asks_for_no_run_until_that_is_asked_for_again(two_lanes, tick):
    _plan(two_lanes, "acme")
    two_lanes.admin.execute(
        "with gone as ("
        "    insert into outreach.provider_accounts (name, provider, oauth_kind, state, retry_at)"
        "    values ('gone', 'generic', 'refresh_token', 'revoked', now() + interval '1 day') returning id"
        ") update outreach.mailboxes set auth = 'xoauth2', provider_account_id = (select id from gone)"
    )
    data = tick("due_sends")
    assert (data.run_requests, data.skip_message) == (
        [],
        "Of the messages due in the next 20 seconds none may go: 1 as the grant of its mailbox is revoked.",
    )
    two_lanes.admin.execute("update outreach.provider_accounts set retry_at = now()")
    assert [each.tags["outreach/send_lane"] for each in tick("due_sends").run_requests] == ["1"]


def test_what_holds_several_is_told_of_several(firm, tick):
    firm.contacts(*PEOPLE)
    _plan(firm, "acme")
    firm.admin.execute("update outreach.mailboxes set paused_until = 'infinity'")
    # All are due at once.
    firm.admin.execute("update outreach.messages set scheduled_at = now()")
    assert tick("due_sends").skip_message.endswith("none may go: 3 as their mailboxes are paused.")


def test_each_cause_that_keeps_messages_has_words_for_one_and_for_several():
    assert WAITS.keys() == WAITS_OF_SEVERAL.keys()


def test_each_due_lane_gets_one_run_with_its_tag_and_without_a_run_key(two_lanes, tick):
    _plan(two_lanes, "acme", "birch")
    requests = tick("due_sends").run_requests
    assert [each.tags["outreach/send_lane"] for each in requests] == ["1", "2"]
    assert [each.run_config["ops"]["send_lane"]["config"]["lane"] for each in requests] == [1, 2]
    assert {each.run_key for each in requests} == {None}
    # And one for each tenant that it serves.
    assert [[key for key in each.tags if "tenant." in key] for each in requests] == [
        ["outreach/tenant.acme"],
        ["outreach/tenant.birch"],
    ]


def test_a_tick_ends_what_rules_have_stopped_for_long_enough(two_lanes, tick):
    _plan(two_lanes, "acme")
    two_lanes.admin.execute(
        "insert into outreach.paused_sites (site, reason, paused_by, paused_at, ends_at)"
        " select distinct recipient_site, 'rule/test', 'rules', now(), now() + interval '1 hour' from outreach.messages"
    )
    assert tick("due_sends").run_requests == []
    two_lanes.admin.execute("update outreach.paused_sites set ends_at = now() - interval '1 second'")
    assert len(tick("due_sends").run_requests) == 1
    assert two_lanes.count("paused_sites") == 0


def test_a_lane_with_an_unfinished_run_waits_and_gets_one_when_that_has_crashed(definitions, two_lanes, tick, instance):
    _plan(two_lanes, "acme", "birch")
    first, second = tick("due_sends").run_requests
    running = _unfinished(definitions, instance, first, "send_email")
    assert [each.tags for each in tick("due_sends").run_requests] == [second.tags]
    _unfinished(definitions, instance, second, "send_email")
    data = tick("due_sends")
    assert (data.run_requests, data.skip_message) == ([], "All 2 lanes with due messages have a run already.")
    instance.report_run_failed(running)
    assert [each.tags for each in tick("due_sends").run_requests] == [first.tags]


def test_a_run_of_another_job_with_the_same_tag_blocks_nothing(definitions, two_lanes, tick, instance):
    _plan(two_lanes, "acme")
    (request,) = tick("due_sends").run_requests
    _unfinished(definitions, instance, request, "imap_sync")
    assert len(tick("due_sends").run_requests) == 1


def test_a_run_drains_its_lane_and_says_how(live_firm, run, world, environment, tick):
    environment.setenv("OUTREACH_WINDOW_MINUTES", "0.1")
    live_firm.contacts(*PEOPLE)
    _plan(live_firm, "acme")
    before = len([line for line in world.truth() if line["type"] == "accepted"])
    (request,) = tick("due_sends").run_requests
    result = run("send_email", run_config=request.run_config, tags=request.tags)
    metadata = _metadata(result, "send_lane")
    assert live_firm.states() == {"sent": 3}
    assert [record.data for record in metadata["by_state"].records] == [{"name": "sent", "count": 3}]
    assert metadata["lane"].value == int(request.tags["outreach/send_lane"])
    accepted = [line for line in world.truth() if line["type"] == "accepted"][before:]
    assert len(accepted) == 3
    assert not any("@" in str(value.value) for value in metadata.values())
    assert tick("due_sends").run_requests == []


def test_asking_a_run_to_stop_finishes_what_has_begun_and_leaves_the_rest_planned(make_firm, run, world):
    firm = make_firm(ports=world.ports, ca_file=world.ca_file, spread_seconds=600)
    firm.contacts(*PEOPLE)
    _plan(firm, "acme")
    threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    result = run("send_email", raise_on_error=False)
    assert not result.success
    # The window is five minutes long: it was not waited for.
    assert time.monotonic() - began < 60
    assert set(firm.states()) <= {"planned", "sent"}
    assert firm.count("messages where lease_expires_at is not null and state in ('claimed', 'sending')") == 0


def test_probes_are_planned_only_where_a_policy_asks_for_them(firm, run):
    metadata = _metadata(run("warmup_send"), "plan_placement_probes")
    assert metadata["planned_probes"].value == 0
    assert {record.data["name"] for record in metadata["by_tenant"].records} == {"acme", "birch"}
    assert firm.count("messages") == 0


def test_probes_are_asked_for_every_hour_so_that_each_tenant_gets_its_own_after_its_plan():
    assert (probe_schedule.cron_schedule, probe_schedule.execution_timezone) == ("30 * * * *", "UTC")


def test_what_is_past_its_window_is_closed_and_counted(firm, run):
    firm.contacts("joe@corp.test")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    firm.admin.execute("update outreach.enrollments set due_on = due_on - 1")
    plan_day(firm.installation, firm.tenant(), yesterday.date(), now=yesterday)
    assert firm.states() == {"planned": 1}
    assert _metadata(run("close_days"), "close_past_days")["day_over_messages"].value == 1
    assert firm.states() == {"cancelled": 1}
    assert _metadata(run("close_days"), "close_past_days")["day_over_messages"].value == 0
