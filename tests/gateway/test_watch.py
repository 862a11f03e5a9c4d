from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.gateway.watch import HealthProbe


def _metric(text, name, **labels):
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? ([\d.e+-]+)", line)
        if found and dict(re.findall(r'(\w+)="([^"]*)"', found[1] or "")) == labels:
            return float(found[2])
    return None


def test_a_quiet_platform_is_healthy(gateway):
    answer = gateway.ask("GET", "/healthz")
    body = json.loads(answer.text)
    assert (answer.status, body["status"], body["database"]) == (200, "ok", "ok")
    assert set(body["lags"]) == {"send", "inbound", "webhook", "sync"}


def test_work_that_nobody_does_is_unhealthy(gateway, acme, admin):
    acme.add_message(admin, "a@x.example")
    assert gateway.ask("GET", "/healthz").status == 200
    admin.execute("update outreach.messages set scheduled_at = now() - interval '2 hours'")
    answer = gateway.ask("GET", "/healthz")
    lag = json.loads(answer.text)["lags"]["send"]
    assert (answer.status, lag["waiting"], lag["is_late"]) == (503, 1, True)
    assert 7200 <= lag["oldest_seconds"] < 7300
    admin.execute("update outreach.tenants set state = 'paused'")
    assert gateway.ask("GET", "/healthz").status == 200


@pytest.mark.usefixtures("acme")
def test_a_failed_sync_counts_as_a_look_and_a_sync_that_stopped_does_not(gateway, admin):
    admin.execute("update outreach.mailboxes set synced_at = now() - interval '3 hours', lifecycle_since = now()")
    assert gateway.ask("GET", "/healthz").status == 503
    admin.execute("update outreach.mailboxes set sync_failed_at = now()")
    assert gateway.ask("GET", "/healthz").status == 200


def test_a_database_that_is_down_is_unhealthy(gateway, server, settings):
    name = settings.database_url.rsplit("/", 1)[1]
    assert gateway.ask("GET", "/healthz").status == 200
    with psycopg.connect(server.url(), autocommit=True) as elsewhere:
        elsewhere.execute(f'alter database "{name}" allow_connections false')
        elsewhere.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        answer = gateway.ask("GET", "/healthz")
        elsewhere.execute(f'alter database "{name}" allow_connections true')
    assert (answer.status, json.loads(answer.text)["status"]) == (503, "unhealthy")


def test_many_who_ask_share_one_question(settings):
    class Counting(HealthProbe):
        looks = 0

        def _look(self):
            self.looks += 1
            return super()._look()

    async def ask():
        with Database(settings.metrics_database_url) as database:
            probe = Counting(database, settings)
            return await asyncio.gather(*(probe.ask() for _ in range(20))), probe.looks

    answers, looks = asyncio.run(ask())
    assert all(answer.is_ok for answer in answers)
    assert looks == 1


def test_metrics_count_what_is_there_by_tenant(gateway, acme, birch, admin):
    for number in range(3):
        acme.add_message(admin, f"p{number}@x.example")
    birch.add_message(admin, "q@x.example", state="sent")
    admin.execute(
        "insert into outreach.events (tenant_id, kind, origin, origin_id, recipient, occurred_at, bounce_class)"
        " values (%s, 'bounced', 'imap', '1', 'q@x.example', %s, 'hard')",
        [birch.id, datetime.now(UTC) - timedelta(hours=1)],
    )
    admin.execute("insert into outreach.breakers (host, state, consecutive_failures) values ('smtp.x:587', 'open', 7)")
    admin.execute("update outreach.mailboxes set synced_at = now() - interval '600 seconds'")
    admin.execute(
        "insert into outreach.inbound_messages"
        " (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state, kind)"
        " select tenant_id, id, address, 1, 'in', now(), 'processed', 'reply' from outreach.mailboxes"
    )
    answer = gateway.ask("GET", "/metrics")
    assert answer.status == 200
    assert _metric(answer.text, "outreach_sync_lag_seconds", lane="1") == pytest.approx(600, abs=60)
    assert _metric(answer.text, "outreach_sync_failing_mailboxes", lane="1") == 0
    assert _metric(answer.text, "outreach_inbound_last_week", tenant="birch", outcome="understood") == 1
    assert _metric(answer.text, "outreach_host_failures", host="smtp.x:587", state="open") == 7
    assert answer.headers["content-type"].startswith("text/plain")
    assert _metric(answer.text, "outreach_messages", tenant="acme", state="planned") == 3
    assert _metric(answer.text, "outreach_messages", tenant="birch", state="sent") == 1
    assert _metric(answer.text, "outreach_events_last_day", tenant="birch", kind="bounced", bounce_class="hard") == 1
    assert _metric(answer.text, "outreach_mailboxes", tenant="acme", lifecycle="warming") == 1
    assert _metric(answer.text, "outreach_due_messages", lane="1") == 3
    assert _metric(answer.text, "outreach_work_waiting", kind="send") == 3
    assert _metric(answer.text, "outreach_work_lag_seconds", kind="webhook") == 0
    assert "@" not in answer.text


def test_the_index_names_every_place(gateway):
    text = gateway.ask("GET", "/").text
    assert all(place in text for place in ("/dbt-docs/", "/metrics", "/healthz", "http://127.0.0.1:3000"))


def test_the_dbt_docs_are_served_once_they_are_built(gateway, settings):
    missing = gateway.ask("GET", "/dbt-docs/")
    assert missing.status == 404
    assert "make docs" in missing.text
    site = settings.home / "dbt-docs"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<title>dbt Docs</title><script>1</script>")
    (site / "manifest.json").write_text("{}")
    (settings.home / "secret.key").write_text("secret")
    assert "<title>dbt Docs</title>" in gateway.ask("GET", "/dbt-docs/").text
    assert gateway.ask("GET", "/dbt-docs/manifest.json").text == "{}"
    assert gateway.ask("GET", "/dbt-docs/absent.json").status == 404
    for path in ("/dbt-docs/../secret.key", "/dbt-docs/%2e%2e/secret.key", "/dbt-docs/..%2fsecret.key"):
        assert gateway.ask("GET", path).status == 404


def test_every_answer_stays_out_of_frames_and_caches(gateway):
    for path in ("/", "/healthz", "/metrics", "/nowhere", "/u/x"):
        headers = gateway.ask("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
