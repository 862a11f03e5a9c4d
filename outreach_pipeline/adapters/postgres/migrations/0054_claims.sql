-- What the last check of a sending domain has found missing or wrong of SPF, DKIM and DMARC, by their names; NULL: nothing.
-- Until it is mended, the domain's mail waits: it would be refused, or taken for forged.
alter table outreach.sending_domains add column unauthenticated text;

-- The function is the overseer's, and its owner alone may replace it.
set local role outreach_overseer;
create or replace function outreach.due_send_lanes(p_now timestamptz, p_horizon interval)
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
            -- What waits for a person, or for a server, waits for no run.
            and (m.campaign_id is null or c.state = 'active')
            and not exists (
                select from paused_sites as s where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_now)
            )
            and not exists (
                select from shaping_firings as f
                where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_now
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                    )
            )
            and not exists (
                select from breakers as k
                where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
                    and k.retry_at > clock_timestamp() + p_horizon
            )
            and not exists (
                select from sending_domains as d
                where d.tenant_id = b.tenant_id and d.id = b.sending_domain_id and d.unauthenticated is not null
            )
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
        )
        or (m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp())
        or (m.state = 'outcome_unknown' and m.unknown_until <= p_now)
    group by b.lane
    order by b.lane
$$;
reset role;

-- A session keeps the plans of these functions from their first call, when limits, leases and the outbox may have been small
-- enough to be read whole; hours later they are not, and each message of a claim would read all of them. They look up a few
-- keys each, so nothing but lookups by index is right: their joins go key by key (`offset 0` keeps a lateral part from being
-- joined the other way round), and their plans are made once.

-- When a message to these keys may go, or NULL if it may go now. Keys without a row or default are free.
create or replace function outreach.rate_allows_at(p_scopes text[], p_keys text[], p_clock timestamptz)
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
    cross join lateral (select r.* from rate_limits as r where r.scope = w.scope and r.key = '*' offset 0) as d
    where not exists (select from rate_limits as r where r.scope = w.scope and r.key = w.key)
    on conflict (scope, key) do nothing;
    for cell in
        select r.in_flight,
            r.theoretical_arrival_at
            - make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio * (r.burst - 1)) as free_at,
            (select count(*) from leases as l
             where l.scope = r.scope and l.key = r.key and l.expires_at > p_clock) as holders
        from unnest(p_scopes, p_keys) as w (scope, key)
        cross join lateral (select f.* from rate_limits as f where f.scope = w.scope and f.key = w.key offset 0) as r
    loop
        if cell.in_flight is not null and cell.holders >= cell.in_flight then
            allowed := greatest(allowed, p_clock + interval '1 second');
        end if;
        if cell.free_at > p_clock then
            allowed := greatest(allowed, cell.free_at);
        end if;
    end loop;
    return allowed;
end
$$;

