-- What waits for a person waits for no run: messages of paused campaigns are not due, and nor is their lag one.

-- Only their owner may replace the functions, and the owner of the tables inherits nothing of it.
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
            m.state in ('planned', 'deferred') and m.due_at <= p_now + p_horizon
            and (p.state = 'ready' or m.plan_date is null)
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
    union all
    select 'inbound', count(*), min(i.received_at) from inbound_messages as i where i.state = 'new'
    union all
    select 'webhook', count(*), min(w.received_at) from webhook_deliveries as w where w.state = 'new'
    union all
    -- An attempt counts, also a failed one: a mailbox that cannot be read is its own alert.
    select 'sync', count(*), min(coalesce(greatest(b.synced_at, b.sync_failed_at), b.lifecycle_since))
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id
    where b.lifecycle <> 'retired'
$$;
reset role;
