-- The probe that lies in its target's mailbox, by its Message-ID: ours, or the one a relay put in its place.
select
    m.id,
    m.kind,
    m.contact_id,
    'message_id' as tied_by
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.kind = 'probe' and m.to_mailbox_id = %(mailbox_id)s and m.sending_at is not null
    and (m.message_id = any(%(rfc822_ids)s) or m.wire_message_id = any(%(rfc822_ids)s))
order by m.state = 'cancelled', m.id desc
limit 1
