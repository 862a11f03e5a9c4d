-- The domain itself and, where it is a company's registrable domain, all that lies under it.
with cancelled as (
    update outreach.messages
    set
        state = 'cancelled',
        state_at = clock_timestamp(),
        reason = 'suppressed_' || %(reason)s::text,
        lease_token = null,
        lease_expires_at = null
    where
        tenant_id = %(tenant_id)s
        and (split_part(to_address, '@', 2) = %(value)s or company_domain = %(value)s)
        and state in ('planned', 'deferred', 'claimed')
    returning id
)

-- What it held of the limits is free for others.
delete from outreach.leases as l
using cancelled as c
where l.holder = %(tenant_id)s::uuid || '/' || c.id
