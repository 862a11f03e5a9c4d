"""A fleet with its contacts, made set-wise in SQL as the superuser: seconds for a million contacts.

Belongs here: rows. Does not: what is measured on them (plan).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import psycopg

# A Tuesday, 06:00 in Berlin.
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MESSAGES_A_MAILBOX = 50
_POLICY = """{"messages_per_day_per_mailbox": 50, "minimum_gap_seconds": 480, "catch_all_per_day": 2000,
"unverified_per_day": 2000}"""


@dataclass(frozen=True, slots=True)
class Fleet:
    """One tenant's size. Of its contacts half a day's places are follow-ups due, 1.5 times as many new ones due."""

    tenant_id: UUID
    slug: str
    mailboxes: int
    contacts: int

    @property
    def places(self) -> int:
        """Messages a day that the mailboxes may send."""
        return self.mailboxes * MESSAGES_A_MAILBOX


def make_fleet(admin: psycopg.Connection, fleet: Fleet) -> None:
    """Write a tenant with campaigns, mailboxes, weights, yesterday's sends and contacts in all states."""
    run = _Runner(admin, fleet)
    for statement in _FLEET:
        run(statement)
    add_contacts(admin, fleet, first=1, last=fleet.contacts)
    admin.execute("analyze outreach.contacts, outreach.enrollments")
    run(_YESTERDAY)
    admin.execute("vacuum analyze")


def add_contacts(admin: psycopg.Connection, fleet: Fleet, *, first: int, last: int) -> None:
    """Write the contacts of these numbers; those beyond two and a half days' places are not due."""
    run = _Runner(admin, fleet)
    for statement in _CONTACTS:
        run(statement, first=first, last=last)


def forget_plan(admin: psycopg.Connection, fleet: Fleet) -> None:
    """Take a plan away again, so that the next one starts from the same rows."""
    run = _Runner(admin, fleet)
    for table in ("messages", "send_batches", "plans"):
        run(f"delete from outreach.{table} where tenant_id = %(tenant_id)s and plan_date = %(today)s")
    admin.execute("vacuum analyze outreach.messages, outreach.send_batches, outreach.plans")


