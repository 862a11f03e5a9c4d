select t.slug as tenant, c.kind, c.waiting_count as count
from outreach.waiting_work() as c
join outreach.tenants as t on t.id = c.tenant_id
order by t.slug, c.kind
