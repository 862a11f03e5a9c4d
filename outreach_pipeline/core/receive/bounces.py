"""Decides whether a mail is a bounce, and puts together what is known of each recipient.

Belongs here: weighing machine-readable fields, headers and text. Does not: reading any of them
(``core.receive.dsn``, ``core.receive.text_bounces``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.dsn import STATUS, Report, parse_reports
from outreach_pipeline.core.receive.feedback import returned_recipients
from outreach_pipeline.core.receive.headers import addresses
from outreach_pipeline.core.receive.mail import Mail
from outreach_pipeline.core.receive.model import FailedRecipient
from outreach_pipeline.core.receive.reasons import AFTER_DATA, Reason, reason_of
from outreach_pipeline.core.receive.rules.bounces import DAEMON_NAMES, DAEMONS
from outreach_pipeline.core.receive.text_bounces import (
    Failure,
    failures_in,
    is_delay,
    is_notice_subject,
    notice_region,
    opening_of,
    said_about,
)
from outreach_pipeline.core.receive.texts import decode_header

_CODE = re.compile(r"(?<![\w.:/#@-])([245]\d\d)(?=[ \t-]+\S|[ \t]*$|:|,|')", re.MULTILINE)
_MAX_DIAGNOSTIC = 1000
_VAGUE_STATUS = frozenset({"4.4.7", "5.4.7", "5.5.0"})
_NOT_FAILURES = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: its recipients, whether any failed, the returned text, and the rules that told."""

    recipients: tuple[FailedRecipient, ...]
    is_failure: bool
    returned_text: str
    voices: tuple[str, ...]


def bounce_of(mail: Mail) -> Bounce | None:
    """Read a mail as a delivery report, machine-readable or not; None where it is none."""
    region, returned_text = notice_region(mail.notice)
    by_fields = _reports(mail, region)
    if by_fields:
        return _from_reports(mail, by_fields, region, returned_text)
    return _from_text(mail, region, returned_text)


def _reports(mail: Mail, region: str) -> list[Report]:
    """Machine-readable fields, unless a person merely passes them on."""
    passed_on = not (mail.is_report or is_daemon(mail)) and bool(mail.inbound.in_reply_to or mail.inbound.references)
    if passed_on:
        return []
    for text in mail.reports:
        found = parse_reports(text)
        if found:
            return [report for text in mail.reports for report in parse_reports(text)]
    low = mail.notice.lower()
    if "final-recipient:" in low or "original-recipient:" in low:
        found = parse_reports(mail.notice if "final-recipient:" not in region.lower() else region)
        return [report for report in found if report.action or report.status]
    return []


def _from_reports(mail: Mail, reports: list[Report], region: str, returned_text: str) -> Bounce:
    failed = [report for report in reports if report.action not in _NOT_FAILURES]
    failures = {failure.recipient.lower(): failure for failure in failures_in(region, own=_own_addresses(mail))}
    recipients: dict[str, FailedRecipient] = {}
    for report in failed or reports:
        names = (report.final, report.original, report.actual)
        block = next((failures[name.lower()].said for name in names if name.lower() in failures), "")
        if not block and len(reports) == 1:
            block = region
        recipients.setdefault(report.recipient.lower(), _from_report(report, block))
    voice = f"report: action {failed[0].action or 'unnamed'}" if failed else "report: no failure"
    return Bounce(tuple(recipients.values()), bool(failed), returned_text, (voice,))


def _from_report(report: Report, block: str) -> FailedRecipient:
    diagnostic = report.diagnostic
    status = _best_status(report.status, diagnostic) or _best_status("", block)
    reason = _reason(diagnostic, status=status, stage=block)
    if reason.name in ("undefined", "filtered", "systemerror", "networkerror", "userunknown") and block and not _tells(diagnostic):
        second = _reason(block, status=status, stage=block)
        reason = second if second.name != "undefined" else reason
    if report.action in _NOT_FAILURES:
        reason = reason_of(code=250, enhanced_code=None, text="")
    permanent = report.action == "failed" or (report.action != "delayed" and reason.permanent)
    original = report.original or None
    return FailedRecipient(
        recipient=report.recipient,
        original_recipient=original if original and original.lower() != report.recipient.lower() else None,
        status=status or None,
        diagnostic=" ".join((diagnostic or block).split())[:_MAX_DIAGNOSTIC],
        bounce_class=reason.bounce_class,
        reason=reason.name,
        hard=reason.hard and report.action != "delayed",
        permanent=permanent and report.action not in _NOT_FAILURES,
    )


def _tells(diagnostic: str) -> bool:
    """Whether a diagnostic holds words beyond codes."""
    return len(re.sub(r"[\d\s.;:#()<>-]|smtp|unknown", "", diagnostic.lower())) > 8


