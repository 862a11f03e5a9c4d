"""Campaigns of different priority that want the same mailboxes, on the day on which their first follow-ups come due."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from outreach_pipeline.cli import demo_world
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.sandbox.https import make_tls
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.check_plan import check_plan
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
# What a day's bounces and replies leave of the health of mailboxes.
HEALTH = (0.9, 0.8, 0.5, 0.4)


@pytest.fixture
def orbit(installation: Installation, tmp_path: Path) -> Tenant:
    """The demo's third tenant: eight mailboxes that warm up, a hundred contacts a campaign, autumn before spring."""
    sample = demo_world.make(mailboxes=24, contacts=600, gateway_url="http://127.0.0.1:1", now=NOW)
    ports = {"smtp": {"google": 1, "microsoft": 2, "own": 3}, "imap": 4}
    ca_file = make_tls(tmp_path, hosts=()).ca_file
    document = demo_world.configuration(sample, ports=ports, ca_file=ca_file, mailboxes=24)
    text = demo_world.as_yaml(document)
    apply_configuration(installation, read_configuration(text, environment={}), author="test")
    (tenant,) = installation.tenants("orbit")
    for (slug, campaign), file in demo_world.write_contacts(tmp_path, sample.contacts).items():
        if slug == tenant.slug:
            import_contacts(installation, tenant, campaign, file, now=NOW, author="test")
    return tenant


@pytest.fixture
def next_day(installation: Installation, admin: psycopg.Connection, orbit: Tenant) -> PlanOutcome:
    """The plan of the day after a first day that went out whole, and on which three in ten sequences ended."""
    assert plan_day(installation, orbit, TODAY, now=NOW).findings == ()
    admin.execute("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
    sent = [row[0] for row in admin.execute("select id from outreach.messages").fetchall()]
    with installation.database.tenant(orbit.id) as transaction:
        transaction.run("send/advance_enrollments", ids=sent)
    admin.execute(
        "update outreach.enrollments set state = 'stopped', stop_reason = 'replied', stopped_at = %s"
        " where next_step = 2 and id %% 10 in (1, 4, 7)",
        [NOW],
    )
    boxes = admin.execute("select id from outreach.mailboxes where tenant_id = %s order by id", [orbit.id]).fetchall()
    for number, (box,) in enumerate(boxes):
        admin.execute(
            "insert into outreach.rotation_weights (tenant_id, mailbox_id, recipient_site, computed_at, weight_ratio,"
            " health_ratio, matured_sends) values (%s, %s, '', %s, %s, %s, 100)",
            [orbit.id, box, NOW, HEALTH[number % len(HEALTH)], HEALTH[number % len(HEALTH)]],
        )
    return plan_day(installation, orbit, TOMORROW, now=NOW + timedelta(hours=13))


def test_a_follow_up_that_waits_for_its_own_mailbox_does_not_make_shares_unfair(
    admin: psycopg.Connection, next_day: PlanOutcome
) -> None:
    campaigns = next_day.summary["campaigns"]
    threads = Counter(
        admin.execute(
            "select c.slug from outreach.messages as m join outreach.campaigns as c on c.id = m.campaign_id"
            " where m.plan_date = %s and m.thread_message_id is null",
            [TOMORROW],
        ).fetchall()
    )
    # Health has shrunk some mailboxes below the follow-ups that they owe; what others have left spring begins threads with.
    assert campaigns["autumn"]["excluded"]["no_capacity"] > 0
    assert "no_capacity" not in campaigns["autumn"]["excluded_openers"]
    assert threads == {("spring",): next_day.summary["new"]}
    assert threads["spring",] > 0
    assert next_day.findings == ()
    assert next_day.planned == next_day.capacity


def test_a_follow_up_without_a_place_is_told_that_its_own_mailbox_is_full(
    installation: Installation, admin: psycopg.Connection, orbit: Tenant, next_day: PlanOutcome
) -> None:
    waiting = admin.execute(
        "select c.address, b.address from outreach.enrollments as e"
        " join outreach.contacts as c on c.id = e.contact_id join outreach.mailboxes as b on b.id = e.mailbox_id"
        " where e.tenant_id = %s and e.state = 'active' and e.next_step = 2"
        " and not exists (select from outreach.messages as m where m.enrollment_id = e.id and m.plan_date = %s)",
        [orbit.id, TOMORROW],
    ).fetchall()
    assert waiting
    for contact, mailbox in waiting:
        found = explain_contact(installation, orbit, contact, TOMORROW, now=NOW + timedelta(hours=13))
        batch = next(each for each in next_day.batches if each.address == mailbox)
        assert found["reason"] == "no_capacity"
        assert (
            f"It can only come from {mailbox}, the mailbox of its thread, which may send {batch.capacity} that day; "
            f"0 had gone out and {batch.capacity} are planned. Day "
        ) in found["sentences"][0]


def test_a_higher_priority_that_could_have_begun_those_threads_is_still_found(
    installation: Installation, admin: psycopg.Connection, orbit: Tenant, next_day: PlanOutcome
) -> None:
    # The same plan, if autumn had contacts left that nobody has written to.
    admin.execute(
        "update outreach.plans set summary = jsonb_set(summary, '{campaigns,autumn,excluded_openers}', %s) where plan_date = %s",
        ['{"no_capacity": 2}', TOMORROW],
    )
    (finding,) = check_plan(installation, orbit, TOMORROW, now=NOW + timedelta(hours=13))
    assert (finding.check, finding.blocks) == ("fair_shares", False)
    assert finding.detail == (
        f"campaign autumn lacks capacity while spring, of lower priority, begins {next_day.summary['new']} threads"
    )
