"""`outreach demo`: one day of outreach, end to end, done by Dagster and judged by what the mail world saw.

Belongs here: the order of the day and its display. Does not: the sample (cli.demo_world), the report (cli.demo_report), the
judgement (core.watch.judge).
"""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError
from outreach_pipeline.cli import demo_report, demo_world
from outreach_pipeline.cli.platform_processes import PlatformProcesses
from outreach_pipeline.cli.up import asked_to_stop, say_addresses, watch_until
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError, TransientError
from outreach_pipeline.sandbox.control import ControlClient
from outreach_pipeline.sandbox.truth import read_truth
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, embedded, open_installation, uses_embedded
from outreach_pipeline.workflows.lanes import waiting_work
from outreach_pipeline.workflows.suppress import suppress

# Marks a demo's home, and holds its date.
_STARTED = "demo.json"
_LONGEST_WAIT_SECONDS = 600.0
_MATURES_SECONDS = 10.0
_FAILED = frozenset({"FAILURE", "CANCELED"})
_ENDED = _FAILED | {"SUCCESS"}
_MOST_TRIES = 3
# Off a terminal: how often a stage that goes on is told of, and how often it is looked at.
_TOLD_EVERY_SECONDS = 15.0
_LOOKED_EVERY_SECONDS = 0.5


@dataclass(slots=True)
class _Progress:
    """What the display shows: each stage with its seconds and what it came to, the present one as it goes."""

    stages: dict[str, tuple[float, str]] = field(default_factory=dict)
    current: str = ""
    began: float = 0.0
    note: str = ""

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


class _Lines:
    """Tells of a day in lines, where no display can be refreshed: one when a stage begins and ends, and while it goes on."""

    def __init__(self, progress: _Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._told_stages = 0
        self._told_at: tuple[str, float] = ("", 0.0)

    def tell(self, now: float) -> None:
        """Say what is new at a monotonic time in seconds, or what still goes on if nothing was said for long."""
        progress = self._progress
        for stage, (seconds, note) in list(progress.stages.items())[self._told_stages :]:
            self._say(f"{stage}: done in {seconds:.1f} s. {note}".rstrip())
            self._told_stages += 1
        current, (told, at) = progress.current, self._told_at
        if current and (current != told or now - at >= _TOLD_EVERY_SECONDS):
            self._say(
                f"{current} ..."
                if current != told
                else f"{current}: {now - progress.began:.0f} s. {progress.note}".rstrip()
            )
            self._told_at = (current, now)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _shown(progress: _Progress, console: Console) -> Iterator[None]:
    """Show progress for the time of a block: a table that changes on a terminal, lines elsewhere."""
    if console.is_terminal:
        with Live(progress, console=console, refresh_per_second=4):
            yield
        return
    lines, over = _Lines(progress, console), threading.Event()

    def tell() -> None:
        while not over.wait(_LOOKED_EVERY_SECONDS):
            lines.tell(time.monotonic())

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        lines.tell(time.monotonic())


def demo(settings: Settings, *, mailboxes: int, contacts: int, keep: bool, report_only: bool, as_json: bool) -> int:
    """Run the demo, or judge again what an earlier one left.

    Args:
        settings: the installation's; the demo's home is ``home/demo``.
        mailboxes: over all three tenants, at least 3.
        contacts: over all three tenants.
        keep: stay up after the report until asked to stop.
        report_only: run nothing.
        as_json: the report as one JSON document on stdout, everything else on stderr.

    Returns:
        0 if nothing was lost, sent twice, over a cap or unrecognised, and no run or check failed but by a process that died;
        1 if not.
    """
    if not uses_embedded(settings):
        raise ConfigurationError("The demo brings its own database: unset OUTREACH_DATABASE_URL for it.")
    root = settings.home.expanduser().resolve()
    settings = settings.model_copy(update={"home": root if _is_demo(root) else root / "demo"})
    console = Console(stderr=as_json)
    if report_only:
        return _finish(_judge_again(settings), settings, console=console, as_json=as_json, report_only=True)
    _make_fresh(settings)
    with asked_to_stop() as stop:
        processes = PlatformProcesses(
            settings, say=lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True), stop=stop
        )
        try:
            report = _Day(settings, processes, console, stop).run(mailboxes=mailboxes, contacts=contacts)
            code = _finish(report, settings, console=console, as_json=as_json)
            if keep or (sys.stdout.isatty() and not as_json):
                say_addresses(processes, console)
                watch_until(processes, stop)
        finally:
            processes.stop()
    return code


def _is_demo(home: Path) -> bool:
    return (home / _STARTED).exists()


