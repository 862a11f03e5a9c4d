select name, policy, own_fields
from outreach.sending_policies
where tenant_id = %(tenant_id)s
order by name
