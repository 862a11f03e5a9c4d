-- Takes a mail for this transaction, so that two people do not correct it at once.
select id
from outreach.inbound_messages
where tenant_id = %(tenant_id)s and id = %(id)s
for update
