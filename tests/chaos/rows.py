"""The rows that a cell, and the ledger's model, begin with: one tenant, and messages that are due now.

Belongs here: configuration and rows. Does not: servers (world).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import yaml

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.installation import Installation
from tests.chaos.checker import Limit

PASSWORD = "open sesame"
UNKNOWN_SECONDS = 3600
"""How long an outcome may stay unknown."""


@dataclass(frozen=True, slots=True)
class MailboxAt:
    """A mailbox and where its servers listen on 127.0.0.1."""

    address: str
    smtp_port: int = 1025
    smtp_security: str = "none"
    imap_port: int = 1143
    ca_file: str | None = None


def configure(installation: Installation, mailboxes: Sequence[MailboxAt]) -> None:
    """Apply one tenant with these mailboxes and a campaign of two steps."""
    document = {
        "provider_accounts": [{"name": "office", "provider": "generic"}],
        "tenants": [
            {
                "slug": "acme",
                "name": "Acme",
                "time_zone": "Etc/UTC",
                "plan_at": "00:00",
                "postal_address": "Acme GmbH, Hauptstr. 1, 10115 Berlin",
                "policies": {
                    "default": {
                        "minimum_gap_seconds": 0,
                        "unknown_outcome_seconds": UNKNOWN_SECONDS,
                        "first_retry_seconds": 120,
                    }
                },
                "sending_domains": [{"domain": "acme.example", "link_host": "go.acme.example"}],
                "mailboxes": [_mailbox(each) for each in mailboxes],
                "campaigns": [
                    {
                        "slug": "spring",
                        "name": "Spring",
                        "accepted_lawful_bases": ["consent"],
                        "accepted_jurisdictions": ["DE"],
                        "steps": [
                            {"step": 1, "wait_days": 0, "subject": "Hello", "text": "Hello {{ first_name }}"},
                            {"step": 2, "wait_days": 1, "subject": "Hello", "text": "Just asking once more."},
                        ],
                    }
                ],
            }
        ],
    }
    apply_configuration(installation, read_configuration(yaml.safe_dump(document), environment={}))


def fill(
    connection: psycopg.Connection[Any], due: Sequence[tuple[str, str]], *, limits: Sequence[Limit], now: datetime
) -> None:
    """Replace all messages, and what hangs on them, by new ones that are due at ``now``.

    Args:
        connection: the superuser's.
        due: mailbox and recipient of each.
        limits: become the only rows of ``rate_limits``.
        now: aware, UTC.
    """
    values = {
        "addresses": [to_address for _, to_address in due],
        "mailboxes": [mailbox for mailbox, _ in due],
        "due_at": now - timedelta(minutes=1),
        "ends_at": now + timedelta(hours=12),
        "today": now.date(),
        "domains": [each.domain for each in limits],
        "in_flight": [each.in_flight for each in limits],
        "intervals": [each.interval_seconds or 0.001 for each in limits],
        "bursts": [each.burst if each.interval_seconds else 1000 for each in limits],
    }
    with connection.transaction():
        # Without foreign keys' triggers: rows are removed and made set-wise.
        connection.execute("set local session_replication_role = replica")
        for table in _EMPTIED:
            connection.execute(f"delete from outreach.{table}")  # type: ignore[call-overload]
        for statement in _FILLING:
            connection.execute(statement, values)


def _mailbox(each: MailboxAt) -> dict[str, Any]:
    return {
        "address": each.address,
        "provider_account": "office",
        "smtp": {"host": "127.0.0.1", "port": each.smtp_port, "security": each.smtp_security},
        "imap": {"host": "127.0.0.1", "port": each.imap_port, "security": "starttls"},
        "password": PASSWORD,
        "ca_file": each.ca_file,
        "sent_copy": "none",
    }


_EMPTIED = (
    "events", "send_attempts", "messages", "send_batches", "plans", "enrollments", "contacts", "contact_lists",
    "suppressions", "leases", "rate_limits", "inbound_locations", "inbound_messages", "mailbox_folders",
)  # fmt: skip
_PEOPLE = """unnest(%(addresses)s::text[], %(mailboxes)s::text[]) with ordinality as w (address, mailbox, n)"""
_FILLING = (
    """update outreach.mailboxes set lifecycle = 'active', paused_until = null, paused_reason = null, consecutive_errors = 0,
        send_failure = null, send_failed_at = null, sync_failed_at = null, sync_failure = null""",
    """insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, in_flight)
    select 'recipient_domain', w.domain, 1, w.seconds, w.burst, w.in_flight
    from unnest(%(domains)s::text[], %(intervals)s::float8[], %(bursts)s::int[], %(in_flight)s::int[])
        as w (domain, seconds, burst, in_flight)""",
    """insert into outreach.contact_lists (tenant_id, id, name, campaign_id, sha256, row_count, imported_at)
    overriding system value
    select c.tenant_id, 1, 'list', c.id, 'x', 1, %(due_at)s from outreach.campaigns as c""",
    f"""insert into outreach.contacts (
        tenant_id, address, mail_domain, company_domain, first_name, source, jurisdiction, lawful_basis, contact_list_id)
    select c.tenant_id, w.address, split_part(w.address, '@', 2), split_part(w.address, '@', 2), 'Ada', 'chaos', 'DE',
        'consent', 1
    from outreach.campaigns as c, {_PEOPLE}""",
    """insert into outreach.enrollments (tenant_id, campaign_id, contact_id, contact_list_id, due_on)
    select k.tenant_id, c.id, k.id, 1, %(today)s from outreach.contacts as k, outreach.campaigns as c""",
    """insert into outreach.plans (tenant_id, plan_date, mode, state, planned_at, input_sha256, summary)
    select id, %(today)s, 'real', 'ready', %(due_at)s, 'x', '{}' from outreach.tenants""",
    """insert into outreach.send_batches (
        tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, cap_terms, planned_at)
    select tenant_id, id, %(today)s, 'real', 100, 0, 100, '[]', %(due_at)s from outreach.mailboxes""",
    f"""insert into outreach.messages (
        tenant_id, kind, mailbox_id, plan_date, enrollment_id, campaign_id, contact_id, contact_list_id, step_number,
        variant, to_address, company_domain, recipient_site, scheduled_at, window_ends_at, message_id)
    select k.tenant_id, 'campaign', b.id, %(today)s, e.id, e.campaign_id, k.id, 1, 1, s.variant, k.address,
        k.company_domain, k.company_domain, %(due_at)s + w.n * interval '1 second', %(ends_at)s,
        '<' || md5(k.address) || '@acme.example>'
    from {_PEOPLE}
    inner join outreach.contacts as k on k.address = w.address
    inner join outreach.enrollments as e on e.contact_id = k.id
    inner join outreach.campaign_steps as s on s.campaign_id = e.campaign_id and s.step_number = 1
    inner join outreach.mailboxes as b on b.address = w.mailbox
    order by w.n""",
)
