update outreach.enrollments as e
set
    state = 'stopped',
    stop_reason = 'suppressed_' || %(reason)s::text,
    stopped_at = %(now)s,
    stop_origin = %(origin)s
from outreach.contacts as c
where
    e.tenant_id = %(tenant_id)s
    and e.state in ('active', 'paused')
    and c.tenant_id = e.tenant_id
    and c.id = e.contact_id
    and (c.mail_domain = %(value)s or c.company_domain = %(value)s)
