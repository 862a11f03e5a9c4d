-- What the last day's mail tells of each mailbox's Sent folder, of messages that a reading since had to find there.
select
    b.address,
    b.sent_copy,
    count(*) as sent,
    count(*) filter (where m.has_copy) as with_copy,
    count(*) filter (where c.was_there and c.tries = 1) as were_there,
    count(*) filter (where c.state = 'given_up') as given_up,
    max(c.cause) filter (where c.state = 'given_up') as cause
from outreach.mailboxes as b
cross join lateral (
    select
        s.id,
        exists (
            select from outreach.inbound_messages as i
            where i.tenant_id = s.tenant_id and i.message_id = s.id and i.direction = 'out'
        ) as has_copy
    from outreach.messages as s
    where
        s.tenant_id = b.tenant_id and s.mailbox_id = b.id and s.state = 'sent'
        and s.sending_at > %(now)s - interval '1 day' and s.sending_at < b.synced_at - interval '15 minutes'
) as m
left join outreach.sent_copies as c on b.tenant_id = c.tenant_id and m.id = c.message_id
where b.tenant_id = %(tenant_id)s
group by b.address, b.sent_copy
order by b.address