-- Claims due messages for the tenant of the transaction: of at most p_mailboxes mailboxes that have nothing
-- claimed or in flight, and of each one, or up to p_each where no rate is narrow. Claims of all processes are taken one
-- after the other (a claim takes milliseconds), so that no number of workers lets one more through. p_lane, p_mailbox_ids
-- and p_kind narrow what is claimed, NULL: all. A host whose breaker is open is left out; once it may be tried again, one
-- message is. p_now is business time; leases, rates and breakers use the clock.
create or replace function outreach.claim_messages(
    p_lane integer, p_mailbox_ids bigint[], p_kind text, p_mailboxes integer, p_each integer,
    p_lease_seconds double precision, p_now timestamptz
)
returns table (message_id bigint, token bigint)
language plpgsql
as $$
declare
    clock timestamptz;
    lease_ends timestamptz;
    candidate record;
    scopes text[];
    keys text[];
    host text;
    failing_hosts text[];
    taken bigint[] := '{}';
    mailbox_count integer := 0;
    of_mailbox integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    clock := clock_timestamp();
    lease_ends := clock + make_interval(secs => p_lease_seconds);
    -- Nearly always none.
    failing_hosts := array(select k.host from breakers as k where k.state <> 'closed');
    for candidate in
        select m.id, m.mailbox_id, m.tenant_id, m.company_domain, m.recipient_site, b.smtp_host, b.smtp_port
        from mailboxes as b
        join tenants as t on t.id = b.tenant_id and t.state = 'active'
        join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id and g.unauthenticated is null
        cross join lateral (
            select d.* from messages as d
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
            -- Some more than may be taken: where a recipient's limit keeps one waiting, a later one may go.
            limit p_each + 4
        ) as m
        where b.tenant_id = (select outreach.current_tenant()) and (p_lane is null or b.lane = p_lane)
            and (p_mailbox_ids is null or b.id = any(p_mailbox_ids))
            and (b.paused_until is null or b.paused_until <= p_now)
            and b.lifecycle not in ('resting', 'quarantined', 'retired')
            and not exists (
                select from messages as f
                where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
        order by m.due_at, m.id
    loop
        of_mailbox := cardinality(array_positions(taken, candidate.mailbox_id));
        continue when of_mailbox >= p_each or (of_mailbox = 0 and mailbox_count >= p_mailboxes);
        host := candidate.smtp_host || ':' || candidate.smtp_port;
        scopes := array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'];
        keys := array[
            candidate.mailbox_id::text, candidate.tenant_id::text, candidate.company_domain, candidate.recipient_site, host
        ];
        continue when outreach.rate_allows_at(scopes, keys, clock) is not null;
        -- What goes later than it was claimed is counted too early. So nothing waits behind another message where fewer than a
        -- hundred a second may go, or more than a quarter of what may be in flight is out.
        if of_mailbox > 0 then
            continue when exists (
                select from unnest(scopes, keys) as w (scope, key)
                cross join lateral (
                    select f.* from rate_limits as f where f.scope = w.scope and f.key = w.key offset 0
                ) as r
                where r.message_count * r.slow_ratio < 100 * r.per_seconds or 4 * (1 + (
                    select count(*) from leases as l
                    where l.scope = r.scope and l.key = r.key and l.expires_at > clock
                )) > r.in_flight);
        end if;
        if host = any(failing_hosts) then
            continue when of_mailbox > 0;
            -- The one that tries the host holds it for its lease; if its worker dies, another may try then.
            update breakers as k set state = 'half_open', retry_at = lease_ends
            where k.host = candidate.smtp_host || ':' || candidate.smtp_port and k.retry_at <= clock;
            continue when not found;
        end if;
        update messages as m
        set state = 'claimed', state_at = clock, lease_token = nextval('lease_tokens'), lease_expires_at = lease_ends,
            attempts = m.attempts + 1
        where m.tenant_id = candidate.tenant_id and m.id = candidate.id and m.state in ('planned', 'deferred')
        returning m.id, m.lease_token into message_id, token;
        continue when not found;
        update rate_limits as r
        set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock)
            + make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio)
        from unnest(scopes, keys) as w (scope, key)
        where r.scope = w.scope and r.key = w.key;
        insert into leases (scope, key, holder, expires_at)
        select w.scope, w.key, candidate.tenant_id || '/' || candidate.id, lease_ends
        from unnest(scopes, keys) as w (scope, key)
        cross join lateral (
            select f.in_flight from rate_limits as f where f.scope = w.scope and f.key = w.key offset 0
        ) as r
        where r.in_flight is not null
        on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
        mailbox_count := mailbox_count + (of_mailbox = 0)::integer;
        taken := taken || candidate.mailbox_id;
        return next;
        exit when cardinality(taken) >= p_mailboxes * p_each;
    end loop;
end
$$;

do $plans$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.claim_messages(integer, bigint[], text, integer, integer, double precision, timestamptz)',
        'outreach.rate_allows_at(text[], text[], timestamptz)',
        'outreach.take_login_place(text[], text[], text, double precision)',
        'outreach.put_back(bigint[], bigint[], timestamptz)'
    ]::regprocedure[] loop
        execute format('alter function %s set enable_seqscan = off', function_name);
        execute format('alter function %s set enable_hashjoin = off', function_name);
        execute format('alter function %s set enable_mergejoin = off', function_name);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', function_name);
    end loop;
end
$plans$;
