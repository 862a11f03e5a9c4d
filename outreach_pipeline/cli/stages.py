"""The stages by hand: ``send``, ``sync``, ``process``, ``weights``, ``docs``, ``classify``, ``preview``, ``test-send``.

Belongs here: these commands. Does not: what a stage does (workflows); what has to do with plans (cli.planning).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach_pipeline.cli.context import (
    AnyTenantSlug,
    Json,
    Now,
    TenantSlug,
    business_time,
    opened,
    tenant_of,
)
from outreach_pipeline.cli.output import note, plain, show
from outreach_pipeline.core.errors import ConfigurationError, PermanentError, UsageError

CampaignSlug = Annotated[str, typer.Option("--campaign", metavar="C", help="The campaign's slug.")]
StepNumber = Annotated[int, typer.Option("--step", min=1, help="The step's number.")]
Variant = Annotated[str, typer.Option("--variant", help="The step's variant.")]
ContactAddress = Annotated[str, typer.Option("--contact", metavar="EMAIL", help="The contact that it is rendered for.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (send, sync, process, weights, docs, classify, preview):
        app.command()(command)
    app.command("test-send")(send_to_self)


def send(
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Until nothing is due.")] = False,
    for_seconds: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", min=0, help="So long at most.")
    ] = None,
    tenant: AnyTenantSlug = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Send what is due in this process; Ctrl-C finishes what has begun."""
    from outreach_pipeline.workflows.send_email import send_until

    if not until_idle and for_seconds is None:
        raise UsageError("Say how long: --until-idle or --for SECONDS.")
    moment = business_time(now) if now else None
    with opened() as installation:
        tenants = [tenant_of(installation, tenant)] if tenant else None
        stop = _told_to_stop()
        outcome = send_until(
            installation,
            lane=None,
            tenants=tenants,
            now=moment,
            for_seconds=for_seconds,
            until_idle=until_idle,
            stop=stop,
        )
    show(outcome.as_metadata(), as_json=as_json)


def sync(
    tenant: AnyTenantSlug = None,
    for_seconds: Annotated[
        float | None,
        typer.Option(
            "--for", metavar="SECONDS", min=0, help="Again and again, over kept connections; without it once."
        ),
    ] = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Read what is new in the mailboxes; exits 1 if one could not be read."""
    from outreach_pipeline.workflows.imap_sync import sync_mailboxes, sync_until

    if for_seconds is not None and now is not None:
        raise UsageError("--now belongs to one reading: leave --for out.")
    moment = business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        if for_seconds is None:
            outcome = sync_mailboxes(installation, now=moment, tenant=chosen)
        else:
            outcome = sync_until(
                installation, for_seconds=for_seconds, tenant=chosen, by_hand=True, stop=_told_to_stop()
            )
    show(outcome, as_json=as_json)
    if outcome.failures:
        raise typer.Exit(1)


def process(tenant: AnyTenantSlug = None, now: Now = None, as_json: Json = False) -> None:
    """Classify what was read, take in webhooks, and do what follows from them."""
    from outreach_pipeline.workflows.bounce_process import process_inbound
    from outreach_pipeline.workflows.webhook_ingest import ingest_webhooks

    moment = business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant) if tenant else None
        mails = process_inbound(installation, now=moment, tenant=chosen)
        webhooks = ingest_webhooks(installation, now=moment, tenant=chosen)
    show({"mail": mails, "webhooks": webhooks}, as_json=as_json, tables={
        title: [{"count of": name, "value": value} for name, value in plain(outcome).items()]
        for title, outcome in (("Mail", mails), ("Webhooks", webhooks))
    })  # fmt: skip


def weights(now: Now = None, as_json: Json = False) -> None:
    """Build the marts, make new rotation weights of them, and move mailboxes between their lifecycle's states."""
    from outreach_pipeline.workflows.build_marts import run_dbt
    from outreach_pipeline.workflows.move_lifecycles import move_lifecycles
    from outreach_pipeline.workflows.refresh_weights import refresh_weights
    from outreach_pipeline.workflows.role_urls import role_url

    moment = business_time(now)
    with opened() as installation:
        built = run_dbt(installation.settings, role_url(installation, "transform"), now=moment)
        if not built.succeeded:
            raise PermanentError(
                "\n".join(["dbt did not build all marts; the weights stay as they were.", *built.failures])
            )
        outcome = refresh_weights(installation, now=moment)
        moved = move_lifecycles(installation, now=moment)
    show({"dbt": built, **plain(outcome), "lifecycle_moves": plain(moved)}, as_json=as_json, tables={
        "Weights": [
            {"tenant": each.tenant, "mailboxes": each.mailboxes, "rows": each.rows, "changed": each.changed}
            for each in outcome.tenants
        ],
        "Biggest moves": [
            {"tenant": each.tenant, "address": move.address, "before": round(move.before, 3), "after": round(move.after, 3)}
            for each in outcome.tenants for move in each.moves
        ],
        "Mailboxes moved": plain(moved),
    })  # fmt: skip


def docs(as_json: Json = False) -> None:
    """Build the dbt docs site, which the gateway serves under /dbt-docs/."""
    from outreach_pipeline.workflows.build_marts import build_docs
    from outreach_pipeline.workflows.role_urls import role_url

    with opened() as installation:
        folder = build_docs(installation.settings, role_url(installation, "transform"))
    show({"folder": str(folder)}, as_json=as_json)


def classify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Raw mails; of a folder, every file in it.")],
    received_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When they came in; without it, the time in their Date header.")
    ] = None,
    _as_json: Annotated[
        bool, typer.Option("--json", help="Changes nothing: JSON lines are all that it prints.")
    ] = False,
) -> None:
    """Say what incoming mails are: one JSON line a file; exits 1 after the last if nothing could be read of one."""
    from pydantic_core import to_json

    from outreach_pipeline.core.receive.classify import classify as classify_mail
    from outreach_pipeline.core.receive.prediction import as_prediction

    given = business_time(received_at, option="--received-at") if received_at is not None else None
    unreadable = 0
    paths = list(_mails(files))
    if not paths:
        raise UsageError(f"There is no file in {', '.join(map(str, files))}: name mails, or a folder that holds some.")
    for path in paths:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from error
        mail = classify_mail(raw, received_at=given or dated(raw))
        typer.echo(to_json(as_prediction(str(path), mail)).decode())
        if mail.problem:
            note(f"{path}: nothing of this mail can be read: {mail.problem}.")
            unreadable += 1
    if unreadable:
        raise typer.Exit(1)


