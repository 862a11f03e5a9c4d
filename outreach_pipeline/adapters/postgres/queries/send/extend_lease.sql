-- A server that takes its time after the end of a message keeps its sender's claim alive.
with extended as (
    update outreach.messages as m
    set lease_expires_at = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
    where m.tenant_id = %(tenant_id)s and m.id = %(id)s and m.lease_token = %(token)s and m.state = 'sending'
    returning m.id, m.lease_expires_at
)

update outreach.leases as l
set expires_at = x.lease_expires_at
from extended as x
where l.holder = %(tenant_id)s::uuid || '/' || x.id
