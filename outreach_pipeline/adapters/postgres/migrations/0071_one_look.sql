-- One look under the lock of the claims: what is due, and what every limit that it counts in holds. Each way to the server and
-- back that a claim makes less is time in which the others do not wait for it.
create function outreach.look_at_due(
    p_lane integer, p_mailbox_ids bigint [], p_kind text, p_each integer, p_most integer, p_now timestamptz
)
returns table (candidates json, cells json)
language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    -- A statement of its own: it sees what the claim before has written.
    return query
    with due as materialized (
        select * from outreach.claimable_messages(p_lane, p_mailbox_ids, p_kind, p_each, p_now) limit p_most
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

-- As before, and finds its few messages by their ids: by the index of states it read all that was claimed each time.
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
            on m.tenant_id = (select outreach.current_tenant()) and m.id = any(p_ids) and m.id = p.id
            and m.lease_token = p.token and m.state || '' = 'claimed'
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

do $plans$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.look_at_due(integer, bigint[], text, integer, integer, timestamptz)',
        'outreach.take_turns(bigint[], bigint[])'
    ]::regprocedure[] loop
        execute format('alter function %s set enable_seqscan = off', function_name);
        execute format('alter function %s set enable_hashjoin = off', function_name);
        execute format('alter function %s set enable_mergejoin = off', function_name);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
        execute format('alter function %s set search_path = outreach, pg_temp', function_name);
    end loop;
end
$plans$;
