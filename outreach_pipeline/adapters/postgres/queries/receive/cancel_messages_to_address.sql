-- What has not begun to be sent never will be. A worker that had claimed it finds its lease gone.
with to_cancel as (
    select m.id
    from outreach.contacts as c
    inner join outreach.enrollments as e on c.tenant_id = e.tenant_id and c.id = e.contact_id
    inner join outreach.messages as m on e.tenant_id = m.tenant_id and e.id = m.enrollment_id
    where
        c.tenant_id = %(tenant_id)s and outreach.folded(c.address) = outreach.folded(%(value)s)
        -- An opt-out means all tags of an address; that one of them is dead says nothing of others.
        and (c.address = %(value)s or %(reason)s::text <> 'bounce')
        and m.kind = 'campaign' and m.state in ('planned', 'deferred', 'claimed')
    union all
    select m.id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.to_address = %(value)s
        and m.kind <> 'campaign' and m.state in ('planned', 'deferred', 'claimed')
),

cancelled as (
    update outreach.messages as m
    set
        state = 'cancelled',
        state_at = clock_timestamp(),
        reason = 'suppressed_' || %(reason)s::text,
        lease_token = null,
        lease_expires_at = null
    from to_cancel as t
    where m.tenant_id = %(tenant_id)s and m.id = t.id and m.state in ('planned', 'deferred', 'claimed')
    returning m.id
)

-- What it held of the limits is free for others.
delete from outreach.leases as l
using cancelled as c
where l.holder = %(tenant_id)s::uuid || '/' || c.id
