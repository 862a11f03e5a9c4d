-- A mailbox whose grant, or whose provider account's, is revoked gets no access token until its source is asked again: till then
-- nothing of it is claimed.

-- Since when a state stands. Null: as far as is known, always.
alter table outreach.provider_accounts add column state_since timestamptz;
alter table outreach.oauth_tokens add column state_since timestamptz;

create index provider_accounts_revoked on outreach.provider_accounts (id) where state = 'revoked';
create index oauth_tokens_revoked on outreach.oauth_tokens (tenant_id, mailbox_id) where state = 'revoked';

-- Mailboxes with a revoked grant, of their own or of their account, and until when nobody asks for a token of theirs.
create view outreach.revoked_grants with (security_invoker = true) as
select
    b.tenant_id, b.id as mailbox_id, false as is_of_mailbox, a.state_cause as cause, a.state_since as since,
    a.retry_at as ends_at
from outreach.provider_accounts as a
inner join outreach.mailboxes as b on a.id = b.provider_account_id
where a.state = 'revoked' and b.auth <> 'password'
union all
select b.tenant_id, b.id, true, t.state_cause, t.state_since, t.retry_at
from outreach.oauth_tokens as t
-- What another source has said counts no more.
inner join outreach.provider_accounts as a on t.provider_account_id = a.id and t.source_changed_at = a.oauth_changed_at
inner join outreach.mailboxes as b
    on t.tenant_id = b.tenant_id and t.mailbox_id = b.id and t.provider_account_id = b.provider_account_id
where t.state = 'revoked' and b.auth <> 'password';
grant select on outreach.revoked_grants to outreach_app, outreach_overseer;
grant select (id, state, state_cause, state_since, retry_at, oauth_changed_at) on outreach.provider_accounts
to outreach_overseer;
grant select (
    tenant_id, mailbox_id, provider_account_id, source_changed_at, state, state_cause, state_since, retry_at
) on outreach.oauth_tokens to outreach_overseer;
create policy overseen on outreach.oauth_tokens for select to outreach_overseer using (true);

-- As before, less the mailboxes whose grant is revoked.
create or replace function outreach.claimable_messages(
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
        -- Read once a claim, and nearly always empty.
        and b.id not in (
            select w.mailbox_id from revoked_grants as w
            where w.tenant_id = (select outreach.current_tenant()) and w.ends_at > clock_timestamp())
        and not exists (
            select from messages as f
            where f.tenant_id = b.tenant_id and f.mailbox_id = b.id and f.state in ('claimed', 'sending'))
    order by m.due_at, m.id;
end
$$;

-- A session keeps the plan from the first call, when the tables may have been small enough to be read whole.
do $plans$
declare
    claimable regprocedure := 'outreach.claimable_messages(integer, bigint[], text, integer, timestamptz)';
begin
    execute format('alter function %s set enable_seqscan = off', claimable);
    execute format('alter function %s set enable_hashjoin = off', claimable);
    execute format('alter function %s set enable_mergejoin = off', claimable);
    execute format('alter function %s set plan_cache_mode = force_generic_plan', claimable);
end
$plans$;

-- As before, and with the revoked grant.
create or replace function outreach.waits_for(
    p_tenant_id uuid, p_message_id bigint, p_at timestamptz, p_began_by timestamptz default 'infinity'
) returns text
language sql stable set search_path = outreach, pg_temp
as $$
    select case
        when exists (
            select from suppressions as s
            where s.tenant_id = m.tenant_id and s.created_at <= p_began_by
                and (
                    s.scope = 'address' and (s.value = m.to_address or s.folded = outreach.folded(m.to_address) and s.reason <> 'bounce')
                    or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        ) or exists (
            select from operator_suppressions as s
            where s.created_at <= p_began_by
                and (
                    s.scope = 'address' and s.folded = outreach.folded(m.to_address)
                    or s.scope = 'domain' and s.value in (split_part(m.to_address, '@', 2), m.company_domain))
        ) then 'suppressed'
        when t.state <> 'active' and coalesce(t.state_since, '-infinity') <= p_began_by then 'tenant_paused'
        when c.state <> 'active' and coalesce(c.state_since, '-infinity') <= p_began_by then 'campaign_paused'
        when b.paused_until > p_at and coalesce(b.paused_since, '-infinity') <= p_began_by then 'mailbox_paused'
        -- What ends by the database's clock has not ended before that clock says so, whatever the time of business is.
        when exists (
            select from revoked_grants as w
            where w.tenant_id = b.tenant_id and w.mailbox_id = b.id and w.ends_at > least(p_at, clock_timestamp())
                and coalesce(w.since, '-infinity') <= p_began_by
        ) then 'grant_revoked'
        when b.lifecycle in ('resting', 'quarantined', 'retired') and b.lifecycle_since <= p_began_by
            then 'mailbox_' || b.lifecycle
        when p.state = 'held' and coalesce(p.state_since, '-infinity') <= p_began_by then 'plan_held'
        when g.unauthenticated is not null and coalesce(g.unauthenticated_since, '-infinity') <= p_began_by
            then 'domain_unauthenticated'
        when exists (
            select from paused_sites as s
            where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_at) and s.paused_at <= p_began_by
        ) then 'site_paused'
        when exists (
            select from shaping_firings as f
            where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_at
                and f.fired_at <= p_began_by
                and (f.scope, f.key) in (
                    ('mailbox_at_site', b.id::text), ('sending_domain_at_site', b.sending_domain_id::text)
                )
        ) then 'blocked_at_site'
        when exists (
            select from breakers as k
            where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
                and coalesce(k.opened_at, '-infinity') <= p_began_by
        ) then 'server_failing'
        else m.reason
    end
    from messages as m
    join tenants as t on t.id = m.tenant_id
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id
    left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
    left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
    where m.tenant_id = p_tenant_id and m.id = p_message_id
$$;

-- The functions are the overseer's, and their owner alone may replace them.
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
            and b.id not in (
                select w.mailbox_id from revoked_grants as w where w.ends_at > clock_timestamp() + p_horizon
            )
        )
        or (m.state in ('claimed', 'sending') and m.lease_expires_at <= clock_timestamp())
        or (m.state = 'outcome_unknown' and m.unknown_until <= p_now)
    group by b.lane
    order by b.lane
