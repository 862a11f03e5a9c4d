insert into outreach.enrollments (tenant_id, campaign_id, contact_id, contact_list_id, due_on, enrolled_at)
select %(tenant_id)s, %(campaign_id)s, c.id, %(contact_list_id)s, %(due_on)s, %(now)s
from incoming_contacts as i
inner join outreach.contacts as c on c.tenant_id = %(tenant_id)s and i.address = c.address
order by i.line
on conflict (tenant_id, campaign_id, contact_id) do nothing
