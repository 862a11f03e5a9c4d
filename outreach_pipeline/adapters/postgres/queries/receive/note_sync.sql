update outreach.mailboxes
set
    synced_at = case when %(failure)s::text is null then %(now)s else synced_at end,
    sync_failed_at = case when %(failure)s::text is null then null else %(now)s end,
    sync_failure = %(failure)s
where tenant_id = %(tenant_id)s and id = %(mailbox_id)s
