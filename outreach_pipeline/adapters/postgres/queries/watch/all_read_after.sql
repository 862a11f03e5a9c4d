-- Whether every mailbox of the tenant was read after this time.
select coalesce(bool_and(b.synced_at > %(after)s), true)
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired'
