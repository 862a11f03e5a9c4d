select id
from outreach.contact_lists
where tenant_id = %(tenant_id)s and campaign_id = %(campaign_id)s and sha256 = %(sha256)s
