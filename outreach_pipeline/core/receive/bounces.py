"""Decides whether a mail is a bounce, and puts together what is known of each recipient.

Belongs here: weighing machine-readable fields, headers and text. Does not: reading any of them
(``core.receive.dsn``, ``core.receive.text_bounces``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from outreach_pipeline.core.receive.dsn import STATUS, Report, parse_reports
from outreach_pipeline.core.receive.feedback import returned_recipients
from outreach_pipeline.core.receive.headers import addresses
from outreach_pipeline.core.receive.mail import Mail, attached_mails
from outreach_pipeline.core.receive.model import BounceClass, FailedRecipient
from outreach_pipeline.core.receive.reasons import AFTER_DATA, Reason, is_clearly_unknown, reason_of
from outreach_pipeline.core.receive.rules import bounces as rules
from outreach_pipeline.core.receive.text_bounces import (
    Failure,
    failures_in,
    forwarded_notice,
    has_own_words,
    has_personal_words,
    has_words_above,
    is_delay,
    is_notice_subject,
    is_reply_subject,
    local_parts_in,
    notice_region,
    opening_of,
    said_about,
)
from outreach_pipeline.core.receive.texts import decode_header

_CODE = re.compile(r"(?<![\w.:/#@-])([245]\d\d)(?=[ \t-]+\S|[ \t]*$|:|,|')", re.MULTILINE)
_AT_RECIPIENT = re.compile(
    r"(?<!need )\brcpt\b|rcpt_to|recipient address|unknown recipient|recipient unknown|recipient rejected",
    re.IGNORECASE,
)
_RETURNED_TO = re.compile(r"^[ \t>]*to:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_RULE_BOUNCER = re.compile(rules.RULE_BOUNCERS, re.IGNORECASE | re.MULTILINE)
# "You'll be notified if the delivery fails permanently" is a delay's.
_PERMANENT = re.compile(r"(?<!fails )permanent|не\s+может\s+быть\s+доставлено", re.IGNORECASE)
_LOOKED_UP = re.compile(r"unknown in\s+[\w ]{1,40}\btable\b|recipient address rejected:\s+user unknown", re.IGNORECASE)
_SENDMAIL_UNKNOWN = re.compile(rf"\b55[0-4] 5\.3\.0 {rules.SENDMAIL_UNKNOWN}", re.IGNORECASE | re.MULTILINE)
_NAMED_UNKNOWN = re.compile(rules.NAMED_UNKNOWN, re.IGNORECASE | re.MULTILINE)
# What Microsoft 365 puts before another server's answer.
_REMOTE_ANSWER = re.compile(r"5\.0\.350\s+remote server returned an error\s*->\s*", re.IGNORECASE)
_REFUSED = re.compile(r"5\d\d[ #-]")
_NO_WORDS = re.compile(r"[\d\s.;:#()<>-]|smtp|unknown")
_DATA_SENT = re.compile(r"^[ \t]*>>> data\b", re.IGNORECASE | re.MULTILINE)
_MAX_DIAGNOSTIC = 1000
# Codes that say only that time ran out; what the last attempt met says more.
_VAGUE_STATUS = frozenset({"4.4.7", "5.4.7"})
# A code that a permanent refusal has, and that says no more.
_TELLS_NOTHING = frozenset({"5.0.0", "5.5.0"})
_NOT_FAILURES = frozenset({"delivered", "relayed", "expanded", "deliverable"})
_VAGUE_REASONS = frozenset({"undefined", "filtered", "systemerror", "networkerror", "userunknown"})
_USER_UNKNOWN = "userunknown"
_EXPIRED = reason_of(code=None, enhanced_code="4.4.7", text="")
_UNKNOWN = reason_of(code=550, enhanced_code="5.1.1", text="")
_FILTERED = reason_of(code=None, enhanced_code="5.2.0", text="")
_DELIVERED = reason_of(code=250, enhanced_code=None, text="")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: its recipients, whether any failed, the returned text, the rules that told, and who was reached."""

    recipients: tuple[FailedRecipient, ...]
    is_failure: bool
    returned_text: str
    voices: tuple[str, ...]
    reached: tuple[str, ...] = ()


