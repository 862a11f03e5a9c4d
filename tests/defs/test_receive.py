"""Receiving as Dagster does it: lanes are read when due, and what came is processed by one run at a time."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import threading
import time
from datetime import UTC, datetime

import dagster as dg
import pytest

from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.send_email import send_until
from outreach_pipeline.workflows.webhook_ingest import accept_delivery

WEBHOOK_SECRET = "webhook-secret-of-the-firm"


def _metadata(result, node: str) -> dict:
    (event,) = result.asset_materializations_for_node(node)
    return event.metadata


def _counts(value) -> dict[str, int]:
    return {record.data["name"]: record.data["count"] for record in value.records}


@pytest.fixture
def answered(live_firm, world):
    """A day on which a person has answered and another is unknown, both in their mailbox and not read yet."""
    live_firm.contacts("joe+b-reply_interested@corp.test", "eve+b-unknown_user@corp2.test")
    now = datetime.now(UTC)
    plan_day(live_firm.installation, live_firm.tenant(), now.date(), now=now)
    send_until(live_firm.installation, for_seconds=3)
    assert live_firm.states() == {"sent": 2}
    deadline = time.monotonic() + 20
    while world.control.stats()["pending"] and time.monotonic() < deadline:
        time.sleep(0.05)
    return live_firm


def _deliver(firm, **event) -> None:
    """Hand a delivery over as the gateway does."""
    now = datetime.now(UTC)
    body = json.dumps({"occurred_at": now.isoformat(), **event}).encode()
    timestamp = str(int(now.timestamp()))
    signed = hmac.new(WEBHOOK_SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert accept_delivery(
        firm.installation,
        tenant_slug="acme",
        source="generic",
        timestamp=timestamp,
        signature=f"sha256={signed}",
        body=body,
        now=now,
    )


def test_mailboxes_are_due_until_they_were_tried_and_a_lane_with_a_run_waits(definitions, firm, tick, instance):
    (request,) = tick("mailboxes_due_for_sync").run_requests
    lane = request.tags["outreach/sync_lane"]
    assert request.run_config["ops"]["sync_lane"]["config"]["lane"] == int(lane)
    assert request.run_key is None
    instance.create_run_for_job(
        definitions.resolve_job_def("imap_sync"), tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED
    )
    data = tick("mailboxes_due_for_sync")
    assert (data.run_requests, data.skip_message) == ([], "All 1 lanes with due mailboxes have a run already.")
    firm.admin.execute("update outreach.mailboxes set synced_at = now()")
    assert tick("mailboxes_due_for_sync").skip_message == "Every mailbox was read in the last 300 seconds."


def test_how_long_mailboxes_rest_is_a_setting(firm, tick, environment):
    firm.admin.execute("update outreach.mailboxes set synced_at = now() - interval '60 seconds'")
    assert tick("mailboxes_due_for_sync").run_requests == []
    environment.setenv("OUTREACH_SYNC_EVERY_SECONDS", "30")
    assert len(tick("mailboxes_due_for_sync").run_requests) == 1


def test_a_mailbox_that_is_left_alone_makes_no_lane_due(firm, tick):
    firm.admin.execute("update outreach.mailboxes set sync_retry_at = now() + interval '10 minutes'")
    assert tick("mailboxes_due_for_sync").run_requests == []
    firm.admin.execute("update outreach.mailboxes set sync_retry_at = now() - interval '1 second'")
    assert len(tick("mailboxes_due_for_sync").run_requests) == 1


def test_a_run_goes_over_its_lane_again_on_kept_connections_until_its_window_ends(live_firm, run, environment):
    environment.setenv("OUTREACH_SYNC_EVERY_SECONDS", "1")
    environment.setenv("OUTREACH_SYNC_WINDOW_MINUTES", "0.05")
    (lane,) = live_firm.admin.execute("select distinct lane from outreach.mailboxes").fetchone()
    metadata = _metadata(run("imap_sync", run_config={"ops": {"sync_lane": {"config": {"lane": lane}}}}), "sync_lane")
    assert metadata["passes"].value >= 2
    assert metadata["mailboxes_read"].value == 4 * metadata["passes"].value
    assert (metadata["logins"].value, metadata["mailboxes_failed"].value) == (4, 0)
    assert metadata["longest_lag_seconds"].value < 60
    assert live_firm.count("leases") == 0


@pytest.mark.usefixtures("live_firm")
def test_asking_a_run_to_stop_ends_its_window(run, environment):
    environment.setenv("OUTREACH_SYNC_WINDOW_MINUTES", "60")
    threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    # The window is an hour long, and a test two minutes.
    assert not run("imap_sync", raise_on_error=False).success


@pytest.mark.usefixtures("firm")
def test_mailboxes_that_cannot_be_read_are_told_and_do_not_fail_the_run(run):
    metadata = _metadata(run("imap_sync"), "sync_lane")
    assert (metadata["mailboxes_read"].value, metadata["mailboxes_failed"].value) == (0, 4)
    assert len(metadata["failures"].records) == 4
    assert _counts(metadata["failures_by_cause"]) == {"connection": 4}


def test_new_mail_is_read_classified_and_acted_on(answered, run, tick):
    assert tick("new_mail").skip_message == "No new mails wait."
    read = _metadata(run("imap_sync"), "sync_lane")
    assert (read["mailboxes_read"].value, read["mailboxes_failed"].value) == (4, 0)
    assert _counts(read["new_by_folder_role"])["inbox"] == 2
    (request,) = tick("new_mail").run_requests
    assert request.run_key is None
    done = _metadata(run("bounce_process"), "process_new_mail")
    assert _counts(done["by_kind"]).items() >= {"bounce": 1, "reply": 1}.items()
    assert _counts(done["replies_by_intent"]) == {"interested": 1}
    assert _counts(done["bounces_by_class"]) == {"hard": 1}
    assert (done["tied_to_nothing"].value, done["replies_unsure"].value, done["paused_for_own_mail"].value) == (0, 0, 0)
    assert {(each.data["kind"], each.data["mails"], each.data["unsure"]) for each in done["inbox"].records} >= {
        ("bounce", 1, 0), ("reply", 1, 0),
    }  # fmt: skip
    assert tick("new_mail").run_requests == []
    kinds = answered.admin.execute("select kind, count(*) from outreach.events group by kind").fetchall()
    assert dict(kinds) == {"sent": 2, "reply": 1, "bounced": 1}


def test_new_mail_waits_for_the_run_that_is_at_it(definitions, answered, tick, instance):
    sync_mailboxes(answered.installation, now=datetime.now(UTC))
    job = definitions.resolve_job_def("bounce_process")
    started = instance.create_run_for_job(job, tags=job.tags, status=dg.DagsterRunStatus.STARTED)
    data = tick("new_mail")
    assert data.run_requests == []
    assert data.skip_message.endswith("new mails wait; a run is at it.")
    instance.report_run_failed(started)
    assert len(tick("new_mail").run_requests) == 1


def test_a_webhook_delivery_becomes_an_event_and_is_told(answered, run, tick):
    assert tick("new_webhooks").skip_message == "No webhook deliveries wait."
    message_id = answered.admin.execute(
        "select message_id from outreach.messages where to_address like 'joe%'"
    ).fetchone()[0]
    _deliver(answered, id="d1", kind="delivered", message_id=message_id, recipient="joe@corp.test")
    assert len(tick("new_webhooks").run_requests) == 1
    metadata = _metadata(run("webhook_ingest"), "ingest_new_webhooks")
    assert (metadata["processed"].value, metadata["refused"].value) == (1, 0)
    assert _counts(metadata["by_kind"]) == {"delivered": 1}
    assert tick("new_webhooks").run_requests == []
