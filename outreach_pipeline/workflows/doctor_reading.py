"""Is what comes back read and judged? Findings of ``outreach doctor`` about mailboxes that are read, their folders and the model.

Belongs here: what past readings and questions have left, and whether the model's endpoint can be reached. Does not: reading
(``imap_sync``), asking (``judge_intents``) or what else a doctor looks at (``doctor``).
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from outreach_pipeline.adapters.llm import Model
from outreach_pipeline.workflows.finding import Finding
from outreach_pipeline.workflows.installation import Installation, Tenant

CONNECT_SECONDS = 3.0
"""For how long the model's endpoint may take to open a connection."""

_PASSING = frozenset({"connection", "unavailable", "connections", "throttled"})
_FEW_FAILURES = 3

_CURES_OF_CAUSES = {
    "connection": "see that the host of its imap section is up, and can be reached from here on that port",
    "unavailable": "see the status of its provider; it is tried again by itself",
    "connections": "lower in_flight of the host or account (outreach limits set), or close other programs that are logged in",
    "throttled": "lower the rate of the host or account (outreach limits set), and have the provider raise its limits",
    "refused": "see what the server says, and that the login may open its folders",
    "login": "apply its right login and password, or allow IMAP at the provider",
    "configuration": "put its ca_file where the configuration says, with a certificate in it",
    "token": "see the OAuth of its provider account and its refresh_token_env",
    "defect": "report it with the lines of the log that name the mailbox",
}


def readings(installation: Installation, tenant: Tenant) -> Iterator[Finding]:
    """Say which of a tenant's mailboxes could not be read at last, and of which folders are missing."""
    with installation.database.tenant(tenant.id) as transaction:
        unread = transaction.rows("doctor/unread_mailboxes")
        incomplete = transaction.rows("doctor/missing_folders")
    for row in unread:
        times = "once" if row["sync_failures"] == 1 else f"{row['sync_failures']} times in a row"
        is_passing = row["sync_cause"] in _PASSING and row["sync_failures"] < _FEW_FAILURES
        yield Finding(
            "warning" if is_passing else "problem", f"mailbox {row['address']}, reading",
            f"could not be read, {times} ({row['sync_cause']}): {row['sync_failure']}",
            f"{_CURES_OF_CAUSES.get(row['sync_cause'], 'mend what it says')}, then outreach sync",
        )  # fmt: skip
    for row in incomplete:
        yield Finding(
            "warning", f"mailbox {row['address']}, folders", f"folders that should be read are missing: {row['detail']}",
            "make or rename them, show them in IMAP, or apply other folders, then outreach sync",
        )  # fmt: skip


def model_works(installation: Installation, model: Model, *, now: datetime) -> Iterator[Finding]:
    """Say whether the model answers: by what came of the day's questions of all tenants, and whether its endpoint connects.

    Args:
        installation: where.
        model: the one that is set up.
        now: aware; its day, in UTC, is looked at.
    """
    calls = failures = 0
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            day = transaction.rows("doctor/model_day", used_on=now.date())[0]
        calls += day["calls"]
        failures += day["failures"]
    fails = 2 * failures > calls
    if fails:
        yield Finding(
            "warning", f"model {model.name}", f"{failures} of the {calls} questions of today brought no answer",
            "see model_unavailable and model_answer_refused in the log, and that OUTREACH_LLM_URL, OUTREACH_LLM_MODEL and OUTREACH_LLM_KEY are right",
        )  # fmt: skip
    problem = _connection_problem(model.url)
    if problem:
        yield Finding(
            "warning", f"model {model.name}", f"its endpoint cannot be reached: {problem}",
            "see that OUTREACH_LLM_URL is right and the model is up; replies that rules are unsure of are left to people meanwhile",
        )  # fmt: skip
    elif not fails:
        yield Finding("ok", f"model {model.name}", f"its endpoint connects; {calls} questions today, {failures} failed")


def _connection_problem(url: str) -> str | None:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:
        return f"{parts.hostname}:{port}: {error}"
    return None
