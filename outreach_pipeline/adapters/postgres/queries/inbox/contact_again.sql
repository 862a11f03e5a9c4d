-- Absence and departure of a contact, as what still counts of its auto-replies tells.
update outreach.contacts as c
set
    out_until = a.out_until,
    left_company_at = case when a.has_left then c.left_company_at end
from (
    select
        max((v.detail ->> 'out_until')::date) as out_until,
        coalesce(bool_or(v.detail ->> 'auto_reply' = 'left_company'), false) as has_left
    from outreach.events as v
    where
        v.tenant_id = %(tenant_id)s and v.contact_id = %(contact_id)s and v.kind = 'auto_reply'
        and not exists (
            select from outreach.event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
        )
) as a
where
    c.tenant_id = %(tenant_id)s and c.id = %(contact_id)s
    and (c.out_until is distinct from a.out_until or (c.left_company_at is not null and not a.has_left))
