"""Every stage done twice with the same time changes nothing, and with a later time doubles nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from outreach_pipeline.core.receive.webhook import signature
from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.refresh_weights import refresh_weights
from outreach_pipeline.workflows.webhook_ingest import accept_delivery, ingest_webhooks

pytestmark = pytest.mark.xdist_group("twice")
_BEHAVIOURS = (
    "accept", "unknown_user", "mailbox_full", "policy_block", "out_of_office", "reply_interested", "reply_stop", "complaint",
    "spam_folder", "bounce_later",
)  # fmt: skip
# What counts something that happened: no row of these may come twice.
_LEDGERS = (
    "events", "suppressions", "inbound_messages", "inbound_locations", "send_attempts", "messages", "alerts",
    "webhook_deliveries", "enrollments", "contacts",
)  # fmt: skip


@pytest.fixture
def marts(day):
    """The marts that weights and lifecycles are made of, without a row of sends: dbt is another stage's."""
    day.admin.execute(
        "create table outreach_marts.fct_weight_inputs (tenant_id uuid, mailbox_id bigint, recipient_site text,"
        " contact_list_id bigint, send_date date, sending_domain_id bigint, provider_account_id bigint,"
        " passed_sends bigint, block_bursts double precision, complaint_trials bigint, complaints bigint,"
        " complaints_observed boolean);"
        "create table outreach_marts.fct_mailbox_days (tenant_id uuid, mailbox_id bigint, send_date date,"
        " delivered bigint, block_bursts double precision, complaint_trials bigint, complaints bigint);"
        "create view outreach_marts.dim_mailboxes as select tenant_id, id as mailbox_id, address, sending_domain_id,"
        " provider_account_id, false as is_receive_only from outreach.mailboxes;"
        "grant select on all tables in schema outreach_marts to outreach_app"
    )


def run_all(day, *, later: timedelta = timedelta(0)):
    """Do each stage twice and yield its name with the tables before and after the second time."""
    now = day.now + later
    webhook_time = day.now + timedelta(minutes=2)
    body = json.dumps(
        {
            "id": "evt-1",
            "kind": "delivered",
            "message_id": day.first_message_id,
            "recipient": day.people[0],
            "occurred_at": day.now.isoformat(),
        }
    ).encode()
    timestamp = str(int(webhook_time.timestamp()))

    def accept() -> None:
        accept_delivery(
            day.installation,
            tenant_slug="acme",
            source="generic",
            timestamp=timestamp,
            signature=signature("of-the-tests", timestamp=timestamp, body=body),
            body=body,
            now=webhook_time,
        )

    stages = {
        "plan": lambda: plan_day(day.installation, day.tenant, day.today, now=now),
        "send": lambda: day.send(later=later + timedelta(minutes=1)),
        "sync": lambda: (day.world.settle(), sync_mailboxes(day.installation, now=datetime.now(UTC))),
        "process": lambda: process_inbound(day.installation, now=now + timedelta(minutes=2)),
        "accept": accept,
        "ingest": lambda: ingest_webhooks(day.installation, now=now + timedelta(minutes=2)),
        "weights": lambda: refresh_weights(day.installation, now=now + timedelta(minutes=3)),
    }
    for name, stage in stages.items():
        stage()
        before = day.tables()
        stage()
        yield name, before, day.tables()


@pytest.mark.usefixtures("marts")
def test_each_stage_twice_is_once(day):
    day.people = [day.world.person(behaviour) for behaviour in _BEHAVIOURS]
    day.people += [day.world.person(each, site="direct") for each in ("unknown_user", "policy_block", "greylist")]
    day.ready(*day.people, policy={"first_retry_seconds": 60})
    day.first_message_id = day.message(day.people[0])["message_id"]

    for stage, once, twice in run_all(day):
        assert {table for table in once if once[table] != twice[table]} == set(), stage
    counts = {table: day.count(table) for table in _LEDGERS}
    assert min(counts.values()) > 0
    accepted = day.accepted()

    # Ten minutes later the greylisted one is tried again, and nothing else happens a second time.
    for stage, once, twice in run_all(day, later=timedelta(minutes=10)):
        assert {table for table in once if once[table] != twice[table]} == set(), stage
    greylisted = day.people[-1]
    assert day.accepted() == [*accepted, greylisted]
    grown = {table: day.count(table) - counts[table] for table in _LEDGERS}
    # The greylisted one's: an attempt, the event sent, and its copy in Sent.
    assert grown == {
        **dict.fromkeys(_LEDGERS, 0), "send_attempts": 1, "events": 1, "inbound_messages": 1, "inbound_locations": 1
    }  # fmt: skip
    report = day.judge(later=timedelta(minutes=20))
    assert (report.lost, report.sent_twice, report.caps_passed, report.unrecognised) == ([], [], [], [])
    # The webhook was this test's own word.
    assert [finding["event"] for finding in report.unexplained] == ["delivered"]
