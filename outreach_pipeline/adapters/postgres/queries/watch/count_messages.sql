select t.slug as tenant, c.state, c.message_count as count
from outreach.count_messages(%(from_date)s, %(to_date)s) as c
join outreach.tenants as t on t.id = c.tenant_id
order by t.slug, c.state
