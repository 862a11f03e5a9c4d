"""What follows from a classified mail: events, opt-outs, ends of sequences, dates of return.

Belongs here: the decisions, as data. Does not: carrying them out (workflows.bounce_process).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from outreach_pipeline.core.addresses import folded, parse_address
from outreach_pipeline.core.model import EventKind
from outreach_pipeline.core.receive.model import (
    OPT_OUT_TYPES,
    AutoReplyKind,
    BounceClass,
    Classification,
    FailedRecipient,
    Intent,
    MailKind,
)

MOST_DAYS_AWAY = 60
REPORTED_WITHIN = timedelta(days=5)
"""For so long servers try at most (RFC 5321 asks for four to five days), before they report what failed."""
SuppressionReason = Literal["bounce", "complaint", "stop", "unclear_stop"]


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that a mail answers, as far as effects need it.

    ``is_proven`` is False where no more than an address that anybody may name ties the mail to it.
    """

    message_id: int
    to_address: str
    contact_id: int | None
    stops_company_on_reply: bool
    out_of_office_days: int
    is_proven: bool = True


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be recorded; ``recipient`` is the address it is about, in lower case."""

    kind: EventKind
    recipient: str
    bounce_class: str | None = None
    reason: str | None = None
    status: str | None = None
    detail: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """All that follows from one mail.

    ``suppress`` maps an address to the reason for which nobody writes to it; ``stop_reason`` ends the contact's sequences,
    ``stops_company`` those of its whole company too; ``out_until`` is the first date on which the contact is back;
    ``is_unclear_stop`` says that a person has to decide whether it is a wish to stop, ``is_unproven`` whether the address is dead,
    as a report says that is not believed.
    """

    events: tuple[NewEvent, ...] = ()
    suppress: tuple[tuple[str, SuppressionReason], ...] = ()
    stop_reason: str | None = None
    stops_company: bool = False
    out_until: date | None = None
    has_left: bool = False
    proves_submission: bool = False
    is_good_news: bool = False
    is_unclear_stop: bool = False
    is_unproven: bool = False


def is_proven(mail: Classification, *, tied_by: str, sent_at: datetime | None, received_at: datetime) -> bool:
    """Whether a report is believed to be of a message: it names its id, or a mail system sent it in the days after it.

    Args:
        mail: the report.
        tied_by: how it was tied, as receive/tie gives it.
        sent_at: when the message went out, aware, UTC.
        received_at: when the report came.
    """
    if tied_by != "address":
        return True
    return mail.is_system_mail and sent_at is not None and received_at - sent_at <= REPORTED_WITHIN


def effects_of(mail: Classification, *, answered: Answered | None, from_address: str, received_at: datetime) -> Effects:
    """Decide what follows.

    Args:
        mail: what the mail is.
        answered: the message of ours that it answers, or None: then an opt-out still counts, a bounce does not.
        from_address: who wrote it, in lower case.
        received_at: aware, UTC.
    """
    if mail.kind is MailKind.BOUNCE:
        return _bounce(mail, answered, from_address)
    if mail.kind is MailKind.COMPLAINT:
        addresses = {each.recipient.lower() for each in mail.recipients if _may_be_suppressed(each.recipient)} | (
            {answered.to_address} if answered else set()
        )
        about = answered.to_address if answered else min(addresses, default="")
        # Some providers tell by a feedback report who has pressed "unsubscribe": no complaint.
        is_opt_out = mail.feedback_type in OPT_OUT_TYPES
        event = EventKind.UNSUBSCRIBE if is_opt_out else EventKind.COMPLAINT
        reason: SuppressionReason = "stop" if is_opt_out else "complaint"
        return Effects(
            events=(NewEvent(event, about, detail={"feedback_type": mail.feedback_type}),) if about else (),
            suppress=tuple((address, reason) for address in sorted(addresses)),
            stop_reason=reason,
            proves_submission=True,
        )
    if mail.kind is MailKind.AUTO_REPLY:
        return _auto_reply(mail, answered, from_address, received_at)
    if mail.kind is MailKind.REPLY:
        return _reply(mail, answered, from_address)
    return Effects()


def _bounce(mail: Classification, answered: Answered | None, from_address: str) -> Effects:
    if answered is None:
        # A bounce of a message that we did not send proves nothing about the address: forged senders earn such mail.
        return Effects()
    named = [each for each in mail.recipients if each.recipient]
    has_failed = any(_spelt(each.recipient) == answered.to_address for each in named)
    if not has_failed and answered.to_address in map(_spelt, mail.reached):
        # It came where it was to go; that it did not get on to another address is no bounce of this one.
        return Effects(proves_submission=True)
    ours = [each for each in named if _is_named(answered.to_address, each)]
    # Whoever writes is alive, that another address is dead says nothing of the one that was written to, and a report that
    # shows nothing of the message may be anybody's.
    may_be_dead = answered.is_proven and bool(ours) and folded(_spelt(from_address)) != folded(answered.to_address)
    events = tuple(
        NewEvent(
            EventKind.BOUNCED if each.permanent else EventKind.DEFERRED,
            answered.to_address,
            bounce_class=str(_class_of(each, may_be_dead=may_be_dead))
            if each.bounce_class and each.permanent
            else None,
            reason=each.reason,
            status=each.status,
            detail={"diagnostic": each.diagnostic[:500], "final_recipient": each.recipient},
        )
        for each in (ours or named)[:1]
    ) or (NewEvent(EventKind.BOUNCED, answered.to_address, bounce_class="soft", reason="undefined"),)
    is_final = any(event.kind is EventKind.BOUNCED for event in events)
    is_dead = is_final and may_be_dead and any(each.hard for each in ours)
    return Effects(
        events=events,
        suppress=((answered.to_address, "bounce"),) if is_dead else (),
        stop_reason="bounced" if is_final else None,
        proves_submission=True,
        is_unproven=is_final and not is_dead and any(each.hard for each in named),
    )


def _class_of(failed: FailedRecipient, *, may_be_dead: bool) -> BounceClass | None:
    return BounceClass.SOFT if failed.bounce_class is BounceClass.HARD and not may_be_dead else failed.bounce_class


def _is_named(address: str, failed: FailedRecipient) -> bool:
    """Whether a report speaks of an address; local systems name it by its local part alone."""
    names = {_spelt(name) for name in (failed.recipient, failed.original_recipient) if name}
    return address in names or address.rpartition("@")[0] in names


def _spelt(name: str) -> str:
    try:
        return parse_address(name).address
    except ValueError:
        return name.strip().lower()


def _auto_reply(mail: Classification, answered: Answered | None, from_address: str, received_at: datetime) -> Effects:
    wants_out = _wants_out(mail, answered, from_address)
    if answered is None:
        return Effects(suppress=wants_out, is_unclear_stop=bool(wants_out))
    has_left = mail.auto_reply is AutoReplyKind.LEFT_COMPANY
    out_until = None
    if mail.auto_reply is AutoReplyKind.OUT_OF_OFFICE:
        today = received_at.date()
        wanted = mail.return_date or today + timedelta(days=answered.out_of_office_days)
        out_until = min(max(wanted, today), today + timedelta(days=MOST_DAYS_AWAY))
    detail = {
        "auto_reply": str(mail.auto_reply) if mail.auto_reply else None,
        "return_date": mail.return_date.isoformat() if mail.return_date else None,
        "out_until": out_until.isoformat() if out_until else None,
        "from": from_address,
    }
    return Effects(
        events=(NewEvent(EventKind.AUTO_REPLY, answered.to_address, detail=detail),),
        suppress=wants_out,
        is_unclear_stop=bool(wants_out),
        stop_reason="left_company" if has_left else None,
        out_until=out_until,
        has_left=has_left,
        proves_submission=True,
    )


def _reply(mail: Classification, answered: Answered | None, from_address: str) -> Effects:
    wants_out = mail.intent is Intent.STOP and mail.intent_is_sure
    event = NewEvent(
        EventKind.REPLY,
        answered.to_address if answered else from_address,
        detail={
            "intent": str(mail.intent) if mail.intent else None,
            "is_sure": mail.intent_is_sure,
            "from": from_address,
        },
    )
    return Effects(
        events=(event,) if answered else (),
        suppress=_wants_out(mail, answered, from_address),
        stop_reason=("stop" if wants_out else "replied") if answered else None,
        stops_company=answered is not None and answered.stops_company_on_reply,
        proves_submission=True,
        is_good_news=mail.intent in {Intent.INTERESTED, Intent.MEETING},
        is_unclear_stop=mail.intent is Intent.STOP and not mail.intent_is_sure,
    )


def _wants_out(
    mail: Classification, answered: Answered | None, from_address: str
) -> tuple[tuple[str, SuppressionReason], ...]:
    """Both addresses of a wish to stop, whatever kind of mail holds it: for good if it is sure, else until a person decides."""
    if mail.intent is not Intent.STOP:
        return ()
    addresses = ({from_address} if _may_be_suppressed(from_address) else set()) | (
        {answered.to_address} if answered else set()
    )
    return tuple((address, "stop" if mail.intent_is_sure else "unclear_stop") for address in sorted(addresses))


def _may_be_suppressed(address: str) -> bool:
    # Headers hold what their writers like; a list of addresses takes only what can be one.
    local_part, _, domain = address.rpartition("@")
    return bool(local_part and domain) and address.isprintable() and " " not in address
