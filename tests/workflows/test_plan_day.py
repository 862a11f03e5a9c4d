from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.inputs import decode
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.workflows.explain import explain_contact, explain_mailbox
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import PlanOutcome, close_days, due_plans, plan_day
from outreach_pipeline.workflows.resolve_sites import resolve_sites

# A Tuesday, 06:00 in Berlin.
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
POLICY: dict[str, Any] = {"messages_per_day_per_mailbox": 10, "counts_by": "calendar_day", "random_assignment_ratio": 0}

_WITHOUT_ID = {"campaign_mailboxes", "campaign_steps", "operator_suppressions", "recipient_sites", "rotation_weights"}


@dataclass
class World:
    """A tenant with one domain and one campaign, written by the superuser."""

    admin: psycopg.Connection
    tenant: Tenant
    domain_id: int
    campaign_id: int
    list_id: int

    def mailbox(self, name: str = "ann", **columns: Any) -> int:
        values = {
            "tenant_id": self.tenant.id,
            "address": f"{name}@acme-mail.example",
            "sending_domain_id": self.domain_id,
            "lane": 1,
            "lifecycle": "active",
            "smtp_host": "127.0.0.1",
            "smtp_port": 2525,
            "imap_host": "127.0.0.1",
            "imap_port": 1143,
            "login": name,
            **columns,
        }
        mailbox_id = self.insert("mailboxes", **values)
        self.insert("campaign_mailboxes", tenant_id=self.tenant.id, campaign_id=self.campaign_id, mailbox_id=mailbox_id)
        return mailbox_id

    def contact(self, address: str, *, enrollment: dict[str, Any] | None = None, **columns: Any) -> int:
        domain = address.split("@")[1]
        values = {
            "tenant_id": self.tenant.id,
            "address": address,
            "mail_domain": domain,
            "company_domain": domain,
            "source": "test",
            "jurisdiction": "DE",
            "lawful_basis": "consent",
            "verification": "valid",
            "contact_list_id": self.list_id,
            **columns,
        }
        contact_id = self.insert("contacts", **values)
        self.insert(
            "enrollments",
            **{
                "tenant_id": self.tenant.id,
                "campaign_id": self.campaign_id,
                "contact_id": contact_id,
                "contact_list_id": self.list_id,
                "due_on": TODAY,
                **(enrollment or {}),
            },
        )
        return contact_id

    def contacts(self, count: int, **columns: Any) -> None:
        for number in range(count):
            self.contact(f"c{number:03}@company{number:03}.example", **columns)

    def insert(self, table: str, **columns: Any) -> int:
        names = ", ".join(columns)
        marks = ", ".join(f"%({name})s" for name in columns)
        values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in columns.items()}
        key = "" if table in _WITHOUT_ID else " returning id"
        row = self.admin.execute(f"insert into outreach.{table} ({names}) values ({marks}){key}", values)
        return 0 if table in _WITHOUT_ID else row.fetchone()[0]

    def messages(self, condition: str = "true") -> list[dict[str, Any]]:
        with self.admin.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                f"select * from outreach.messages where tenant_id = %s and {condition} order by scheduled_at, id",
                [self.tenant.id],
            ).fetchall()

    def run(self, statement: str, *values: Any, **named: Any) -> None:
        self.admin.execute(statement, named or values)


