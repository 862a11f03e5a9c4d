-- Taken for this transaction, unless another process has it or is done with it.
select id, source, event_id, payload
from outreach.webhook_deliveries
where tenant_id = %(tenant_id)s and id = %(id)s and state = 'new'
for update skip locked
