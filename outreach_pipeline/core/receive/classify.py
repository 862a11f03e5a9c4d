"""Decides what a received mail is: the one entrance to all the rules of this folder.

The order is part of the decision: complaints name themselves; half of all bounces carry the mark of an automatic answer, so
bounces come before those; what no machine wrote is a person's. Belongs here: that order. Does not: any rule
(``core.receive.rules``) or what the platform does about a mail (``workflows.bounce_process``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from outreach_pipeline.core.receive.auto_replies import auto_reply_of
from outreach_pipeline.core.receive.bounces import bounce_of, is_daemon, is_system_mail, passed_on
from outreach_pipeline.core.receive.feedback import (
    ABUSE,
    ProviderEvent,
    complaint_of,
    parse_feedback,
    parse_ses,
    returned_recipients,
)
from outreach_pipeline.core.receive.headers import parse_headers
from outreach_pipeline.core.receive.intents import Judgement, intent_of
from outreach_pipeline.core.receive.mail import Mail, open_mail, problem_of, returned_id
from outreach_pipeline.core.receive.model import (
    OPT_OUT_TYPES,
    AutoReplyKind,
    Classification,
    FailedRecipient,
    InboundHeaders,
    Intent,
    MailKind,
)
from outreach_pipeline.core.receive.opt_outs import asks_to_stop, is_stop, may_be_stop, offers_to_stop
from outreach_pipeline.core.receive.quotes import MAX_OWN_WORDS, OwnWords, own_words
from outreach_pipeline.core.receive.reasons import reason_of
from outreach_pipeline.core.receive.return_dates import return_date_of
from outreach_pipeline.core.receive.wishes_below import is_wish_alone, wish_below

__all__ = ["InboundHeaders", "classify", "parse_headers", "taken_for_answer"]

# What gateways put before a subject: "[EXTERNAL]", "*SPAM*", "{Spam?}", "EXTERN:".
_GATEWAY_MARKS = (
    r"\s*(?:(?:[\[{(*]{1,5}[^\]})*\n]{0,20}(?:ext|spam|junk|warn|caution)[^\]})*\n]{0,20}[\]})*]{1,5}"
    r"|ext(?:ern(?:al)?)?\s?:)\s*){0,4}"
)
_REPLY_SUBJECT = re.compile(
    rf"^{_GATEWAY_MARKS}(?:re|aw|antwort|antw|betreff|sv|vs|vá|odp|odpowiedź|r|rép\.?|rif|ref|res|ynt|atb|ang|απ|ответ|отв|відп|відповідь|回复|答复|返信)"
    r"\s?(?:\[\d+\]|\(\d+\))?\s?[:\uff1a]",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(rf"^{_GATEWAY_MARKS}(?:fwd?|wg|tr|rv|enc|doorst|pd|пересл)\s?[:\uff1a]", re.IGNORECASE)
_BULK_HEADERS = ("list-unsubscribe", "list-id", "feedback-id", "x-campaign", "x-csa-complaints", "list-post")
_MACHINES = re.compile(r"^(?:no-?_?reply|do-?_?not-?_?reply|newsletters?|notifications?|alerts?)\b", re.IGNORECASE)
_BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
_HOTMAIL_SUBJECT = re.compile(r"complaint about message from \d", re.IGNORECASE)


def classify(raw: bytes, *, received_at: datetime) -> Classification:
    """Say what a mail is and what it tells.

    Never raises, on any input; takes time linear in the mail's length and looks at no more than 8 MiB of it.

    Args:
        raw: the mail as the server gave it, headers and body.
        received_at: when it came, aware UTC; anchors return dates that name no year.
    """
    try:
        return _classify(raw, received_at)
    except Exception as error:  # noqa: BLE001  one mail that no parser likes must be kept and counted, not stop a run
        return _unreadable(type(error).__name__)


def _classify(raw: bytes, received_at: datetime) -> Classification:
    mail = open_mail(raw)
    answered = tuple(dict.fromkeys((*mail.inbound.in_reply_to, *reversed(mail.inbound.references))))
    return _complaint(mail, answered) or _bounce(mail, answered) or _answer(mail, answered, received_at)


def _unreadable(problem: str) -> Classification:
    return Classification(MailKind.OTHER, problem=problem, voices=(f"unreadable: {problem}",))


def _complaint(mail: Mail, answered: tuple[str, ...]) -> Classification | None:
    text = mail.notice
    fields = parse_feedback(mail.feedback, is_report=True) if mail.feedback else None
    if fields is None and "feedback-type:" in text[:65536].lower() and not answered:
        fields = parse_feedback(text)
    if fields is not None:
        found = complaint_of(fields, mail.returned)
        return _of_complaint(
            who=found.recipients,
            feedback_type=found.feedback_type,
            message_id=returned_id(mail, text),
            answered=answered,
            voice=found.voice,
            text=mail.own_text[:MAX_OWN_WORDS],
        )
    if _HOTMAIL_SUBJECT.search(mail.inbound.subject) and mail.returned:
        return _of_complaint(
            who=returned_recipients(mail.returned),
            feedback_type=ABUSE,
            message_id=returned_id(mail, ""),
            answered=answered,
            voice="complaint: Hotmail report",
        )
    event = parse_ses(text)
    return _of_event(event, answered) if event else None


def _of_complaint(
    *,
    who: tuple[str, ...],
    feedback_type: str,
    message_id: str | None,
    answered: tuple[str, ...],
    voice: str,
    text: str = "",
) -> Classification:
    is_opt_out = feedback_type in OPT_OUT_TYPES
    kind = MailKind.COMPLAINT if is_opt_out or feedback_type == ABUSE else MailKind.OTHER
    recipients = tuple(
        FailedRecipient(name, None, None, "", None, "feedback", hard=False, permanent=False)
        for name in (who if kind is MailKind.COMPLAINT else ())
    )
    return Classification(
        kind,
        recipients=recipients,
        intent=Intent.STOP if is_opt_out else None,
        intent_is_sure=is_opt_out,
        feedback_type=feedback_type,
        original_message_id=message_id,
        in_reply_to=answered,
        text=text if kind is MailKind.OTHER else "",
        voices=(f"{voice}: {feedback_type}",),
    )


def _of_event(event: ProviderEvent, answered: tuple[str, ...]) -> Classification | None:
    voice = f"provider event: Amazon SES {event.kind}"
    if event.kind == "complaint":
        who = tuple(name for name, _ in event.recipients)
        return _of_complaint(
            who=who,
            feedback_type=event.feedback_type or ABUSE,
            message_id=event.message_id,
            answered=answered,
            voice=voice,
        )
    if event.kind not in ("bounce", "delivery"):
        return None
    recipients = []
    for name, fields in event.recipients:
        diagnostic = fields.get("diagnosticCode", "")
        code = re.search(r"\b[245]\d\d\b", diagnostic)
        status = fields.get("status") or (
            found[0] if (found := re.search(r"\b[245]\.\d{1,2}\.\d{1,3}\b", diagnostic)) else None
        )
        reason = reason_of(code=int(code[0]) if code else None, enhanced_code=status, text=diagnostic)
        final = event.kind == "bounce" and fields.get("bounceType") != "Transient"
        recipients.append(
            FailedRecipient(
                name,
                None,
                status,
                diagnostic[:1000],
                reason.bounce_class,
                reason.name,
                hard=reason.hard and final,
                permanent=final,
            )
        )
    return Classification(
        MailKind.BOUNCE if event.kind == "bounce" else MailKind.OTHER,
        recipients=tuple(recipients),
        original_message_id=event.message_id,
        in_reply_to=answered,
        voices=(voice,),
    )


def _bounce(mail: Mail, answered: tuple[str, ...]) -> Classification | None:
    bounce = bounce_of(mail)
    source = mail
    if bounce is None:
        attached = passed_on(mail)
        bounce = bounce_of(attached) if attached else None
        source = attached or mail
    if bounce is None:
        return None
    return Classification(
        MailKind.BOUNCE if bounce.is_failure else MailKind.OTHER,
        recipients=bounce.recipients,
        original_message_id=returned_id(source, bounce.returned_text),
        in_reply_to=answered,
        reached=bounce.reached,
        voices=bounce.voices if source is mail else (*bounce.voices, "passed on as an attachment"),
        is_system_mail=is_system_mail(mail),
    )


def _answer(mail: Mail, answered: tuple[str, ...], received_at: datetime) -> Classification:
    if mail.parts[0].parameters.get("report-type", "").lower() == "disposition-notification":
        return Classification(MailKind.OTHER, in_reply_to=answered, voices=("read receipt",))
    own = own_words(mail.own_text)
    subject = mail.inbound.subject
    auto = auto_reply_of(
        headers=mail.headers, subject=subject, text=own.text, has_quote=own.has_quote, in_thread=bool(answered)
    )
    is_click = _is_click(own.text, subject)
    if auto is not None and not is_click and not auto.may_be_a_persons:
        back = None
        if auto.kind in (AutoReplyKind.OUT_OF_OFFICE, AutoReplyKind.OTHER):
            back = return_date_of(
                own.text,
                received_at=received_at,
                subject=subject,
                utc_offset_hours=_offset_hours(mail.header("date")),
            )
        return Classification(
            MailKind.AUTO_REPLY,
            # Who names the day of a return is away, in whatever words.
            auto_reply=AutoReplyKind.OUT_OF_OFFICE if back else auto.kind,
            return_date=back,
            # Whoever answers by a machine may have written a wish of their own into it: it is heard, and a person decides.
            intent=Intent.STOP if asks_to_stop(own.text, for_anybody=True) or is_wish_alone(own.text) else None,
            text=own.text,
            in_reply_to=answered,
            voices=(auto.voice,),
        )
    voice = auto.voice if auto and not is_click else _person_voice(mail, answered, own)
    if voice is None:
        if problem := problem_of(mail):
            return _unreadable(problem)
        return Classification(
            MailKind.OTHER,
            text=own.text,
            voices=("no sign of an answer",),
            is_personal=not (_is_machine(mail) or offers_to_stop(own.text)),
        )
    judged = intent_of(text=own.text, subject=subject)
    wish = wish_below(above=own.text, below=own.unmarked) if judged.intent is Intent.OTHER else None
    if wish:
        judged = Judgement(Intent.STOP, False, f"perhaps stop: {wish[:60]!r} in what is quoted")
    return Classification(
        MailKind.REPLY,
        intent=judged.intent,
        intent_is_sure=judged.is_sure and (auto is None or is_click),
        # Whoever has to decide needs to see it.
        text=f"{own.text}\n{wish}".strip() if wish else own.text,
        in_reply_to=answered,
        voices=(voice, judged.voice),
    )


def taken_for_answer(mail: Classification, *, subject: str) -> Classification:
    """What a personal mail is once it is known that its writer was written to: an answer, of whose intent nobody is sure.

    Args:
        mail: of kind other and ``is_personal``.
        subject: its subject, decoded.
    """
    judged = intent_of(text=mail.text, subject=subject)
    return replace(
        mail,
        kind=MailKind.REPLY,
        intent=judged.intent,
        intent_is_sure=False,
        voices=("reply: from an address that was written to", judged.voice),
        is_personal=False,
    )


def _is_click(text: str, subject: str) -> bool:
    """Whether a mail program wrote an opt-out because a person clicked: the person's wish, whatever the headers say."""
    return subject.strip().lower() == "unsubscribe" and is_stop(text=text, subject=subject)


