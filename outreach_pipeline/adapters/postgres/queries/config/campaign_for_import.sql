select c.id, coalesce(p.policy, d.policy, '{}') as policy
from outreach.campaigns as c
left join outreach.sending_policies as p on c.tenant_id = p.tenant_id and c.policy_id = p.id
left join outreach.sending_policies as d on c.tenant_id = d.tenant_id and d.name = 'default'
where c.tenant_id = %(tenant_id)s and c.slug = %(campaign)s
