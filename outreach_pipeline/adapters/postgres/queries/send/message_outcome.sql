select
    message_id,
    state,
    reason,
    reason_detail
from outreach.messages
where tenant_id = %(tenant_id)s and id = %(id)s
