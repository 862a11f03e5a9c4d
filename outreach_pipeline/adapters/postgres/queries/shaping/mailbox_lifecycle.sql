select b.address, b.lifecycle
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s and b.id = %(mailbox_id)s
