-- Mailboxes whose last reading failed, and why.
select b.address, b.sync_cause, b.sync_failure, b.sync_failures
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s and b.sync_failures > 0 and b.lifecycle <> 'retired'
order by b.address
