select id
from outreach.messages
where
    tenant_id = %(tenant_id)s and message_id = %(message_id)s and kind = 'reply'
    and state not in ('cancelled', 'failed')
