-- Messages of unknown or presumed outcome whose copy lies in Sent: submitted, if the server files what it takes.
select
    m.id,
    m.state,
    m.to_address,
    m.message_id,
    min(i.received_at) as sent_at
from outreach.messages as m
inner join outreach.inbound_messages as i on m.tenant_id = i.tenant_id and m.id = i.message_id and i.direction = 'out'
inner join outreach.mailboxes as b on m.tenant_id = b.tenant_id and m.mailbox_id = b.id and b.sent_copy = 'server'
where
    m.tenant_id = %(tenant_id)s and m.mailbox_id = %(mailbox_id)s and m.state in ('outcome_unknown', 'presumed_sent')
group by m.tenant_id, m.id
