"""Watching as Dagster does it: what fails is told once, dead runs are failed, old ones deleted, everything is checked."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import psutil
import pytest
from aiosmtpd.controller import Controller
from dagster._core.events import EngineEventData

from outreach_pipeline.core.watch.failures import PROCESS_GONE_TAG
from outreach_pipeline.defs.watch import jobs as watch_jobs
from outreach_pipeline.defs.watch.unfinished_runs import fail_dead_runs
from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.send_email import send_until

_ASSET = dg.AssetKey(["outreach", "messages"])


@pytest.fixture
def posts() -> Iterator[tuple[str, list[str]]]:
    """The URL of a webhook that listens, and the texts that came."""
    texts: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            texts.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", texts
    server.shutdown()
    server.server_close()


def test_the_health_check_shows_every_limit_as_it_is_now(live_firm, run, world, environment):
    environment.setenv("OUTREACH_DNS_RESOLVER", f"127.0.0.1:{world.ports['dns']}")
    result = run("health_check")
    (told,) = [
        event.event_specific_data.materialization.metadata
        for event in result.all_events
        if event.event_type_value == "ASSET_MATERIALIZATION" and event.asset_key.path[-1] == "mailbox_checks"
    ]
    rows = {(record.data["scope"], record.data["key"]): record.data for record in told["limits_now"].records}
    assert rows["recipient_domain", "*"]["limit"] == "30/minute"
    assert rows["recipient_domain", "*"]["in_flight_allowed"] == 2
    assert len(rows) == told["limits"].value >= live_firm.count("rate_limits") > 0


class _Inbox:
    def __init__(self):
        self.subjects = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        lines = envelope.content.decode().splitlines()
        self.subjects.append(next(line for line in lines if line.lower().startswith("subject:")))
        return "250 OK"


@pytest.fixture
def mails() -> Iterator[tuple[str, list[str]]]:
    """The URL of a mail server that listens, and the subjects that came."""
    inbox = _Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"mailto://127.0.0.1:{port}/?mode=insecure&from=platform@ops.example&to=ops@ops.example", inbox.subjects
    controller.stop()


class _Judged:
    """A job whose check and run fail on demand, and a place for its runs."""

    def __init__(self, instance):
        self.instance = instance

    def check(self, *, passed: bool) -> None:
        @dg.asset_check(asset=_ASSET, name="a_promise")
        def a_promise():
            return dg.AssetCheckResult(passed=passed, severity=dg.AssetCheckSeverity.WARN, metadata={"late": 3})

        job = dg.define_asset_job("hold", selection=dg.AssetSelection.checks(a_promise))
        resolved = dg.Definitions(asset_checks=[a_promise], jobs=[job]).resolve_job_def("hold")
        assert resolved.execute_in_process(instance=self.instance).success

    def run(self, *, well: bool, lane: str = "1") -> None:
        @dg.op
        def work():
            if not well:
                raise ValueError("the wheel came off")

        @dg.job(name="send_email")
        def job():
            work()

        job.execute_in_process(instance=self.instance, tags={"outreach/send_lane": lane}, raise_on_error=False)


@pytest.fixture
def judged(instance) -> _Judged:
    return _Judged(instance)


@pytest.fixture
def ticks(tick, environment, posts, mails):
    """Evaluates the alerts' sensor as the daemon does, with its cursor, and returns what it says."""
    environment.setenv("OUTREACH_NOTIFY_WEBHOOK_URL", posts[0])
    environment.setenv("OUTREACH_NOTIFY_MAIL_URL", mails[0])
    cursor = None

    def evaluate() -> str:
        nonlocal cursor
        data = tick("failed_checks_and_runs", cursor=cursor)
        cursor = data.cursor
        return data.skip_message

    return evaluate


@pytest.mark.usefixtures("settings")
def test_a_failed_check_is_told_once_by_each_way_and_once_more_when_it_is_over(ticks, judged, posts, mails, admin):
    _, texts = posts
    _, subjects = mails
    judged.check(passed=False)
    assert ticks() == "1 failures seen, 1 alerts sent."
    assert ticks() == "0 failures seen, 0 alerts sent."
    judged.check(passed=False)
    assert ticks() == "1 failures seen, 0 alerts sent."
    assert [text.splitlines()[0] for text in texts] == [
        "[warning] platform: The check outreach/messages/a_promise failed"
    ]
    assert "'late': 3" in texts[0]
    assert subjects == ["Subject: [warning] platform: The check outreach/messages/a_promise failed"]
    judged.check(passed=True)
    assert ticks() == "0 failures seen, 1 alerts sent."
    assert texts[1].startswith("[over] platform: The check outreach/messages/a_promise failed")
    assert (len(texts), len(subjects)) == (2, 2)
    judged.check(passed=True)
    assert ticks() == "0 failures seen, 0 alerts sent."
    row = admin.execute(
        "select cause_key, notified_channels, resolved_at is not null from outreach.operator_alerts"
    ).fetchall()
    assert row == [("check/outreach/messages/a_promise", ["mail", "webhook"], True)]


