"""`outreach demo`: one day of outreach, end to end, done by Dagster and judged by what the mail world saw.

Belongs here: the order of the day, the display and the report. Does not: the sample (cli.demo_world), the judgement
(core.watch.judge).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from outreach_pipeline.adapters.embedded_postgres import Cluster
from outreach_pipeline.cli import demo_world
from outreach_pipeline.cli.platform_processes import PlatformProcesses
from outreach_pipeline.cli.up import asked_to_stop, say_addresses, watch_until
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError, OutreachError, TransientError
from outreach_pipeline.core.watch.judge import DayReport
from outreach_pipeline.sandbox.control import ControlClient
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, embedded, open_installation, uses_embedded
from outreach_pipeline.workflows.judge_day import judge_day, read_truth
from outreach_pipeline.workflows.suppress import suppress

_LONGEST_DAY_SECONDS = 900.0
_MATURES_SECONDS = 10.0
_FINAL = ("sent", "failed", "cancelled", "presumed_sent")


@dataclass(slots=True)
class _Progress:
    """What the display shows: stages with their seconds and a line of what they did; counts by state and kind."""

    stages: dict[str, tuple[float, str]] = field(default_factory=dict)
    current: str = ""
    began: float = field(default_factory=time.monotonic)
    note: str = ""
    states: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)

    def begin(self, stage: str) -> None:
        self.current, self.began, self.note = stage, time.monotonic(), ""

    def end(self, note: str = "") -> None:
        self.stages[self.current] = (time.monotonic() - self.began, note or self.note)
        self.current = ""

    def __rich__(self) -> Table:
        table = Table(title="One day of outreach", title_justify="left", min_width=78)
        table.add_column("stage")
        table.add_column("seconds", justify="right")
        table.add_column("what happened", min_width=44)
        for stage, (seconds, note) in self.stages.items():
            table.add_row(stage, f"{seconds:.1f}", note)
        if self.current:
            table.add_row(f"[bold]{self.current}[/]", f"{time.monotonic() - self.began:.1f}", self.note)
        return table


def demo(settings: Settings, *, mailboxes: int, contacts: int, keep: bool, report_only: bool, as_json: bool) -> int:
    """Run the demo, or judge again what an earlier one left.

    Args:
        settings: the installation's; the demo's home is ``home/demo``.
        mailboxes: over all three tenants.
        contacts: over all three tenants.
        keep: stay up after the report until asked to stop.
        report_only: run nothing.
        as_json: the report as one JSON document on stdout, everything else on stderr.

    Returns:
        0 if nothing was lost, sent twice, over a cap or unrecognised; 1 if not.
    """
    if not uses_embedded(settings):
        raise ConfigurationError("The demo brings its own database: unset OUTREACH_DATABASE_URL for it.")
    home = settings.home if settings.home.name == "demo" else settings.home.expanduser().resolve() / "demo"
    settings = settings.model_copy(update={"home": home, "sync_every_seconds": 10.0})
    console = Console(stderr=as_json)
    if report_only:
        return _report_again(settings, console=console, as_json=as_json)
    _make_fresh(settings, console)
    os.environ["OUTREACH_SYNC_EVERY_SECONDS"] = f"{settings.sync_every_seconds:g}"
    processes = PlatformProcesses(settings, say=lambda text: console.print(text, markup=False, highlight=False))
    with asked_to_stop() as stop:
        try:
            report = _Day(settings, processes, console).run(mailboxes=mailboxes, contacts=contacts)
            _show(report, console=console, as_json=as_json, home=home)
            if keep or (sys.stdout.isatty() and not as_json):
                say_addresses(processes, console)
                watch_until(processes, stop)
        finally:
            console.print("Stopping the demo.")
            processes.stop()
    return 0 if report["agrees"] else 1


def _make_fresh(settings: Settings, console: Console) -> None:
    home = settings.home
    PlatformProcesses(settings, say=console.print).supervisor.end_leftovers()
    if (home / "postgres").exists():
        embedded(settings).destroy()
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)


class _Day:
    def __init__(self, settings: Settings, processes: PlatformProcesses, console: Console) -> None:
        self._settings = settings
        self._processes = processes
        self._console = console
        self._progress = _Progress()
        self._home = settings.home

    def run(self, *, mailboxes: int, contacts: int) -> dict[str, Any]:
        """Do the day and return its report."""
        started_at = datetime.now(UTC)
        with Live(self._progress, console=self._console, refresh_per_second=4, transient=False):
            self._stage("database", self._processes.start_database)
            sample = demo_world.make(
                mailboxes=mailboxes,
                contacts=contacts,
                gateway_url=self._processes.addresses.gateway,
                now=started_at,
            )
            self._stage("mail world", lambda: self._start_world(sample))
            # Dagster takes its time to load; the configuration is applied meanwhile.
            self._stage("processes", self._start_processes)
            with open_installation(self._settings) as installation:
                self._stage("configuration", lambda: self._configure(installation, sample, mailboxes))
                self._stage("Dagster loads", self._processes.wait_until_ready)
                tenants = [tenant.slug for tenant in installation.tenants()]
                for slug in tenants:
                    self._processes.api.add_tenant(slug)
                today = started_at.date()
                self._stage("plan", lambda: self._plan(today.isoformat(), tenants))
                weights_before = self._weights(installation)
                self._stage("send and receive", lambda: self._settle(installation))
                self._stage("learn", self._learn)
                weights_after = self._weights(installation)
                tomorrow = (today + timedelta(days=1)).isoformat()
                self._stage("next day's plan", lambda: self._plan(tomorrow, tenants))
                self._progress.begin("report")
                report = self._judge(installation, weights_before, weights_after, tomorrow)
                self._progress.end()
        return report

    def _stage(self, name: str, work: Callable[[], Any]) -> None:
        self._progress.begin(name)
        note = work()
        self._progress.end(note if isinstance(note, str) else "")

    def _start_world(self, sample: demo_world.Sample) -> str:
        (self._home / "sandbox.json").write_text(sample.world.to_json(), encoding="utf-8")
        self._processes.start_sandbox()
        return f"{len(sample.world.mailboxes)} mailboxes, {len(sample.world.sites)} recipient sites, one process"

    def _start_processes(self) -> str:
        self._processes.environment["OUTREACH_DNS_RESOLVER"] = f"127.0.0.1:{self._ports()['dns']}"
        self._processes.start_gateway()
        self._processes.start_dagster(is_fresh=True)
        return "code server, webserver, daemon, gateway"

    def _ports(self) -> dict[str, Any]:
        ports: dict[str, Any] = json.loads((self._home / "sandbox" / "ports.json").read_text(encoding="utf-8"))
        return ports

    def _configure(self, installation: Installation, sample: demo_world.Sample, mailboxes: int) -> str:
        document = demo_world.configuration(
            sample, ports=self._ports(), ca_file=self._home / "sandbox" / "ca.pem", mailboxes=mailboxes
        )
        text = demo_world.as_yaml(document)
        (self._home / "demo.yaml").write_text(text, encoding="utf-8")
        apply_configuration(installation, read_configuration(text, environment={}), author="demo")
        tenants = {tenant.slug: tenant for tenant in installation.tenants()}
        paths = demo_world.write_contacts(self._home / "contacts", sample.contacts)
        imported = 0
        now = datetime.now(UTC)
        for (slug, campaign), path in paths.items():
            import_contacts(installation, tenants[slug], campaign, path, now=now, author="demo")
            imported += len(sample.contacts[slug, campaign])
        for address, slug in sorted(sample.suppressed.items()):
            with installation.database.tenant(tenants[slug].id) as transaction:
                suppress(transaction, scope="address", value=address, reason="manual", origin="demo", now=now)
        return f"{len(tenants)} tenants, {mailboxes} mailboxes, {imported} contacts ({sample.zone})"

    def _plan(self, date: str, tenants: list[str]) -> str:
        api = self._processes.api
        runs = [api.launch_partition("plan_day", date=date, tenant=slug) for slug in tenants]
        statuses = self._until(lambda: self._ended(runs), "the plans are made")
        failed = [run for run, status in statuses.items() if status != "SUCCESS"]
        if failed:
            raise TransientError(f"{len(failed)} plan runs of {date} failed: look at them in {self._processes.addresses.webserver}.")
        return f"{len(runs)} partitions of {date}"

    def _ended(self, runs: list[str]) -> dict[str, str] | None:
        statuses = self._processes.api.statuses(runs)
        ended = all(statuses.get(run) in {"SUCCESS", "FAILURE", "CANCELED"} for run in runs)
        return statuses if ended else None

    def _settle(self, installation: Installation) -> str:
        quiet_since: list[float] = []

        def settled() -> bool | None:
            counts = self._counts(installation)
            stats = ControlClient(self._ports()["control"]).stats()
            open_messages = sum(count for state, count in counts["states"].items() if state not in _FINAL)
            waiting = counts["inbound"] + counts["webhook"] + stats["pending"] + stats["unposted"]
            unread = stats_unread(installation)
            self._progress.note = (
                ", ".join(f"{count} {state}" for state, count in sorted(counts["states"].items()))
                + f"; {sum(counts['events'].values())} events; {waiting} reactions on their way"
            )
            if open_messages or waiting or unread:
                quiet_since.clear()
                return None
            quiet_since.append(time.monotonic())
            # The last reaction must have been read by a sync that began after it was delivered, and sends must mature.
            return True if time.monotonic() - quiet_since[0] > self._settings.sync_every_seconds + 2 else None

        def stats_unread(inner: Installation) -> int:
            return 0 if _synced_since(inner, self._last_delivery()) else 1

        self._until(settled, "every message and reaction is settled")
        return self._progress.note

    def _last_delivery(self) -> datetime:
        truth = read_truth(self._home / "sandbox" / "truth.jsonl")
        times = [line["at"] for line in truth if line["type"] in {"accepted", "reaction"}]
        return datetime.fromisoformat(max(times)) if times else datetime.min.replace(tzinfo=UTC)

    def _counts(self, installation: Installation) -> dict[str, Any]:
        with installation.database.operator() as transaction:
            states = transaction.rows("watch/demo_states")
            events = transaction.rows("watch/demo_events")
            waiting = {row["kind"]: 0 for row in ()} | {"inbound": 0, "webhook": 0}
            for row in transaction.rows("receive/waiting_work"):
                waiting[row["kind"]] += row["waiting_count"]
        return {
            "states": {row["state"]: row["message_count"] for row in states},
            "events": {row["kind"]: row["event_count"] for row in events},
            **waiting,
        }

    def _learn(self) -> str:
        time.sleep(_MATURES_SECONDS)
        run = self._processes.api.launch("learn")
        statuses = self._until(lambda: self._ended([run]), "the weights are computed")
        if statuses[run] != "SUCCESS":
            raise TransientError(f"The learn run failed: look at it in {self._processes.addresses.webserver}.")
        return "dbt build and new rotation weights"

    def _weights(self, installation: Installation) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for tenant in installation.tenants():
            with installation.database.tenant(tenant.id) as transaction:
                for row in transaction.rows("watch/demo_weights"):
                    found.setdefault(tenant.slug, {})[row["mailbox"]] = row["weight_ratio"]
        return found

    def _until(self, done: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + _LONGEST_DAY_SECONDS
        while True:
            self._processes.watch()
            try:
                result = done()
            except TransientError as error:
                self._progress.note = str(error)
                result = None
            if result:
                return result
            if time.monotonic() > deadline:
                raise TransientError(
                    f"After {_LONGEST_DAY_SECONDS:.0f} seconds it is not so that {what}: {self._progress.note}. "
                    f"The logs are in {self._home / 'processes'}."
                )
            time.sleep(0.5)

    def _judge(
        self,
        installation: Installation,
        before: dict[str, dict[str, float]],
        after: dict[str, dict[str, float]],
        tomorrow: str,
    ) -> dict[str, Any]:
        truth = read_truth(self._home / "sandbox" / "truth.jsonl")
        verdict = judge_day(installation, truth, now=datetime.now(UTC))
        return as_report(
            verdict,
            installation=installation,
            weights_before=before,
            weights_after=after,
            tomorrow=tomorrow,
            seconds={stage: round(seconds, 1) for stage, (seconds, _) in self._progress.stages.items()},
            runs=self._processes.api.count_runs(),
        )
