"""The inbox for people: ``inbox``, ``thread``, ``reply``, ``assign``, ``snooze``, ``done``, ``reclassify``.

Belongs here: these commands. Does not: what they do (workflows.inbox, workflows.send_reply, workflows.reclassify).
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Annotated

import typer

from outreach_pipeline.cli.context import AnyTenantSlug, Json, Now, author, business_time, opened, tenant_of
from outreach_pipeline.cli.output import note, plain, show
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.receive.model import AutoReplyKind, BounceClass, Intent, MailKind

MailId = Annotated[int, typer.Argument(metavar="ID", help="The mail's number, as in `outreach inbox`.")]
_FIRST_WORDS = 40
_LISTED = (
    "tenant",
    "id",
    "received_at",
    "intent",
    "from_address",
    "contact",
    "mailbox",
    "subject",
    "text",
    "answer",
    "assignee",
)
_LISTED_OF_BOUNCES = (
    "tenant",
    "id",
    "received_at",
    "bounce_class",
    "reason",
    "status",
    "is_hard",
    "is_permanent",
    "is_unproven",
    "recipients",
    "contact",
    "mailbox",
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (inbox, thread, reply, assign, snooze, done, reclassify):
        app.command()(command)


def inbox(
    tenant: AnyTenantSlug = None,
    intent: Annotated[
        str | None, typer.Option("--intent", metavar="INTENT", help=f"Only replies that mean: {', '.join(Intent)}.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help=f"Other mail than replies: {', '.join(MailKind)}; may be repeated."
        ),
    ] = None,
    assignee: Annotated[
        str | None, typer.Option("--assignee", metavar="NAME", help="Only what is this person's.")
    ] = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Only replies of whose intent nobody is sure.")] = False,
    with_done: Annotated[bool, typer.Option("--all", help="Also what is done or snoozed.")] = False,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the list into a CSV file.")
    ] = None,
    to_eml: Annotated[
        Path | None, typer.Option("--eml", metavar="FOLDER", help="Write the mails themselves into a folder.")
    ] = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """List the replies that wait for somebody, the latest first; a question mark stands behind an unsure intent."""
    from outreach_pipeline.workflows.inbox import export_csv, export_eml, list_inbox

    moment = business_time(now)
    with opened() as installation:
        rows = list_inbox(
            installation, tenant_of(installation, tenant) if tenant else None, now=moment, kinds=kind or [MailKind.REPLY],
            intent=intent, assignee=assignee, only_unsure=unsure, with_done=with_done,
        )  # fmt: skip
        if to_csv is not None:
            note(f"{export_csv(rows, to_csv)} rows are in {to_csv}.")
        if to_eml is not None:
            note(
                f"{len(export_eml(installation, ((each.tenant, each.id) for each in rows), to_eml))} mails are in {to_eml}."
            )
    shown = [
        {
            **plain(each),
            "intent": f"{each.intent or each.kind}{'' if each.is_sure or not each.intent else '?'}",
            "contact": ", ".join(filter(None, (each.contact, each.company))),
            "text": shorten(each.text, width=_FIRST_WORDS, placeholder=" …"),
        }
        for each in rows
    ]
    bounces = [each for each in shown if each["kind"] == MailKind.BOUNCE]
    others = [each for each in shown if each["kind"] != MailKind.BOUNCE]
    tables = {"Inbox": [{name: each[name] for name in _LISTED} for each in others]} if others or not bounces else {}
    if bounces:
        tables["Bounces"] = [{name: each[name] for name in _LISTED_OF_BOUNCES} for each in bounces]
    show({"mails": rows}, as_json=as_json, tables=tables)


def thread(
    mail: MailId,
    tenant: AnyTenantSlug = None,
    to_eml: Annotated[
        Path | None, typer.Option("--eml", metavar="FOLDER", help="Write what came in into a folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a mail with all that went to its contact and came from it."""
    from outreach_pipeline.workflows.inbox import export_eml, read_thread

    with opened() as installation:
        found = read_thread(installation, tenant_of(installation, tenant) if tenant else None, mail)
        if to_eml is not None:
            came = ((found.tenant, each.id) for each in found.items if each.direction == "in")
            note(f"{len(export_eml(installation, came, to_eml))} mails are in {to_eml}.")
    one = found.mail
    bounce = one.classified.get("bounce") or {}
    of_bounce = (
        ("class", one.bounce_class), ("status", one.status), ("reason", one.reason), ("hard", bounce.get("hard")),
        ("permanent", bounce.get("permanent")),
        ("unproven", f"yes: `outreach reclassify {one.id} --kind bounce --bounce-class hard` confirms it" if bounce.get("unproven") else "no"),
        ("recipients", bounce.get("recipients")),
    ) if one.kind == MailKind.BOUNCE else ()  # fmt: skip
    show(found, as_json=as_json, tables={
        f"Mail {one.id} of {found.tenant}": [
            {"name": name, "value": value} for name, value in (
                ("contact", one.contact_name), ("address", one.contact_address or one.from_address),
                ("mailbox", one.mailbox_address), ("kind", one.kind), ("intent", one.intent),
                ("is sure", one.intent_is_sure), ("voices", one.classified.get("voices")), ("assignee", one.assignee),
                ("snoozed until", one.snoozed_until), ("done at", one.done_at), *of_bounce,
            )
        ],
        "Thread": [
            {
                "": "<-" if each.direction == "in" else "->", "at": each.at, "id": each.id, "kind": each.kind,
                "step": each.step, "state": each.state, "address": each.address, "subject": each.subject, "text": each.text,
            }
            for each in found.items
        ],
    })  # fmt: skip


