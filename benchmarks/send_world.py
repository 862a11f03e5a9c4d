"""A fleet whose messages are due, made set-wise in SQL as the superuser.

Belongs here: rows. Does not: what is measured on them (send).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from outreach_pipeline.adapters.secrets import Vault

TENANT = UUID(int=7)
STEP = {
    "subject": "{{ first_name }}, a question about {{ company }}",
    "text": "Hello {{ first_name }},\n\nI have a short question about how {{ company }} plans its work. Would you have ten "
    "minutes for it this week?\n\nKind regards\n{{ sender_name }}",
    "html": "<p>Hello {{ first_name }},</p><p>I have a short question about how {{ company }} plans its work. Would you have "
    "ten minutes for it this week?</p><p>Kind regards<br>{{ sender_name }}</p>",
}


@dataclass(frozen=True, slots=True)
class DueFleet:
    """Mailboxes at one server, and how many messages of each are due.

    Attributes:
        due_at: when the first message of the first mailbox is due, aware.
        over_seconds: the messages are due evenly over so many seconds.
        messages_a_minute: the limit of each mailbox.
        messages_a_domain: so many messages in a row go to one company.
        domain_rate: the limit of each recipient domain in messages a minute, None: none.
        domain_burst: so many of them at once.
        messages_a_connection: what the server is set to.
    """

    mailboxes: int
    messages_each: int
    port: int
    security: str
    ca_file: str | None
    due_at: datetime
    over_seconds: float = 0
    messages_a_minute: int = 1_000_000
    messages_a_domain: int = 1
    domain_rate: int | None = None
    domain_burst: int = 10_000
    messages_a_connection: int = 20

    @property
    def total(self) -> int:
        """Messages in all."""
        return self.mailboxes * self.messages_each


def make_due(admin: psycopg.Connection, vault: Vault, fleet: DueFleet) -> None:
    """Replace whatever there is by this fleet."""
    wrapped = vault.new_data_key(owner=str(TENANT))
    values = {
        **asdict(fleet),
        "tenant": TENANT,
        "total": fleet.total,
        "policy": json.dumps({
            "minimum_gap_seconds": 0,
            "messages_per_minute_per_mailbox": fleet.messages_a_minute,
            "counts_by": "calendar_day",
        }),
        "wrapped": wrapped,
        **{f"step_{name}": text for name, text in STEP.items()},
    }  # fmt: skip
    admin.execute("set session_replication_role = replica")
    for table in _EMPTIED:
        admin.execute(f"delete from outreach.{table}")
    for statement in _ROWS:
        admin.execute(statement, values)
    mailboxes = admin.execute("select id, address from outreach.mailboxes").fetchall()
    with admin.cursor() as cursor:
        cursor.executemany(
            "update outreach.mailboxes set secret_ciphertext = %s where id = %s",
            [
                (
                    vault.encrypt("secret", wrapped_key=wrapped, owner=str(TENANT), purpose=f"mailbox {address}"),
                    mailbox_id,
                )
                for mailbox_id, address in mailboxes
            ],
        )
    admin.execute("vacuum analyze")


_EMPTIED = (
    "events", "send_attempts", "messages", "send_batches", "plans", "enrollments", "contacts", "contact_lists",
    "campaign_steps", "campaigns", "provider_hosts", "mailboxes", "sending_domains", "sending_policies", "rate_limits", "leases", "tenants",
    "data_keys",
)  # fmt: skip
_ROWS = (
    """insert into outreach.tenants (id, slug, name, time_zone, postal_address)
    values (%(tenant)s, 'acme', 'Acme', 'Etc/UTC', 'Acme, 1 Street, 12345 Town')""",
    """insert into outreach.data_keys (id, tenant_id, wrapped_key) overriding system value
    values (1, %(tenant)s, %(wrapped)s)""",
    "insert into outreach.sending_policies (tenant_id, name, policy) values (%(tenant)s, 'default', %(policy)s::jsonb)",
    """insert into outreach.sending_domains (tenant_id, id, domain, link_host) overriding system value
    values (%(tenant)s, 1, 'acme.example', 'go.acme.example')""",
    """insert into outreach.mailboxes (
        tenant_id, id, address, display_name, sending_domain_id, lane, lifecycle, smtp_host, smtp_port, smtp_security,
        imap_host, imap_port, login, ca_file, data_key_id)
    overriding system value
    select %(tenant)s, n, 'm' || n || '@acme.example', 'Sender ' || n, 1, 0, 'active', '127.0.0.1', %(port)s,
        %(security)s, '127.0.0.1', 1143, 'm' || n, %(ca_file)s, 1
    from generate_series(1, %(mailboxes)s) as n""",
    """insert into outreach.provider_hosts (host, messages_per_connection, idle_seconds)
    values ('127.0.0.1:' || %(port)s, %(messages_a_connection)s, 30)""",
    """insert into outreach.campaigns (tenant_id, id, slug, name, accepted_lawful_bases, accepted_jurisdictions)
    overriding system value values (%(tenant)s, 1, 'spring', 'Spring', '{consent}', '{DE}')""",
    """insert into outreach.campaign_steps (
        tenant_id, campaign_id, step_number, variant, wait_days, subject, text_body, html_body)
    values (%(tenant)s, 1, 1, 'a', 0, %(step_subject)s, %(step_text)s, %(step_html)s)""",
    """insert into outreach.contact_lists (tenant_id, id, name, campaign_id, sha256, row_count, imported_at)
    overriding system value values (%(tenant)s, 1, 'list', 1, 'x', 1, %(due_at)s)""",
    """insert into outreach.contacts (
        tenant_id, id, address, mail_domain, company_domain, first_name, last_name, company, source, jurisdiction,
        lawful_basis, contact_list_id)
    overriding system value
    select %(tenant)s, n, 'p' || n || '@' || d.domain, d.domain, d.domain, 'Ada', 'Novak ' || n, 'Company ' || n,
        'benchmark', 'DE', 'consent', 1
    from generate_series(1, %(total)s) as n,
        lateral (select 'company' || (n - 1) / %(messages_a_domain)s || '.example' as domain) as d""",
    """insert into outreach.enrollments (tenant_id, id, campaign_id, contact_id, contact_list_id, due_on)
    overriding system value
    select %(tenant)s, n, 1, n, 1, (%(due_at)s at time zone 'UTC')::date from generate_series(1, %(total)s) as n""",
    """insert into outreach.plans (tenant_id, plan_date, mode, state, planned_at, input_sha256, summary)
    values (%(tenant)s, (%(due_at)s at time zone 'UTC')::date, 'real', 'ready', %(due_at)s, 'x', '{}')""",
    """insert into outreach.send_batches (
        tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, cap_terms, planned_at)
    select %(tenant)s, n, (%(due_at)s at time zone 'UTC')::date, 'real', %(messages_each)s, 0, %(messages_each)s, '[]',
        %(due_at)s
    from generate_series(1, %(mailboxes)s) as n""",
    """insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst)
    select 'mailbox', n::text, %(messages_a_minute)s, 60, greatest(1, %(messages_a_minute)s / 60)
    from generate_series(1, %(mailboxes)s) as n""",
    # Every limit is asked, and wide enough but for that of a domain.
    """insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, in_flight)
    select scope, '*', 10000000, 60, 10000, 10000
    from unnest(array['tenant', 'recipient_site', 'provider_host']) as scope
    union all
    select 'recipient_domain', '*', coalesce(%(domain_rate)s, 10000000), 60, %(domain_burst)s, 10000""",
    """insert into outreach.messages (
        tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, campaign_id, contact_id, contact_list_id, step_number,
        variant, to_address, company_domain, recipient_site, scheduled_at, window_ends_at, message_id)
    select %(tenant)s, 'campaign', 'planned', 1 + (n - 1) %% %(mailboxes)s, (%(due_at)s at time zone 'UTC')::date, n, 1, n,
        1, 1, 'a', c.address, c.company_domain, c.company_domain,
        %(due_at)s + make_interval(secs => %(over_seconds)s * (n - 1) / %(total)s), %(due_at)s + interval '8 hours',
        '<' || md5(n::text) || '@acme.example>'
    from generate_series(1, %(total)s) as n
    inner join outreach.contacts as c on c.tenant_id = %(tenant)s and c.id = n""",
)
