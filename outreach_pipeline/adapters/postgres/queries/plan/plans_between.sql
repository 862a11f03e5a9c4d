select p.plan_date, p.mode, p.input_sha256, p.summary -> 'replaces' as replaces
from outreach.plans as p
where p.tenant_id = %(tenant_id)s and p.plan_date between %(first)s and %(last)s
order by p.plan_date
