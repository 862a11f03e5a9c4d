-- What was planned, sent, received and learnt. messages is the outbox and the ledger; events is append-only.

create table outreach.plans (
    tenant_id uuid not null references outreach.tenants (id),
    plan_date date not null,
    mode text not null check (mode in ('real', 'backfill')),
    -- A held plan's messages are not sent.
    state text not null default 'ready' check (state in ('ready', 'held')),
    held_reason text,
    input_sha256 text not null,
    planned_at timestamptz not null,
    -- The waterfall from demand to plan: reason code -> count, whole and by campaign.
    summary jsonb not null,
    primary key (tenant_id, plan_date)
);
create table outreach.send_batches (
    tenant_id uuid not null,
    mailbox_id bigint not null,
    plan_date date not null,
    mode text not null check (mode in ('real', 'backfill')),
    capacity integer not null check (capacity >= 0),
    already_sent integer not null check (already_sent >= 0),
    planned integer not null check (planned >= 0),
    -- Every term of the cap, in the order of the least first: [{"term", "messages_per_day", "detail"}].
    cap_terms jsonb not null,
    planned_at timestamptz not null,
    primary key (tenant_id, mailbox_id, plan_date),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
-- With the mailbox: of rows that were just written nothing is known, and this index is as likely to be taken as the key.
create index send_batches_by_date on outreach.send_batches (tenant_id, plan_date, mailbox_id);

create sequence outreach.lease_tokens;
grant usage on sequence outreach.lease_tokens to outreach_app;
create table outreach.messages (
    tenant_id uuid not null,
    id bigint generated always as identity,
    kind text not null check (kind in ('campaign', 'probe', 'reply', 'test')),
    state text not null default 'planned' check (state in (
        'planned', 'claimed', 'sending', 'sent', 'deferred', 'failed', 'outcome_unknown', 'presumed_sent', 'cancelled')),
    state_at timestamptz not null default now(),
    reason text,
    reason_detail text,
    mailbox_id bigint not null,
    plan_date date,
    enrollment_id bigint,
    campaign_id bigint,
    contact_id bigint,
    contact_list_id bigint,
    step_number integer,
    variant text,
    to_mailbox_id bigint,
    probe_number integer,
    to_address text not null check (to_address = lower(to_address)),
    company_domain text not null,
    recipient_site text not null,
    is_random boolean not null default false,
    scheduled_at timestamptz not null,
    retry_at timestamptz,
    due_at timestamptz generated always as (coalesce(retry_at, scheduled_at)) stored,
    -- Past it the message is not started any more.
    window_ends_at timestamptz not null,
    attempts integer not null default 0,
    lease_token bigint,
    lease_expires_at timestamptz,
    -- outcome_unknown becomes presumed_sent then.
    unknown_until timestamptz,
    sending_at timestamptz,
    sent_at timestamptz,
    message_id text not null,
    wire_message_id text,
    -- The subject it was sent with, set as it begins; a thread keeps its first.
    subject text,
    thread_message_id text,
    smtp_code integer,
    enhanced_code text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, mailbox_id, plan_date) references outreach.send_batches (tenant_id, mailbox_id, plan_date),
    foreign key (tenant_id, enrollment_id) references outreach.enrollments (tenant_id, id),
    check (kind <> 'campaign' or (enrollment_id is not null and step_number is not null and plan_date is not null))
);
-- The idempotency keys of the two kinds.
create unique index messages_once_a_step on outreach.messages (tenant_id, enrollment_id, step_number)
where kind = 'campaign' and state <> 'cancelled';
create unique index messages_once_a_probe on outreach.messages (tenant_id, mailbox_id, to_mailbox_id, plan_date, probe_number)
where kind = 'probe' and state <> 'cancelled';
-- The database itself refuses a second message in flight from one mailbox.
create unique index messages_one_in_flight on outreach.messages (tenant_id, mailbox_id) where state = 'sending';
create index messages_due on outreach.messages (tenant_id, mailbox_id, due_at) where state in ('planned', 'deferred');
create index messages_unfinished on outreach.messages (tenant_id, state, mailbox_id)
where state in ('claimed', 'sending', 'outcome_unknown', 'presumed_sent');
create index messages_by_message_id on outreach.messages (tenant_id, message_id);
create index messages_by_wire_message_id on outreach.messages (tenant_id, wire_message_id) where wire_message_id is not null;
create index messages_by_address on outreach.messages (tenant_id, to_address);
create index messages_by_date on outreach.messages (tenant_id, plan_date, mailbox_id);
create index messages_by_sending on outreach.messages (tenant_id, mailbox_id, sending_at) where sending_at is not null;

