-- What was planned for a sequence that waits is asked for again when it goes on.
update outreach.messages as m
set state = 'cancelled', state_at = clock_timestamp(), reason = 'enrollment_paused'
from outreach.enrollments as e
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and e.tenant_id = m.tenant_id
    and e.id = m.enrollment_id and e.state = 'paused' and e.contact_id = any(%(contact_ids)s::bigint [])