def preview(
    tenant: TenantSlug,
    campaign: CampaignSlug,
    step: StepNumber,
    contact: ContactAddress,
    variant: Variant = "a",
    as_json: Json = False,
) -> None:
    """Show a step as a contact would get it."""
    from outreach_pipeline.workflows.preview import preview_step

    with opened() as installation:
        rendered = preview_step(
            installation,
            tenant_of(installation, tenant),
            campaign=campaign,
            step=step,
            variant=variant,
            contact=contact.lower(),
        )
    show(rendered, as_json=as_json)


def send_to_self(
    tenant: TenantSlug,
    campaign: CampaignSlug,
    step: StepNumber,
    contact: ContactAddress,
    mailbox: Annotated[str, typer.Option("--mailbox", metavar="M", help="The mailbox that sends it.")],
    to: Annotated[str, typer.Option("--to", metavar="EMAIL", help="Your own address.")],
    variant: Variant = "a",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Send a step, rendered for a contact, to your own address; it counts in no statistics. Ctrl-C ends it within ten seconds."""
    from outreach_pipeline.workflows.preview import send_test

    moment = business_time(now)
    with opened() as installation:
        chosen = tenant_of(installation, tenant)
        stop = _told_to_stop()
        outcome = send_test(
            installation, chosen, campaign=campaign, step=step, variant=variant,
            contact=contact.lower(), mailbox=mailbox.lower(), to=to, now=moment, stop=stop,
        )  # fmt: skip
    show(outcome, as_json=as_json)
    if outcome["state"] != "sent":
        raise typer.Exit(1)


def _told_to_stop() -> threading.Event:
    """Return what Ctrl-C and SIGTERM set from now on, instead of ending the process."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _mails(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path


def dated(raw: bytes) -> datetime:
    """Return when a mail was written, by its Date header; the epoch if it has none, so that the same file gives the same."""
    from email.parser import BytesHeaderParser
    from email.utils import parsedate_to_datetime

    header: Any = BytesHeaderParser().parsebytes(raw[:65_536]).get("Date")
    try:
        moment = parsedate_to_datetime(str(header))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)
