-- A worker whose mailbox will soon have nothing left claims its next messages before: a mailbox is busy with what others have
-- claimed of it, not with what the asking worker has. It shows that by its claims' tokens.
drop function outreach.look_at_due(integer, bigint [], text, integer, integer, timestamptz);
drop function outreach.claimable_messages(integer, bigint [], text, integer, timestamptz);

create function outreach.claimable_messages(
    p_lane integer, p_mailbox_ids bigint [], p_kind text, p_each integer, p_now timestamptz,
    p_own_tokens bigint []
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
        -- Read once a claim, and nearly always empty.
        and b.id not in (
            select w.mailbox_id from revoked_grants as w
            where w.tenant_id = (select outreach.current_tenant()) and w.ends_at > clock_timestamp())
        and not exists (
            select from messages as f
            where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending')
                and coalesce(f.lease_token <> all(p_own_tokens), true))
    order by m.due_at, m.id;
end
$$;

-- As before.
create function outreach.look_at_due(
    p_lane integer, p_mailbox_ids bigint [], p_kind text, p_each integer, p_most integer, p_now timestamptz,
    p_own_tokens bigint []
)
returns table (candidates json, cells json)
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    -- A statement of its own: it sees what the claim before has written.
    return query
    with due as materialized (
        select * from outreach.claimable_messages(p_lane, p_mailbox_ids, p_kind, p_each, p_now, p_own_tokens)
        limit p_most
    ),
    counted as materialized (
        select distinct k.scope, k.key
        from due as d
        cross join lateral (
            values ('mailbox', d.mailbox_id::text), ('tenant', (select outreach.current_tenant())::text),
                ('recipient_domain', d.company_domain), ('recipient_site', d.recipient_site), ('provider_host', d.host)
        ) as k (scope, key)
    )
    select
        (
            select json_agg(json_build_array(
                d.message_id, d.mailbox_id, d.company_domain, d.recipient_site, d.host, d.is_host_failing, d.may_try_host,
                d.is_last
            ))
            from due as d
        ),
        (
            select json_agg(json_build_array(
                c.scope, c.key, c.ahead_seconds, c.interval_seconds, c.burst, c.in_flight, c.holders
            ))
            from outreach.limits_now(
                (select array_agg(k.scope order by k.scope, k.key) from counted as k),
                (select array_agg(k.key order by k.scope, k.key) from counted as k)
            ) as c
        );
end
$$;

do $plans$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.claimable_messages(integer, bigint[], text, integer, timestamptz, bigint[])',
        'outreach.look_at_due(integer, bigint[], text, integer, integer, timestamptz, bigint[])'
    ]::regprocedure[] loop
        execute format('alter function %s set enable_seqscan = off', function_name);
        execute format('alter function %s set enable_hashjoin = off', function_name);
        execute format('alter function %s set enable_mergejoin = off', function_name);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
        execute format('alter function %s set search_path = outreach, pg_temp', function_name);
    end loop;
end
$plans$;
