"""Recognises complaints: feedback reports (RFC 5965) and what providers send instead.

Belongs here: ARF in a part of its own or in running text, the reports of Hotmail and of Amazon SES, and opt-outs that a
mail program writes on a person's click. Does not: webhooks (``workflows.webhook_ingest``).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.headers import ADDRESS, address_of, addresses

_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]{2,40}):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_MAX_JSON = 512 * 1024

ABUSE = "abuse"
"""The one type of feedback that says that a recipient complains (RFC 5965, 7.3), and what a report of none means: the others tell of
forgery, viruses, failed authentication or of no spam at all, in whatever words."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who complains, how the report calls it, and which mail it is about, each where the report tells."""

    recipients: tuple[str, ...]
    feedback_type: str
    message_id: str | None
    voice: str


def parse_feedback(text: str, *, is_report: bool = False) -> dict[str, list[str]] | None:
    """The fields of a feedback report, lower-case names; None where the text is none.

    Args:
        text: what may be one.
        is_report: whether its mail declares it to be one, also without a type.
    """
    fields: dict[str, list[str]] = {}
    for match in _FIELD.finditer(text[:65536]):
        fields.setdefault(match[1].lower(), []).append(" ".join(match[2].split()))
    return fields if is_report or "feedback-type" in fields else None


def complaint_of(fields: dict[str, list[str]], returned: dict[str, list[str]]) -> Complaint:
    """A complaint from a feedback report's fields and the returned mail's headers."""
    named = (*fields.get("original-rcpt-to", ()), *fields.get("removal-recipient", ()))
    recipients = tuple(dict.fromkeys(found for value in named if (found := address_of(value))))
    if not recipients:
        recipients = returned_recipients(returned)
    kind = fields.get("feedback-type", [""])[0].strip().lower()
    return Complaint(recipients, kind or ABUSE, None, "feedback report")


def returned_recipients(returned: dict[str, list[str]]) -> tuple[str, ...]:
    """To whom a returned mail went: its envelope if a header keeps it, else To."""
    for name in ("x-original-to", "delivered-to", "x-rcpt-to", "x-hmxmroriginalrecipient", "original-recipient"):
        found = addresses(" ".join(returned.get(name, ())))
        if found:
            return found[:1]
    return addresses(", ".join(returned.get("to", ())))


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """An event that a provider mails as JSON: ``bounce``, ``complaint`` or ``delivery``, with its recipients.

    ``recipients`` are pairs of address and diagnostic fields (status, action, diagnosticCode), as text.
    """

    kind: str
    recipients: tuple[tuple[str, dict[str, str]], ...]
    feedback_type: str | None
    message_id: str | None


def parse_ses(text: str) -> ProviderEvent | None:
    """An Amazon SES notification, as SNS mails it to a subscribed address; None where the text is none."""
    start = text.find("{")
    if start < 0 or "notificationType" not in text[:_MAX_JSON]:
        return None
    try:
        document, _ = json.JSONDecoder(strict=False).raw_decode(text[start : start + _MAX_JSON])
        if isinstance(document, dict) and isinstance(document.get("Message"), str):
            document = json.loads(document["Message"], strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    kind = str(document.get("notificationType", "")).lower()
    detail = document.get(kind)
    detail = detail if isinstance(detail, dict) else {}
    mail = document.get("mail")
    mail = mail if isinstance(mail, dict) else {}
    common = mail.get("commonHeaders")
    message_id = str(common.get("messageId", "")) if isinstance(common, dict) else ""
    people: list[tuple[str, dict[str, str]]] = []
    rows = detail.get(
        {"bounce": "bouncedRecipients", "complaint": "complainedRecipients", "delivery": "recipients"}.get(kind, "")
    )
    for row in rows if isinstance(rows, list) else []:
        fields = {str(k): str(v) for k, v in row.items()} if isinstance(row, dict) else {"emailAddress": str(row)}
        found = ADDRESS.search(fields.get("emailAddress", ""))
        if found:
            fields.setdefault("bounceType", str(detail.get("bounceType", "")))
            if kind == "delivery":
                fields.setdefault("diagnosticCode", str(detail.get("smtpResponse", "")))
            people.append((found[0], fields))
    feedback = str(detail.get("complaintFeedbackType") or "") or None
    return ProviderEvent(kind, tuple(people), feedback, message_id.strip("<>") or None)
