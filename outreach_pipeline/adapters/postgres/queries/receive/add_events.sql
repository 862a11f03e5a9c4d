insert into outreach.events (
    tenant_id, kind, origin, origin_id, recipient, occurred_at, message_id, mailbox_id, campaign_id, contact_id,
    contact_list_id, recipient_site, bounce_class, reason, status, detail
)
select
    %(tenant_id)s, r.kind, r.origin, r.origin_id, r.recipient, r.occurred_at, r.message_id, m.mailbox_id, m.campaign_id,
    m.contact_id, m.contact_list_id, m.recipient_site, r.bounce_class, r.reason, r.status, coalesce(r.detail, '{}'::jsonb)
from jsonb_to_recordset(%(events)s::jsonb) as r (
    kind text, origin text, origin_id text, recipient text, occurred_at timestamptz, message_id bigint, bounce_class text,
    reason text, status text, detail jsonb
)
left join outreach.messages as m on m.tenant_id = %(tenant_id)s and r.message_id = m.id
on conflict (tenant_id, origin, origin_id, kind, recipient) do nothing