def reply(
    mail: MailId,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="The answer; without it, see --file.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="A text file in UTF-8 that holds it; - for stdin.")
    ] = None,
    subject: Annotated[str | None, typer.Option("--subject", help="Instead of the thread's.")] = None,
    tenant: AnyTenantSlug = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Answer a mail from the mailbox of its thread; exits 1 if the answer will not go out. The same words go once."""
    from outreach_pipeline.workflows.send_reply import send_reply

    if (text is None) == (file is None):
        raise UsageError("Say what to answer: --text TEXT or --file FILE.")
    words = text if text is not None else _read(file)
    moment = business_time(now)
    with opened() as installation:
        outcome = send_reply(
            installation, tenant_of(installation, tenant) if tenant else None, mail, text=words or "", author=author(),
            now=moment, subject=subject,
        )  # fmt: skip
    show(outcome, as_json=as_json)
    if not outcome.will_go:
        raise typer.Exit(1)


def assign(
    mail: MailId,
    to: Annotated[
        str, typer.Option("--to", metavar="NAME", help="Whose it is, at most 100 characters; empty: nobody's.")
    ],
    tenant: AnyTenantSlug = None,
    as_json: Json = False,
) -> None:
    """Give a mail to a person."""
    from outreach_pipeline.workflows import inbox as work

    with opened() as installation:
        slug, found = work.assign(
            installation, tenant_of(installation, tenant) if tenant else None, mail, assignee=to.strip() or None
        )
    show({"tenant": slug, "id": found.id, "assignee": found.assignee}, as_json=as_json)


def snooze(
    mail: MailId,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="ISO 8601 with an offset; in the future.")],
    tenant: AnyTenantSlug = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Leave a mail out of the inbox until a time."""
    from outreach_pipeline.workflows import inbox as work

    moment: datetime = business_time(until, option="--until")
    if moment <= (present := business_time(now)):
        raise UsageError(f"--until {until!r} is past, it is {present:%Y-%m-%dT%H:%M:%SZ}: name a time to come.")
    with opened() as installation:
        slug, found = work.snooze(installation, tenant_of(installation, tenant) if tenant else None, mail, until=moment)
    show({"tenant": slug, "id": found.id, "snoozed_until": found.snoozed_until}, as_json=as_json)


def done(
    mail: MailId,
    undo: Annotated[bool, typer.Option("--undo", help="Put it back.")] = False,
    tenant: AnyTenantSlug = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Take a mail off the inbox; its alert is over."""
    from outreach_pipeline.workflows import inbox as work

    moment = business_time(now)
    with opened() as installation:
        slug, found = work.done(
            installation, tenant_of(installation, tenant) if tenant else None, mail, author=author(), now=moment,
            is_done=not undo,
        )  # fmt: skip
    show({"tenant": slug, "id": found.id, "done_at": found.done_at}, as_json=as_json)


def reclassify(
    mail: MailId,
    kind: Annotated[MailKind, typer.Option("--kind", help="What it is.")],
    intent: Annotated[
        Intent | None,
        typer.Option(
            "--intent", help="Of a reply: what the person wants; without it what the rules read, from now on sure."
        ),
    ] = None,
    machine: Annotated[
        AutoReplyKind | None, typer.Option("--auto-reply", help="Of an auto-reply: which machine wrote it.")
    ] = None,
    return_date: Annotated[
        datetime | None,
        typer.Option("--return-date", formats=["%Y-%m-%d"], help="Of an auto-reply: the first day back."),
    ] = None,
    bounce_class: Annotated[
        BounceClass | None, typer.Option("--bounce-class", help="Of a bounce: hard suppresses the address.")
    ] = None,
    tenant: AnyTenantSlug = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Correct what a mail was taken for: what that did is undone, but no opt-out, and the right class is acted on."""
    from outreach_pipeline.workflows.reclassify import Verdict
    from outreach_pipeline.workflows.reclassify import reclassify as correct

    verdict = Verdict(
        kind,
        intent=intent,
        auto_reply=machine,
        return_date=return_date.date() if return_date else None,
        bounce_class=bounce_class,
    )
    moment = business_time(now)
    with opened() as installation:
        correction = correct(
            installation,
            tenant_of(installation, tenant) if tenant else None,
            mail,
            verdict,
            author=author(),
            now=moment,
        )
    show(correction, as_json=as_json)


def _read(file: Path | None) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" or file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read as text in UTF-8: {error}.") from error
