-- Lifts what this mail's doubtful wish to stop holds, unless another mail in doubt holds it too.
select l.value
from outreach.lift_unclear_stops(array(
    select s.value
    from outreach.suppressions as s
    inner join outreach.inbound_messages as i on s.tenant_id = i.tenant_id and i.id = %(id)s
    left join outreach.messages as m on i.tenant_id = m.tenant_id and i.message_id = m.id
    where
        s.tenant_id = %(tenant_id)s and s.scope = 'address' and s.reason = 'unclear_stop'
        and (s.origin = %(origin)s or s.value in (lower(i.from_address), m.to_address))
        and not exists (
            select from outreach.inbound_messages as o
            left join outreach.messages as n on o.tenant_id = n.tenant_id and o.message_id = n.id
            where
                o.tenant_id = %(tenant_id)s and o.id <> i.id and o.direction = 'in'
                and o.intent = 'stop' and not o.intent_is_sure and s.value in (lower(o.from_address), n.to_address)
        )
)) as l (value)
