-- Schemas, the tenant of a transaction, and how a table is put under row-level security.

create schema outreach;
create schema outreach_marts;
create schema outreach_staging;
revoke all on schema public from public;
grant usage on schema outreach to outreach_app, outreach_overseer, outreach_transform, outreach_metrics, outreach_analyst;
grant create on schema outreach to outreach_overseer;
grant usage on schema outreach_marts to outreach_app, outreach_analyst, outreach_overseer;
grant usage, create on schema outreach_marts, outreach_staging to outreach_transform;

-- The tenant that this transaction speaks for. SET LOCAL leaves '' behind on a pooled connection: '' is no tenant.
create function outreach.current_tenant() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('outreach.tenant_id', true), '')::uuid $$;

-- Puts a tenant table under forced row-level security. Every migration that makes a tenant table calls it.
-- Policies name their roles: a role without one sees nothing, the table's owner included.
create procedure outreach.protect_tenant_table(tenant_table regclass, app_privileges text)
language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', tenant_table);
    execute format('alter table %s force row level security', tenant_table);
    execute format(
        'create policy of_the_tenant on %s to outreach_app, outreach_owner '
        'using (tenant_id = (select outreach.current_tenant())) '
        'with check (tenant_id = (select outreach.current_tenant()))', tenant_table);
    execute format('create policy overseen on %s for select to outreach_overseer using (true)', tenant_table);
    execute format('create policy transformed on %s for select to outreach_transform using (true)', tenant_table);
    execute format('grant %s on %s to outreach_app', app_privileges, tenant_table);
    execute format('grant select on %s to outreach_overseer, outreach_transform', tenant_table);
end
$$;
revoke all on procedure outreach.protect_tenant_table(regclass, text) from public;

-- Operator tables --------------------------------------------------------------------------------------------------------

create table outreach.tenants (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text not null,
    time_zone text not null,
    plan_at time not null default '05:00',
    postal_address text not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    paused_reason text,
    created_at timestamptz not null default now()
);
create function outreach.refuse_slug_change() returns trigger language plpgsql as $$
begin
    raise exception 'A tenant''s slug is immutable (% cannot become %): make a new tenant instead.', old.slug, new.slug
        using errcode = 'check_violation';
end
$$;
create trigger slug_is_immutable before update of slug on outreach.tenants
for each row when (old.slug is distinct from new.slug) execute function outreach.refuse_slug_change();