def bounce_of(mail: Mail) -> Bounce | None:
    """Read a mail as a delivery report, machine-readable or not; None where it is none."""
    notice = mail.notice
    region, returned_text = notice_region(notice)
    sender = decode_header(mail.header("from"))
    if _is_ordinary(mail) and has_words_above(mail.inbound.subject, notice, sender=sender):
        return None
    by_person = not (mail.is_report or is_daemon(mail))
    forwarded = forwarded_notice(mail.inbound.subject, notice, sender=sender) if by_person else None
    if forwarded is not None:
        region, returned_text = notice_region(forwarded)
        reports = _fields_in(forwarded)
        return (
            _from_reports(mail, reports, region, returned_text)
            if reports
            else _from_forwarded(mail, region, returned_text)
        )
    if _is_passed_on(mail):
        return None
    reports = [report for text in mail.reports for report in parse_reports(text)]
    if not reports and _is_ordinary(mail) and has_personal_words(region):
        # A person tells what a machine told, or only uses its words.
        return None
    reports = reports or _fields_in(region) or _fields_in(notice)
    if reports:
        return _from_reports(mail, reports, region, returned_text)
    return _from_text(mail, region, returned_text)


def passed_on(mail: Mail) -> Mail | None:
    """The mail system's report that a person passes on as an attachment, without a word of their own; None if it is none."""
    if not _is_ordinary(mail) or has_own_words(mail.own_text, sender=decode_header(mail.header("from"))):
        return None
    return next((each for each in attached_mails(mail) if not _is_ordinary(each)), None)


def is_daemon(mail: Mail) -> bool:
    """Whether a mail system, not a person, sent it: by envelope sender, address or display name."""
    return has_null_sender(mail) or _is_named_daemon(mail)


def is_system_mail(mail: Mail) -> bool:
    """Whether both its address and an empty envelope sender say that a mail system sent it."""
    return has_null_sender(mail) and _is_named_daemon(mail)


def has_null_sender(mail: Mail) -> bool:
    """Whether the envelope sender is empty, as bounces and many absence notes have it."""
    return any(value.strip().lower() in ("<>", "<null>") for value in mail.headers.get("return-path", ()))


def _is_named_daemon(mail: Mail) -> bool:
    sender = decode_header(mail.header("from")).lower()
    local = (mail.inbound.from_address or sender).partition("@")[0].strip(" <>\"'")
    return local in rules.DAEMONS or any(name in sender for name in rules.DAEMON_NAMES)


def _is_passed_on(mail: Mail) -> bool:
    """Whether a person answers or forwards a bounce: what merely quotes one is judged as an answer."""
    answers = bool(mail.inbound.in_reply_to or mail.inbound.references)
    if answers and is_reply_subject(mail.inbound.subject) and not has_null_sender(mail) and not mail.is_report:
        # People, too, write from postmaster@ or administrator@.
        return True
    return answers and _is_ordinary(mail)


def _is_ordinary(mail: Mail) -> bool:
    """Whether neither envelope, address nor type says that a mail system wrote a mail."""
    return not (mail.is_report or is_daemon(mail) or any(name in mail.headers for name in rules.NOTICE_HEADERS))


def _fields_in(text: str) -> list[Report]:
    """Machine-readable fields in running text, where a mail's structure is broken or was flattened."""
    low = text.lower()
    if "final-recipient:" not in low and "original-recipient:" not in low:
        return []
    return [report for report in parse_reports(text) if report.action or report.status]


