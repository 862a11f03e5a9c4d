delete from outreach.campaign_steps as s
using outreach.campaigns as c
where s.tenant_id = %(tenant_id)s and c.tenant_id = s.tenant_id and s.campaign_id = c.id and c.slug = any(%(slugs)s)
