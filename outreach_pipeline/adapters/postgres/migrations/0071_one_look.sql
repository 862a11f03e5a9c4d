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

do $plans$
declare
    function_name regprocedure := 'outreach.look_at_due(integer, bigint[], text, integer, integer, timestamptz)';
begin
    execute format('alter function %s set enable_seqscan = off', function_name);
    execute format('alter function %s set enable_hashjoin = off', function_name);
    execute format('alter function %s set enable_mergejoin = off', function_name);
    execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
    execute format('alter function %s set search_path = outreach, pg_temp', function_name);
end
$plans$;
