"""A person's correction of what a mail was taken for: what the wrong class did is undone, and the right one carried out.

An opt-out is never undone: neither its suppression nor the end of the sequences that it ended. One that was in doubt is decided
here: it becomes final, or is lifted. Belongs here: the order of
these steps. Does not: what follows from a mail (core.receive.effects, workflows.inbound_effects).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.addresses import folded
from outreach_pipeline.core.errors import NotAllowedError, UsageError
from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import (
    AutoReplyKind,
    BounceClass,
    Classification,
    FailedRecipient,
    Intent,
    MailKind,
)
from outreach_pipeline.workflows.inbound_effects import InboundRow, bounce_facts, carry_out, follows, tie
from outreach_pipeline.workflows.inbox import InboundMail, find_mail, mail_of
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.notify import resolve_alert

_KEPT = {"bounce": ".", "unclear_stop": ": another mail may be a wish to stop."}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail really is.

    ``intent`` goes with a reply, ``auto_reply`` and ``return_date`` with an auto-reply, ``bounce_class`` with a bounce; None:
    what the rules found, or other; of an auto-reply with a return date out of office.
    """

    kind: MailKind
    intent: Intent | None = None
    auto_reply: AutoReplyKind | None = None
    return_date: date | None = None
    bounce_class: BounceClass | None = None

    def __post_init__(self) -> None:
        fits = {
            MailKind.REPLY: {"intent"},
            MailKind.AUTO_REPLY: {"auto_reply", "return_date"},
            MailKind.BOUNCE: {"bounce_class"},
        }.get(self.kind, set())
        given = {
            name for name in ("intent", "auto_reply", "return_date", "bounce_class") if getattr(self, name) is not None
        }
        if wrong := given - fits:
            raise UsageError(f"{', '.join(sorted(wrong))} says nothing of mail of kind {self.kind}.")
        if self.return_date is not None and self.auto_reply not in {None, AutoReplyKind.OUT_OF_OFFICE}:
            raise UsageError(
                f"--return-date is of who is out of office, not of {self.auto_reply}: leave it out, or give --auto-reply out_of_office."
            )


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction did.

    Attributes:
        kind: what the mail is now; intent of a reply.
        was_kind: what it was taken for; was_intent likewise.
        events_retracted: events that count no more.
        lifted: addresses whose suppression by a bounce or by a doubtful wish to stop is gone.
        reopened: sequences that go on, those that the right class ends again included.
        suppressed: addresses that are suppressed by the right class and were not.
        kept: why an address stays suppressed, in a sentence each.
    """

    id: int
    kind: str
    intent: str | None
    was_kind: str | None
    was_intent: str | None
    events_retracted: int
    lifted: list[str]
    reopened: int
    suppressed: int
    kept: list[str]


def reclassify(
    installation: Installation, tenant: Tenant | None, mail_id: int, verdict: Verdict, *, author: str, now: datetime
) -> Correction:
    """Correct a mail's class, in one transaction.

    Args:
        installation: where.
        tenant: whose mail it is; None: found by its number.
        mail_id: the mail.
        verdict: what it is.
        author: who says so.
        now: business time.

    Raises:
        UsageError: there is no such mail, it may be a wish to stop and the verdict does not say whether it is, the return date is
            past, or nothing says which machine wrote it.
        NotAllowedError: it has not been processed yet.
    """
    owner, found = find_mail(installation, tenant, mail_id)
    is_in_doubt = found.intent == Intent.STOP and not found.intent_is_sure
    if is_in_doubt and verdict.kind is MailKind.REPLY and verdict.intent is None:
        raise UsageError(
            f"Mail {mail_id} may be a wish to stop: --intent stop makes that final, any other --intent lifts it."
        )
    if verdict.return_date is not None and verdict.return_date < now.date():
        raise UsageError(
            f"--return-date {verdict.return_date} is past: give the first day back, {now.date()} or later, or leave it out."
        )
    raw = installation.blobs.get(owner.id, found.sha256)
    corrected = _corrected(classify(raw, received_at=found.received_at), verdict, found)
    with installation.database.tenant(owner.id) as transaction:
        transaction.value("inbox/hold", id=mail_id)
        mail = mail_of(transaction, mail_id)
        if mail is None or mail.state == "new":
            raise NotAllowedError(f"Mail {mail_id} waits to be processed: `outreach process` does it.")
        retracted, lifted, reopened = _undo(transaction, mail, author=author, now=now)
        stay = {row["value"] for row in _suppressed(transaction, mail)}
        row = InboundRow(
            mail.id, mail.mailbox_id, mail.sha256, mail.received_at, mail.from_address, mail.mailbox_address
        )
        tied = tie(transaction, row, corrected, message_row_id=mail.message_id)
        # A person who says of which class a bounce is stands above the proof that its author is alive.
        effects = follows(corrected, tied, replace(row, from_address="") if verdict.bounce_class else row)
        # Of what is answered or done already nobody has to be told.
        effects = replace(effects, is_good_news=effects.is_good_news and mail.done_at is None)
        suppressed = carry_out(
            transaction,
            row,
            effects,
            tied,
            now=now,
            origin="person",
            origin_id=f"{mail_id}/{mail.correction_count + 1}",
        )
        _note(transaction, mail, corrected, tied, bounce=bounce_facts(corrected, effects), author=author, now=now)
        kept = [_told_as_kept(each) for each in _suppressed(transaction, mail) if each["value"] in stay]
    return Correction(
        id=mail_id,
        kind=str(corrected.kind),
        intent=str(corrected.intent) if corrected.intent else None,
        was_kind=mail.kind,
        was_intent=mail.intent,
        events_retracted=retracted,
        lifted=lifted,
        reopened=reopened,
        suppressed=suppressed,
        kept=kept,
    )


def _corrected(mail: Classification, verdict: Verdict, found: InboundMail) -> Classification:
    """Return a classification as the person says, with what the rules read of it where that still fits."""
    same_kind = mail.kind is verdict.kind
    kind = verdict.kind
    recipients = mail.recipients if kind in {MailKind.BOUNCE, MailKind.COMPLAINT} and same_kind else ()
    if kind is MailKind.BOUNCE and (verdict.bounce_class or not recipients):
        bounce_class = verdict.bounce_class or BounceClass.SOFT
        address = found.contact_address or (recipients[0].recipient if recipients else "")
        is_hard = bounce_class is BounceClass.HARD
        # What the server said stays what it said, whatever follows from it.
        heard = (
            recipients[0] if recipients else FailedRecipient(address, None, None, "", None, "undefined", False, False)
        )
        recipients = (
            replace(
                heard,
                recipient=address,
                original_recipient=None,
                bounce_class=bounce_class,
                hard=is_hard,
                permanent=True,
            ),
        )
    machine = _machine(mail, verdict, found) if kind is MailKind.AUTO_REPLY else None
    return replace(
        mail,
        kind=kind,
        recipients=recipients,
        # A person's word stands above what a report says of its delivery.
        reached=() if verdict.bounce_class else mail.reached,
        intent=(verdict.intent or (mail.intent if same_kind else None) or Intent.OTHER)
        if kind is MailKind.REPLY
        else None,
        intent_is_sure=kind is MailKind.REPLY,
        auto_reply=machine,
        return_date=verdict.return_date or mail.return_date if machine is AutoReplyKind.OUT_OF_OFFICE else None,
        is_personal=False,
        problem="",
    )


def _machine(mail: Classification, verdict: Verdict, found: InboundMail) -> AutoReplyKind:
    """Which machine wrote a mail: who has a day of return is out of office."""
    if verdict.auto_reply is not None:
        return verdict.auto_reply
    if verdict.return_date is not None:
        return AutoReplyKind.OUT_OF_OFFICE
    if mail.auto_reply is None:
        raise UsageError(
            f"Which machine wrote mail {found.id}? Give --auto-reply ({', '.join(AutoReplyKind)}), or --return-date for out_of_office."
        )
    return mail.auto_reply


def _undo(transaction: Transaction, mail: InboundMail, *, author: str, now: datetime) -> tuple[int, list[str], int]:
    """Take back what the mail did, but opt-outs; returns events retracted, addresses lifted, sequences that go on."""
    origin = f"mail {mail.id}"
    # The same locks in the same order as who suppresses: what begins meanwhile, and another opt-out, come before or after.
    for address in sorted(
        {mail.contact_address, mail.from_address.lower()} - {""}, key=lambda each: (folded(each), each)
    ):
        transaction.run("receive/suppression_lock", value=address)
    retracted = transaction.run("inbox/retract_events", id=mail.id, author=author, now=now)
    lifted = transaction.values("inbox/lift_bounces", origin=origin)
    lifted += transaction.values("inbox/lift_unclear_stops", id=mail.id, origin=origin)
    reopened = transaction.run("inbox/reopen", origin=origin)
    if mail.contact_id is not None:
        transaction.run("inbox/contact_again", contact_id=mail.contact_id)
    resolve_alert(transaction, cause_key=f"reply/{mail.id}", now=now)
    return retracted, lifted, reopened


def _note(
    transaction: Transaction,
    mail: InboundMail,
    corrected: Classification,
    tied: dict[str, Any] | None,
    *,
    bounce: dict[str, Any] | None,
    author: str,
    now: datetime,
) -> None:
    first = corrected.recipients[0] if corrected.recipients and corrected.kind is MailKind.BOUNCE else None
    correction = {
        "by": author,
        "at": now.isoformat(),
        "was_kind": mail.kind,
        "was_intent": mail.intent,
        "kind": str(corrected.kind),
        "intent": str(corrected.intent) if corrected.intent else None,
    }
    transaction.run(
        "inbox/correct",
        id=mail.id,
        kind=str(corrected.kind),
        bounce_class=str(first.bounce_class) if first and first.bounce_class else None,
        reason=first.reason if first else None,
        intent=str(corrected.intent) if corrected.intent else None,
        return_date=corrected.return_date,
        message_id=tied["id"] if tied else None,
        tied_by=tied["tied_by"] if tied else None,
        correction=correction,
        bounce=bounce,
        now=now,
    )


def _suppressed(transaction: Transaction, mail: InboundMail) -> list[dict[str, Any]]:
    """Which addresses of a mail are suppressed, as inbox/suppressed gives them."""
    addresses = [each for each in (mail.contact_address, mail.from_address) if each]
    return transaction.rows("inbox/suppressed", addresses=addresses)


def _told_as_kept(row: dict[str, Any]) -> str:
    why = _KEPT.get(row["reason"], ": an opt-out is final.")
    return f"{row['value']} stays suppressed ({row['reason']}){why}"
