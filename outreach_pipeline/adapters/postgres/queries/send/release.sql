-- Puts claimed messages back that their worker will not begin: as if they had never been claimed.
with released as (
    update outreach.messages as m
    set
        state = 'planned', state_at = clock_timestamp(), lease_token = null, lease_expires_at = null,
        attempts = m.attempts - 1
    from unnest(%(ids)s::bigint [], %(tokens)s::bigint []) as w (id, token)
    where m.tenant_id = %(tenant_id)s and m.id = w.id and m.lease_token = w.token and m.state = 'claimed'
    returning m.id
)

delete from outreach.leases as l
using released as r
where l.holder = %(tenant_id)s::uuid || '/' || r.id
