-- Replies to messages of ours of whose intent the rules are not sure, and that no person has judged; with the names
-- that a model is not shown.
select
    i.id,
    coalesce(i.classified ->> 'text', '') as text,
    i.from_address,
    b.address as mailbox_address,
    m.to_address,
    array[c.first_name, c.last_name, b.display_name] as names,
    coalesce(c.company, '') as company
from outreach.inbound_messages as i
inner join outreach.mailboxes as b on i.tenant_id = b.tenant_id and i.mailbox_id = b.id
inner join outreach.messages as m
    on i.tenant_id = m.tenant_id and i.message_id = m.id and m.kind in ('campaign', 'reply')
left join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
where
    i.tenant_id = %(tenant_id)s and i.direction = 'in' and i.kind = 'reply' and i.done_at is null
    and i.intent <> 'stop' and not i.intent_is_sure and i.correction_count = 0
    and i.received_at > %(since)s and coalesce((i.classified ->> 'model_tries')::integer, 0) < %(most_tries)s
    and not i.classified ? 'model'
    and coalesce(i.classified ->> 'text', '') <> ''
order by i.id
limit %(most)s