def _from_reports(mail: Mail, reports: list[Report], region: str, returned_text: str) -> Bounce:
    failed = [report for report in reports if report.action not in _NOT_FAILURES]
    failures = {failure.recipient.lower(): failure for failure in failures_in(region, own=_own_addresses(mail))}
    by_rule = any(_RULE_BOUNCER.search(text) for text in mail.reports)
    recipients: dict[str, FailedRecipient] = {}
    for report in failed or reports:
        names = (report.final, report.original, report.actual)
        failure = next((failures[name.lower()] for name in names if name.lower() in failures), None)
        block = failure.said if failure else region if len(reports) == 1 else ""
        found = _from_report(report, block, failure)
        if found.reason == _USER_UNKNOWN and found.status in _TELLS_NOTHING and len(reports) == 1:
            found = _unless_disabled(found, region)
        if by_rule and found.reason == _USER_UNKNOWN:
            found = replace(found, reason=_FILTERED.name, bounce_class=_FILTERED.bounce_class, hard=False)
        recipients.setdefault(report.recipient.lower(), found)
    voice = f"report: action {failed[0].action or 'unnamed'}" if failed else "report: no failure"
    delivered = [report for report in reports if report.action in _NOT_FAILURES]
    reached = tuple(dict.fromkeys(name for each in delivered for name in (each.final, each.original) if name))
    return Bounce(tuple(recipients.values()), bool(failed), returned_text, (voice,), reached)


def _from_report(report: Report, block: str, failure: Failure | None) -> FailedRecipient:
    diagnostic, field = report.diagnostic, report.status
    if remote := _REMOTE_ANSWER.search(diagnostic):
        diagnostic, field = diagnostic[remote.end() :], ""
    elif report.action == "failed" and _contradicts(field, diagnostic):
        # A sender that gave up over a refusal, and says how an earlier attempt ended.
        field = ""
    status = _best_status(field, f"{diagnostic}\n{block}" if field in _VAGUE_STATUS else diagnostic)
    status = status or (_status_of_code(diagnostic) if field != report.status else "")
    status = status or _best_status("", block) or _status_of_code(diagnostic or block)
    reason = _reason(diagnostic, status=status, stage=block)
    if reason.name in _VAGUE_REASONS and block and len(_NO_WORDS.sub("", diagnostic.lower())) <= 8:
        second = _reason(block, status=status, stage=block)
        reason = reason if second.name == "undefined" else second
    reason = _sure(reason, status=status, evidence=f"{diagnostic}\n\n{block}")
    if report.action in _NOT_FAILURES:
        reason = _DELIVERED
    elif report.action == "delayed":
        reason = _EXPIRED if reason.name == "undefined" else replace(reason, hard=False, permanent=False)
    elif report.action == "failed":
        reason = _given_up(reason, f"{diagnostic}\n{block}")
    original = report.original or (failure.original if failure else None)
    return FailedRecipient(
        recipient=report.recipient,
        original_recipient=original if original and original.lower() != report.recipient.lower() else None,
        status=status or None,
        diagnostic=" ".join((report.diagnostic or block).split())[:_MAX_DIAGNOSTIC],
        bounce_class=reason.bounce_class,
        reason=reason.name,
        hard=reason.hard,
        permanent=reason.permanent,
    )


def _contradicts(field: str, diagnostic: str) -> bool:
    """Whether a Status field names a passing cause where the diagnostic is a plain refusal; "4.0.0" and time run out name none."""
    is_vague = field in _VAGUE_STATUS or field.endswith(".0.0")
    return field[:1] == "4" and not is_vague and _REFUSED.match(diagnostic) is not None


def _unless_disabled(found: FailedRecipient, region: str) -> FailedRecipient:
    """Take a bare "user unknown" for a disabled account where the notice around it says that it is one."""
    told = _reason(region, status=found.status or "", stage=region)
    if told.name != "suspend":
        return found
    return replace(found, reason=told.name, bounce_class=told.bounce_class, hard=False)


