update outreach.campaigns as c
set priority = coalesce(%(priority)s::integer, c.priority), share = coalesce(%(share)s::double precision, c.share)
where c.tenant_id = %(tenant_id)s and c.id = any(%(ids)s)
