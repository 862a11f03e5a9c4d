-- What was planned for a sequence that has ended is not sent.
update outreach.messages as m
set state = 'cancelled', state_at = clock_timestamp(), reason = 'enrollment_stopped'
from outreach.enrollments as e
where
    m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred') and e.tenant_id = m.tenant_id
    and e.id = m.enrollment_id and e.state = 'stopped'
    and (
        e.contact_id = %(contact_id)s
        or (
            %(whole_company)s and m.company_domain = (
                select c.company_domain from outreach.contacts as c
                where c.tenant_id = %(tenant_id)s and c.id = %(contact_id)s
            )
        )
    )
