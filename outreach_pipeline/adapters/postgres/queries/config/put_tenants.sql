insert into outreach.tenants (slug, name, time_zone, plan_at, postal_address, source_address)
select r.slug, r.name, r.time_zone, r.plan_at, r.postal_address, r.source_address
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    slug text, name text, time_zone text, plan_at time, postal_address text, source_address inet
)
on conflict (slug) do update
    set name = excluded.name, time_zone = excluded.time_zone, plan_at = excluded.plan_at,
        postal_address = excluded.postal_address, source_address = excluded.source_address
returning id, slug
