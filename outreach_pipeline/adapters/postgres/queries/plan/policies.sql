select p.id, p.name, p.policy
from outreach.sending_policies as p
where p.tenant_id = %(tenant_id)s
order by p.id
