select
    i.id,
    i.mailbox_id,
    i.sha256,
    i.received_at,
    i.from_address,
    b.address as mailbox_address
from outreach.inbound_messages as i
inner join outreach.mailboxes as b on i.tenant_id = b.tenant_id and i.mailbox_id = b.id
where i.tenant_id = %(tenant_id)s and i.state = 'new' and i.id > %(after_id)s
order by i.id
limit %(most)s
