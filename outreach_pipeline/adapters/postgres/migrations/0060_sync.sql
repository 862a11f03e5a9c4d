-- Reading mailboxes over kept connections: what a folder looked like when it was last read, back-off with its cause, and
-- which folders and mailboxes are read how.

-- Where the folder stood when it was last read to its end; while a STATUS says the same, nothing is new. modseq stands there
-- already, NULL where the server has no CONDSTORE.
alter table outreach.mailbox_folders
add column uid_next bigint,
add column message_count bigint;

alter table outreach.mailboxes
-- Further folders to read, as the server spells them.
add column folders text[] not null default '{}',
-- Whether the server is to tell of new mail by itself between two readings (IDLE).
add column uses_idle boolean not null default false,
-- Failures in a row, why the last, and until when (by the database's clock) it is left alone.
add column sync_failures integer not null default 0,
add column sync_cause text,
add column sync_retry_at timestamptz;

-- Whether IMAP connections of this host stay open between two readings.
alter table outreach.provider_hosts add column keeps_connections boolean not null default true;

-- The same, less those that are left alone for a while. The function is the overseer's, and its owner alone may replace it.
set local role outreach_overseer;
create or replace function outreach.due_sync_lanes(p_synced_before timestamptz)
returns table (lane integer, mailbox_count bigint, oldest_synced_at timestamptz)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select b.lane, count(*), min(b.synced_at)
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id
    where b.lifecycle <> 'retired' and coalesce(b.synced_at, '-infinity') <= p_synced_before
        and coalesce(b.sync_failed_at, '-infinity') <= p_synced_before
        and coalesce(b.sync_retry_at, '-infinity') <= clock_timestamp()
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
    -- An attempt counts, also a failed one, and the pause after it: a mailbox that cannot be read is its own alert.
    select 'sync', count(*), min(coalesce(greatest(b.synced_at, b.sync_failed_at, b.sync_retry_at), b.lifecycle_since))
    from mailboxes as b
    join tenants as t on t.id = b.tenant_id
    where b.lifecycle <> 'retired'
$$;
reset role;

-- How far reading is behind by lane: counts and times only. A mailbox that is left alone after failures is counted apart.
create function outreach.sync_lanes(p_synced_before timestamptz)
returns table (
    lane integer, mailbox_count bigint, due_count bigint, failing_count bigint, oldest_synced_at timestamptz
)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select
        b.lane, count(*),
        count(*) filter (
            where b.sync_failures = 0 and coalesce(b.synced_at, '-infinity') <= p_synced_before
        ),
        count(*) filter (where b.sync_failures > 0),
        min(coalesce(b.synced_at, b.lifecycle_since)) filter (where b.sync_failures = 0)
    from mailboxes as b
    where b.lifecycle <> 'retired'
    group by b.lane
    order by b.lane
$$;

-- What became of the mail that came in since: counts by tenant and kind. Mail that answers nothing of ours and is nothing we
-- look for (kind other, tied to no message) is apart from what nobody understood.
create function outreach.count_inbound(p_since timestamptz)
returns table (tenant text, understood_count bigint, unclassified_count bigint, unrelated_count bigint)
language sql stable security definer set search_path = outreach, pg_temp
as $$
    select
        t.slug,
        count(*) filter (where i.state = 'processed' and i.kind <> 'other'),
        count(*) filter (where i.state = 'unreadable' or (i.kind = 'other' and i.message_id is not null)),
        count(*) filter (where i.state = 'processed' and i.kind = 'other' and i.message_id is null)
    from inbound_messages as i
    join tenants as t on t.id = i.tenant_id
    where i.received_at >= p_since and i.direction = 'in' and i.state <> 'new'
    group by t.slug
    order by t.slug
$$;
revoke all on function outreach.sync_lanes(timestamptz), outreach.count_inbound(timestamptz) from public;
grant execute on function outreach.sync_lanes(timestamptz), outreach.count_inbound(timestamptz)
to outreach_app, outreach_metrics;
alter function outreach.sync_lanes(timestamptz) owner to outreach_overseer;
alter function outreach.count_inbound(timestamptz) owner to outreach_overseer;
