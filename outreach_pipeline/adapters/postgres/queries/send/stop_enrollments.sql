update outreach.enrollments as e
set state = 'stopped', stop_reason = %(reason)s, stopped_at = %(now)s
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s) and m.state = 'failed'
    and e.tenant_id = m.tenant_id and e.id = m.enrollment_id and e.state in ('active', 'paused')
