"""Opens what a command works with: settings, the right home, the installation, a tenant, the time.

Belongs here: what commands share. Does not: any command. Imports are inside functions, so that ``--help`` is quick.
"""

from __future__ import annotations

import getpass
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_pipeline.cli.output import note
from outreach_pipeline.core.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from outreach_pipeline.settings import Settings
    from outreach_pipeline.workflows.installation import Installation, Tenant

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
TenantSlug = Annotated[str, typer.Option("--tenant", metavar="T", help="The tenant's slug.")]
AnyTenantSlug = Annotated[str | None, typer.Option("--tenant", metavar="T", help="One tenant; without it, all.")]
Now = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="Business time, ISO 8601 with an offset; without it, the clock."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done and write nothing.")]
_RELATIVE_DATES = {"today": 0, "tomorrow": 1}


def settings_of_command(*, may_take_demo: bool = True) -> Settings:
    """Read the environment; unless ``may_take_demo`` forbids it, the demo's home serves if it is the only one, which is said."""
    from outreach_pipeline.settings import load_settings

    settings = load_settings()
    home, demo = settings.home.expanduser().resolve(), settings.home.expanduser().resolve() / "demo"
    if may_take_demo and settings.database_url is None and not _is_home(home) and _is_home(demo):
        note(f"Taking the demo's home, {demo}: there is no other.")
        settings = settings.model_copy(update={"home": demo})
    ports = settings.home.expanduser().resolve() / "sandbox" / "ports.json"
    if settings.dns_resolver is None and ports.exists():
        # The domains of a demo exist in its mail world only.
        settings = settings.model_copy(update={"dns_resolver": resolver_of(ports)})
    return settings


def resolver_of(ports: Path) -> str:
    """Return address and port of a mail world's DNS, from the file in which it notes its ports."""
    return f"127.0.0.1:{json.loads(ports.read_text(encoding='utf-8'))['dns']}"


@contextmanager
def opened(*, may_take_demo: bool = True, checked: bool = True) -> Iterator[Installation]:
    """Open the installation for a command.

    Args:
        may_take_demo: False for what brings configuration or people in, which must not go into a demo unseen.
        checked: refuse a home or a schema that is not ready for this version.
    """
    from outreach_pipeline.workflows.installation import check_master_key, open_installation
    from outreach_pipeline.workflows.schema import check_schema

    log_to_stderr()
    settings = settings_of_command(may_take_demo=may_take_demo)
    home = settings.home.expanduser().resolve()
    if checked and settings.database_url is None and not _is_home(home):
        cure = "run `outreach db migrate`"
        if _is_home(home / "demo"):
            cure = (
                f"set OUTREACH_HOME to another folder and {cure} for one of your own, or set "
                f"OUTREACH_HOME={home / 'demo'} to write into the demo's"
            )
        raise ConfigurationError(f"There is no installation in {home} yet: {cure}.")
    with open_installation(settings) as installation:
        if checked:
            check_schema(installation.database)
            check_master_key(installation)
        yield installation


def tenant_of(installation: Installation, slug: str) -> Tenant:
    """Return a tenant.

    Raises:
        UsageError: there is none of that slug.
    """
    return installation.tenants(slug)[0]


def business_time(text: str | None, *, option: str = "--now") -> datetime:
    """Read ``--now``, or another option that holds a time; the clock if it is not given.

    Raises:
        UsageError: it is no time, or has no offset.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no time: write it like 2026-03-02T09:00:00+01:00.") from None
    if moment.tzinfo is None:
        raise UsageError(f"{option} {text!r} has no offset: write it like 2026-03-02T09:00:00+01:00.")
    return moment.astimezone(UTC)


def local_date(
    text: str, tenants: Sequence[Tenant] = (), *, now: datetime | None = None, option: str = "--date"
) -> date:
    """Read a date; of tenants also ``today`` and ``tomorrow``, which are theirs at ``now``.

    Raises:
        UsageError: it is none, or not the same for all of them.
    """
    if tenants and now is not None and text in _RELATIVE_DATES:
        from outreach_pipeline.core.plan.calendar import local_date as local_date_at

        found = {local_date_at(each.time_zone, now) + timedelta(days=_RELATIVE_DATES[text]) for each in tenants}
        if len(found) > 1:
            dates = " and ".join(each.isoformat() for each in sorted(found))
            raise UsageError(f"{option} {text} is {dates}, as tenants live in several time zones: add --tenant T.")
        return found.pop()
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = ", or today or tomorrow" if tenants else ""
        raise UsageError(f"{option} {text!r} is no date: write it like 2026-03-02{words}.") from None


def author() -> str:
    """Return who runs the command, for audit logs."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


def confirmed(question: str, *, yes: bool) -> bool:
    """Ask on a terminal; elsewhere only ``--yes`` is consent.

    Raises:
        UsageError: it cannot be asked, and ``--yes`` is not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nothing was done: add --yes to do it.")
    return typer.confirm(question, err=True)


def log_to_stderr() -> None:
    """Send log lines to stderr, as OUTREACH_LOG_FORMAT says; stdout belongs to the result.

    People read the result, so as text only warnings and worse are said; a program that asks for JSON gets all.
    """
    import structlog

    if structlog.is_configured():
        return
    # The pool says each of its tries; ours is the one sentence after the last.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    as_json = os.environ.get("OUTREACH_LOG_FORMAT") == "json"
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if as_json else logging.WARNING),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer()
            if as_json
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )


def _is_home(home: Path) -> bool:
    return (home / "roles.json").exists()
