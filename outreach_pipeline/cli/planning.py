"""What has to do with plans: ``plan`` and its replay, ``explain``, ``backtest``, ``forecast``.

Belongs here: these commands and what they print. Does not: planning itself (workflows, core.plan).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_pipeline.cli.context import (
    AnyTenantSlug,
    DryRun,
    Json,
    Now,
    TenantSlug,
    business_time,
    local_date,
    opened,
    tenant_of,
)
from outreach_pipeline.cli.output import note, plain, show
from outreach_pipeline.cli.planned_day import MOST_ROWS, note_unresolved, save, show_day, waterfall_rows
from outreach_pipeline.core.errors import ConfigurationError, PermanentError, UsageError

if TYPE_CHECKING:
    import datetime as dt

    from outreach_pipeline.workflows.installation import Tenant


_DATE_HELP = "The tenant's local date: YYYY-MM-DD, today or tomorrow."
DateText = Annotated[str, typer.Option("--date", metavar="D", help=_DATE_HELP)]
OptionalDate = Annotated[str | None, typer.Option("--date", metavar="D", help=_DATE_HELP)]
Plot = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw it too, as a PNG.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (plan, explain, backtest, forecast):
        app.command()(command)


def plan(
    tenant: Annotated[
        str | None, typer.Option("--tenant", metavar="T", help="Whose date; --replay looks through all without it.")
    ] = None,
    date: OptionalDate = None,
    replay: Annotated[
        str | None, typer.Option("--replay", metavar="HASH", help="Plan again from kept inputs, and write nothing.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="With --replay: where the plan's bytes go.")
    ] = None,
    dry_run: DryRun = False,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Plan one date of one tenant, without Dagster; exits 1 if the plan is held by its checks, or a replay is another plan."""
    if replay is not None:
        if date is not None or dry_run or now is not None:
            raise UsageError(
                "--replay HASH takes date and time from the kept inputs: leave out --date, --now and --dry-run."
            )
        _replay(replay, tenant, output, as_json=as_json)
        return
    if tenant is None or date is None or output is not None:
        raise UsageError("Say what to plan: --tenant T and --date D, or --replay HASH with or without --output FILE.")
    from outreach_pipeline.workflows.plan_day import plan_day
    from outreach_pipeline.workflows.resolve_sites import open_resolver

    moment = business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant)
        day = local_date(date, [chosen], now=moment)
        outcome = plan_day(
            installation,
            chosen,
            day,
            now=moment,
            dry_run=dry_run,
            resolver=open_resolver(installation.settings),
        )
    document = plain(outcome)
    document["is_held"] = outcome.is_held
    shown = {name: value for name, value in document.items() if name not in {"batches", "summary", "findings"}}
    show(document, as_json=as_json, tables={
        f"Plan of {tenant} for {day}": [shown],
        "Mailboxes": [{name: value for name, value in row.items() if name != "cap_terms"} for row in document["batches"]],
        **({"From demand to plan": waterfall_rows(outcome.summary)} if outcome.summary else {}),
    })  # fmt: skip
    note_unresolved(tenant, outcome.summary)
    for finding in outcome.findings:
        note(f"Check {finding.check}: {finding.detail}.")
    if outcome.is_held:
        note("The plan is held: nothing of it is sent until the date is planned again.")
        raise typer.Exit(1)


def _replay(digest: str, tenant: str | None, output: Path | None, *, as_json: bool) -> None:
    from outreach_pipeline.workflows.replay import replay_plan

    with opened() as installation:
        replayed = replay_plan(installation, digest, tenants=installation.tenants(tenant))
    if output is not None:
        _write(output, replayed.content)
    document = {**plain(replayed), "is_same": replayed.is_same}
    show(document, as_json=as_json, tables={
        f"Replay of {replayed.tenant} for {replayed.plan_date}": [
            {name: document[name] for name in ("planned", "is_same", "plan_sha256", "expected_sha256")}
        ],
        "Waterfall": waterfall_rows(replayed.summary),
    })  # fmt: skip
    if not replayed.is_same:
        note(
            "The plan came out as another one: it was made by another version of the platform, or its rules changed since."
        )
        raise typer.Exit(1)


