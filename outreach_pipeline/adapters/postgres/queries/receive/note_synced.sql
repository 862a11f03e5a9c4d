-- Mailboxes that were read to their end.
update outreach.mailboxes
set
    synced_at = %(now)s,
    sync_failed_at = null,
    sync_failure = null,
    sync_failures = 0,
    sync_cause = null,
    sync_retry_at = null
where tenant_id = %(tenant_id)s and id = any(%(ids)s::bigint [])
