-- Ties copies in Sent to the messages of ours that they are; what ties to nothing is a person's own mail.
update outreach.inbound_messages as i
set message_id = m.id, tied_by = 'message_id'
from outreach.messages as m
where
    i.tenant_id = %(tenant_id)s and i.mailbox_id = %(mailbox_id)s and i.direction = 'out' and i.message_id is null
    and m.tenant_id = i.tenant_id and m.mailbox_id = i.mailbox_id
    and m.message_id = any(array[i.rfc822_message_id, i.own_message_id])
    and m.sending_at is not null
    and m.state <> 'cancelled'
