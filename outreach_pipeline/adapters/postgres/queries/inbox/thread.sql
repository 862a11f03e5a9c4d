-- All that went to a contact and came from it, in the order of time; of a mail that is tied to nobody, it and the
-- answers to it.
select
    'out' as direction,
    m.id,
    m.kind,
    coalesce(m.sent_at, m.sending_at, m.scheduled_at) as at,
    b.address as mailbox,
    m.to_address as address,
    coalesce(m.subject, r.subject, '') as subject,
    coalesce(r.text_body, '') as text,
    g.slug as campaign,
    m.step_number as step,
    m.state,
    r.author,
    null as sha256
from outreach.messages as m
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id
left join outreach.replies as r on m.tenant_id = r.tenant_id and m.id = r.message_id
left join outreach.campaigns as g on m.tenant_id = g.tenant_id and m.campaign_id = g.id
where
    m.tenant_id = %(tenant_id)s and m.kind in ('campaign', 'reply')
    and (m.contact_id = %(contact_id)s::bigint or r.inbound_message_id = %(id)s)
    and (m.sending_at is not null or m.kind = 'reply')
union all
select
    'in',
    i.id,
    i.kind,
    i.received_at,
    b.address,
    i.from_address,
    i.subject,
    coalesce(i.classified ->> 'text', ''),
    null,
    null,
    coalesce(i.intent, i.reason, ''),
    null,
    i.sha256
from outreach.inbound_messages as i
inner join outreach.mailboxes as b on i.tenant_id = b.tenant_id and i.mailbox_id = b.id
where
    i.tenant_id = %(tenant_id)s and i.direction = 'in'
    and (
        i.id = %(id)s
        or i.message_id in (
            select m.id from outreach.messages as m
            where m.tenant_id = %(tenant_id)s and m.contact_id = %(contact_id)s::bigint
        )
    )
order by at, id
