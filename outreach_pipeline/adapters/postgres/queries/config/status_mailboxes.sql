select
    lifecycle,
    count(*) as mailbox_count,
    count(*) filter (where paused_until > %(now)s) as paused_count,
    count(*) filter (where sync_failed_at is not null and sync_failed_at > coalesce(synced_at, '-infinity'))
        as sync_failing_count,
    min(synced_at) as oldest_synced_at
from outreach.mailboxes
where tenant_id = %(tenant_id)s
group by lifecycle
order by lifecycle
