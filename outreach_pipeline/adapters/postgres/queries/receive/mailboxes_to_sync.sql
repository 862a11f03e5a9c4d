-- Mailboxes to read, those that were not read for longest first. Whose outcomes are unknown, and whose copies wait to
-- be filed, is asked here for all at once: of most nothing has to be done but to ask the server.
select
    b.tenant_id,
    b.id,
    b.address,
    b.imap_host,
    b.imap_port,
    b.imap_security,
    b.login,
    b.auth,
    b.ca_file,
    b.sent_copy,
    b.folders,
    b.uses_idle,
    b.sync_failures,
    a.name as provider_account,
    b.secret_ciphertext,
    k.wrapped_key,
    exists (
        select from outreach.messages as m
        where m.tenant_id = b.tenant_id and m.mailbox_id = b.id and m.state = 'outcome_unknown'
    ) as has_unknown,
    b.sent_copy = 'append' and exists (
        select from outreach.sent_copies as c
        where
            c.tenant_id = b.tenant_id and c.mailbox_id = b.id and c.state in ('waiting', 'filing')
            and c.retry_at <= clock_timestamp()
    ) as has_copies,
    exists (
        select from outreach.alerts as l
        where l.tenant_id = b.tenant_id and l.cause_key = 'folders/' || b.address and l.resolved_at is null
    ) as misses_folders
from outreach.mailboxes as b
left join outreach.data_keys as k on b.data_key_id = k.id
left join outreach.provider_accounts as a on b.provider_account_id = a.id
where
    b.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired'
    and (%(lane)s::integer is null or b.lane = %(lane)s)
    and (not %(heeds_pauses)s or coalesce(b.sync_retry_at, '-infinity') <= clock_timestamp())
order by b.synced_at nulls first, b.id
