-- Of each due message it is told whether it is its mailbox's last: who has seen the last of every mailbox that may be served
-- need not look any further.
drop function outreach.claimable_messages(integer, bigint[], text, integer, timestamptz);

create function outreach.claimable_messages(
    p_lane integer, p_mailbox_ids bigint[], p_kind text, p_each integer, p_now timestamptz
)
returns table (
    message_id bigint, mailbox_id bigint, company_domain text, recipient_site text, host text,
    is_host_failing boolean, may_try_host boolean, is_last boolean
)
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    return query
    select m.id, m.mailbox_id, m.company_domain, m.recipient_site, h.host, k.host is not null,
        coalesce(k.retry_at <= clock_timestamp(), false), m.is_last
    from (
        -- Whose mailboxes have nothing due, as nearly all at most times, costs one look into an index.
        select o.* from mailboxes as o
        where o.tenant_id = (select outreach.current_tenant()) and (p_lane is null or o.lane = p_lane)
            and (p_mailbox_ids is null or o.id = any(p_mailbox_ids))
            and exists (
                select from messages as n
                where n.tenant_id = o.tenant_id and n.mailbox_id = o.id and n.state in ('planned', 'deferred')
                    and n.due_at <= p_now)
        offset 0
    ) as b
    join tenants as t on t.id = b.tenant_id and t.state = 'active'
    join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id and g.unauthenticated is null
    cross join lateral (select b.smtp_host || ':' || b.smtp_port as host) as h
    left join breakers as k on k.host = h.host and k.state <> 'closed'
    cross join lateral (
        select d.id, d.mailbox_id, d.company_domain, d.recipient_site, d.due_at,
            lead(d.id) over (order by d.due_at, d.id) is null as is_last
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
    where (b.paused_until is null or b.paused_until <= p_now)
        and b.lifecycle not in ('resting', 'quarantined', 'retired')
        and not exists (
            select from messages as f
            where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
    order by m.due_at, m.id;
end
$$;

-- As before, and with one statement for all where all may go at once, as nearly always: that is asked of the limits with the
-- messages of each counted together.
create or replace function outreach.take_turns(p_ids bigint [], p_tokens bigint [])
returns table (message_id bigint, wait_seconds double precision)
language plpgsql
as $$
declare
    places bigint [];
    ids bigint [];
    scopes text [];
    keys text [];
    clock timestamptz;
    w record;
begin
    select array_agg(l.place), array_agg(l.id), array_agg(l.scope), array_agg(l.key) into places, ids, scopes, keys
    from (
        select p.place, m.id, r.scope, r.key
        from unnest(p_ids, p_tokens) with ordinality as p (id, token, place)
        join messages as m
            on m.tenant_id = (select outreach.current_tenant()) and m.id = p.id and m.lease_token = p.token
            and m.state = 'claimed'
        join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
        cross join lateral (
            values ('tenant', m.tenant_id::text), ('recipient_domain', m.company_domain),
                ('recipient_site', m.recipient_site), ('provider_host', b.smtp_host || ':' || b.smtp_port)
        ) as k (scope, key)
        join rate_limits as r on r.scope = k.scope and r.key = k.key
        where r.per_seconds / r.message_count / r.slow_ratio > 0.01
        -- In one order, which is the claims' too, so that no two wait for each other.
        order by r.scope collate "C", r.key collate "C"
        for no key update of r
    ) as l;
    if ids is null then
        return;
    end if;
    clock := clock_timestamp();
    with wanted as (
        select u.scope, u.key, count(*) as messages from unnest(scopes, keys) as u (scope, key) group by u.scope, u.key
    ),
    cells as (
        select r.scope, r.key, greatest(r.next_begin_at, clock) as begins_at, r.burst, n.messages,
            r.per_seconds / r.message_count / r.slow_ratio as interval_seconds
        from wanted as n
        join rate_limits as r on r.scope = n.scope and r.key = n.key
    )
    update rate_limits as r set next_begin_at = c.begins_at + c.messages * make_interval(secs => c.interval_seconds)
    from cells as c
    where r.scope = c.scope and r.key = c.key and not exists (
        select from cells as f
        where extract(epoch from f.begins_at - clock) + f.interval_seconds * (f.messages - 1)
            > greatest(f.interval_seconds * (f.burst - 1) - 0.1, 0) + 0.000001
    );
    if found then
        return;
    end if;
    for w in
        select u.id, array_agg(u.scope) as scopes, array_agg(u.key) as keys
        from unnest(places, ids, scopes, keys) as u (place, id, scope, key)
        group by u.place, u.id
        order by u.place
    loop
        select
            w.id,
            max(
                extract(epoch from greatest(r.next_begin_at, clock) - clock)
                - greatest(r.per_seconds / r.message_count / r.slow_ratio * (r.burst - 1) - 0.1, 0)
            )
        into message_id, wait_seconds
        from rate_limits as r
        join unnest(w.scopes, w.keys) as u (scope, key) on r.scope = u.scope and r.key = u.key;
        if wait_seconds > 0.000001 then
            return next;
        else
            update rate_limits as r
            set next_begin_at = greatest(r.next_begin_at, clock)
                + make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
            from unnest(w.scopes, w.keys) as u (scope, key)
            where r.scope = u.scope and r.key = u.key;
        end if;
    end loop;
end
$$;

-- A session keeps the plans from the first call, when the tables may have been small enough to be read whole.
do $plans$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.claimable_messages(integer, bigint[], text, integer, timestamptz)',
        'outreach.take_turns(bigint[], bigint[])'
    ]::regprocedure[] loop
        execute format('alter function %s set enable_seqscan = off', function_name);
        execute format('alter function %s set enable_hashjoin = off', function_name);
        execute format('alter function %s set enable_mergejoin = off', function_name);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
    end loop;
end
$plans$;
alter function outreach.take_turns(bigint [], bigint []) set search_path = outreach, pg_temp;
