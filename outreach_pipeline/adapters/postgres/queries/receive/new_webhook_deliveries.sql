select id
from outreach.webhook_deliveries
where tenant_id = %(tenant_id)s and state = 'new' and id > %(after_id)s
order by id
limit %(batch_size)s
