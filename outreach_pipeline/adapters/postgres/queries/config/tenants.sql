select id, slug, name, time_zone, plan_at, postal_address, host(source_address) as source_address
from outreach.tenants
order by slug
