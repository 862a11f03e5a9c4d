"""Reads the fields of delivery status notifications (RFC 3464), in their own part or in running text.

Belongs here: which recipients a report names, and what it says of each. Does not: reports without such fields
(``core.receive.text_bounces``) or the meaning of codes (``core.receive.reasons``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.headers import address_of

_FIELD = re.compile(
    r"^[ \t>]{0,4}(final-recipient|original-recipient|x-actual-recipient|remote-recipient|action|status|diagnostic-code"
    r"|last-attempt-date|will-retry-until|remote-mta|reporting-mta|arrival-date|x-spam-firewall-action)[ \t]*:[ \t]*(.*)$",
    re.IGNORECASE,
)
_OTHER_FIELD = re.compile(r"^[A-Za-z][A-Za-z0-9-]{1,60}:(?:\s|$)")
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?!\.?\d)")
"""An enhanced status code of RFC 3463 in running text, not part of a version or an IP address."""
_LOOSE_STATUS = re.compile(r"\s*([245])\s*\.\s*(\d{1,3})\s*\.\s*(\d{1,3})")
_MAX_RECIPIENTS = 500
_MAX_FIELD = 4000


@dataclass(slots=True)
class Report:
    """What a notification says of one recipient; empty strings where it says nothing.

    Attributes:
        final: Final-Recipient, the address after all forwarding.
        original: Original-Recipient, the address that was written to.
        actual: X-Actual-Recipient, Sendmail's address after aliases.
        action: failed, delayed, delivered, relayed or expanded, lower case.
        status: the Status field's code.
        diagnostic: Diagnostic-Code, its type removed.
    """

    final: str = ""
    original: str = ""
    actual: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def recipient(self) -> str:
        """The best address: the final one, else the original, else the actual one."""
        # Store daemons name their own queue ("user@ims-ms-daemon"), which is no address anyone wrote to.
        if self.original and "." not in self.final.rpartition("@")[2]:
            return self.original
        return self.final or self.original or self.actual


def parse_reports(text: str) -> list[Report]:
    """All per-recipient fields of a text, in their order; a group without any address is dropped.

    Groups are parted by blank lines, or by a field that repeats where the blank lines are missing.
    """
    reports: list[Report] = []
    current: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        match = _FIELD.match(line)
        if match:
            last = match[1].lower()
            if last in current and last in ("final-recipient", "original-recipient", "action"):
                _close(current, reports)
                current = {}
            current.setdefault(last, match[2].strip()[:_MAX_FIELD])
        elif not line.strip():
            if "final-recipient" in current or "original-recipient" in current:
                _close(current, reports)
                current = {}
            last = ""
        elif last and line[:1] in " \t":
            current[last] = f"{current[last]} {line.strip()}"[:_MAX_FIELD]
        elif _OTHER_FIELD.match(line):
            last = ""
        elif last == "diagnostic-code":
            # Some systems write further lines of the reply without indenting them.
            current[last] = f"{current[last]} {line.strip()}"[:_MAX_FIELD]
    _close(current, reports)
    return reports[:_MAX_RECIPIENTS]


def _close(fields: dict[str, str], reports: list[Report]) -> None:
    report = Report(
        final=address_of(fields.get("final-recipient", "")) or _local_only(fields.get("final-recipient", "")),
        original=address_of(fields.get("original-recipient", "")) or "",
        actual=address_of(fields.get("x-actual-recipient", "")) or "",
        action=re.split(r"[^a-z]", fields.get("action", "").strip().lower(), maxsplit=1)[0],
        status=_status(fields.get("status", "")),
        diagnostic=_diagnostic(fields.get("diagnostic-code", "")),
    )
    if report.recipient and (report.action or report.status or report.diagnostic or "final-recipient" in fields):
        reports.append(report)


def _local_only(value: str) -> str:
    """A recipient without a domain, as local systems report it (``RFC822; root``)."""
    kind, semicolon, rest = value.partition(";")
    name = rest.strip().strip("<>")
    return name if semicolon and kind.strip().lower() == "rfc822" and re.fullmatch(r"[\w.+-]{1,64}", name) else ""


def _status(value: str) -> str:
    match = _LOOSE_STATUS.match(value)
    return f"{match[1]}.{int(match[2])}.{int(match[3])}" if match else ""


def _diagnostic(value: str) -> str:
    kind, semicolon, rest = value.partition(";")
    if kind.strip().lower() == "x-unix":
        return f"x-unix; {rest.strip()}"
    return (rest if semicolon and re.fullmatch(r"\s*[\w-]{1,20}\s*", kind) else value).strip()
