-- Sequences that this mail has ended go on, unless something else ends them too.
update outreach.enrollments as e
set state = 'active', stop_reason = null, stopped_at = null, stop_origin = null
from outreach.contacts as c
where
    e.tenant_id = %(tenant_id)s and e.state = 'stopped' and e.stop_origin = %(origin)s
    and c.tenant_id = e.tenant_id and c.id = e.contact_id
    and not exists (
        select from outreach.suppressions as s
        where
            s.tenant_id = e.tenant_id
            and (
                (s.scope = 'address' and s.value = c.address)
                or (s.scope = 'address' and s.folded = outreach.folded(c.address) and s.reason <> 'bounce')
                or (s.scope = 'domain' and s.value in (c.mail_domain, c.company_domain))
            )
    )
    and not exists (
        select from outreach.events as v
        where
            v.tenant_id = e.tenant_id and v.contact_id = c.id and v.occurred_at >= e.enrolled_at
            and (
                v.kind in ('bounced', 'complaint', 'reply', 'unsubscribe')
                or (v.kind = 'auto_reply' and v.detail ->> 'auto_reply' = 'left_company')
            )
            and not exists (
                select from outreach.event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
            )
    )