create table outreach.send_attempts (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    message_id bigint not null,
    attempt integer not null,
    started_at timestamptz not null,
    duration_ms double precision not null,
    stage text not null
        check (stage in ('gate', 'connect', 'tls', 'auth', 'mail', 'rcpt', 'data', 'end-of-data', 'done')),
    outcome text not null,
    code integer,
    enhanced_code text,
    text text not null default '',
    primary key (tenant_id, id)
);
create index send_attempts_by_message on outreach.send_attempts (tenant_id, message_id);

create table outreach.mailbox_folders (
    tenant_id uuid not null,
    mailbox_id bigint not null,
    name text not null,
    role text not null check (role in ('inbox', 'spam', 'sent', 'archive', 'other')),
    uidvalidity bigint not null,
    last_uid bigint not null default 0,
    modseq bigint,
    synced_at timestamptz not null,
    primary key (tenant_id, mailbox_id, name),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create table outreach.inbound_messages (
    tenant_id uuid not null,
    id bigint generated always as identity,
    mailbox_id bigint not null,
    sha256 text not null,
    size_bytes integer not null,
    -- out: found in Sent. It proves a send of ours or is a person's own mail, and is not classified.
    direction text not null check (direction in ('in', 'out')),
    received_at timestamptz not null,
    rfc822_message_id text,
    from_address text not null default '',
    to_addresses text[] not null default '{}',
    subject text not null default '',
    state text not null default 'new' check (state in ('new', 'processed', 'unreadable')),
    processed_at timestamptz,
    kind text check (kind in ('bounce', 'complaint', 'auto_reply', 'reply', 'other')),
    bounce_class text check (bounce_class in ('hard', 'soft', 'block')),
    reason text,
    status text,
    intent text,
    intent_is_sure boolean,
    return_date date,
    message_id bigint,
    tied_by text,
    classified jsonb,
    primary key (tenant_id, id),
    unique (tenant_id, mailbox_id, sha256),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create index inbound_messages_new on outreach.inbound_messages (tenant_id, id) where state = 'new';
create index inbound_messages_by_message on outreach.inbound_messages (tenant_id, message_id) where message_id is not null;
create table outreach.inbound_locations (
    tenant_id uuid not null,
    mailbox_id bigint not null,
    folder text not null,
    uidvalidity bigint not null,
    uid bigint not null,
    inbound_message_id bigint not null,
    primary key (tenant_id, mailbox_id, folder, uidvalidity, uid),
    foreign key (tenant_id, inbound_message_id) references outreach.inbound_messages (tenant_id, id)
);
create table outreach.events (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    kind text not null check (kind in (
        'sent', 'deferred', 'delivered', 'bounced', 'complaint', 'open', 'reply', 'auto_reply', 'unsubscribe')),
    -- Where the event comes from and its identity there: with kind and recipient the idempotency key.
    origin text not null check (origin in ('smtp', 'imap', 'webhook', 'link', 'person')),
    origin_id text not null,
    recipient text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    message_id bigint,
    mailbox_id bigint,
    campaign_id bigint,
    contact_id bigint,
    contact_list_id bigint,
    recipient_site text,
    bounce_class text check (bounce_class in ('hard', 'soft', 'block')),
    reason text,
    status text,
    detail jsonb not null default '{}',
    primary key (tenant_id, id),
    unique (tenant_id, origin, origin_id, kind, recipient)
);
create index events_by_time on outreach.events using brin (occurred_at);
create index events_by_message on outreach.events (tenant_id, message_id) where message_id is not null;
create table outreach.webhook_deliveries (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    source text not null,
    event_id text not null,
    received_at timestamptz not null default now(),
    payload jsonb not null,
    state text not null default 'new' check (state in ('new', 'processed', 'refused')),
    processed_at timestamptz,
    problem text,
    primary key (tenant_id, id),
    unique (tenant_id, source, event_id)
);
create index webhook_deliveries_new on outreach.webhook_deliveries (tenant_id, id) where state = 'new';
create table outreach.webhook_sources (
    tenant_id uuid not null references outreach.tenants (id),
    source text not null check (source ~ '^[a-z0-9-]{1,40}$'),
    data_key_id bigint not null references outreach.data_keys (id),
    secret_ciphertext bytea not null,
    primary key (tenant_id, source)
);

create table outreach.mailbox_checks (
    tenant_id uuid not null,
    id bigint generated always as identity,
    mailbox_id bigint not null,
    checked_at timestamptz not null,
    protocol text not null check (protocol in ('smtp', 'imap')),
    is_ok boolean not null,
    stage text not null,
    cause text not null default '',
    duration_ms double precision not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create index mailbox_checks_latest on outreach.mailbox_checks (tenant_id, mailbox_id, protocol, checked_at desc);
create table outreach.domain_checks (
    tenant_id uuid not null,
    id bigint generated always as identity,
    sending_domain_id bigint not null,
    checked_at timestamptz not null,
    subject text not null check (subject in ('spf', 'dkim', 'dmarc', 'mx', 'block_list')),
    result text not null check (result in ('pass', 'warn', 'fail', 'unknown')),
    detail text not null default '',
    primary key (tenant_id, id),
    foreign key (tenant_id, sending_domain_id) references outreach.sending_domains (tenant_id, id)
);
create index domain_checks_latest on outreach.domain_checks (tenant_id, sending_domain_id, subject, checked_at desc);
create table outreach.provider_health (
    tenant_id uuid not null references outreach.tenants (id),
    host text not null,
    measured_at timestamptz not null,
    attempts integer not null,
    failures integer not null,
    detail jsonb not null default '{}',
    primary key (tenant_id, host, measured_at)
);
-- One set of rows a computation; the planner reads the newest that is not later than its own now.
create table outreach.rotation_weights (
    tenant_id uuid not null,
    mailbox_id bigint not null,
    -- '' is the mailbox over all sites.
    recipient_site text not null,
    computed_at timestamptz not null,
    weight_ratio double precision not null check (weight_ratio between 0 and 1),
    health_ratio double precision not null check (health_ratio between 0 and 1),
    matured_sends double precision not null,
    evidence jsonb not null default '{}',
    primary key (tenant_id, computed_at, mailbox_id, recipient_site),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
create table outreach.alerts (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    cause_key text not null,
    severity text not null check (severity in ('info', 'warning', 'error')),
    title text not null,
    detail text not null default '',
    raised_at timestamptz not null default now(),
    notified_at timestamptz,
    resolved_at timestamptz,
    primary key (tenant_id, id)
);
create unique index alerts_open on outreach.alerts (tenant_id, cause_key) where resolved_at is null;
create table outreach.audit_log (
    tenant_id uuid not null references outreach.tenants (id),
    id bigint generated always as identity,
    occurred_at timestamptz not null default now(),
    author text not null,
    action text not null,
    subject text not null,
    detail jsonb not null default '{}',
    primary key (tenant_id, id)
);

call outreach.protect_tenant_table('outreach.plans', 'select, insert, update');
call outreach.protect_tenant_table('outreach.send_batches', 'select, insert, update');
call outreach.protect_tenant_table('outreach.messages', 'select, insert, update');
call outreach.protect_tenant_table('outreach.send_attempts', 'select, insert');
call outreach.protect_tenant_table('outreach.mailbox_folders', 'select, insert, update');
call outreach.protect_tenant_table('outreach.inbound_messages', 'select, insert, update');
call outreach.protect_tenant_table('outreach.inbound_locations', 'select, insert');
call outreach.protect_tenant_table('outreach.events', 'select, insert');
call outreach.protect_tenant_table('outreach.webhook_deliveries', 'select, insert, update');
call outreach.protect_tenant_table('outreach.webhook_sources', 'select, insert, update');
call outreach.protect_tenant_table('outreach.mailbox_checks', 'select, insert');
call outreach.protect_tenant_table('outreach.domain_checks', 'select, insert');
call outreach.protect_tenant_table('outreach.provider_health', 'select, insert');
call outreach.protect_tenant_table('outreach.rotation_weights', 'select, insert');
call outreach.protect_tenant_table('outreach.alerts', 'select, insert, update');
call outreach.protect_tenant_table('outreach.audit_log', 'select, insert');
