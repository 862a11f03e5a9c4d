select t.slug as tenant, c.lifecycle, c.mailbox_count as count
from outreach.count_mailboxes() as c
join outreach.tenants as t on t.id = c.tenant_id
order by t.slug, c.lifecycle
