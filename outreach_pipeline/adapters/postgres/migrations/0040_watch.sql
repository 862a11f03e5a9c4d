-- What the gateway's health page and the notifier need.

-- How long work of each kind has been waiting for whatever should have started it: counts and times only.
create function outreach.work_lag(p_now timestamptz)
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
revoke all on function outreach.work_lag(timestamptz) from public;
grant execute on function outreach.work_lag(timestamptz) to outreach_app, outreach_metrics;
alter function outreach.work_lag(timestamptz) owner to outreach_overseer;

-- Which channels have taken a note, so that one that fails is tried again alone.
alter table outreach.alerts
add column resolution_notified_at timestamptz,
add column notified_channels text[] not null default '{}',
add column resolution_notified_channels text[] not null default '{}';
alter table outreach.operator_alerts
add column notified_channels text[] not null default '{}',
add column resolution_notified_channels text[] not null default '{}';
create index alerts_to_notify on outreach.alerts (tenant_id, id)
where notified_at is null or (resolved_at is not null and resolution_notified_at is null);
create index operator_alerts_to_notify on outreach.operator_alerts (id)
where notified_at is null or (resolved_at is not null and resolution_notified_at is null);
