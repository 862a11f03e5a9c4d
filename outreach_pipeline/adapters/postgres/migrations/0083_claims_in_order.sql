-- In the order in which a claim takes them: of many that are due at once it reads those it takes, and sorts none.
drop index outreach.messages_due;
create index messages_due on outreach.messages (tenant_id, mailbox_id, due_at, id) where state in ('planned', 'deferred');

-- As before, and the defaults, which are few, are read once.
create or replace function outreach.limits_now(p_scopes text[], p_keys text[])
returns table (
    scope text, key text, ahead_seconds double precision, interval_seconds double precision, burst integer,
    in_flight integer, holders bigint
)
language sql stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
    with defaults as materialized (
        select r.* from outreach.rate_limits as r where r.scope = any(p_scopes) and r.key = '*'
    )
    select w.scope, w.key,
        case when r.key is null then 0 else greatest(
            extract(epoch from greatest(r.theoretical_arrival_at, n.now)) - extract(epoch from n.now), 0)::double precision
            end,
        case when r.key is null then d.per_seconds / d.message_count
            else r.per_seconds / r.message_count / r.slow_ratio end,
        case when r.key is null then d.burst else r.burst end,
        f.in_flight,
        case when f.in_flight is null then 0 else (
            select count(*) from outreach.leases as l
            where l.scope = w.scope and l.key = w.key and l.expires_at > n.now) end
    from (select clock_timestamp() as now) as n
    cross join unnest(p_scopes, p_keys) as w (scope, key)
    left join outreach.rate_limits as r on r.scope = w.scope and r.key = w.key
    left join defaults as d on d.scope = w.scope
    cross join lateral (select case when r.key is null then d.in_flight else r.in_flight end as in_flight) as f
    where r.key is not null or d.key is not null
$$;
