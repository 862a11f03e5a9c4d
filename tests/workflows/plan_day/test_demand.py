"""Who is planned and who is not: exclusions, caps of contacts, follow-ups, campaigns that share a contact, recipient sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome
from outreach_pipeline.workflows.resolve_sites import resolve_sites

from .conftest import NOW, TODAY, World


@dataclass(frozen=True)
class Answer:
    state: str
    hosts: tuple[str, ...] = ()
    best_hosts: int = 1


class Resolver:
    """Answers from a table, as DNS would."""

    def mx(self, domains: Any) -> dict[str, Answer]:
        known = {
            "company000.example": Answer(
                # Google's is a backup.
                "resolved",
                ("company000-example.mail.protection.outlook.com", "aspmx.l.google.com"),
            ),
            "backed-up.example": Answer("resolved", ("mx.own.example", "aspmx.l.google.com")),
            "company001.example": Answer("no_mail"),
        }
        return {domain: known.get(domain, Answer("failed")) for domain in domains}


class FailingResolver:
    def mx(self, domains: Any) -> dict[str, Answer]:
        return {domain: Answer("failed") for domain in domains}


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
        "update outreach.contact_lists set canary_hold_seconds = 172800, canary_contacts = 3 where tenant_id = %s",
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


def test_sites_are_resolved_kept_and_planned_by(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox()
    world.contacts(3)
    outcome = plan_it(resolver=Resolver())
    assert {m["recipient_site"] for m in world.messages()} == {"microsoft_365", "company002.example"}
    assert outcome.summary["excluded"] == {"no_mail_domain": 1}
    assert outcome.summary["unresolved_domains"] == 1

    # Not asked at all, a consumers' domain is known by its name, and every other domain is told as not known.
    world.contact("someone@gmail.com", is_free_mail=True)
    world.contact("else@unknown.example")
    offline = plan_it(now=NOW + timedelta(minutes=1))
    assert offline.summary["unresolved_domains"] == 2
    assert [m["recipient_site"] for m in world.messages("state = 'planned' and to_address = 'someone@gmail.com'")] == [
        "gmail"
    ]

    resolve_sites(installation, ["backed-up.example"], NOW, resolver=Resolver())
    found = world.admin.execute("select site from outreach.recipient_sites where domain = 'backed-up.example'")
    assert found.fetchone() == ("own.example",)
    resolve_sites(installation, ["company000.example"], NOW + timedelta(days=8), resolver=FailingResolver())
    kept = world.admin.execute("select site, state from outreach.recipient_sites where domain = 'company000.example'")
    assert kept.fetchone() == ("microsoft_365", "resolved")


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
