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
    and outreach.folded(c.address) = outreach.folded(%(value)s)
    -- An opt-out means all tags of an address; that one of them is dead says nothing of others.
    and (c.address = %(value)s or %(reason)s::text <> 'bounce')
