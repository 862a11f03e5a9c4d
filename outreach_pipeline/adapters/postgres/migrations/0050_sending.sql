-- A mailbox that may send as fast as it can hands over several messages at once.

drop function outreach.claim_messages(integer, bigint[], integer, double precision, timestamptz);

-- Claims due messages for the tenant of the transaction: of at most p_mailboxes mailboxes that have nothing
-- claimed or in flight, and of each one, or up to p_each where no rate is narrow. Claims of all processes are taken one
-- after the other (a claim takes milliseconds), so that no number of workers lets one more through. p_lane, p_mailbox_ids
-- and p_kind narrow what is claimed, NULL: all. p_now is business time; leases and rates use the clock.
create function outreach.claim_messages(
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
    taken bigint[] := '{}';
    mailbox_count integer := 0;
    of_mailbox integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('outreach claim', 0));
    clock := clock_timestamp();
    lease_ends := clock + make_interval(secs => p_lease_seconds);
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
                and (d.campaign_id is null or c.state = 'active') and (p_kind is null or d.kind = p_kind)
                and not exists (select from paused_sites as s where s.site = d.recipient_site)
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
        scopes := array['mailbox', 'tenant', 'recipient_domain', 'recipient_site', 'provider_host'];
        keys := array[
            candidate.mailbox_id::text, candidate.tenant_id::text, candidate.company_domain, candidate.recipient_site,
            candidate.smtp_host || ':' || candidate.smtp_port
        ];
        continue when outreach.rate_allows_at(scopes, keys, clock) is not null;
        -- What goes later than it was claimed is counted too early. So nothing waits behind another message where fewer than a
        -- hundred a second may go, or more than a quarter of what may be in flight is out.
        continue when of_mailbox > 0 and exists (
            select from rate_limits as r
            join unnest(scopes, keys) as w (scope, key) on r.scope = w.scope and r.key = w.key
            where r.message_count < 100 * r.per_seconds or 4 * (1 + (
                select count(*) from leases as l
                where l.scope = r.scope and l.key = r.key and l.expires_at > clock
            )) > r.in_flight);
        update messages as m
        set state = 'claimed', state_at = clock, lease_token = nextval('lease_tokens'), lease_expires_at = lease_ends,
            attempts = m.attempts + 1
        where m.tenant_id = candidate.tenant_id and m.id = candidate.id and m.state in ('planned', 'deferred')
        returning m.id, m.lease_token into message_id, token;
        continue when not found;
        update rate_limits as r
        set theoretical_arrival_at = greatest(r.theoretical_arrival_at, clock)
            + make_interval(secs => r.per_seconds / r.message_count)
        from unnest(scopes, keys) as w (scope, key)
        where r.scope = w.scope and r.key = w.key;
        insert into leases (scope, key, holder, expires_at)
        select w.scope, w.key, candidate.tenant_id || '/' || candidate.id, lease_ends
        from unnest(scopes, keys) as w (scope, key)
        join rate_limits as r on r.scope = w.scope and r.key = w.key and r.in_flight is not null
        on conflict (scope, key, holder) do update set expires_at = excluded.expires_at;
        mailbox_count := mailbox_count + (of_mailbox = 0)::integer;
        taken := taken || candidate.mailbox_id;
        return next;
        exit when cardinality(taken) >= p_mailboxes * p_each;
    end loop;
end
$$;