create table outreach.data_keys (
    id bigint generated always as identity primary key,
    tenant_id uuid references outreach.tenants (id),
    wrapped_key bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
);
create unique index data_keys_one_active on outreach.data_keys (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'))
where retired_at is null;

-- A tenant's keys are seen in its own transactions; the operator's, which belong to nobody, in all.
alter table outreach.data_keys enable row level security;
alter table outreach.data_keys force row level security;
create policy of_the_tenant_or_operator on outreach.data_keys to outreach_app, outreach_owner
using (tenant_id is null or tenant_id = (select outreach.current_tenant()))
with check (tenant_id is null or tenant_id = (select outreach.current_tenant()));

create table outreach.provider_accounts (
    id bigint generated always as identity primary key,
    name text not null unique,
    provider text not null check (provider in ('google_workspace', 'microsoft_365', 'generic')),
    licences integer check (licences > 0),
    messages_per_day integer check (messages_per_day >= 0),
    data_key_id bigint references outreach.data_keys (id),
    secret_ciphertext bytea,
    secret_expires_at timestamptz,
    state text not null default 'active' check (state in ('active', 'failing', 'revoked')),
    state_cause text
);
create table outreach.oauth_tokens (
    provider_account_id bigint not null references outreach.provider_accounts (id),
    login text not null default '',
    data_key_id bigint not null references outreach.data_keys (id),
    token_ciphertext bytea not null,
    expires_at timestamptz not null,
    primary key (provider_account_id, login)
);
-- A sending domain belongs to one tenant: the one global uniqueness, written through claim_domain().
create table outreach.domain_owners (
    domain text primary key check (domain = lower(domain)),
    tenant_id uuid not null references outreach.tenants (id),
    claimed_at timestamptz not null default now()
);
create table outreach.recipient_sites (
    domain text primary key check (domain = lower(domain)),
    site text not null,
    mx_hosts text[] not null default '{}',
    state text not null check (state in ('resolved', 'no_mail', 'failed')),
    resolved_at timestamptz not null,
    expires_at timestamptz not null
);
-- A rate: at most message_count every per_seconds, as a GCRA cell. key '*' is the default of its scope.
create table outreach.rate_limits (
    scope text not null check (scope in ('mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host')),
    key text not null,
    message_count integer not null check (message_count > 0),
    per_seconds double precision not null check (per_seconds > 0),
    burst integer not null default 1 check (burst > 0),
    in_flight integer check (in_flight > 0),
    theoretical_arrival_at timestamptz not null default '-infinity',
    primary key (scope, key)
);
-- What is in flight now: one row a message and scope; a row past expires_at counts no more.
create table outreach.leases (
    scope text not null,
    key text not null,
    holder text not null,
    expires_at timestamptz not null,
    primary key (scope, key, holder)
);
create index leases_by_holder on outreach.leases (holder);
create table outreach.breakers (
    host text primary key,
    state text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
    consecutive_failures integer not null default 0,
    opened_at timestamptz,
    retry_at timestamptz,
    cause text
);
-- Recipient sites that a person has stopped, for all tenants.
create table outreach.paused_sites (
    site text primary key check (site = lower(site)),
    reason text not null,
    paused_by text not null,
    paused_at timestamptz not null
);
create table outreach.shaping_rules (
    id bigint generated always as identity primary key,
    name text not null,
    version integer not null default 1,
    scope text not null check (scope in ('mailbox', 'tenant', 'site')),
    match jsonb not null,
    action text not null check (action in ('suspend', 'slow_down', 'quarantine')),
    duration_seconds integer not null check (duration_seconds > 0),
    is_enabled boolean not null default true,
    unique (name, version)
);
create table outreach.operator_suppressions (
    scope text not null check (scope in ('address', 'domain')),
    value text not null check (value = lower(value)),
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (scope, value)
);
create table outreach.operator_alerts (
    id bigint generated always as identity primary key,
    cause_key text not null,
    severity text not null check (severity in ('info', 'warning', 'error')),
    title text not null,
    detail text not null default '',
    raised_at timestamptz not null default now(),
    notified_at timestamptz,
    resolved_at timestamptz,
    resolution_notified_at timestamptz
);
create unique index operator_alerts_open on outreach.operator_alerts (cause_key) where resolved_at is null;
create table outreach.operator_audit_log (
    id bigint generated always as identity primary key,
    occurred_at timestamptz not null default now(),
    author text not null,
    action text not null,
    subject text not null,
    detail jsonb not null default '{}'
);
-- Which tenant an analyst's own login belongs to; the marts' policies ask it about current_user.
create table outreach.analyst_logins (
    login name primary key,
    tenant_id uuid not null references outreach.tenants (id)
);
alter table outreach.analyst_logins enable row level security;
alter table outreach.analyst_logins force row level security;
create policy own_login on outreach.analyst_logins for select to outreach_analyst using (login = current_user);
create policy kept_by_the_owner on outreach.analyst_logins to outreach_owner using (true) with check (true);
grant select on outreach.analyst_logins to outreach_analyst;

grant select on outreach.tenants to outreach_app, outreach_overseer, outreach_transform, outreach_metrics;
grant update (state, paused_reason) on outreach.tenants to outreach_app;
grant select, insert, update on
    outreach.data_keys, outreach.provider_accounts, outreach.oauth_tokens, outreach.recipient_sites,
    outreach.breakers, outreach.operator_alerts to outreach_app;
grant select, insert, update, delete on outreach.rate_limits, outreach.leases to outreach_app;
grant select on outreach.shaping_rules to outreach_app;
grant select, insert on outreach.operator_suppressions, outreach.operator_audit_log to outreach_app;
grant select, insert, delete on outreach.paused_sites to outreach_app;
grant select on outreach.paused_sites to outreach_overseer;
grant select on outreach.recipient_sites to outreach_transform, outreach_overseer;
grant select, insert on outreach.domain_owners to outreach_overseer;
