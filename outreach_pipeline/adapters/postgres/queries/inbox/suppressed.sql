-- Which of some addresses are suppressed for the tenant, and why.
select
    s.value,
    s.reason,
    s.origin
from outreach.suppressions as s
where
    s.tenant_id = %(tenant_id)s and s.scope = 'address'
    and s.folded in (select outreach.folded(a.address) from unnest(%(addresses)s::text []) as a (address))
order by s.value