def _given_up(reason: Reason, evidence: str) -> Reason:
    """A final failure; with 4xx a server repeats "user unknown" for many causes, and only a look into its table is sure."""
    if reason.name == _USER_UNKNOWN and _LOOKED_UP.search(evidence):
        return replace(reason, bounce_class=BounceClass.HARD, hard=True, permanent=True)
    return replace(reason, permanent=True)


def _sure(reason: Reason, *, status: str, evidence: str) -> Reason:
    """Take "user unknown" for a dead address only if it answered RCPT, carries an address code, or is said clearly with no code.

    After the message itself, or with a code of filters, the same words are a filter's.
    """
    is_after_data = _DATA_SENT.search(evidence) is not None or AFTER_DATA.search(evidence) is not None
    if status == "5.3.0" and _SENDMAIL_UNKNOWN.search(evidence) and not is_after_data:
        # Sendmail's code for any error of a rule, with words that leave no doubt.
        return _UNKNOWN
    if reason.name != _USER_UNKNOWN or reason.exact or status[2:4] == "1.":
        return reason
    tells_nothing = status in _TELLS_NOTHING or (
        not status
        and (
            _PERMANENT.search(evidence) is not None
            or _NAMED_UNKNOWN.search(evidence) is not None
            or is_clearly_unknown(evidence, in_english=False)
        )
    )
    is_clear = tells_nothing and is_clearly_unknown(evidence) and not _DATA_SENT.search(evidence)
    return reason if is_clear or _AT_RECIPIENT.search(evidence) else _FILTERED


def _from_text(mail: Mail, region: str, returned_text: str) -> Bounce | None:
    named = addresses(", ".join(mail.headers.get("x-failed-recipients", ())))
    daemon = is_daemon(mail)
    titled = is_notice_subject(mail.inbound.subject)
    product = opening_of(region) if daemon or titled or named or mail.is_report else None
    told = bool(product and (daemon or titled))
    own = _own_addresses(mail)
    coded = is_system_mail(mail) and _has_failure_code(region)
    if not (named or mail.is_report or told or (daemon and titled) or coded):
        return None
    failures = failures_in(region, own=own)
    if named:
        known = {failure.recipient.lower(): failure for failure in failures}
        failures = [known.get(name) or Failure(name, said_about(region, name) or region) for name in named]
    if not failures and mail.html and mail.plain:
        failures = failures_in(notice_region(mail.html)[0], own=own)
    if not failures and told:
        failures = local_parts_in(region, domain=(mail.inbound.from_address or "").rpartition("@")[2])
    if not failures and mail.nested_reports:
        # A gateway's notice around the notice of another system.
        nested = [report for text in mail.nested_reports for report in parse_reports(text)]
        if nested:
            return _from_reports(mail, nested, region, returned_text)
    if not failures:
        failures = [Failure(name, region) for name in _returned_to(mail, returned_text)]
    if not failures and not told:
        return None
    delayed = is_delay(f"{mail.inbound.subject}\n{region}") and not _PERMANENT.search(region[:3000])
    whole = region if len(failures) == 1 else ""
    recipients = tuple(_from_failure(failure, whole, delayed=delayed) for failure in failures)
    sure = named or _is_named_daemon(mail) or (titled and not _is_ordinary(mail))
    if not sure and not any(_is_telling(found) for found in recipients) and not _NAMED_UNKNOWN.search(region):
        # An absence note, too, has no envelope sender and may speak of mail that was not delivered.
        return None
    return Bounce(recipients, True, returned_text, (f"notice: {product or 'subject and sender'}",))


def _has_failure_code(region: str) -> bool:
    """Whether a server's refusal stands in a text, in whatever language the rest of it is."""
    return _reply_code(region) is not None or any(found[1][0] in "45" for found in STATUS.finditer(region[:2000]))


