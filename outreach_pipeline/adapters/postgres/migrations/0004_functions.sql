-- What has to look over all tenants gives ids and counts only; the overseer owns it, and no one logs in as the overseer.
-- claim_messages is the one decision that must see rates and leases of every process at once.

create function outreach.due_send_lanes(p_now timestamptz, p_horizon interval)
returns table (lane integer, due_count bigint, next_due_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.lane, count(*), min(m.due_at)
    from messages as m
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    join tenants as t on t.id = m.tenant_id and t.state = 'active'
    left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
    left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
    where (
            m.state in ('planned', 'deferred') and m.due_at <= p_now + p_horizon and m.window_ends_at > p_now
            and (p.state = 'ready' or m.plan_date is null)
            -- What waits for a person waits for no run.
            and (m.campaign_id is null or c.state = 'active')
            and not exists (select from paused_sites as s where s.site = m.recipient_site)
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
        )
        or (m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp())
        or (m.state = 'outcome_unknown' and m.unknown_until <= p_now)
    group by b.lane
    order by b.lane
$$;

create function outreach.due_sync_lanes(p_synced_before timestamptz)
returns table (lane integer, mailbox_count bigint, oldest_synced_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.lane, count(*), min(b.synced_at)
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id
    where b.lifecycle <> 'retired' and coalesce(b.synced_at, '-infinity') <= p_synced_before
        and coalesce(b.sync_failed_at, '-infinity') <= p_synced_before
    group by b.lane
    order by b.lane
$$;

create function outreach.lane_members(p_lane integer)
returns table (tenant_id uuid, mailbox_id bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$ select b.tenant_id, b.id from mailboxes as b where b.lane = p_lane order by b.tenant_id, b.id $$;

create function outreach.lane_sizes()
returns table (lane integer, tenant_id uuid, mailbox_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$ select b.lane, b.tenant_id, count(*) from mailboxes as b group by b.lane, b.tenant_id $$;

create function outreach.waiting_work()
returns table (tenant_id uuid, kind text, waiting_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select i.tenant_id, 'inbound', count(*) from inbound_messages as i where i.state = 'new' group by i.tenant_id
    union all
    select w.tenant_id, 'webhook', count(*) from webhook_deliveries as w where w.state = 'new' group by w.tenant_id
$$;

create function outreach.count_messages(p_from date, p_to date)
returns table (tenant_id uuid, state text, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select m.tenant_id, m.state, count(*) from messages as m
    where m.plan_date between p_from and p_to group by m.tenant_id, m.state
$$;

create function outreach.count_events(p_from timestamptz, p_to timestamptz)
returns table (tenant_id uuid, kind text, bounce_class text, event_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select e.tenant_id, e.kind, e.bounce_class, count(*) from events as e
    where e.occurred_at >= p_from and e.occurred_at < p_to group by e.tenant_id, e.kind, e.bounce_class
$$;

create function outreach.count_mailboxes()
returns table (tenant_id uuid, lifecycle text, mailbox_count bigint, oldest_synced_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.tenant_id, b.lifecycle, count(*), min(b.synced_at) from mailboxes as b group by b.tenant_id, b.lifecycle
$$;

-- What other tenants' mailboxes in the same provider account have sent (or may have) since a time.
create function outreach.count_account_sends(p_provider_account_id bigint, p_since timestamptz)
returns bigint
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select count(*) from messages as m
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    where b.provider_account_id = p_provider_account_id and m.sending_at >= p_since
        and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
$$;

-- A sending domain belongs to one tenant. True if it is now the caller's tenant's.
create function outreach.claim_domain(p_domain text)
returns boolean
language plpgsql security definer set search_path = outreach, pg_temp
as $$
declare
    claimant uuid := outreach.current_tenant();
begin
    if claimant is null then
        raise exception 'claim_domain needs the tenant of the transaction.';
    end if;
    insert into domain_owners (domain, tenant_id) values (lower(p_domain), claimant) on conflict (domain) do nothing;
    return exists (select from domain_owners as d where d.domain = lower(p_domain) and d.tenant_id = claimant);
end
$$;

do $own$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.due_send_lanes(timestamptz, interval)', 'outreach.due_sync_lanes(timestamptz)',
        'outreach.lane_members(integer)', 'outreach.lane_sizes()', 'outreach.waiting_work()',
        'outreach.count_messages(date, date)', 'outreach.count_events(timestamptz, timestamptz)',
        'outreach.count_mailboxes()', 'outreach.count_account_sends(bigint, timestamptz)', 'outreach.claim_domain(text)'
    ]::regprocedure[] loop
        execute format('revoke all on function %s from public', function_name);
        execute format('grant execute on function %s to outreach_app', function_name);
        if function_name::text not like '%claim_domain%' then
            execute format('grant execute on function %s to outreach_metrics', function_name);
        end if;
        execute format('alter function %s owner to outreach_overseer', function_name);
    end loop;
end
$own$;

-- The locks behind «no send begins after a committed opt-out»: a suppression takes its key's lock alone, a send that
-- begins takes those of its address and domain shared, always in the order of the numbers.
create function outreach.suppression_lock(p_value text) returns bigint
language sql immutable parallel safe
as $$ select hashtextextended('outreach suppression ' || lower(p_value), 0) $$;

-- When a message to these keys may go, or NULL if it may go now. Keys without a row or default are free.
create function outreach.rate_allows_at(p_scopes text[], p_keys text[], p_clock timestamptz)
returns timestamptz
language plpgsql
as $$
declare
    cell record;
    allowed timestamptz := null;
begin
    insert into rate_limits (scope, key, message_count, per_seconds, burst, in_flight)
    select d.scope, w.key, d.message_count, d.per_seconds, d.burst, d.in_flight
    from unnest(p_scopes, p_keys) as w (scope, key)
    join rate_limits as d on d.scope = w.scope and d.key = '*'
    on conflict (scope, key) do nothing;
    for cell in
        select r.*,
            (select count(*) from leases as l
             where l.scope = r.scope and l.key = r.key and l.expires_at > p_clock) as holders
        from rate_limits as r
        join unnest(p_scopes, p_keys) as w (scope, key) on w.scope = r.scope and w.key = r.key
    loop
        if cell.in_flight is not null and cell.holders >= cell.in_flight then
            allowed := greatest(allowed, p_clock + interval '1 second');
        end if;
        if cell.theoretical_arrival_at
            - make_interval(secs => cell.per_seconds / cell.message_count * (cell.burst - 1)) > p_clock then
            allowed := greatest(allowed, cell.theoretical_arrival_at
                - make_interval(secs => cell.per_seconds / cell.message_count * (cell.burst - 1)));
        end if;
    end loop;
    return allowed;
end
$$;

-- Claims due messages of a lane for the tenant of the transaction: at most one a mailbox, none beyond a rate or what may
-- be in flight. Claims of all processes are taken one after the other (a claim takes milliseconds), so that no number of
-- workers lets one more through. p_now is business time; leases and rates use the clock.
create function outreach.claim_messages(
    p_lane integer, p_mailbox_ids bigint[], p_max integer, p_lease_seconds double precision, p_now timestamptz
)
returns table (message_id bigint, token bigint)
language plpgsql
as $$
declare
    clock timestamptz;
    candidate record;
    scopes text[];
    keys text[];
    busy bigint[] := '{}';
    claimed integer := 0;
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    clock := clock_timestamp();
    for candidate in
        select m.id, m.mailbox_id, m.tenant_id, m.company_domain, m.recipient_site, b.smtp_host, b.smtp_port
        from mailboxes as b
        join tenants as t on t.id = b.tenant_id and t.state = 'active'
        cross join lateral (
            select d.* from messages as d
            left join plans as p on p.tenant_id = d.tenant_id and p.plan_date = d.plan_date
            left join campaigns as c on c.tenant_id = d.tenant_id and c.id = d.campaign_id
            where d.tenant_id = b.tenant_id and d.mailbox_id = b.id and d.state in ('planned', 'deferred')
                and d.due_at <= p_now and d.window_ends_at > p_now and (d.plan_date is null or p.state = 'ready')
                and (d.campaign_id is null or c.state = 'active')
                and not exists (select from paused_sites as s where s.site = d.recipient_site)
            order by d.due_at, d.id
            limit 5
        ) as m
        where b.tenant_id = (select outreach.current_tenant()) and b.lane = p_lane
            and (p_mailbox_ids is null or b.id = any(p_mailbox_ids))
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
            and not exists (
                select from messages as f
                where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
        order by m.due_at, m.id
    loop
        exit when claimed >= p_max;
        continue when candidate.mailbox_id = any(busy);
        scopes := array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'];
        keys := array[
            candidate.mailbox_id::text, candidate.tenant_id::text, candidate.company_domain, candidate.recipient_site,
            candidate.smtp_host || ':' || candidate.smtp_port
        ];
        continue when outreach.rate_allows_at(scopes, keys, clock) is not null;
        update messages as m
        set state = 'claimed', state_at = clock, lease_token = nextval('lease_tokens'),
            lease_expires_at = clock + make_interval(secs => p_lease_seconds), attempts = m.attempts + 1
        where m.tenant_id = candidate.tenant_id and m.id = candidate.id and m.state in ('planned', 'deferred')
        returning m.id, m.lease_token into message_id, token;
        continue when not found;
        update rate_limits as r
        set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock)
            + make_interval(secs => r.per_seconds / r.message_count)
        from unnest(scopes, keys) as w (scope, key)
        where r.scope = w.scope and r.key = w.key;
        insert into leases (scope, key, holder, expires_at)
        select w.scope, w.key, candidate.tenant_id || '/' || candidate.id, clock + make_interval(secs => p_lease_seconds)
        from unnest(scopes, keys) as w (scope, key)
        join rate_limits as r on r.scope = w.scope and r.key = w.key and r.in_flight is not null
        on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
        busy := busy || candidate.mailbox_id;
        claimed := claimed + 1;
        return next;
    end loop;
end
$$;