@pytest.fixture
def make_world(installation: Installation, admin: psycopg.Connection) -> Callable[..., World]:
    def make(slug: str = "acme", policy: dict[str, Any] | None = None, zone: str = "Europe/Berlin") -> World:
        tenant_id = uuid.uuid5(uuid.NAMESPACE_DNS, slug)
        admin.execute(
            "insert into outreach.tenants (id, slug, name, time_zone, postal_address) values (%s, %s, %s, %s, 'Here 1')",
            [tenant_id, slug, slug, zone],
        )
        world = World(admin, installation.tenants(slug)[0], 0, 0, 0)
        world.insert("sending_policies", tenant_id=tenant_id, name="default", policy={**POLICY, **(policy or {})})
        world.domain_id = world.insert(
            "sending_domains", tenant_id=tenant_id, domain="acme-mail.example", link_host="go.acme-mail.example"
        )
        world.campaign_id = world.insert(
            "campaigns",
            tenant_id=tenant_id,
            slug="spring",
            name="Spring",
            accepted_lawful_bases=["consent"],
            accepted_jurisdictions=["DE"],
        )
        for step, wait in ((1, 0), (2, 2)):
            world.insert(
                "campaign_steps",
                tenant_id=tenant_id,
                campaign_id=world.campaign_id,
                step_number=step,
                wait_days=wait,
                subject="Hello",
                text_body="Hello",
            )
        world.list_id = world.insert(
            "contact_lists",
            tenant_id=tenant_id,
            name="list",
            campaign_id=world.campaign_id,
            sha256="0" * 64,
            row_count=1,
            imported_at=NOW,
        )
        return world

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def plan_it(installation: Installation, world: World) -> Callable[..., PlanOutcome]:
    def run(day: date = TODAY, *, now: datetime = NOW, **options: Any) -> PlanOutcome:
        return plan_day(installation, world.tenant, day, now=now, **options)

    return run


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


