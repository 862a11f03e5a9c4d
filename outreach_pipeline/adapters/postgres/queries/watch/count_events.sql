select t.slug as tenant, c.kind, coalesce(c.bounce_class, '') as bounce_class, c.event_count as count
from outreach.count_events(%(since)s, %(until)s) as c
join outreach.tenants as t on t.id = c.tenant_id
order by t.slug, c.kind, c.bounce_class
