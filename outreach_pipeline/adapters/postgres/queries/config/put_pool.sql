insert into outreach.campaign_mailboxes (tenant_id, campaign_id, mailbox_id)
select %(tenant_id)s, c.id as campaign_id, b.id as mailbox_id
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, mailboxes jsonb)
inner join outreach.campaigns as c on c.tenant_id = %(tenant_id)s and r.name = c.slug
cross join jsonb_array_elements_text(r.mailboxes) as a (address)
inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and a.address = b.address