def _from_text(mail: Mail, region: str, returned_text: str) -> Bounce | None:
    named = addresses(", ".join(mail.headers.get("x-failed-recipients", ())))
    daemon = is_daemon(mail)
    titled = is_notice_subject(mail.inbound.subject)
    # A person's answer to a bounce quotes all of it: what is answered is judged as an answer.
    if not daemon and (mail.inbound.in_reply_to or mail.inbound.references) and not named and not mail.is_report:
        return None
    product = opening_of(region) if daemon or titled or named or mail.is_report else None
    if not (named or mail.is_report or (product and (daemon or titled)) or (daemon and titled)):
        return None
    failures = failures_in(region, own=_own_addresses(mail))
    if named:
        known = {failure.recipient.lower(): failure for failure in failures}
        failures = [known.get(name) or Failure(name, said_about(region, name) or region) for name in named]
    if not failures and mail.html and mail.plain:
        failures = failures_in(notice_region(mail.html)[0], own=_own_addresses(mail))
    if not failures:
        failures = [Failure(name, region) for name in _returned_to(mail, returned_text)]
    if not failures and not (product and (daemon or titled)):
        return None
    delayed = is_delay(f"{mail.inbound.subject}\n{region}") and "permanent" not in region[:3000].lower()
    single = len(failures) == 1
    recipients = tuple(_from_failure(failure, region if single else "", delayed=delayed) for failure in failures)
    return Bounce(recipients, True, returned_text, (f"notice: {product or 'subject and sender'}",))


def _from_failure(failure: Failure, region: str, *, delayed: bool) -> FailedRecipient:
    status = _best_status("", failure.said) or _best_status("", region)
    reason = _reason(failure.said, status=status, stage=region or failure.said)
    if reason.name in ("undefined", "filtered") and region:
        second = _reason(region, status=status, stage=region)
        reason = second if second.name not in ("undefined",) else reason
    if reason.name == "undefined" and delayed:
        reason = reason_of(code=None, enhanced_code="4.4.7", text="")
    said = failure.said or region
    return FailedRecipient(
        recipient=failure.recipient,
        original_recipient=failure.original,
        status=status or None,
        diagnostic=" ".join(said.split())[:_MAX_DIAGNOSTIC],
        bounce_class=reason.bounce_class,
        reason=reason.name,
        hard=reason.hard and not delayed,
        permanent=not delayed,
    )


def _reason(text: str, *, status: str, stage: str) -> Reason:
    codes = [int(match[1]) for match in _CODE.finditer(text)]
    code = next((code for code in codes if code >= 400), None)
    if AFTER_DATA.search(stage) and not AFTER_DATA.search(text):
        text = f"{text} (in reply to end of DATA command)"
    return reason_of(code=code, enhanced_code=status or None, text=text)


def _best_status(field: str, diagnostic: str) -> str:
    """The more telling of a Status field and the code in a diagnostic: x.0.0 and x.y.0 tell least."""
    said = [match[1] for match in STATUS.finditer(diagnostic[:2000]) if match[1][0] in "45"]
    quoted = next((code for code in said if not code.endswith(".0.0")), said[0] if said else "")
    if not field or not quoted:
        return field or quoted
    if field.endswith(".0.0"):
        return quoted
    if field in _VAGUE_STATUS or (field.endswith(".0") and not quoted.endswith(".0")):
        return quoted
    return field


def _own_addresses(mail: Mail) -> frozenset[str]:
    own = {*mail.inbound.to_addresses, mail.inbound.from_address or ""}
    for name in ("delivered-to", "x-original-to", "envelope-to", "reply-to", "x-envelope-to"):
        own.update(addresses(", ".join(mail.headers.get(name, ()))))
    own.update(addresses(", ".join(mail.returned.get("from", ()))))
    return frozenset(own)


def _returned_to(mail: Mail, returned_text: str) -> tuple[str, ...]:
    """To whom the returned mail went, where the notice itself names nobody."""
    found = returned_recipients(mail.returned)
    if not found:
        match = re.search(r"^[ \t>]*to:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", returned_text[:20000], re.IGNORECASE | re.MULTILINE)
        found = addresses(match[1]) if match else ()
    own = _own_addresses(mail)
    return tuple(name for name in found if name not in own)[:1]


def is_daemon(mail: Mail) -> bool:
    """Whether a mail system, not a person, sent it: by envelope sender, address or display name."""
    if any(value.strip().lower() in ("<>", "<null>") for value in mail.headers.get("return-path", ())):
        return True
    sender = decode_header(mail.header("from")).lower()
    local = (mail.inbound.from_address or sender).partition("@")[0].strip(" <>\"'")
    return local in DAEMONS or any(name in sender for name in DAEMON_NAMES)
