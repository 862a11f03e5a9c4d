-- What this mail's class had written counts no more; that it proves a send stays true whatever it is.
insert into outreach.event_retractions (tenant_id, event_id, retracted_at, author)
select v.tenant_id, v.id, %(now)s, %(author)s
from outreach.events as v
where
    v.tenant_id = %(tenant_id)s and v.kind <> 'sent'
    and (
        (v.origin = 'imap' and v.origin_id = %(id)s::bigint::text)
        or (v.origin = 'person' and v.origin_id like %(id)s::bigint::text || '/%%')
    )
on conflict (tenant_id, event_id) do nothing
