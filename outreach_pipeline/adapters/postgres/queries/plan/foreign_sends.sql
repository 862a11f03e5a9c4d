-- Mail found in Sent that is none of ours: people write from these mailboxes too, and the provider counts it.
select
    i.mailbox_id,
    array_agg((extract(epoch from i.received_at) * 1000)::bigint order by i.received_at) as foreign_at
from outreach.inbound_messages as i
where
    i.tenant_id = %(tenant_id)s and i.direction = 'out' and i.message_id is null
    and i.received_at >= %(since)s and i.received_at < %(until)s
    and not exists (
        select from outreach.messages as m
        where m.tenant_id = i.tenant_id and m.message_id = i.rfc822_message_id and m.sending_at is not null
    )
    and not exists (
        select from outreach.messages as m
        where
            m.tenant_id = i.tenant_id and m.wire_message_id is not null
            and m.wire_message_id = i.rfc822_message_id
    )
group by i.mailbox_id
