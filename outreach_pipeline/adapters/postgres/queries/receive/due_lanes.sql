select lane, mailbox_count, oldest_synced_at from outreach.due_sync_lanes(%(synced_before)s)
