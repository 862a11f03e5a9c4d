select id, slug, name, time_zone, plan_at, postal_address
from outreach.tenants
order by slug
