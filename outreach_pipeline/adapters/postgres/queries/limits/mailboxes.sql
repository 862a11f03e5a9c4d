select b.id, b.address
from outreach.mailboxes as b
where b.tenant_id = %(tenant_id)s
