select l.id, l.name, l.state, l.paused_reason, c.slug as campaign
from outreach.contact_lists as l
inner join outreach.campaigns as c on l.tenant_id = c.tenant_id and l.campaign_id = c.id
where l.tenant_id = %(tenant_id)s
order by l.id