def test_a_contact_planned_tomorrow_is_busy_today(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(3)
    plan_it(TODAY + timedelta(days=1))
    outcome = plan_it()
    assert outcome.planned == 0
    assert outcome.summary["excluded"] == {"already_planned": 3}


def test_exclusions_are_counted_by_their_reason(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contact("good@a.example")
    world.contact("suppressed@b.example")
    world.contact("x@suppressed.example")
    world.contact("operator@c.example")
    world.contact("x@mail.operator.example", company_domain="operator.example")
    world.contact("invalid@d.example", verification="invalid")
    world.contact("left@e.example", left_company_at=NOW)
    world.contact("basis@f.example", lawful_basis=None)
    world.contact("place@g.example", jurisdiction="FR")
    world.contact("away@h.example", out_until=TODAY + timedelta(days=1))
    world.contact("back@i.example", out_until=TODAY)
    world.contact("nomail@j.example")
    world.contact("later@k.example", enrollment={"due_on": TODAY + timedelta(days=1)})
    world.contact("stopped@l.example", enrollment={"state": "stopped"})
    for scope, value in (("address", "suppressed@b.example"), ("domain", "suppressed.example")):
        world.insert("suppressions", tenant_id=world.tenant.id, scope=scope, value=value, reason="manual")
    world.insert("operator_suppressions", scope="address", value="operator@c.example", reason="legal")
    world.insert("operator_suppressions", scope="domain", value="operator.example", reason="legal")
    world.insert(
        "recipient_sites", domain="j.example", site="j.example", state="no_mail", resolved_at=NOW, expires_at=NOW
    )

    outcome = plan_it()

    assert outcome.summary["excluded"] == {
        "suppressed": 4,
        "invalid_address": 1,
        "no_mail_domain": 1,
        "left_company": 1,
        "no_lawful_basis": 1,
        "jurisdiction_not_accepted": 1,
        "out_of_office": 1,
    }
    assert {m["to_address"] for m in world.messages()} == {"good@a.example", "back@i.example"}


def test_caps_of_company_and_verification_hold(make_world: Callable[..., World], installation: Installation) -> None:
    world = make_world(policy={"unverified_per_day": 1, "catch_all_per_day": 2})
    world.mailbox()
    for number in range(4):
        world.contact(f"colleague{number}@one.example")
        world.contact(f"free{number}@free.example", is_free_mail=True, verification="catch_all")
    for number in range(2):
        world.contact(f"u{number}@unverified{number}.example", verification="unverified")
    outcome = plan_day(installation, world.tenant, TODAY, now=NOW)
    assert outcome.summary["excluded"] == {"unverified_cap": 1, "catch_all_cap": 2, "company_cap": 2}


def test_a_new_list_is_held_to_its_canary(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(8)
    world.run(
        "update outreach.contact_lists set hold_until = %s, canary_contacts = 3 where tenant_id = %s",
        NOW + timedelta(hours=48),
        world.tenant.id,
    )
    outcome = plan_it()
    assert outcome.planned == 3
    assert outcome.summary["excluded"] == {"list_canary_hold": 5}
    world.run("update outreach.contact_lists set state = 'paused' where tenant_id = %s", world.tenant.id)
    assert plan_it().summary["excluded"] == {"list_paused": 8}


def test_a_follow_up_keeps_its_mailbox_and_thread_and_waits_working_days(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    ann, bob = world.mailbox("ann"), world.mailbox("bob")
    thread = {"next_step": 2, "mailbox_id": bob, "thread_message_id": "<first@acme-mail.example>"}
    world.run("update outreach.campaign_steps set wait_days = 3 where step_number = 2")
    # Sent on Thursday with a wait of 3 working days: due today, Tuesday. Sent on Friday: not before Wednesday.
    world.contact("due@a.example", enrollment={**thread, "due_on": TODAY - timedelta(days=2)})
    world.contact("early@b.example", enrollment={**thread, "due_on": TODAY - timedelta(days=1)})
    world.contacts(5)

    outcome = plan_it()

    follow_up = world.messages("step_number = 2")
    assert [(m["to_address"], m["mailbox_id"]) for m in follow_up] == [("due@a.example", bob)]
    assert follow_up[0]["thread_message_id"] == "<first@acme-mail.example>"
    assert outcome.summary["excluded"] == {"not_due": 1}
    assert {m["mailbox_id"] for m in world.messages("step_number = 1")} == {ann, bob}


def test_a_follow_up_waits_for_its_mailbox_and_then_its_sequence_ends(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox("ann")
    bob = world.mailbox("bob", lifecycle="resting")
    thread = {"next_step": 2, "mailbox_id": bob, "thread_message_id": "<first@acme-mail.example>"}
    world.contact("waits@a.example", enrollment={**thread, "due_on": TODAY - timedelta(days=4)})
    world.contact("ends@b.example", enrollment={**thread, "due_on": TODAY - timedelta(days=14)})

    outcome = plan_it()

    assert outcome.planned == 0
    assert outcome.summary["excluded"] == {"mailbox_unavailable": 1}
    ended = world.admin.execute(
        "select c.address, e.stop_reason from outreach.enrollments e"
        " join outreach.contacts c on c.tenant_id = e.tenant_id and c.id = e.contact_id where e.state = 'stopped'"
    ).fetchall()
    assert ended == [("ends@b.example", "mailbox_unavailable")]
    assert not plan_it().changed


def test_caps_count_what_is_gone_and_what_people_sent(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    mailbox = world.mailbox()
    for number in range(4):
        world.insert(
            "inbound_messages",
            tenant_id=world.tenant.id,
            mailbox_id=mailbox,
            sha256=str(number),
            size_bytes=1,
            direction="out",
            received_at=NOW - timedelta(minutes=number),
            state="processed",
        )
    world.contacts(20)
    outcome = plan_it()
    assert (outcome.planned, outcome.batches[0].already_sent, outcome.batches[0].capacity) == (6, 4, 10)


def test_warm_up_and_health_limit_a_mailbox(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    mailbox = world.mailbox(warmup_curve_id=curve, warmup_days_before=2, lifecycle="warming")
    world.insert(
        "rotation_weights",
        tenant_id=world.tenant.id,
        mailbox_id=mailbox,
        recipient_site="",
        computed_at=NOW,
        weight_ratio=0.9,
        health_ratio=0.9,
        matured_sends=100,
    )
    world.contacts(20)
    outcome = plan_it()
    assert outcome.planned == 5
    assert outcome.batches[0].cap_terms[0] == {
        "term": "warm_up",
        "messages_per_day": 5,
        "detail": "day 3 of curve 'mine' allows 6 x health 0.90 = 5",
    }


def test_a_provider_account_is_shared_by_tenants(make_world: Callable[..., World], installation: Installation) -> None:
    worlds = [make_world(slug) for slug in ("acme", "beta")]
    account = worlds[0].insert("provider_accounts", name="one", provider="generic", messages_per_day=12)
    for each in worlds:
        each.mailbox(provider_account_id=account)
        each.contacts(10)
    threads, planned = [], []

    def run(each: World) -> None:
        planned.append(plan_day(installation, each.tenant, TODAY, now=NOW).planned)

    for each in worlds:
        threads.append(threading.Thread(target=run, args=(each,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert sorted(planned) == [2, 10]


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


def test_due_plans_are_those_past_their_time_without_a_plan(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    assert due_plans(installation, now=NOW - timedelta(hours=2)) == []
    assert due_plans(installation, now=NOW) == [(world.tenant, TODAY)]
    plan_it()
    assert due_plans(installation, now=NOW) == []


def test_every_mailbox_has_a_batch_also_without_a_message(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox("ann", lifecycle="quarantined")
    world.mailbox("bob", is_receive_only=True)
    world.mailbox("cid", paused_until="infinity")
    world.mailbox("dee")
    outcome = plan_it()
    assert [(batch.capacity, batch.planned) for batch in outcome.batches] == [(0, 0), (0, 0), (0, 0), (10, 0)]
    assert [batch.cap_terms[0]["term"] for batch in outcome.batches] == [
        "lifecycle",
        "receive_only",
        "paused",
        "policy",
    ]


@dataclass(frozen=True)
class Answer:
    state: str
    hosts: tuple[str, ...] = ()


class Resolver:
    """Answers from a table, as DNS would."""

    def mx(self, domains: Any) -> dict[str, Answer]:
        known = {
            "company000.example": Answer("resolved", ("company000-example.mail.protection.outlook.com",)),
            "company001.example": Answer("no_mail"),
        }
        return {domain: known.get(domain, Answer("failed")) for domain in domains}


def test_sites_are_resolved_kept_and_planned_by(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(3)
    outcome = plan_it(resolver=Resolver())
    assert {m["recipient_site"] for m in world.messages()} == {"microsoft_365", "company002.example"}
    assert outcome.summary["excluded"] == {"no_mail_domain": 1}
    assert outcome.summary["unresolved_domains"] == 1

    resolve_sites(installation, ["company000.example"], NOW + timedelta(days=8), resolver=FailingResolver())
    kept = world.admin.execute("select site, state from outreach.recipient_sites where domain = 'company000.example'")
    assert kept.fetchone() == ("microsoft_365", "resolved")


class FailingResolver:
    def mx(self, domains: Any) -> dict[str, Answer]:
        return {domain: Answer("failed") for domain in domains}


def test_a_mailbox_is_explained_by_its_least_term(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    world.mailbox(warmup_curve_id=curve, warmup_days_before=2)
    world.contacts(4)
    assert (
        "is not planned" in explain_mailbox(installation, world.tenant, "ann@acme-mail.example", TODAY)["sentences"][0]
    )
    plan_it()
    explained = explain_mailbox(installation, world.tenant, "ann@acme-mail.example", TODAY)
    assert (explained["capacity"], explained["planned"]) == (6, 4)
    assert explained["sentences"] == [
        "ann@acme-mail.example may send 6 on 2026-11-24 and not 10: day 3 of curve 'mine' allows 6 x health 1.00 = 6.",
        "The next limit would be 10: policy 'default' allows 10 a day and mailbox.",
        "4 are planned.",
        "2 places stay empty. No more contacts were due.",
    ]
    with pytest.raises(UsageError, match="acme has no mailbox zoe@"):
        explain_mailbox(installation, world.tenant, "zoe@acme-mail.example", TODAY)


def test_a_contact_is_explained_by_the_true_reason(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox(messages_per_day=1)
    world.contact("first@a.example")
    world.contact("second@b.example")
    world.contact("stop@c.example")
    world.contact("french@d.example", jurisdiction="FR")
    world.contact("answered@e.example", enrollment={"state": "stopped", "stop_reason": "replied", "stopped_at": NOW})
    world.contact("later@f.example", enrollment={"due_on": TODAY + timedelta(days=3)})
    world.insert("suppressions", tenant_id=world.tenant.id, scope="address", value="stop@c.example", reason="stop")

    def reasons() -> dict[str, str]:
        return {
            name: explain_contact(installation, world.tenant, f"{name}.example", TODAY, now=NOW)["reason"]
            for name in ("first@a", "second@b", "stop@c", "french@d", "answered@e", "later@f")
        }

    expected = {
        "first@a": "planned",
        "second@b": "no_capacity",
        "stop@c": "suppressed",
        "french@d": "jurisdiction_not_accepted",
        "answered@e": "replied",
        "later@f": "not_due",
    }
    assert reasons() == expected
    assert world.messages() == []
    plan_it()
    assert reasons() == expected
    sentences = explain_contact(installation, world.tenant, "stop@c.example", TODAY, now=NOW)["sentences"]
    assert "Suppressed: address stop@c.example (stop," in sentences[0]
    # The truth of that time stands, also when the world has moved on.
    world.run("update outreach.contacts set jurisdiction = 'DE' where address = 'french@d.example'")
    assert reasons() == expected
    close_days(installation, now=NOW + timedelta(days=1))
    assert explain_contact(installation, world.tenant, "first@a.example", TODAY, now=NOW)["reason"] == "day_over"
    with pytest.raises(UsageError, match="acme has no contact nobody@x"):
        explain_contact(installation, world.tenant, "nobody@x.example", TODAY, now=NOW)


def test_a_campaign_is_read_as_far_as_it_takes_to_fill_its_pool(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox(messages_per_day=2)
    # More excluded contacts stand before the two good ones than are read at first.
    world.run(
        "with c as (insert into outreach.contacts (tenant_id, address, mail_domain, company_domain, source, contact_list_id)"
        " select %(t)s, 'n' || g || '@n' || g || '.example', 'n' || g || '.example', 'n' || g || '.example', 'test', %(l)s"
        " from generate_series(1, 450) as g returning id)"
        " insert into outreach.enrollments (tenant_id, campaign_id, contact_id, contact_list_id, due_on)"
        " select %(t)s, %(c)s, id, %(l)s, %(d)s from c order by id",
        t=world.tenant.id,
        l=world.list_id,
        c=world.campaign_id,
        d=TODAY,
    )
    world.contacts(2)
    outcome = plan_it()
    assert outcome.planned == 2
    assert outcome.summary["excluded"] == {"no_lawful_basis": 450}


def test_a_paused_campaign_is_counted_and_not_planned(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(3)
    world.run("update outreach.campaigns set state = 'paused' where id = %(c)s", c=world.campaign_id)
    outcome = plan_it()
    assert outcome.planned == 0
    assert outcome.summary["excluded"] == {"campaign_paused": 3}


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


def test_a_follow_up_that_waited_may_begin_a_new_thread(
    make_world: Callable[..., World], installation: Installation
) -> None:
    world = make_world(policy={"waited_follow_up": "moves"})
    ann, bob = world.mailbox("ann"), world.mailbox("bob", lifecycle="resting")
    thread = {"next_step": 2, "mailbox_id": bob, "thread_message_id": "<first@x.example>", "thread_subject": "Hello"}
    world.contact("moves@b.example", enrollment={**thread, "due_on": TODAY - timedelta(days=14)})
    outcome = plan_day(installation, world.tenant, TODAY, now=NOW)
    assert (outcome.planned, outcome.summary["follow_ups"]) == (1, 1)
    message = world.messages()[0]
    assert (message["mailbox_id"], message["step_number"], message["thread_message_id"]) == (ann, 2, None)
    assert not plan_day(installation, world.tenant, TODAY, now=NOW).changed


def test_two_campaigns_keep_their_distance_from_a_contact(
    make_world: Callable[..., World], installation: Installation
) -> None:
    world = make_world()
    world.mailbox()
    other = world.insert(
        "campaigns", tenant_id=world.tenant.id, slug="other", name="Other",
        accepted_lawful_bases=["consent"], accepted_jurisdictions=["DE"],
    )  # fmt: skip
    for name, enrollment in (
        ("lately", {"state": "finished", "last_sent_at": NOW - timedelta(days=6)}),
        ("long-ago", {"state": "finished", "last_sent_at": NOW - timedelta(days=8)}),
        ("soon", {"state": "active", "next_step": 2, "due_on": TODAY + timedelta(days=6)}),
        ("stopped", {"state": "stopped", "next_step": 2, "due_on": TODAY + timedelta(days=6)}),
    ):
        contact = world.contact(f"{name}@{name}.example")
        world.insert(
            "enrollments",
            **{
                "tenant_id": world.tenant.id, "campaign_id": other, "contact_id": contact,
                "contact_list_id": world.list_id, "due_on": TODAY, **enrollment,
            },
        )  # fmt: skip
    outcome = plan_day(installation, world.tenant, TODAY, now=NOW)
    assert {m["to_address"] for m in world.messages()} == {"long-ago@long-ago.example", "stopped@stopped.example"}
    assert outcome.summary["campaigns"]["spring"]["excluded"] == {"other_campaign": 2}

    world.run("update outreach.sending_policies set policy = policy || '{\"days_between_campaigns\": 0}'")
    assert plan_day(installation, world.tenant, TODAY, now=NOW).planned == 4


def test_a_verification_grows_old(make_world: Callable[..., World], installation: Installation) -> None:
    world = make_world(policy={"unverified_per_day": 0, "verification_days": 100})
    world.mailbox()
    world.contact("fresh@a.example", verified_at=NOW - timedelta(days=99))
    world.contact("stale@b.example", verified_at=NOW - timedelta(days=101))
    outcome = plan_day(installation, world.tenant, TODAY, now=NOW)
    assert [m["to_address"] for m in world.messages()] == ["fresh@a.example"]
    assert outcome.summary["excluded"] == {"unverified_cap": 1}


def test_a_warm_up_follows_what_was_sent_and_starts_anew_after_idling(
    world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    ann = world.mailbox(warmup_curve_id=curve, lifecycle="warming")
    world.contacts(20)
    # Two days to one provider's site and one of them to another's too.
    for number, (days_ago, site) in enumerate(((2, "gmail"), (1, "gmail"), (1, "proofpoint"))):
        day = TODAY - timedelta(days=days_ago)
        world.run(
            "insert into outreach.send_batches (tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, "
            "cap_terms, planned_at) values (%s, %s, %s, 'real', 2, 0, 1, '[]', %s) on conflict do nothing",
            world.tenant.id, ann, day, NOW,
        )  # fmt: skip
        contact = world.contact(f"past{number}@past.example", enrollment={"state": "finished"})
        enrollment = world.admin.execute(
            "select id from outreach.enrollments where contact_id = %s", [contact]
        ).fetchone()[0]
        sent_at = NOW - timedelta(days=days_ago, hours=20)
        world.insert(
            "messages", tenant_id=world.tenant.id, kind="campaign", state="sent", mailbox_id=ann, plan_date=day,
            enrollment_id=enrollment, campaign_id=world.campaign_id, contact_id=contact, step_number=1, variant="a",
            to_address=f"past{number}@past.example", company_domain="past.example", recipient_site=site,
            scheduled_at=sent_at, window_ends_at=sent_at, sending_at=sent_at, sent_at=sent_at, message_id=f"<{number}@x>",
        )  # fmt: skip

    outcome = plan_it()

    assert outcome.batches[0].cap_terms[0]["detail"] == "day 3 of curve 'mine' allows 6 x health 1.00 = 6"
    progress = world.admin.execute(
        "select recipient_site, days, last_on from outreach.warmup_progress order by recipient_site"
    ).fetchall()
    yesterday = TODAY - timedelta(days=1)
    assert progress == [("", 2, yesterday), ("gmail", 2, yesterday), ("proofpoint", 1, yesterday)]
    assert not plan_it().changed

    world.run("update outreach.warmup_progress set last_on = last_on - 31")
    world.run("update outreach.messages set plan_date = null, kind = 'test' where state = 'sent'")
    assert plan_it().batches[0].cap_terms[0]["detail"] == "day 1 of curve 'mine' allows 2 x health 1.00 = 2"


def test_follow_ups_of_what_is_not_sent_yet_hold_their_day(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox()
    world.contacts(20)
    world.insert(
        "campaign_steps", tenant_id=world.tenant.id, campaign_id=world.campaign_id, step_number=3, wait_days=1,
        subject="Hello", text_body="Hello",
    )  # fmt: skip
    world.run("update outreach.campaign_steps set wait_days = 1 where step_number = 2")
    # Tomorrow's ten are followed up on Thursday and Friday, and fill both.
    assert plan_it(TODAY + timedelta(days=1)).planned == 10
    # Those of today would be followed up on Wednesday and Thursday.
    outcome = plan_it()
    assert outcome.planned == 0
    assert outcome.summary["excluded"] == {"already_planned": 10, "follow_ups_reserved": 10}
