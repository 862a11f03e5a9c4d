select id
from outreach.sending_policies
where tenant_id = %(tenant_id)s and name = %(name)s