class _Runner:
    """Runs statements with the fleet's numbers. No foreign keys are checked and no triggers run."""

    def __init__(self, admin: psycopg.Connection, fleet: Fleet) -> None:
        self._admin = admin
        self._values = {
            "tenant_id": fleet.tenant_id,
            "slug": fleet.slug,
            "mailboxes": fleet.mailboxes,
            "campaigns": max(1, fleet.mailboxes // 100),
            "places": fleet.places,
            "now": NOW,
            "today": TODAY,
            "policy": _POLICY,
        }
        admin.execute("set session_replication_role = replica")

    def __call__(self, statement: str, **values: object) -> None:
        self._admin.execute(statement, {**self._values, **values})


_FLEET = (
    """insert into outreach.tenants (id, slug, name, time_zone, postal_address)
    values (%(tenant_id)s, %(slug)s, 'Benchmark', 'Europe/Berlin', 'Here 1')""",
    """insert into outreach.sending_policies (tenant_id, name, policy)
    values (%(tenant_id)s, 'default', %(policy)s::jsonb)""",
    """insert into outreach.warmup_curves (tenant_id, name, messages_per_day)
    values (%(tenant_id)s, 'steep', '{20, 35, 50}')""",
    """insert into outreach.provider_accounts (name, provider, licences)
    select %(slug)s || '-' || n, 'google_workspace', 50 from generate_series(0, (%(mailboxes)s - 1) / 50) as n""",
    """insert into outreach.sending_domains (tenant_id, id, domain, link_host)
    overriding system value
    select %(tenant_id)s, n, 'd' || n || '.' || %(slug)s || '.example', 'go.d' || n || '.' || %(slug)s || '.example'
    from generate_series(1, (%(mailboxes)s + 2) / 3) as n""",
    """insert into outreach.mailboxes (
        tenant_id, id, address, sending_domain_id, provider_account_id, warmup_curve_id, warmup_days_before, lane,
        lifecycle, smtp_host, smtp_port, imap_host, imap_port, login)
    overriding system value
    select %(tenant_id)s, n, 'm' || n || '@d' || (n + 2) / 3 || '.' || %(slug)s || '.example', (n + 2) / 3,
        (select a.id from outreach.provider_accounts as a where a.name = %(slug)s || '-' || (n - 1) / 50),
        case when n %% 5 = 0 then (select w.id from outreach.warmup_curves as w where w.tenant_id = %(tenant_id)s) end,
        30, 1, 'active', '127.0.0.1', 2525, '127.0.0.1', 1143, 'm' || n
    from generate_series(1, %(mailboxes)s) as n""",
    """insert into outreach.campaigns (
        tenant_id, id, slug, name, priority, share, accepted_lawful_bases, accepted_jurisdictions)
    overriding system value
    select %(tenant_id)s, n, 'c' || n, 'Campaign', 100 + n %% 2, 1 + n %% 3, '{consent}', '{DE,US}'
    from generate_series(1, %(campaigns)s) as n""",
    """insert into outreach.campaign_steps (
        tenant_id, campaign_id, step_number, variant, wait_days, subject, text_body)
    select %(tenant_id)s, n, step, variant, 3 * (step - 1), 'Hello', 'Hello'
    from generate_series(1, %(campaigns)s) as n, generate_series(1, 3) as step, unnest(array['a', 'b']) as variant""",
    # Each campaign writes from its own hundred mailboxes and the next campaign's.
    """insert into outreach.campaign_mailboxes (tenant_id, campaign_id, mailbox_id)
    select distinct %(tenant_id)s, 1 + (block + shift) %% %(campaigns)s, n
    from (select n, (n - 1) * %(campaigns)s / %(mailboxes)s as block from generate_series(1, %(mailboxes)s) as n) as b,
        generate_series(0, 1) as shift""",
    """insert into outreach.contact_lists (tenant_id, id, name, campaign_id, sha256, row_count, imported_at)
    overriding system value
    select %(tenant_id)s, n, 'list', n, md5(n::text), 1, %(now)s from generate_series(1, %(campaigns)s) as n""",
    """insert into outreach.rotation_weights (
        tenant_id, mailbox_id, recipient_site, computed_at, weight_ratio, health_ratio, matured_sends)
    select %(tenant_id)s, n, site, %(now)s, 0.3 + 0.05 * ((n * 7 + length(site)) %% 11), 1, 100
    from generate_series(1, %(mailboxes)s) as n, unnest(array['', 'google_workspace', 'microsoft_365', 'gmail']) as site""",
)
_CONTACTS = (
    """insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)
    select 'company' || n || '.example',
        (array['google_workspace', 'google_workspace', 'microsoft_365', 'microsoft_365', 'microsoft_365', 'proofpoint',
            'mimecast', 'company' || n || '.example'])[1 + n %% 8], 'resolved', %(now)s, %(now)s + interval '7 days'
    from generate_series(%(first)s / 4, %(last)s / 4) as n
    on conflict do nothing""",
    # One in ten is a free-mail address. Four colleagues stand far apart in the lists, as in lists sorted by name.
    """insert into outreach.contacts (
        tenant_id, id, address, mail_domain, company_domain, is_free_mail, source, jurisdiction, lawful_basis, time_zone,
        country, verification, contact_list_id)
    overriding system value
    select %(tenant_id)s, n, 'c' || n || '@' || d.domain, d.domain, d.domain, n %% 10 = 0, 'benchmark',
        case when n %% 4 = 0 then 'US' else 'DE' end, 'consent',
        (array['Europe/Berlin', 'Europe/Berlin', 'Europe/London', 'America/New_York', null])[1 + n %% 5],
        (array['DE', 'DE', 'GB', 'US', null])[1 + n %% 5],
        case n %% 33 when 0 then 'catch_all' when 1 then 'unverified' else 'valid' end, 1 + n %% %(campaigns)s
    from generate_series(%(first)s, %(last)s) as n,
        lateral (select case when n %% 10 = 0 then 'gmail.com' else 'company'
            || %(first)s / 4 + (n::bigint * 7919) %% ((%(last)s - %(first)s + 1) / 4) || '.example' end as domain) as d""",
    # By number: follow-ups due, new ones due, follow-ups of the coming days, and those that are over or far away.
    """insert into outreach.enrollments (
        tenant_id, id, campaign_id, contact_id, contact_list_id, state, next_step, due_on, mailbox_id, thread_message_id,
        last_sent_at)
    overriding system value
    select %(tenant_id)s, n, 1 + n %% %(campaigns)s, n, 1 + n %% %(campaigns)s,
        case when n > 3 * %(places)s and n %% 2 = 0 then 'finished' else 'active' end,
        case when k.follows then 2 + n %% 2 else 1 end,
        case when k.follows and n <= 2 * %(places)s then %(today)s - 2 - 2 * (n %% 2)::integer
            when n <= 2 * %(places)s then %(today)s - (n %% 2)::integer
            when n <= 3 * %(places)s then %(today)s + 1 + (n / %(mailboxes)s %% 8)::integer
            else %(today)s + 30 + (n %% 60)::integer end,
        case when k.follows then 1 + (n::bigint * 13) %% %(mailboxes)s end,
        case when k.follows then '<' || md5(n::text) || '@d.example>' end,
        case when k.follows then %(now)s - interval '5 days' end
    from generate_series(%(first)s, %(last)s) as n,
        lateral (select n <= %(places)s / 2 or n between 2 * %(places)s + 1 and 3 * %(places)s as follows) as k""",
    """insert into outreach.suppressions (tenant_id, scope, value, reason)
    select %(tenant_id)s, 'address', c.address, 'unsubscribe' from outreach.contacts as c
    where c.tenant_id = %(tenant_id)s and c.id between %(first)s and %(last)s and c.id %% 100 = 7""",
)
_YESTERDAY = """with batches as (
    insert into outreach.send_batches (
        tenant_id, mailbox_id, plan_date, mode, capacity, already_sent, planned, cap_terms, planned_at)
    select %(tenant_id)s, n, %(today)s - 1, 'real', 50, 0, 50, '[]', %(now)s - interval '1 day'
    from generate_series(1, %(mailboxes)s) as n)
insert into outreach.messages (
    tenant_id, kind, state, mailbox_id, plan_date, enrollment_id, campaign_id, contact_id, contact_list_id, step_number,
    variant, to_address, company_domain, recipient_site, scheduled_at, window_ends_at, sending_at, sent_at, message_id)
select %(tenant_id)s, 'campaign', 'sent', e.mailbox_id, %(today)s - 1, e.id, e.campaign_id, e.contact_id,
    e.contact_list_id, 1, 'a', c.address, c.company_domain, 'proofpoint', t.at, t.at + interval '8 hours', t.at, t.at,
    '<' || md5(e.id::text) || '@d.example>'
from outreach.enrollments as e
inner join outreach.contacts as c on c.tenant_id = e.tenant_id and c.id = e.contact_id,
    lateral (select %(now)s - interval '21 hours' + (e.id / %(mailboxes)s %% 50) * interval '9 minutes' as at) as t
where e.tenant_id = %(tenant_id)s and e.id between 2 * %(places)s + 1 and 3 * %(places)s"""
