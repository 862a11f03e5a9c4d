select
    f.mailbox_id, f.name, f.role, f.uidvalidity, f.last_uid, f.uid_next, f.message_count, f.modseq, f.synced_at
from outreach.mailbox_folders as f
inner join outreach.mailboxes as b on f.tenant_id = b.tenant_id and f.mailbox_id = b.id
where
    f.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired'
    and (%(lane)s::integer is null or b.lane = %(lane)s)
