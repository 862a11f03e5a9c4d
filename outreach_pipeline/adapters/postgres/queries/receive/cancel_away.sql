-- What was planned for the days on which a contact is away; the step is asked for again when it is back.
update outreach.messages as m
set state = 'cancelled', state_at = clock_timestamp(), reason = 'out_of_office'
from outreach.enrollments as e
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and m.kind = 'campaign'
    and m.plan_date < c.out_until
    and e.tenant_id = m.tenant_id and e.id = m.enrollment_id and e.contact_id = %(contact_id)s
