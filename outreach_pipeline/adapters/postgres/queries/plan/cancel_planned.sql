-- A row that a sender holds at this moment is left to it: the caller sees by the count that the ground has moved.
with movable as (
    select m.id
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
        and m.kind = 'campaign' and m.state = 'planned'
    for update skip locked
)

update outreach.messages as m
set state = 'cancelled', state_at = clock_timestamp(), reason = 'replanned'
from movable as v
where m.tenant_id = %(tenant_id)s and m.id = v.id
