"""Alerts as people read them.

Belongs here: an alert and the words of its notes. Does not: rows and channels (workflows.notify, adapters.notify).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]

RUNBOOK = "docs/runbook.md"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that people should know of.

    Attributes:
        cause_key: what it is about, such as ``check/outreach/events/fresh`` or ``mailbox/ann@example.com``: while one is
            open, a second of the same cause is not raised. What stands before the first slash is its runbook section.
        severity: info, warning or error.
        title: one line.
        detail: what helps; no secrets.
    """

    cause_key: str
    severity: Severity
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What leaves the platform about an alert."""

    subject: str
    body: str


def note_of(alert: Alert, *, about: str, is_over: bool, is_first: bool) -> Note:
    """Word a note.

    Args:
        alert: what about.
        about: the tenant's slug, or ``platform``.
        is_over: whether the cause is gone.
        is_first: whether this is the first note of the alert.
    """
    state = "over" if is_over else alert.severity
    lines = [alert.title]
    if is_over:
        lines.append("It is over." if not is_first else "It is over already, and is told late.")
    if alert.detail and (is_first or not is_over):
        lines.append(alert.detail)
    lines.append(f"Runbook: {RUNBOOK}#{alert.cause_key.split('/', 1)[0]}")
    return Note(subject=f"[{state}] {about}: {' '.join(alert.title.split())}", body="\n".join(lines))
