"""How many a mailbox may send: what has gone out, warm-up, health, shared accounts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from outreach_pipeline.core.plan.capacity import CapTerm
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

from .conftest import NOW, TODAY, World


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


@pytest.mark.parametrize("state, counts", [("planned", 0), ("deferred", 0), ("sent", 1)])
def test_a_test_counts_once_it_has_begun_and_keeps_its_contact_from_nothing(
    world: World, plan_it: Callable[..., PlanOutcome], state: str, counts: int
) -> None:
    mailbox = world.mailbox()
    contact = world.contact("kim@firm.example")
    world.insert(
        "messages",
        tenant_id=world.tenant.id,
        kind="test",
        mailbox_id=mailbox,
        campaign_id=world.campaign_id,
        contact_id=contact,
        step_number=1,
        variant="a",
        to_address="us@acme.example",
        company_domain="acme.example",
        recipient_site="acme.example",
        scheduled_at=NOW,
        window_ends_at=NOW + timedelta(hours=1),
        sending_at=NOW if state == "sent" else None,
        state=state,
        message_id="<test@acme-mail.example>",
    )
    outcome = plan_it()
    assert (outcome.batches[0].already_sent, outcome.planned, outcome.findings) == (counts, 1, ())


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
    assert outcome.batches[0].cap_terms[0] == CapTerm("warm_up", 5, "day 3 of curve 'mine' allows 6 x health 0.90 = 5")


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


def test_every_mailbox_has_a_batch_also_without_a_message(world: World, plan_it: Callable[..., PlanOutcome]) -> None:
    world.mailbox("ann", lifecycle="quarantined")
    world.mailbox("bob", is_receive_only=True)
    world.mailbox("cid", paused_until="infinity")
    world.mailbox("dee")
    outcome = plan_it()
    assert [(batch.capacity, batch.planned) for batch in outcome.batches] == [(0, 0), (0, 0), (0, 0), (10, 0)]
    assert [batch.cap_terms[0].term for batch in outcome.batches] == [
        "lifecycle",
        "receive_only",
        "paused",
        "policy",
    ]


def test_a_warm_up_follows_what_was_sent_and_starts_anew_after_idling(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
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

    assert outcome.batches[0].cap_terms[0].detail == "day 3 of curve 'mine' allows 6 x health 1.00 = 6"
    progress = world.admin.execute(
        "select recipient_site, days, last_on from outreach.warmup_progress order by recipient_site"
    ).fetchall()
    yesterday = TODAY - timedelta(days=1)
    assert progress == [("", 2, yesterday), ("gmail", 2, yesterday), ("proofpoint", 1, yesterday)]
    assert not plan_it().changed

    world.run("update outreach.warmup_progress set last_on = last_on - 31")
    world.run("update outreach.messages set plan_date = null, kind = 'test' where state = 'sent'")
    detail = "day 1 of curve 'mine' allows 2 x health 1.00 = 2; it warms up anew, as it last sent 32 days before"
    assert plan_it().batches[0].cap_terms[0].detail == detail
    explained = explain_mailbox(installation, world.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert explained["sentences"][0].endswith(f"{detail}.")
    # On the day after its first day anew, on which it wrote to a third site, where the days before count as little.
    world.run("update outreach.mailboxes set warmup_days_before = 2")
    world.run("delete from outreach.warmup_progress where recipient_site = 'proofpoint'")
    world.run("update outreach.warmup_progress set days = 1, last_on = '2026-11-22', counts_before = false")
    world.run(
        "update outreach.messages set plan_date = '2026-11-23', kind = 'campaign' where recipient_site = 'proofpoint'"
    )
    assert plan_it().batches[0].cap_terms[0].messages_per_day == 6
    assert world.admin.execute(
        "select days, counts_before from outreach.warmup_progress where recipient_site = 'proofpoint'"
    ).fetchall() == [(1, False)]
    world.run("update outreach.warmup_progress set days = 1")
    assert plan_it().batches[0].cap_terms[0].detail == (
        "day 2 of curve 'mine' allows 4 x health 1.00 = 4; it warms up anew since it had not sent for more than 30 days"
    )


@pytest.mark.parametrize(
    "days_before, told",
    [
        (2, "day 3 of curve 'mine' allows 6 x health 0.72 = 4; it stays on this day while its health is below 0.80"),
        # On its last day it would stay anyway.
        (3, "day 4 of curve 'mine' allows 8 x health 0.72 = 5"),
    ],
)
def test_a_mailbox_whose_health_holds_it_on_its_day_says_so(
    world: World, plan_it: Callable[..., PlanOutcome], days_before: int, told: str
) -> None:
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    mailbox = world.mailbox(warmup_curve_id=curve, warmup_days_before=days_before)
    world.insert(
        "rotation_weights", tenant_id=world.tenant.id, mailbox_id=mailbox, recipient_site="", computed_at=NOW,
        weight_ratio=0.7, health_ratio=0.72, matured_sends=100,
    )  # fmt: skip
    assert plan_it().batches[0].cap_terms[0].detail == told


def by_hand(world: World, mailbox: int, count: int, **columns: object) -> None:
    """Put mail into Sent that a person wrote, a minute apart, up to now."""
    for number in range(count):
        world.insert(
            "inbound_messages",
            tenant_id=world.tenant.id,
            mailbox_id=mailbox,
            sha256=f"{mailbox} {number} {columns}",
            size_bytes=1,
            direction="out",
            state="processed",
            **{"received_at": NOW - timedelta(minutes=number), **columns},
        )


@pytest.mark.parametrize("counts_by", ["calendar_day", "rolling_24h"])
def test_what_people_sent_by_hand_counts_against_the_provider_account(
    make_world: Callable[..., World], installation: Installation, counts_by: str
) -> None:
    worlds = acme, beta = [make_world(slug, {"counts_by": counts_by}) for slug in ("acme", "beta")]
    account = acme.insert("provider_accounts", name="gen", provider="generic", messages_per_day=7)
    ann, bea = (each.mailbox(provider_account_id=account) for each in worlds)
    for each in worlds:
        each.contacts(10)
    by_hand(acme, ann, 2)
    by_hand(beta, bea, 1)
    # Nothing of the date.
    by_hand(acme, ann, 3, received_at=NOW - timedelta(days=2))
    first = plan_day(installation, acme.tenant, TODAY, now=NOW)
    (batch,) = first.batches
    assert (batch.planned, batch.already_sent, batch.capacity) == (4, 2, 6)
    assert (batch.cap_terms[0].term, batch.cap_terms[0].messages_per_day) == ("provider_account", 6)
    assert batch.cap_terms[0].detail == "gen may send 7 a day (the account's own limit), 3 are taken"
    assert plan_day(installation, beta.tenant, TODAY, now=NOW).planned == 0
    by_hand(beta, bea, 7, rfc822_message_id="<theirs@else.example>")
    again = plan_day(installation, acme.tenant, TODAY, now=NOW + timedelta(minutes=1))
    assert (again.planned, again.findings) == (0, ())


def test_copies_of_our_own_messages_do_not_count_twice(
    make_world: Callable[..., World], installation: Installation
) -> None:
    world = make_world()
    account = world.insert("provider_accounts", name="gen", provider="generic", messages_per_day=7)
    ann = world.mailbox(provider_account_id=account)
    world.contacts(3)
    assert plan_day(installation, world.tenant, TODAY, now=NOW).planned == 3
    world.run("update outreach.messages set state = 'sent', sending_at = %s, sent_at = %s", NOW, NOW)
    for number, message in enumerate(world.messages()):
        by_hand(world, ann, 1, rfc822_message_id=message["message_id"], received_at=NOW - timedelta(seconds=number))
    world.run(
        "update outreach.messages set wire_message_id = '<relay@else.example>'"
        " where id = (select min(id) from outreach.messages)"
    )
    by_hand(world, ann, 1, rfc822_message_id="<relay@else.example>")
    later = plan_day(installation, world.tenant, TODAY, now=NOW + timedelta(minutes=1))
    assert later.batches[0].cap_terms[0].detail.endswith("3 are taken")


@pytest.mark.parametrize("counts_by", ["calendar_day", "rolling_24h"])
def test_a_past_date_counts_what_went_out_until_its_end_and_says_what_is_todays(
    make_world: Callable[..., World], installation: Installation, counts_by: str
) -> None:
    world = make_world(policy={"counts_by": counts_by})
    account = world.insert("provider_accounts", name="gen", provider="generic", messages_per_day=7)
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    day, week = TODAY - timedelta(days=2), NOW - timedelta(days=7)
    ann = world.mailbox("ann", provider_account_id=account, lifecycle_since=week)
    bob = world.mailbox("bob", lifecycle="resting", lifecycle_since=NOW - timedelta(hours=1))
    cid = world.mailbox("cid", warmup_curve_id=curve, lifecycle="warming", lifecycle_since=NOW)
    dee = world.mailbox("dee", warmup_curve_id=curve, lifecycle="warming", lifecycle_since=week)
    for mailbox, days_ago in ((cid, 1), (dee, 3)):
        world.run(
            "insert into outreach.warmup_progress (tenant_id, mailbox_id, recipient_site, days, last_on, counts_before)"
            " values (%s, %s, '', 2, %s, true)", world.tenant.id, mailbox, TODAY - timedelta(days=days_ago),
        )  # fmt: skip
    # By hand: one on the date, four on the next day, three today.
    by_hand(world, ann, 1, received_at=NOW - timedelta(days=2))
    for days_ago, count in ((1, 4), (0, 3)):
        by_hand(world, ann, count, received_at=NOW - timedelta(days=days_ago, minutes=count))
    world.contacts(3)
    assert plan_day(installation, world.tenant, TODAY, now=NOW).planned == 3
    # And three of ours on the next day.
    at = NOW - timedelta(days=1)
    world.run(
        "update outreach.messages set state = 'sent', sending_at = %s, sent_at = %s, mailbox_id = %s", at, at, ann
    )

    outcome = plan_day(installation, world.tenant, day, now=NOW + timedelta(hours=1))

    batches = {batch.mailbox_id: batch for batch in outcome.batches}
    told = {number: {term.term: term.detail for term in batch.cap_terms} for number, batch in batches.items()}
    assert (batches[ann].already_sent, batches[ann].capacity) == (1, 7)
    assert "1 are taken; the cap is of 2026-11-24, what was so on 2026-11-22" in told[ann]["provider_account"]
    assert told[ann]["policy"].endswith("; the cap is of 2026-11-24, what was so on 2026-11-22 is not kept")
    assert "lifecycle" not in told[ann]
    assert (
        told[bob]["lifecycle"]
        == "the mailbox is resting; the state is of 2026-11-24, what was so on 2026-11-22 is not kept"
    )
    assert "; the curve and its day are of 2026-11-24" in told[cid]["warm_up"]
    assert told[cid]["lifecycle"].startswith("the mailbox is warming; the state is of 2026-11-24")
    assert told[dee]["warm_up"].startswith(
        "day 3 of curve 'mine' allows 6 x health 1.00 = 6; the curve is of 2026-11-24"
    )
    assert "lifecycle" not in told[dee]