def test_a_positive_reply_is_told_by_webhook_and_e_mail(ticks, live_firm, world, posts, mails):
    live_firm.contacts("joe+b-reply_interested@corp.test", "eve+b-reply_not_interested@corp2.test")
    now = datetime.now(UTC)
    plan_day(live_firm.installation, live_firm.tenant(), now.date(), now=now)
    send_until(live_firm.installation, for_seconds=3)
    deadline = time.monotonic() + 20
    while world.control.stats()["pending"] and time.monotonic() < deadline:
        time.sleep(0.05)
    sync_mailboxes(live_firm.installation, now=datetime.now(UTC))
    assert process_inbound(live_firm.installation, now=datetime.now(UTC)).by_intent == {
        "interested": 1, "not_interested": 1,
    }  # fmt: skip
    assert ticks() == "0 failures seen, 1 alerts sent."
    (text,), (subject,) = posts[1], mails[1]
    assert "joe+b-reply_interested@corp.test has answered" in text
    assert "`outreach reply" in text
    assert subject.startswith("Subject: [info] acme: joe+b-reply_interested@corp.test has answered")


@pytest.mark.usefixtures("settings")
def test_runs_that_fail_again_and_again_over_the_same_lane_are_one_cause(ticks, judged, posts, mails):
    _, texts = posts
    _, subjects = mails
    judged.run(well=False, lane="1")
    judged.run(well=False, lane="1")
    judged.run(well=False, lane="2")
    assert ticks() == "3 failures seen, 2 alerts sent."
    judged.run(well=False, lane="1")
    assert ticks() == "1 failures seen, 0 alerts sent."
    assert [text.splitlines()[0] for text in texts] == [
        "[error] platform: A run of send_email failed (1)",
        "[error] platform: A run of send_email failed (2)",
    ]
    judged.run(well=True, lane="2")
    assert ticks() == "0 failures seen, 1 alerts sent."
    assert texts[2].startswith("[over] platform: A run of send_email failed (2)")
    assert len(subjects) == 3


@pytest.mark.usefixtures("settings")
def test_what_failed_and_went_well_between_two_ticks_is_told_once(ticks, judged, posts):
    _, texts = posts
    judged.run(well=False)
    judged.run(well=True)
    assert ticks() == "1 failures seen, 1 alerts sent."
    assert len(texts) == 1
    assert "It is over already" in texts[0]
    judged.run(well=True)
    judged.run(well=False)
    assert ticks() == "1 failures seen, 1 alerts sent."
    assert texts[1].startswith("[error] platform")


@pytest.mark.usefixtures("settings")
def test_without_a_way_out_alerts_are_kept(tick, judged, admin):
    judged.run(well=False)
    data = tick("failed_checks_and_runs")
    assert data.skip_message == "1 failures seen, 0 alerts sent."
    assert admin.execute("select cause_key, notified_at from outreach.operator_alerts").fetchall() == [
        ("run/send_email/1", None)
    ]


@pytest.fixture
def start(definitions, instance):
    """Records a run that has started in a process."""

    def record(pid: int | None, *, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED) -> dg.DagsterRun:
        run = instance.create_run_for_job(definitions.resolve_job_def("send_email"), status=status)
        if pid is not None:
            instance.report_engine_event(f"Started process for run (pid: {pid}).", run, EngineEventData.in_process(pid))
        return run

    return record


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield process
    process.kill()
    process.wait()


def _status(instance, run) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run.run_id).status


def test_a_run_whose_process_is_gone_is_failed_and_a_live_one_left_alone(instance, start, sleeper, tick):
    alive, dead = start(sleeper.pid), start(sleeper.pid)
    assert fail_dead_runs(instance) == []
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    of_gone = start(gone.pid)
    assert tick("unfinished_runs").skip_message == "Failed 1 runs whose process was gone."
    assert [_status(instance, run) for run in (alive, dead, of_gone)] == [
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.FAILURE,
    ]
    sleeper.kill()
    sleeper.wait()
    assert sorted(fail_dead_runs(instance)) == sorted([alive.run_id, dead.run_id])


def test_a_zombie_is_no_process(instance, start):
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        deadline = time.monotonic() + 10
        while psutil.Process(child).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.01)
        run = start(child)
        assert fail_dead_runs(instance) == [run.run_id]
    finally:
        os.waitpid(child, 0)


def test_a_number_that_another_python_has_got_since_is_not_the_runs(instance, start, sleeper, monkeypatch):
    monkeypatch.setattr(time, "time", lambda real=time.time: real() - 3600)
    run = start(sleeper.pid)
    monkeypatch.undo()
    assert fail_dead_runs(instance) == [run.run_id]


def test_a_run_that_is_being_launched_has_time_for_it_however_long_it_was_queued(instance, start, monkeypatch):
    run = start(None, status=dg.DagsterRunStatus.STARTING)
    assert fail_dead_runs(instance) == []
    monkeypatch.setattr(time, "time", lambda real=time.time: real() + 181)
    assert fail_dead_runs(instance) == [run.run_id]


