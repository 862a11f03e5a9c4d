-- What a message carries and how it travels.

-- Attachments -------------------------------------------------------------------------------------------------------------

-- [{"name", "content_type", "sha256", "size_bytes"}] in the order of the file; the bytes are blobs of the tenant.
alter table outreach.campaign_steps add column attachments jsonb not null default '[]';

-- Copies in Sent ----------------------------------------------------------------------------------------------------------

-- A copy that we file ourselves (mailboxes.sent_copy = 'append'): noted as the send begins, filed once it is known as sent.
create table outreach.sent_copies (
    tenant_id uuid not null references outreach.tenants (id),
    message_id bigint not null,
    mailbox_id bigint not null,
    -- The bytes that went out, a blob of the tenant; '' if they could not be kept.
    sha256 text not null,
    -- filing: somebody has searched or appended and not told the end yet.
    state text not null default 'waiting' check (state in ('waiting', 'filing', 'filed', 'given_up')),
    tries integer not null default 0,
    token bigint,
    -- Nobody looks at it before: the lease of who files it, or the pause after a failure.
    retry_at timestamptz not null default '-infinity',
    -- Whether a copy lay there already when we came.
    was_there boolean not null default false,
    filed_at timestamptz,
    cause text,
    primary key (tenant_id, message_id)
);
create index sent_copies_open on outreach.sent_copies (tenant_id, mailbox_id) where state in ('waiting', 'filing');
call outreach.protect_tenant_table('outreach.sent_copies', 'select, insert, update, delete');

-- Connections -------------------------------------------------------------------------------------------------------------

-- host_logins (host:port) and account_logins (a provider account's name): message_count in per_seconds are new logins, and
-- in_flight are open connections, whose leases their processes renew. '*' is no default for messages here, but for these.
alter table outreach.rate_limits
drop constraint rate_limits_scope_check,
add constraint rate_limits_scope_check check (scope in (
    'mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host', 'host_logins', 'account_logins'
));

-- What is to be different about a submission server; a host without a row has the defaults of workflows/smtp_sessions.py.
create table outreach.provider_hosts (
    -- name:port
    host text primary key,
    messages_per_connection integer not null check (messages_per_connection > 0),
    idle_seconds integer not null check (idle_seconds > 0)
);
grant select, insert, update on outreach.provider_hosts to outreach_app;

-- The local address that a tenant's mail leaves from; NULL: whichever the system takes.
alter table outreach.tenants add column source_address inet;

-- Takes a place for a new connection in all of these scopes, until the lease ends. NULL if it has one, else the seconds after
-- which to ask again. Logins of all processes are taken one after the other, as claims are.
create function outreach.take_login_place(
    p_scopes text[], p_keys text[], p_holder text, p_lease_seconds double precision
)
returns double precision
language plpgsql
as $$
declare
    clock timestamptz;
    free_at timestamptz;
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach login', 0));
    clock := clock_timestamp();
    -- What processes that died held.
    delete from leases as l
    using unnest(p_scopes, p_keys) as w (scope, key)
    where l.scope = w.scope and l.key = w.key and l.expires_at <= clock;
    free_at := outreach.rate_allows_at(p_scopes, p_keys, clock);
    if free_at is not null then
        return extract(epoch from free_at - clock);
    end if;
    update rate_limits as r
    set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock)
        + make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
    from unnest(p_scopes, p_keys) as w (scope, key)
    where r.scope = w.scope and r.key = w.key;
    insert into leases (scope, key, holder, expires_at)
    select r.scope, r.key, p_holder, clock + make_interval(secs => p_lease_seconds)
    from unnest(p_scopes, p_keys) as w (scope, key)
    join rate_limits as r on r.scope = w.scope and r.key = w.key
    on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
    return null;
end
$$;

-- Puts claimed messages back as if they had never been claimed, to be looked at again at p_retry_at (business time): their
-- attempt, what they hold in flight, and what they took of every rate, so that waiting slows nobody else.
create function outreach.put_back(p_ids bigint[], p_tokens bigint[], p_retry_at timestamptz)
returns bigint
language plpgsql
as $$
declare
    put_back_ids bigint[];
begin
    -- With the claims: both touch the same rates.
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    with back as (
        update messages as m
        set state = 'planned', state_at = clock_timestamp(), retry_at = greatest(m.retry_at, p_retry_at), lease_token = null,
            lease_expires_at = null, attempts = m.attempts - 1
        from unnest(p_ids, p_tokens) as w (id, token)
        where m.tenant_id = (select outreach.current_tenant()) and m.id = w.id and m.lease_token = w.token
            and m.state = 'claimed'
        returning m.id
    )
    select array_agg(b.id) into put_back_ids from back as b;
    with taken as (
        select k.scope, k.key, count(*) as messages
        from messages as m
        join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
        cross join lateral unnest(
            array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'],
            array[b.id::text, m.tenant_id::text, m.company_domain, m.recipient_site, b.smtp_host || ':' || b.smtp_port]
        ) as k (scope, key)
        where m.tenant_id = (select outreach.current_tenant()) and m.id = any(put_back_ids)
        group by k.scope, k.key
    )
    update rate_limits as r
    set theoretical_arrival_at = r.theoretical_arrival_at
        - t.messages * make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
    from taken as t
    where r.scope = t.scope and r.key = t.key;
    delete from leases as l
    where l.holder in (select (select outreach.current_tenant()) || '/' || p.id from unnest(put_back_ids) as p (id));
    return coalesce(cardinality(put_back_ids), 0);
end
$$;

-- Proof -------------------------------------------------------------------------------------------------------------------

-- What the header X-Outreach-Message-ID of a copy in Sent names: our Message-ID, whatever the relay put in its place.
alter table outreach.inbound_messages add column own_message_id text;

-- How many readings of Sent have not found a message of unknown outcome, each begun after it was unknown.
alter table outreach.messages add column absent_syncs integer not null default 0;