$$;

create or replace function outreach.held_messages(p_now timestamptz, p_horizon interval)
returns table (cause text, message_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select h.cause, count(*)
    from (
        select case
            when t.state <> 'active' then 'tenant_paused'
            when c.state <> 'active' then 'campaign_paused'
            when b.paused_until > p_now then 'mailbox_paused'
            when b.id in (select w.mailbox_id from revoked_grants as w where w.ends_at > clock_timestamp() + p_horizon)
                then 'grant_revoked'
            when b.lifecycle in ('resting', 'quarantined', 'retired') then 'mailbox_' || b.lifecycle
            when p.state = 'held' then 'plan_held'
            when g.unauthenticated is not null then 'domain_unauthenticated'
            when exists (
                select from paused_sites as s where s.site = m.recipient_site and (s.ends_at is null or s.ends_at > p_now)
            ) then 'site_paused'
            when exists (
                select from shaping_firings as f
                where f.tenant_id = m.tenant_id and f.site = m.recipient_site and f.undone_at is null and f.until > p_now
                    and (
                        (f.scope = 'mailbox_at_site' and f.key = b.id::text)
                        or (f.scope = 'sending_domain_at_site' and f.key = b.sending_domain_id::text)
                    )
            ) then 'blocked_at_site'
            when exists (
                select from breakers as k where k.host = b.smtp_host || ':' || b.smtp_port and k.state <> 'closed'
            ) then 'server_failing'
        end as cause
        from messages as m
        join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
        join tenants as t on t.id = m.tenant_id
        join sending_domains as g on g.tenant_id = b.tenant_id and g.id = b.sending_domain_id
        left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
        left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
        where m.state in ('planned', 'deferred') and m.due_at <= p_now + p_horizon and m.window_ends_at > p_now
    ) as h
    where h.cause is not null
    group by h.cause
    order by count(*) desc, h.cause
$$;

create or replace function outreach.work_lag(p_now timestamptz)
returns table (kind text, waiting_count bigint, oldest_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select 'send', count(*), min(m.due_at)
    from messages as m
    join tenants as t on t.id = m.tenant_id and t.state = 'active'
    join mailboxes as b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id
    left join plans as p on p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
    left join campaigns as c on c.tenant_id = m.tenant_id and c.id = m.campaign_id
    where m.state in ('planned', 'deferred') and m.due_at <= p_now and m.window_ends_at > p_now
        and (m.plan_date is null or p.state = 'ready')
        and (m.campaign_id is null or c.state = 'active')
        and not exists (select from paused_sites as s where s.site = m.recipient_site)
        and (b.paused_until is null or b.paused_until <= p_now)
        and b.lifecycle not in ('resting', 'quarantined', 'retired')
        and b.id not in (select w.mailbox_id from revoked_grants as w where w.ends_at > clock_timestamp())
    union all
    select 'inbound', count(*), min(i.received_at) from inbound_messages as i where i.state = 'new'
    union all
    select 'webhook', count(*), min(w.received_at) from webhook_deliveries as w where w.state = 'new'
    union all
    -- An attempt counts, also a failed one, and the pause after it: a mailbox that cannot be read is its own alert.
    select 'sync', count(*), min(coalesce(greatest(b.synced_at, b.sync_failed_at, b.sync_retry_at), b.lifecycle_since))
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id
    where b.lifecycle <> 'retired'
$$;
reset role;
