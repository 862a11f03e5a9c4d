-- The message that a Message-ID names: ours, or the one a relay put in its place.
select m.id, m.state, m.to_address, m.message_id, m.contact_id
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.sending_at is not null
    and (m.message_id = any(%(rfc822_ids)s) or m.wire_message_id = any(%(rfc822_ids)s))
order by m.state = 'cancelled', m.id desc
limit 1