def _from_forwarded(mail: Mail, region: str, returned_text: str) -> Bounce | None:
    """A notice without fields that a person forwards; None unless it says what failed and why."""
    # What a mail program writes of the forwarded mail's headers names addresses of ours.
    body = region.lstrip().partition("\n\n")[2]
    failures = failures_in(body, own=_own_addresses(mail))
    delayed = is_delay(region)
    recipients = tuple(
        _from_failure(failure, body if len(failures) == 1 else "", delayed=delayed) for failure in failures
    )
    if not any(_is_telling(found) for found in recipients):
        return None
    return Bounce(recipients, True, returned_text, (f"notice: {opening_of(region)}, forwarded",))


def _is_telling(found: FailedRecipient) -> bool:
    return found.status is not None and found.reason != "undefined"


def _from_failure(failure: Failure, region: str, *, delayed: bool) -> FailedRecipient:
    said = failure.said or region
    if remote := _REMOTE_ANSWER.search(said):
        said = region = said[remote.end() :]
    status = _best_status("", said) or _best_status("", region) or _status_of_code(said)
    reason = _reason(said, status=status, stage=region or said)
    if reason.name in ("undefined", "filtered") and region:
        second = _reason(region, status=status, stage=region)
        reason = reason if second.name == "undefined" else second
    reason = _sure(reason, status=status, evidence=f"{said}\n\n{region}")
    if delayed:
        reason = _EXPIRED if reason.name == "undefined" else replace(reason, hard=False, permanent=False)
    else:
        reason = _given_up(reason, f"{said}\n{region}")
    return FailedRecipient(
        recipient=failure.recipient,
        original_recipient=failure.original,
        status=status or None,
        diagnostic=" ".join(said.split())[:_MAX_DIAGNOSTIC],
        bounce_class=reason.bounce_class,
        reason=reason.name,
        hard=reason.hard,
        permanent=reason.permanent,
    )


def _reason(text: str, *, status: str, stage: str) -> Reason:
    code = _reply_code(text)
    if AFTER_DATA.search(stage) and not AFTER_DATA.search(text):
        text = f"{text} (in reply to end of DATA command)"
    return reason_of(code=code, enhanced_code=status or None, text=text)


def _reply_code(text: str) -> int | None:
    return next((int(match[1]) for match in _CODE.finditer(text) if match[1][0] in "45"), None)


def _status_of_code(text: str) -> str:
    """RFC 3463's "undefined" code of the class that a bare reply code has."""
    code = _reply_code(text)
    return f"{code // 100}.0.0" if code else ""


def _best_status(field: str, diagnostic: str) -> str:
    """The more telling of a Status field and the codes in a diagnostic: x.0.0 and x.y.0 tell least."""
    said = [match[1] for match in STATUS.finditer(diagnostic[:2000]) if match[1][0] in "45"]
    if field in _VAGUE_STATUS:
        return next((code for code in said if code != field), field)
    exact = next((code for code in said if not code.endswith(".0")), "")
    quoted = exact or next((code for code in said if not code.endswith(".0.0")), said[0] if said else "")
    if not field or not quoted:
        return field or quoted
    if field.endswith(".0.0") or (field.endswith(".0") and not quoted.endswith(".0")):
        return quoted
    return field


def _own_addresses(mail: Mail) -> frozenset[str]:
    """Addresses that a notice names because it goes to them or comes from them."""
    own = {*mail.inbound.to_addresses, *addresses(", ".join(mail.returned.get("from", ())))}
    if mail.inbound.from_address:
        own.add(mail.inbound.from_address)
    return frozenset(own)


def _returned_to(mail: Mail, returned_text: str) -> tuple[str, ...]:
    """To whom the returned mail went, where the notice itself names nobody."""
    found = returned_recipients(mail.returned)
    if not found:
        match = _RETURNED_TO.search(returned_text[:20000])
        found = addresses(match[1]) if match else ()
    own = _own_addresses(mail)
    return tuple(name for name in found if name not in own)[:1]
