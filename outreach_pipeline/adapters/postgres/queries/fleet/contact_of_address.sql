select id
from outreach.contacts
where tenant_id = %(tenant_id)s and address = %(address)s
