-- Ends every running sequence of a contact, or of all contacts of its company.
update outreach.enrollments as e
set state = 'stopped', stop_reason = %(reason)s, stopped_at = %(now)s, stop_origin = %(origin)s
from outreach.contacts as c
where
    e.tenant_id = %(tenant_id)s
    and c.tenant_id = e.tenant_id
    and c.id = e.contact_id
    and e.state in ('active', 'paused')
    and (
        c.id = %(contact_id)s
        or (
            %(whole_company)s and not c.is_free_mail
            and c.company_domain = (
                select o.company_domain from outreach.contacts as o
                where o.tenant_id = %(tenant_id)s and o.id = %(contact_id)s
            )
        )
    )
