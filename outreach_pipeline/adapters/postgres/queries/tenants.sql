select id, slug, name, time_zone, postal_address, state
from outreach.tenants
where %(slug)s::text is null or slug = %(slug)s
order by slug
