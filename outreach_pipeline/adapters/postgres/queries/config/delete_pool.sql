delete from outreach.campaign_mailboxes as m
using outreach.campaigns as c
where m.tenant_id = %(tenant_id)s and c.tenant_id = m.tenant_id and m.campaign_id = c.id and c.slug = any(%(slugs)s)