def test_at_the_start_of_the_platform_all_that_is_left_is_failed(instance, start, sleeper):
    left = start(sleeper.pid)
    assert fail_dead_runs(instance, none_is_alive=True) == [left.run_id]
    assert instance.get_run_by_id(left.run_id).tags[PROCESS_GONE_TAG] == "true"
    assert fail_dead_runs(instance, none_is_alive=True) == []


def test_finished_runs_are_deleted_after_a_week_and_unfinished_ones_never(instance, judged, start, run, monkeypatch):
    judged.run(well=True)
    judged.run(well=False)
    left = start(os.getpid())
    assert run("purge_runs").success
    assert instance.get_runs_count() == 4
    monkeypatch.setattr(watch_jobs, "_KEEP_RUNS", timedelta(seconds=-3600))
    assert run("purge_runs").success
    kept = instance.get_runs()
    assert left.run_id in {each.run_id for each in kept}
    assert {each.job_name for each in kept} == {"send_email", "purge_runs"}
    assert len(kept) == 2


def test_every_login_and_domain_is_checked_and_failures_are_told_by_stage(live_firm, run, world, environment):
    environment.setenv("OUTREACH_DNS_RESOLVER", f"127.0.0.1:{world.ports['dns']}")
    live_firm.admin.execute("update outreach.mailboxes set imap_port = 1 where address like 'ann@acme%'")
    result = run("health_check")
    mailboxes, domains = (
        event.metadata for event in result.asset_materializations_for_node("check_mailboxes_and_domains")
    )
    assert mailboxes["checks"].value == live_firm.count("mailbox_checks") == 8
    assert mailboxes["failed_mailboxes"].value == 1
    (failure,) = [record.data for record in mailboxes["failures"].records]
    assert (failure["protocol"], failure["stage"]) == ("imap", "connect")
    assert sum(record.data["count"] for record in domains["results"].records) == live_firm.count("domain_checks") > 0


def test_promises_are_held_and_one_that_is_broken_says_by_what(firm, run):
    result = run("hold_promises")
    assert {each.check_name: each.passed for each in result.get_asset_check_evaluations()} == dict.fromkeys(
        (
            "no_step_is_sent_twice", "planned_is_sent", "hard_bounces_are_few", "complaints_are_rare",
            "webhooks_are_taken_in", "new_mail_is_processed", "mailboxes_are_read",
            "mail_is_understood",
        ),
        True,
    )  # fmt: skip
    assert _numbers(result, "mailboxes_are_read") == {
        "waiting_count": 4, "oldest_seconds": pytest.approx(0, abs=600), "most_seconds": 1_200,
    }  # fmt: skip
    assert _numbers(result, "no_step_is_sent_twice") == {"steps_sent_twice": 0, "window_days": 7}
    long_ago = datetime.now(UTC) - timedelta(days=2)
    firm.admin.execute("update outreach.mailboxes set synced_at = %s", [long_ago])
    broken = [each for each in run("hold_promises").get_asset_check_evaluations() if not each.passed]
    assert [each.check_name for each in broken] == ["mailboxes_are_read"]
    assert broken[0].severity is dg.AssetCheckSeverity.WARN
    assert broken[0].metadata["findings"].value


def test_measured_rates_are_shown_whether_the_promise_is_kept_or_broken(firm, run):
    def happen(kind: str, slug: str, times: int, bounce_class: str | None = None) -> None:
        firm.admin.execute(
            "insert into outreach.events (tenant_id, kind, origin, origin_id, recipient, occurred_at, bounce_class)"
            " select t.id, %s, 'smtp', %s || n, 'x@y.test', now(), %s"
            " from outreach.tenants as t, generate_series(1, %s) as n where t.slug = %s",
            [kind, kind, bounce_class, times, slug],
        )

    happen("sent", "acme", 200)
    happen("bounced", "acme", 8, "hard")
    happen("sent", "birch", 10)
    happen("bounced", "birch", 5, "hard")
    kept = run("hold_promises")
    assert _numbers(kept, "hard_bounces_are_few") == {
        "sends": 210, "count": 13, "worst_ratio": 0.04, "most_ratio": 0.05, "least_sends": 100, "window_days": 7,
    }  # fmt: skip
    # Ten sends are too few to be judged; they are shown all the same, after those that are.
    rates = [record.data for record in _check(kept, "hard_bounces_are_few").metadata["rates"].records]
    assert rates == [
        {"tenant": "acme", "sends": 200, "count": 8, "percent": 4.0},
        {"tenant": "birch", "sends": 10, "count": 5, "percent": 50.0},
    ]
    happen("complaint", "acme", 1)
    broken = run("hold_promises")
    assert [each.check_name for each in broken.get_asset_check_evaluations() if not each.passed] == [
        "complaints_are_rare"
    ]
    assert _numbers(broken, "complaints_are_rare")["worst_ratio"] == 0.005


def _check(result, name: str) -> dg.AssetCheckEvaluation:
    return next(each for each in result.get_asset_check_evaluations() if each.check_name == name)


def _numbers(result, name: str) -> dict[str, float]:
    return {
        label: entry.value
        for label, entry in _check(result, name).metadata.items()
        if isinstance(entry, dg.IntMetadataValue | dg.FloatMetadataValue)
    }
