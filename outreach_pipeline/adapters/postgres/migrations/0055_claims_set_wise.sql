-- A claim is decided outside (core/send/claims.py) from what is read here in two questions, and written by one statement:
-- message by message, six statements each, it cost more than all the rest of a send.
drop function outreach.claim_messages(integer, bigint[], text, integer, integer, double precision, timestamptz);

-- Due messages that nothing but rates, places in flight and breakers keeps waiting, in the order in which they are due: of
-- mailboxes that have nothing claimed or in flight, and of each the first p_each. It takes the lock under which claims of all
-- processes are decided one after the other, until the transaction ends.
create function outreach.claimable_messages(
    p_lane integer, p_mailbox_ids bigint[], p_kind text, p_each integer, p_now timestamptz
)
returns table (
    message_id bigint, mailbox_id bigint, company_domain text, recipient_site text, host text,
    is_host_failing boolean, may_try_host boolean
)
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    return query
    select m.id, m.mailbox_id, m.company_domain, m.recipient_site, h.host, k.host is not null,
        coalesce(k.retry_at <= clock_timestamp(), false)
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id and t.state = 'active'
    join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id and g.unauthenticated is null
    cross join lateral (select b.smtp_host || ':' || b.smtp_port as host) as h
    left join breakers as k on k.host = h.host and k.state <> 'closed'
    cross join lateral (
        select d.id, d.mailbox_id, d.company_domain, d.recipient_site, d.due_at
        from messages as d
        left join plans as p on p.tenant_id = d.tenant_id and p.plan_date = d.plan_date
        left join campaigns as c on c.tenant_id = d.tenant_id and c.id = d.campaign_id
        where d.tenant_id = b.tenant_id and d.mailbox_id = b.id and d.state in ('planned', 'deferred')
            and d.due_at <= p_now and d.window_ends_at > p_now and (d.plan_date is null or p.state = 'ready')
            and (d.campaign_id is null or c.state = 'active') and (p_kind is null or d.kind = p_kind)
            and not exists (
                select from paused_sites as s
                where s.site = d.recipient_site and (s.ends_at is null or s.ends_at > p_now))
            and not exists (
                select from shaping_firings as f
                where f.tenant_id = d.tenant_id and f.site = d.recipient_site and f.undone_at is null
                    and f.until > p_now
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)))
        order by d.due_at, d.id
        limit p_each
    ) as m
    where b.tenant_id = (select outreach.current_tenant()) and (p_lane is null or b.lane = p_lane)
        and (p_mailbox_ids is null or b.id = any(p_mailbox_ids))
        and (b.paused_until is null or b.paused_until <= p_now)
        and b.lifecycle not in ('resting', 'quarantined', 'retired')
        and not exists (
            select from messages as f
            where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
    order by m.due_at, m.id;
end
$$;

-- What each limit holds now: how far ahead of the clock its next message would be, the seconds between two, how many may go
-- at once, how many may be in flight and are. A key without a row of its own has the default's ('*'); without one it is free.
create function outreach.limits_now(p_scopes text[], p_keys text[])
returns table (
    scope text, key text, ahead_seconds double precision, interval_seconds double precision, burst integer,
    in_flight integer, holders bigint
)
language sql stable
as $$
    select w.scope, w.key,
        case when r.key = w.key then greatest(
            extract(epoch from greatest(r.theoretical_arrival_at, n.now)) - extract(epoch from n.now), 0)::double precision
            else 0 end,
        r.per_seconds / r.message_count / case when r.key = w.key then r.slow_ratio else 1 end,
        r.burst, r.in_flight,
        case when r.in_flight is null then 0 else (
            select count(*) from outreach.leases as l
            where l.scope = w.scope and l.key = w.key and l.expires_at > n.now) end
    from (select clock_timestamp() as now) as n
    cross join unnest(p_scopes, p_keys) as w (scope, key)
    cross join lateral (
        select f.* from outreach.rate_limits as f
        where f.scope = w.scope and f.key in (w.key, '*')
        order by f.key = '*'
        limit 1
    ) as r
$$;

-- Marks messages as claimed, and counts them in every limit: p_counts messages in each key; p_holders, message ids, hold a
-- place in flight of each held key. What is no longer due by now is left out; its turn in a rate is lost. p_tried_hosts are
-- those whose breaker lets one message try them.
create function outreach.claim_messages(
    p_ids bigint[], p_lease_seconds double precision, p_scopes text[], p_keys text[], p_counts integer[],
    p_holders bigint[], p_held_scopes text[], p_held_keys text[], p_tried_hosts text[]
)
returns table (message_id bigint, token bigint)
language plpgsql
as $$
declare
    clock timestamptz := clock_timestamp();
    lease_ends timestamptz := clock + make_interval(secs => p_lease_seconds);
    taken_ids bigint[];
    tokens bigint[];
begin
    with taken as (
        update messages as m
        set state = 'claimed', state_at = clock, lease_token = nextval('lease_tokens'), lease_expires_at = lease_ends,
            attempts = m.attempts + 1
        where m.tenant_id = (select outreach.current_tenant()) and m.id = any(p_ids) and m.state in ('planned', 'deferred')
        returning m.id, m.lease_token
    )
    select array_agg(t.id), array_agg(t.lease_token) into taken_ids, tokens from taken as t;
    -- A limit of its own begins as the default's.
    insert into rate_limits as r (scope, key, message_count, per_seconds, burst, in_flight, theoretical_arrival_at)
    select w.scope, w.key, d.message_count, d.per_seconds, d.burst, d.in_flight,
        clock + w.messages * make_interval(secs => d.interval_seconds)
    from unnest(p_scopes, p_keys, p_counts) as w (scope, key, messages)
    cross join lateral (
        select f.message_count, f.per_seconds, f.burst, f.in_flight,
            f.per_seconds / f.message_count / case when f.key = w.key then f.slow_ratio else 1 end as interval_seconds
        from rate_limits as f
        where f.scope = w.scope and f.key in (w.key, '*')
        order by f.key = '*'
        limit 1
    ) as d
    on conflict (scope, key) do update
    set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock) + (excluded.theoretical_arrival_at - clock);
    insert into leases as l (scope, key, holder, expires_at)
    select w.scope, w.key, (select outreach.current_tenant()) || '/' || w.id, lease_ends
    from unnest(p_holders, p_held_scopes, p_held_keys) as w (id, scope, key)
    -- Nearly always all are taken, and nobody has to look for each.
    where cardinality(taken_ids) = cardinality(p_ids) or w.id = any(taken_ids)
    on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
    -- The message that tries a host holds it for its lease; if its worker dies, another may try then.
    update breakers as k set state = 'half_open', retry_at = lease_ends
    where k.host = any(p_tried_hosts) and k.retry_at <= clock;
    return query select w.id, w.token from unnest(taken_ids, tokens) as w (id, token);
end
$$;

-- A session keeps the plans of these from their first call, when the tables may have been small enough to be read whole.
do $plans$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.claimable_messages(integer, bigint[], text, integer, timestamptz)',
        'outreach.limits_now(text[], text[])',
        'outreach.claim_messages(bigint[], double precision, text[], text[], integer[], bigint[], text[], text[], text[])'
    ]::regprocedure[] loop
        execute format('alter function %s set enable_seqscan = off', function_name);
        execute format('alter function %s set enable_hashjoin = off', function_name);
        execute format('alter function %s set enable_mergejoin = off', function_name);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
    end loop;
end
$plans$;
