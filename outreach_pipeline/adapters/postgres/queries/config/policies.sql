select name, policy
from outreach.sending_policies
where tenant_id = %(tenant_id)s
order by name
