-- Takes one new mail for this transaction; no row: another process has it or had it.
select id
from outreach.inbound_messages
where tenant_id = %(tenant_id)s and id = %(id)s and state = 'new'
for update skip locked