def _person_voice(mail: Mail, answered: tuple[str, ...], own: OwnWords) -> str | None:
    """By what a mail is known for a person's answer, or None."""
    if answered:
        return "reply: threading headers"
    if _REPLY_SUBJECT.match(mail.inbound.subject):
        return "reply: subject"
    return None if _is_bulk(mail) else _fresh_voice(mail, own)


def _fresh_voice(mail: Mail, own: OwnWords) -> str | None:
    if own.has_quote:
        return "reply: quotes a mail"
    if not is_daemon(mail) and is_stop(text=own.text, subject=mail.inbound.subject):
        return "reply: a request to stop"
    if not _is_machine(mail) and may_be_stop(text=own.text, subject=mail.inbound.subject):
        return "reply: perhaps a request to stop"
    if not _is_machine(mail) and _FORWARD_SUBJECT.match(mail.inbound.subject):
        return "reply: a forwarding subject"
    return None


def _is_bulk(mail: Mail) -> bool:
    return (
        any(name in mail.headers for name in _BULK_HEADERS)
        or mail.header("precedence").strip().lower() in _BULK_PRECEDENCE
    )


def _is_machine(mail: Mail) -> bool:
    """Whether headers or address say that no person wrote a mail."""
    return (
        _is_bulk(mail)
        or is_daemon(mail)
        or mail.header("auto-submitted").strip().lower() not in ("", "no")
        or _MACHINES.match(mail.inbound.from_address or "") is not None
    )


def _offset_hours(value: str) -> float | None:
    """The zone of a Date header in hours east of UTC, or None."""
    match = re.search(r"([+-])(\d{2})(\d{2})\b", value[-40:])
    return (1 if match[1] == "+" else -1) * (int(match[2]) + int(match[3]) / 60) if match else None
