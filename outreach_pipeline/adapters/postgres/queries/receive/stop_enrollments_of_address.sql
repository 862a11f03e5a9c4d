update outreach.enrollments as e
set
    state = 'stopped',
    stop_reason = 'suppressed_' || %(reason)s::text,
    stopped_at = %(now)s
from outreach.contacts as c
where
    e.tenant_id = %(tenant_id)s
    and e.state in ('active', 'paused')
    and c.tenant_id = e.tenant_id
    and c.id = e.contact_id
    and c.address = %(value)s
