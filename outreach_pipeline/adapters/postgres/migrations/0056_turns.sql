-- A rate is counted at the claim, which decides who goes; what lies between that and DATA is of no fixed length, so that two
-- messages could come to a server nearer to each other than their rate lets them. It is counted once more as they begin.

alter table outreach.rate_limits add column next_begin_at timestamptz not null default '-infinity';

-- Lets messages begin, in the order given, as far as the rates of tenant, recipient and host have come round by the clock: GCRA
-- as at the claim, over the moments of beginning. Returns those that have to wait, and how long. A limit of more than a
-- hundred a second is not asked, as every sender would wait for its row; nor is a mailbox's, which has one message in flight.
-- Of a burst a tenth of a second is left for what lies between this and the server.
create function outreach.take_turns(p_ids bigint [], p_tokens bigint [])
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
    select array_agg(p.place), array_agg(m.id), array_agg(r.scope), array_agg(r.key) into places, ids, scopes, keys
    from unnest(p_ids, p_tokens) with ordinality as p (id, token, place)
    join messages as m
        on m.tenant_id = (select outreach.current_tenant()) and m.id = p.id and m.lease_token = p.token
        and m.state = 'claimed'
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    cross join lateral (
        values ('tenant', m.tenant_id::text), ('recipient_domain', m.company_domain), ('recipient_site', m.recipient_site),
            ('provider_host', b.smtp_host || ':' || b.smtp_port)
    ) as k (scope, key)
    join rate_limits as r on r.scope = k.scope and r.key = k.key
    where r.per_seconds / r.message_count / r.slow_ratio > 0.01;
    if ids is null then
        return;
    end if;
    -- In one order, which is the claims' too, so that no two wait for each other.
    perform from rate_limits as r
    where (r.scope, r.key) in (select u.scope, u.key from unnest(scopes, keys) as u (scope, key))
    order by r.scope collate "C", r.key collate "C"
    for no key update;
    clock := clock_timestamp();
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
revoke all on function outreach.take_turns(bigint [], bigint []) from public;
grant execute on function outreach.take_turns(bigint [], bigint []) to outreach_app;

-- A session keeps the plans from the first call, when the tables may have been small enough to be read whole.
alter function outreach.take_turns(bigint [], bigint []) set enable_seqscan = off;
alter function outreach.take_turns(bigint [], bigint []) set enable_hashjoin = off;
alter function outreach.take_turns(bigint [], bigint []) set enable_mergejoin = off;
alter function outreach.take_turns(bigint [], bigint []) set plan_cache_mode = force_generic_plan;
alter function outreach.take_turns(bigint [], bigint []) set search_path = outreach, pg_temp;
