"""A classification as the flat document that ``outreach classify`` prints.

Belongs here: field names and their shapes. Does not: any decision.
"""

from __future__ import annotations

from typing import Any

from outreach_pipeline.core.receive.model import Classification, FailedRecipient, MailKind


def as_prediction(file: str, c: Classification) -> dict[str, Any]:
    """The fields of a labelled mail's score, plus the intent and the return date.

    Args:
        file: the name to print, as given.
        c: what the mail turned out to be.

    Returns:
        ``file``, ``kind``, ``recipient`` (a list for several, else the address or None), ``status``, ``hard``,
        ``permanent``, ``class``, ``reason`` (of the first recipient), ``details`` (one such document a recipient),
        ``intent``, ``intent_is_sure``, ``auto_reply``, ``return_date`` (``YYYY-MM-DD``), ``feedback_type``,
        ``original_message_id`` and ``voices``. All are JSON values.
    """
    details = [_detail(recipient) for recipient in c.recipients]
    failed = c.kind is MailKind.BOUNCE
    first = details[0] if details else {}
    names = [detail["recipient"] for detail in details]
    return {
        "file": file,
        "kind": c.kind.value,
        "recipient": names if len(names) > 1 else names[0] if names else None,
        "status": first.get("status"),
        "hard": first.get("hard") if failed else None,
        "permanent": first.get("permanent") if failed else None,
        "class": first.get("class"),
        "reason": first.get("reason") if failed else None,
        "details": details,
        "intent": c.intent.value if c.intent else None,
        "intent_is_sure": c.intent_is_sure,
        "auto_reply": c.auto_reply.value if c.auto_reply else None,
        "return_date": c.return_date.isoformat() if c.return_date else None,
        "feedback_type": c.feedback_type,
        "original_message_id": c.original_message_id,
        "voices": list(c.voices),
    }


def _detail(recipient: FailedRecipient) -> dict[str, Any]:
    return {
        "recipient": recipient.recipient,
        "original_recipient": recipient.original_recipient,
        "status": recipient.status,
        "hard": recipient.hard,
        "permanent": recipient.permanent,
        "class": recipient.bounce_class.value if recipient.bounce_class else None,
        "reason": recipient.reason,
        "diagnostic": recipient.diagnostic,
    }
