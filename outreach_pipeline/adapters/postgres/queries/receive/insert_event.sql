-- An event, once. What the message knows (mailbox, campaign, contact …) is copied; without one the address finds the
-- contact.
insert into outreach.events (
    tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, mailbox_id, campaign_id, contact_id,
    contact_list_id, recipient_site, bounce_class, reason, status, detail
)
select
    %(tenant_id)s::uuid,
    %(kind)s,
    %(origin)s,
    %(origin_id)s,
    %(recipient)s,
    %(occurred_at)s,
    m.id,
    m.mailbox_id,
    m.campaign_id,
    coalesce(m.contact_id, c.id),
    coalesce(m.contact_list_id, c.contact_list_id),
    m.recipient_site,
    %(bounce_class)s,
    %(reason)s,
    %(status)s,
    %(detail)s
from (select %(tenant_id)s::uuid as tenant_id) as t
left join outreach.messages as m on m.tenant_id = t.tenant_id and m.id = %(message_row_id)s::bigint
left join outreach.contacts as c on c.tenant_id = t.tenant_id and c.address = %(recipient)s
on conflict (tenant_id, origin, origin_id, kind, recipient) do nothing