def _make_fresh(settings: Settings) -> None:
    if settings.home.exists() and not _is_demo(settings.home) and any(settings.home.iterdir()):
        raise ConfigurationError(
            f"{settings.home} holds something that no demo has made, and a demo begins by removing its home: "
            "set OUTREACH_HOME to another folder, or move that one away."
        )
    PlatformProcesses(settings, say=lambda _: None, stop=threading.Event()).supervisor.end_leftovers()
    if (settings.home / "postgres").exists():
        embedded(settings).destroy()
    shutil.rmtree(settings.home, ignore_errors=True)
    settings.home.mkdir(parents=True)
    (settings.home / _STARTED).write_text("{}", encoding="utf-8")


def _finish(
    report: dict[str, Any], settings: Settings, *, console: Console, as_json: bool, report_only: bool = False
) -> int:
    document = json.dumps(report, indent=2, default=str)
    (settings.home / demo_report.FILE).write_text(document + "\n", encoding="utf-8")
    if as_json:
        sys.stdout.write(document + "\n")
    else:
        demo_report.show(report, console=console)
        console.print(f"The report is in {settings.home / demo_report.FILE}.", markup=False, highlight=False)
    if not report_only and not report["next_day_follow_ups"]:
        console.print("[bold red]The next day's plan has no follow-up of today's first messages.[/]")
    return demo_report.exit_code(report, is_judged_again=report_only)


def _judge_again(settings: Settings) -> dict[str, Any]:
    path = settings.home / demo_report.FILE
    started = settings.home / _STARTED
    begun = json.loads(started.read_text(encoding="utf-8")) if _is_demo(settings.home) else {}
    if not begun:
        raise ConfigurationError(f"There is no demo in {settings.home}: run `outreach demo` first.")
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    today = date.fromisoformat(begun["date"])
    with open_installation(settings) as installation:
        return demo_report.make_report(
            installation,
            truth_file=settings.home / "sandbox" / "truth.jsonl",
            today=today,
            tomorrow=today + timedelta(days=1),
            weights_before=earlier.get("weights_before") or demo_report.newest_weights(installation),
            seconds=earlier.get("seconds", {}),
            dagster=demo_report.dagster_day_of(earlier),
        )


