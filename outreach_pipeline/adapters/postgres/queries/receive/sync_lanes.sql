select
    lane, mailbox_count, due_count, failing_count, oldest_synced_at,
    coalesce(greatest(extract(epoch from %(now)s - oldest_synced_at), 0), 0)::double precision as lag_seconds
from outreach.sync_lanes(%(synced_before)s)
