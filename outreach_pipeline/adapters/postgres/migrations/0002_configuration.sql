-- What a tenant has configured: policies, domains, mailboxes, campaigns, contacts. Keys are (tenant_id, id), so that a
-- foreign key, which row-level security does not check, can never reach another tenant's row.

create table outreach.sending_policies (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    name text not null,
    policy jsonb not null,
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
create table outreach.warmup_curves (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    name text not null,
    -- Messages a day on the 1st, 2nd, … day of real sending; the last value stands for all days after.
    messages_per_day integer[] not null check (cardinality(messages_per_day) > 0),
    source text not null default '',
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
create table outreach.sending_domains (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    domain text not null check (domain = lower(domain)),
    link_host text not null check (link_host = lower(link_host)),
    messages_per_day integer check (messages_per_day >= 0),
    dkim_selector text,
    data_key_id bigint references outreach.data_keys (id),
    dkim_key_ciphertext bytea,
    primary key (tenant_id, id),
    unique (tenant_id, domain)
);
create table outreach.mailboxes (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    address text not null check (address = lower(address)),
    display_name text not null default '',
    sending_domain_id bigint not null,
    provider_account_id bigint references outreach.provider_accounts (id),
    policy_id bigint,
    warmup_curve_id bigint,
    warmup_days_before integer not null default 0 check (warmup_days_before >= 0),
    messages_per_day integer check (messages_per_day >= 0),
    lane integer not null,
    lifecycle text not null default 'warming'
        check (lifecycle in ('warming', 'active', 'observed', 'resting', 'quarantined', 'retired')),
    lifecycle_since timestamptz not null default now(),
    lifecycle_evidence jsonb not null default '{}',
    paused_until timestamptz,
    paused_reason text,
    smtp_host text not null,
    smtp_port integer not null check (smtp_port between 1 and 65535),
    smtp_security text not null default 'starttls' check (smtp_security in ('tls', 'starttls', 'none')),
    imap_host text not null,
    imap_port integer not null check (imap_port between 1 and 65535),
    imap_security text not null default 'tls' check (imap_security in ('tls', 'starttls', 'none')),
    login text not null,
    auth text not null default 'password' check (auth in ('password', 'xoauth2')),
    data_key_id bigint references outreach.data_keys (id),
    secret_ciphertext bytea,
    ca_file text,
    sent_copy text not null default 'none' check (sent_copy in ('server', 'append', 'none')),
    is_receive_only boolean not null default false,
    is_probe_target boolean not null default false,
    consecutive_errors integer not null default 0,
    synced_at timestamptz,
    sync_failed_at timestamptz,
    sync_failure text,
    primary key (tenant_id, id),
    unique (tenant_id, address),
    foreign key (tenant_id, sending_domain_id) references outreach.sending_domains (tenant_id, id),
    foreign key (tenant_id, policy_id) references outreach.sending_policies (tenant_id, id),
    foreign key (tenant_id, warmup_curve_id) references outreach.warmup_curves (tenant_id, id)
);
create index mailboxes_by_lane on outreach.mailboxes (lane, tenant_id, id);
create index mailboxes_by_account on outreach.mailboxes (provider_account_id) where provider_account_id is not null;

create table outreach.campaigns (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text not null,
    state text not null default 'active' check (state in ('active', 'paused', 'finished')),
    paused_reason text,
    priority integer not null default 100,
    share double precision not null default 1 check (share > 0),
    policy_id bigint,
    accepted_lawful_bases text[] not null,
    accepted_jurisdictions text[] not null,
    stops_company_on_reply boolean not null default false,
    primary key (tenant_id, id),
    unique (tenant_id, slug),
    foreign key (tenant_id, policy_id) references outreach.sending_policies (tenant_id, id)
);
create table outreach.campaign_steps (
    tenant_id uuid not null,
    campaign_id bigint not null,
    step_number integer not null check (step_number >= 1),
    variant text not null default 'a',
    share double precision not null default 1 check (share > 0),
    wait_days integer not null default 0 check (wait_days >= 0),
    subject text not null,
    text_body text not null,
    html_body text,
    primary key (tenant_id, campaign_id, step_number, variant),
    foreign key (tenant_id, campaign_id) references outreach.campaigns (tenant_id, id)
);
create table outreach.campaign_mailboxes (
    tenant_id uuid not null,
    campaign_id bigint not null,
    mailbox_id bigint not null,
    primary key (tenant_id, campaign_id, mailbox_id),
    foreign key (tenant_id, campaign_id) references outreach.campaigns (tenant_id, id),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create table outreach.contact_lists (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    name text not null,
    campaign_id bigint not null,
    sha256 text not null,
    row_count integer not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    paused_reason text,
    imported_at timestamptz not null,
    -- Until then only the canary of canary_contacts may be written to; NULL: no hold.
    hold_until timestamptz,
    canary_contacts integer not null default 0,
    primary key (tenant_id, id),
    unique (tenant_id, campaign_id, sha256),
    foreign key (tenant_id, campaign_id) references outreach.campaigns (tenant_id, id)
);
create table outreach.contacts (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    address text not null check (address = lower(address)),
    mail_domain text not null,
    company_domain text not null,
    is_free_mail boolean not null default false,
    first_name text not null default '',
    last_name text not null default '',
    company text not null default '',
    attributes jsonb not null default '{}',
    source text not null check (source <> ''),
    jurisdiction text,
    lawful_basis text,
    time_zone text,
    time_zone_source text check (time_zone_source in ('explicit', 'city', 'region', 'country')),
    country text,
    language text,
    verification text not null default 'unverified'
        check (verification in ('valid', 'catch_all', 'unverified', 'invalid')),
    verified_at timestamptz,
    out_until date,
    left_company_at timestamptz,
    contact_list_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, address),
    foreign key (tenant_id, contact_list_id) references outreach.contact_lists (tenant_id, id)
);
create index contacts_by_company on outreach.contacts (tenant_id, company_domain);
create table outreach.enrollments (
    tenant_id uuid not null,
    id bigint generated always as identity,
    campaign_id bigint not null,
    contact_id bigint not null,
    contact_list_id bigint not null,
    state text not null default 'active' check (state in ('active', 'paused', 'finished', 'stopped')),
    stop_reason text,
    stopped_at timestamptz,
    -- The step that comes next and the first date it can come (a lower bound: working days are the planner's).
    next_step integer not null default 1,
    due_on date not null,
    mailbox_id bigint,
    thread_message_id text,
    thread_subject text,
    last_sent_at timestamptz,
    enrolled_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, campaign_id, contact_id),
    foreign key (tenant_id, campaign_id) references outreach.campaigns (tenant_id, id),
    foreign key (tenant_id, contact_id) references outreach.contacts (tenant_id, id),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create index enrollments_due on outreach.enrollments (tenant_id, campaign_id, due_on, id) where state = 'active';
create index enrollments_by_contact on outreach.enrollments (tenant_id, contact_id);
-- An opt-out is final: the app may add, never change or remove.
create table outreach.suppressions (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    scope text not null check (scope in ('address', 'domain')),
    value text not null check (value = lower(value)),
    reason text not null check (reason in ('unsubscribe', 'stop', 'complaint', 'bounce', 'manual', 'import')),
    origin text not null default '',
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, scope, value)
);

call outreach.protect_tenant_table('outreach.sending_policies', 'select, insert, update');
call outreach.protect_tenant_table('outreach.warmup_curves', 'select, insert, update');
call outreach.protect_tenant_table('outreach.sending_domains', 'select, insert, update');
call outreach.protect_tenant_table('outreach.mailboxes', 'select, insert, update');
call outreach.protect_tenant_table('outreach.campaigns', 'select, insert, update');
call outreach.protect_tenant_table('outreach.campaign_steps', 'select, insert, update, delete');
call outreach.protect_tenant_table('outreach.campaign_mailboxes', 'select, insert, delete');
call outreach.protect_tenant_table('outreach.contact_lists', 'select, insert, update');
call outreach.protect_tenant_table('outreach.contacts', 'select, insert, update');
call outreach.protect_tenant_table('outreach.enrollments', 'select, insert, update');
call outreach.protect_tenant_table('outreach.suppressions', 'select, insert');
