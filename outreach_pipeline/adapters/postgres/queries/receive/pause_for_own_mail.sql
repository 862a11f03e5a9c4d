-- The sequences of contacts whom a person wrote to by hand wait. What a message of ours stands behind is none of these,
-- though its copy may not be tied yet.
with written_to as (
    select c.id, max(i.received_at) as written_at
    from outreach.inbound_messages as i
    cross join lateral unnest(i.to_addresses) as a (address)
    inner join outreach.contacts as c
        on i.tenant_id = c.tenant_id and outreach.folded(c.address) = outreach.folded(lower(a.address))
    where
        i.tenant_id = %(tenant_id)s and i.id = any(%(ids)s::bigint [])
        and not exists (
            select from outreach.messages as m
            where
                m.tenant_id = i.tenant_id and m.sending_at is not null
                and (
                    m.message_id = any(array[i.rfc822_message_id, i.own_message_id])
                    or m.wire_message_id = i.rfc822_message_id
                )
        )
    group by c.id
),

paused as (
    update outreach.enrollments as e
    set state = 'paused', stop_reason = 'own_mail', stopped_at = %(now)s
    from written_to as w
    where
        e.tenant_id = %(tenant_id)s and e.contact_id = w.id and e.state = 'active' and e.enrolled_at <= w.written_at
    returning e.contact_id
)

select distinct p.contact_id from paused as p