class _Day:
    def __init__(
        self, settings: Settings, processes: PlatformProcesses, console: Console, stop: threading.Event
    ) -> None:
        self._settings = settings
        self._home = settings.home
        self._processes = processes
        self._console = console
        self._stop = stop
        self._progress = _Progress()

    def run(self, *, mailboxes: int, contacts: int) -> dict[str, Any]:
        """Do the day and return its report."""
        now = datetime.now(UTC)
        # It is noon where the tenants live, so their date is that of UTC.
        today, tomorrow = now.date(), now.date() + timedelta(days=1)
        (self._home / _STARTED).write_text(json.dumps({"date": today.isoformat()}), encoding="utf-8")
        with _shown(self._progress, self._console):
            self._stage("database", self._processes.start_database)
            gateway = self._processes.addresses.gateway
            sample = demo_world.make(mailboxes=mailboxes, contacts=contacts, gateway_url=gateway, now=now)
            self._stage("mail world", lambda: self._start_world(sample))
            self._stage("processes", self._start_processes)
            with open_installation(self._settings) as installation:
                self._stage("configuration", lambda: self._configure(installation, sample, mailboxes))
                self._stage("Dagster loads", self._processes.wait_until_ready)
                tenants = [tenant.slug for tenant in installation.tenants()]
                for slug in tenants:
                    self._processes.api.add_tenant(slug)
                self._stage("plan", lambda: self._plan(today, tenants))
                before = demo_report.newest_weights(installation)
                self._stage("send and receive", lambda: self._settle(installation, today))
                self._stage("learn", self._learn)
                self._stage("next day's plan", lambda: self._plan(tomorrow, tenants))
                self._stage("watch", self._watch)
                ask = partial(demo_report.ask_dagster, self._processes.api, self._processes.restarts)
                dagster = self._until(ask, "Dagster tells what it did")
                return demo_report.make_report(
                    installation,
                    truth_file=self._truth_file,
                    today=today,
                    tomorrow=tomorrow,
                    weights_before=before,
                    seconds={stage: round(seconds, 1) for stage, (seconds, _) in self._progress.stages.items()},
                    dagster=dagster,
                )

    @property
    def _truth_file(self) -> Any:
        return self._home / "sandbox" / "truth.jsonl"

    def _stage(self, name: str, work: Callable[[], str | None]) -> None:
        progress = self._progress
        progress.current, progress.began, progress.note = name, time.monotonic(), ""
        note = work()
        progress.stages[name] = (time.monotonic() - progress.began, note or "")
        progress.current = ""

    def _start_world(self, sample: demo_world.Sample) -> str:
        (self._home / "sandbox.json").write_text(sample.world.to_json(), encoding="utf-8")
        self._processes.start_sandbox()
        return f"{len(sample.world.mailboxes)} mailboxes, {len(sample.world.sites)} recipient sites, one process"

    def _start_processes(self) -> str:
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
        now = datetime.now(UTC)
        for (slug, campaign), path in demo_world.write_contacts(self._home / "contacts", sample.contacts).items():
            import_contacts(installation, tenants[slug], campaign, path, now=now, author="demo")
        for address, slug in sorted(sample.suppressed.items()):
            with installation.database.tenant(tenants[slug].id) as transaction:
                suppress(transaction, scope="address", value=address, reason="manual", origin="demo", now=now)
        imported = sum(map(len, sample.contacts.values()))
        return f"{len(tenants)} tenants, {mailboxes} mailboxes, {imported} contacts; it is noon in {sample.zone}"

    def _plan(self, plan_date: date, tenants: list[str]) -> str:
        launch = partial(self._processes.api.launch_partition, "plan_day", date=plan_date.isoformat())
        self._do([partial(launch, tenant=slug) for slug in tenants], f"the plans of {plan_date} are made")
        return f"{len(tenants)} partitions of {plan_date}"

    def _learn(self) -> str:
        # What was sent last has to mature; it mostly has, while the answers to it were awaited.
        matures = self._last_time("accepted") + timedelta(seconds=_MATURES_SECONDS)
        time.sleep(max((matures - datetime.now(UTC)).total_seconds(), 0))
        # The check of logins and domains needs nothing of what is learnt, and dbt leaves a core free.
        launches = [partial(self._processes.api.launch, job) for job in ("learn", "health_check")]
        self._do(launches, "the weights are computed, and mailboxes and domains are checked")
        return "dbt build with its tests, new weights; logins and domains checked"

    def _watch(self) -> str:
        self._do([partial(self._processes.api.launch, "hold_promises")], "promises are held")
        return "every promise was measured; the report names what warns"

    def _last_time(self, kind: str) -> datetime:
        times = [line["at"] for line in read_truth(self._truth_file) if line["type"] == kind]
        return datetime.fromisoformat(max(times)) if times else datetime.min.replace(tzinfo=UTC)

    def _do(self, launches: list[Callable[[], str]], what: str) -> None:
        """Launch runs and wait for their success; one that has none, as when its process was killed, is launched again."""
        api = self._processes.api
        tries = [0] * len(launches)
        runs: dict[int, str] = {}

        def done() -> dict[str, str] | None:
            for number, launch in enumerate(launches):
                if number not in runs:
                    runs[number] = launch()
                    tries[number] += 1
            statuses = api.statuses(list(runs.values()))
            for number, run in list(runs.items()):
                if statuses.get(run) in _FAILED and tries[number] < _MOST_TRIES:
                    del runs[number]
            has_ended = all(statuses.get(run) in _ENDED for run in runs.values())
            return statuses if len(runs) == len(launches) and has_ended else None

        statuses = self._until(done, what)
        if failed := [run for run in runs.values() if statuses[run] in _FAILED]:
            raise TransientError(
                f"{len(failed)} runs failed, so it is not so that {what}: look at "
                f"{self._processes.addresses.webserver}/runs/{failed[0]} or at the logs in {self._home / 'processes'}."
            )

    def _settle(self, installation: Installation, today: date) -> str:
        def settled() -> bool:
            states = demo_report.count_states(installation, today)
            stats = ControlClient(self._ports()["control"]).stats()
            waiting = waiting_work(installation)
            on_their_way = stats["pending"] + stats["unposted"] + waiting["inbound"] + waiting["webhook"]
            self._progress.note = (
                ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
                + f"; {on_their_way} reactions on their way"
            )
            is_open = any(state not in demo_report.FINAL_STATES for state in states)
            return not is_open and not on_their_way and self._is_all_read(installation)

        self._until(settled, "every message and reaction is settled")
        return self._progress.note

    def _is_all_read(self, installation: Installation) -> bool:
        last = self._last_time("reaction")
        for tenant in installation.tenants():
            with installation.database.tenant(tenant.id) as transaction:
                # A sync notes its end; a mail that came in its last second might have been missed by it.
                if not transaction.value("watch/all_read_after", after=last + timedelta(seconds=5)):
                    return False
        return True

    def _until(self, done: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
        while True:
            self._processes.watch()
            try:
                if result := done():
                    return result
            except (TransientError, DatabaseUnavailableError) as error:
                self._progress.note = str(error)
            if self._stop.wait(0.5):
                raise TransientError(f"The demo was stopped before it was so that {what}.")
            if time.monotonic() > deadline:
                raise TransientError(
                    f"After {_LONGEST_WAIT_SECONDS:.0f} seconds it is not so that {what}: {self._progress.note}. "
                    f"The logs are in {self._home / 'processes'}."
                )