def explain(
    date: DateText,
    tenant: AnyTenantSlug = None,
    mailbox: Annotated[str | None, typer.Option("--mailbox", metavar="M", help="Why this many.")] = None,
    contact: Annotated[str | None, typer.Option("--contact", metavar="EMAIL", help="Why (not) written to.")] = None,
    plot: Plot = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say what became of a date's demand, or why a mailbox has this many messages, or why a contact is (not) written to."""
    from outreach_pipeline.workflows.explain import explain_day, explain_mailbox
    from outreach_pipeline.workflows.explain_contact import explain_contact

    _check_subject(tenant, mailbox, contact, plot)
    moment = business_time(now)
    with opened() as installation:
        chosen = installation.tenants(tenant)
        day = local_date(date, chosen, now=moment)
        if mailbox is not None:
            found = explain_mailbox(installation, chosen[0], mailbox.lower(), day, now=moment)
        elif contact is not None:
            found = explain_contact(installation, chosen[0], contact.lower(), day, now=moment)
        else:
            found = explain_day(installation, chosen, day)
    if "sentences" not in found:
        show_day(found, plot, as_json=as_json)
        _note_unplanned(found, chosen, day, now=moment)
    elif as_json:
        show(found, as_json=True)
    else:
        for sentence in found["sentences"]:
            typer.echo(sentence)


def _check_subject(tenant: str | None, mailbox: str | None, contact: str | None, plot: Path | None) -> None:
    is_of_one = mailbox is not None or contact is not None
    if mailbox is not None and contact is not None:
        raise UsageError("Say of what: --mailbox M or --contact EMAIL, or neither for the whole date.")
    if tenant is None and is_of_one:
        raise UsageError("Say whose it is: add --tenant T.")
    if plot is not None and is_of_one:
        raise UsageError("--plot draws the whole date: leave out --mailbox and --contact.")


def _note_unplanned(found: Mapping[str, Any], tenants: Sequence[Tenant], day: dt.date, *, now: dt.datetime) -> None:
    from outreach_pipeline.core.plan.calendar import local_date as local_date_at
    from outreach_pipeline.workflows.explain import not_planned

    unplanned = {row["tenant"] for row in found["tenants"] if row["mode"] is None}
    for each in tenants:
        if each.slug in unplanned:
            note(not_planned(each, day, today=local_date_at(each.time_zone, now)))


def backtest(
    tenant: TenantSlug,
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="YAML: fields of the policy that change.")],
    first: Annotated[str, typer.Option("--from", metavar="D", help="The first date.")],
    last: Annotated[str, typer.Option("--to", metavar="D", help="The last date.")],
    as_json: Json = False,
) -> None:
    """Plan past days again with another policy, each from its kept inputs, and show the difference; writes nothing."""
    from outreach_pipeline.core.plan.backtest import read_policy_changes
    from outreach_pipeline.workflows.replay import backtest_policy

    start, end = local_date(first, option="--from"), local_date(last, option="--to")
    try:
        changes = read_policy_changes(policy.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{policy} cannot be read: {error}.") from error
    except ConfigurationError as error:
        raise ConfigurationError(*(f"{policy}: {problem}" for problem in error.problems)) from error
    with opened() as installation:
        try:
            result = backtest_policy(installation, tenant_of(installation, tenant), changes, first=start, last=end)
        except ConfigurationError as error:
            raise ConfigurationError(*(f"{policy}: {problem}" for problem in error.problems)) from error

    def rows(differences: Sequence[Any]) -> list[dict[str, Any]]:
        return [{**plain(each), "change": each.change} for each in differences[:MOST_ROWS]]

    days = [
        {
            "date": day.plan_date,
            "before": day.comparison.planned.before if day.comparison else None,
            "after": day.comparison.planned.after if day.comparison else None,
            "change": day.comparison.planned.change if day.comparison else None,
            "moved": day.comparison.moved if day.comparison else None,
            "could_be_more": day.comparison.is_lower_bound if day.comparison else None,
            "plan_used": f"{day.planned_at:%Y-%m-%d %H:%M %Z}, of {day.plans}" if day.planned_at else None,
        }
        for day in result.days
    ]
    counts = {"before": result.planned.before, "after": result.planned.after, "change": result.planned.change}
    whole = {"date": "all", **counts, "moved": "", "could_be_more": "", "plan_used": ""}
    show(result, as_json=as_json, tables={
        f"Messages planned by {tenant}": [*days, whole],
        "By campaign": rows(result.campaigns),
        "By mailbox": rows(result.mailboxes),
        "By site": rows(result.sites),
        "Not planned, by reason": rows(result.reasons),
    })  # fmt: skip
    if result.without_effect:
        note(
            f"Without effect: {', '.join(result.without_effect)}. What they decide had been decided when the days' inputs were "
            "kept, or comes after planning; set them and look at the days to come."
        )
    if any(day.comparison and day.comparison.is_lower_bound for day in result.days):
        note("On some days the policy could have planned more contacts than were kept with the day's inputs.")


def forecast(
    tenant: TenantSlug,
    days: Annotated[int, typer.Option("--days", help="How many days, today the first.")] = 30,
    contacts_per_month: Annotated[
        int | None,
        typer.Option(
            "--contacts-per-month", metavar="N", help="Say how many mailboxes a contract of N new contacts needs."
        ),
    ] = None,
    plot: Plot = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say how many contacts will be reached by when, and how many mailboxes a contract needs; writes nothing."""
    from outreach_pipeline.workflows.forecast import forecast_tenant

    moment = business_time(now)
    with opened() as installation:
        result = forecast_tenant(
            installation, tenant_of(installation, tenant), days=days, contacts_per_month=contacts_per_month, now=moment
        )
    expected = result.forecast
    if plot is not None:
        from outreach_pipeline.core.plan.pictures import draw_forecast

        save(draw_forecast(expected, title=f"{tenant}, {days} days from {expected.days[0].date} on"), plot)
    tables: dict[str, list[dict[str, Any]]] = {
        f"Expected of {tenant}": [
            {
                "date": f"{day.date:%a %Y-%m-%d}",
                "capacity": day.capacity,
                "follow_ups": round(day.follow_ups),
                "new": round(day.new),
                "contacts_reached": round(day.reached),
            }
            for day in expected.days
        ],
        "By campaign": [
            {
                "campaign": each.slug,
                "active": each.is_active,
                "reached": round(each.reached),
                "still_waiting": round(each.waiting),
                "cannot_be_written_to": each.blocked,
                "all_reached_on": each.all_reached_on
                or (f"after {expected.days[-1].date}" if each.reached + each.waiting else "nobody is left"),
                "sequences_ended_by_step": ", ".join(f"{ratio:.1%}" for ratio in each.drop_outs),
            }
            for each in expected.campaigns
        ],
    }
    document = plain(result)
    if expected.shared_accounts:
        tables["Provider accounts that other tenants send from too"] = [
            {
                "account": each.name,
                "messages_per_day": each.messages_per_day,
                "other_mailboxes": each.other_mailboxes,
                "others_per_day": each.others_per_day,
                "explanation": each.explanation,
            }
            for each in expected.shared_accounts
        ]
    if need := result.need:
        document["need"]["missing"] = need.missing
        tables[f"A contract of {need.contacts_per_month} new contacts in 30 days"] = [
            {"name": name, "value": value} for name, value in document["need"].items()
        ]
    show(document, as_json=as_json, tables=tables)
    if need is not None and need.mailboxes is None:
        why = (
            f"the tenant's own cap allows {need.most_contacts}"
            if need.most_contacts is not None
            else "a mailbox sends nothing"
        )
        note(f"No number of mailboxes reaches {need.contacts_per_month} contacts in 30 days: {why}.")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PermanentError(f"{path} cannot be written: {error.strerror or error}.") from error
