"""The life of a plan: made, made again, of the past, of tomorrow, by two at once, held, over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.inputs import decode
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.workflows.due_days import close_days, due_plans
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

from .conftest import NOW, TODAY, World


def test_a_day_is_planned_within_caps_and_window(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    mailboxes = [world.mailbox(name) for name in ("ann", "bob")]
    world.contacts(30)

    outcome = plan_it()

    assert (outcome.mode, outcome.planned, outcome.capacity, outcome.changed) == ("real", 20, 20, True)
    assert outcome.summary["excluded"] == {"no_capacity": 10}
    messages = world.messages()
    assert {m["state"] for m in messages} == {"planned"}
    assert [sum(m["mailbox_id"] == box for m in messages) for box in mailboxes] == [10, 10]
    assert len({m["contact_id"] for m in messages}) == 20
    opens, closes = datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert all(opens <= m["scheduled_at"] < m["window_ends_at"] == closes for m in messages)
    for box in mailboxes:
        times = [m["scheduled_at"] for m in messages if m["mailbox_id"] == box]
        assert min(b - a for a, b in pairwise(times)) >= timedelta(seconds=600)
    assert messages[0]["message_id"].endswith("@acme-mail.example>")
    assert messages[0]["recipient_site"] == messages[0]["company_domain"]


def test_planning_twice_changes_nothing(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(15)
    first = plan_it()
    before = world.messages()

    second = plan_it()

    assert (second.changed, second.input_sha256, second.planned) == (False, first.input_sha256, first.planned)
    assert second.summary == first.summary
    assert world.messages() == before


def test_a_later_now_replans_what_is_planned_and_doubles_nothing(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(15)
    plan_it()
    first = world.messages()[0]
    world.run(
        "update outreach.messages set state = 'sent', sending_at = %s, sent_at = %s where id = %s",
        NOW + timedelta(hours=3),
        NOW + timedelta(hours=3),
        first["id"],
    )

    outcome = plan_it(now=NOW + timedelta(hours=5))

    assert outcome.planned == 9
    assert {m["reason"] for m in world.messages("state = 'cancelled'")} == {"replanned"}
    alive = world.messages("state <> 'cancelled'")
    assert len(alive) == 10
    assert len({m["contact_id"] for m in alive}) == 10
    assert min(m["scheduled_at"] for m in alive if m["state"] == "planned") >= NOW + timedelta(hours=5)


def test_a_dry_run_writes_nothing(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(3)
    outcome = plan_it(dry_run=True)
    assert (outcome.planned, outcome.changed) == (3, False)
    assert world.messages() == []
    assert world.admin.execute("select count(*) from outreach.send_batches").fetchone() == (0,)


def test_a_past_date_gets_batches_only_and_leaves_real_ones_alone(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(3)
    outcome = plan_it(TODAY - timedelta(days=1))
    assert (outcome.mode, outcome.planned, outcome.changed) == ("backfill", 0, True)
    assert [batch.planned for batch in outcome.batches] == [0]
    assert not plan_it(TODAY - timedelta(days=1)).changed

    plan_it()
    tomorrow = NOW + timedelta(days=1)
    later = plan_it(TODAY, now=tomorrow)
    assert (later.mode, later.changed) == ("backfill", False)
    before = plan_it(TODAY - timedelta(days=2), dry_run=True)
    assert (before.mode, before.changed, before.capacity) == (
        "backfill",
        False,
        plan_it(TODAY - timedelta(days=2)).capacity,
    )
    assert before.capacity > 0
    assert world.admin.execute(
        "select mode, planned from outreach.send_batches where plan_date = %s", [TODAY]
    ).fetchall() == [("real", 3)]


def test_tomorrow_can_be_planned_and_next_week_not(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(3)
    outcome = plan_it(TODAY + timedelta(days=1))
    assert outcome.planned == 3
    assert all(m["scheduled_at"].date() == TODAY + timedelta(days=1) for m in world.messages())
    with pytest.raises(UsageError, match="too far ahead for acme"):
        plan_it(TODAY + timedelta(days=7))


def test_two_planners_of_one_tenant_make_one_right_plan(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    for name in ("ann", "bob", "cid"):
        world.mailbox(name)
    world.contacts(40)
    outcomes: list[PlanOutcome] = []
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        outcomes.append(plan_it())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome.changed for outcome in outcomes) == [False, True]
    assert len({outcome.input_sha256 for outcome in outcomes}) == 1
    messages = world.messages()
    assert len(messages) == 30
    assert {m["state"] for m in messages} == {"planned"}


def test_all_tenants_at_once_and_each_twice_make_one_right_plan_each(
    make_world: Callable[..., World], installation: Installation
) -> None:
    worlds = [make_world(slug) for slug in ("acme", "beta", "cosmo", "delta")]
    account = worlds[0].insert("provider_accounts", name="one", provider="generic", messages_per_day=33)
    for each in worlds:
        each.mailbox(provider_account_id=account)
        each.contacts(12)
    twice = [*worlds, *worlds]
    barrier = threading.Barrier(len(twice))

    def run(world: World) -> PlanOutcome:
        barrier.wait()
        return plan_day(installation, world.tenant, TODAY, now=NOW)

    with ThreadPoolExecutor(len(twice)) as pool:
        outcomes = list(pool.map(run, twice))

    assert [outcome.findings for outcome in outcomes] == [()] * len(twice)
    planned = [len(each.messages("state <> 'cancelled'")) for each in worlds]
    # Each mailbox may send ten, and the account that all share 33.
    assert sum(planned) == 33
    assert sorted(planned) == [3, 10, 10, 10]
    assert worlds[0].admin.execute("select count(*), count(distinct tenant_id) from outreach.plans").fetchone() == (
        4,
        4,
    )


def test_a_message_claimed_while_it_is_replanned_is_not_doubled(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(15)
    plan_it()
    claimed = world.messages()[0]
    with psycopg.connect(world.admin.info.dsn, password=world.admin.info.password) as sender:
        # A sender's transaction that has claimed a message and not committed yet.
        sender.execute("update outreach.messages set state = 'claimed' where id = %s", [claimed["id"]])
        done: list[PlanOutcome | Exception] = []

        def run() -> None:
            try:
                done.append(plan_it(now=NOW + timedelta(hours=1)))
            except Exception as error:  # noqa: BLE001 (the thread's result)
                done.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(timeout=2)
        sender.commit()
        thread.join()
    outcome = done[0] if isinstance(done[0], PlanOutcome) else plan_it(now=NOW + timedelta(hours=1))
    assert outcome.planned == 9
    alive = world.messages("state <> 'cancelled'")
    assert len(alive) == 10
    assert len({m["contact_id"] for m in alive}) == 10


def test_the_kept_inputs_give_the_same_plan_and_hold_no_address(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(12)
    outcome = plan_it()
    kept = installation.blobs.get(world.tenant.id, outcome.input_sha256)
    assert b"@" not in kept
    again = plan(decode(kept))
    assert again.summary.items() <= outcome.summary.items()
    assert [m.enrollment_id for m in again.messages] == [m["enrollment_id"] for m in world.messages()]


def test_a_day_that_is_over_is_closed_and_demanded_again(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(3)
    plan_it()
    tomorrow = NOW + timedelta(days=1)
    assert close_days(installation, now=NOW) == 0
    assert close_days(installation, now=tomorrow) == 3
    assert {m["reason"] for m in world.messages()} == {"day_over"}
    assert plan_it(TODAY + timedelta(days=1), now=tomorrow).planned == 3


def test_planning_closes_the_days_that_are_over_and_a_dry_run_answers_the_same_and_writes_nothing(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(3)
    plan_it()
    world.run(
        "update outreach.messages set state = 'deferred', retry_at = scheduled_at where id = (select min(id) from outreach.messages)"
    )
    tomorrow, day = NOW + timedelta(days=1), TODAY + timedelta(days=1)
    before = world.messages()
    would_be = plan_it(day, now=tomorrow, dry_run=True)
    explained = explain_contact(installation, world.tenant, "c000@company000.example", day, now=tomorrow)
    assert world.messages() == before
    planned = plan_it(day, now=tomorrow)
    assert (would_be.planned, explained["reason"], planned.planned) == (3, "planned", 3)
    assert would_be.summary.items() <= planned.summary.items()
    assert {m["reason"] for m in world.messages(f"plan_date = '{TODAY}'")} == {"day_over"}
    assert not plan_it(day, now=tomorrow).changed


def test_planning_leaves_what_can_still_go_out_and_other_tenants_alone(
    make_world: Callable[..., World], installation: Installation
) -> None:
    acme, beta = make_world("acme"), make_world("beta")
    for each in (acme, beta):
        each.mailbox()
        each.contacts(2)
        plan_day(installation, each.tenant, TODAY, now=NOW)
    plan_day(installation, acme.tenant, TODAY + timedelta(days=1), now=NOW)
    assert {m["state"] for m in acme.messages()} == {"planned"}
    plan_day(installation, acme.tenant, TODAY + timedelta(days=1), now=NOW + timedelta(days=1))
    assert {m["state"] for m in beta.messages()} == {"planned"}


def test_due_plans_are_those_past_their_time_without_a_plan(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    assert due_plans(installation, now=NOW - timedelta(hours=2)) == []
    assert due_plans(installation, now=NOW) == [(world.tenant, TODAY)]
    plan_it()
    assert due_plans(installation, now=NOW) == []


def test_a_tenant_sees_and_plans_nothing_of_another(
    make_world: Callable[..., World], installation: Installation
) -> None:
    acme, beta = make_world("acme"), make_world("beta")
    for each in (acme, beta):
        each.mailbox()
        each.contacts(4)
    beta.insert(
        "suppressions", tenant_id=beta.tenant.id, scope="address", value="c000@company000.example", reason="stop"
    )
    assert plan_day(installation, acme.tenant, TODAY, now=NOW).planned == 4
    assert beta.messages() == []
    assert plan_day(installation, beta.tenant, TODAY, now=NOW).planned == 3


def test_a_held_plan_is_ready_again_when_it_is_made_anew(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(2)
    plan_it()
    world.run("update outreach.plans set state = 'held', held_reason = 'check failed: no_cap_passed'")
    assert not plan_it().changed
    assert plan_it(now=NOW + timedelta(hours=1)).changed
    assert world.admin.execute("select state, held_reason from outreach.plans").fetchall() == [("ready", None)]
