-- What the date holds already, whatever the plan may not move: by recipient site and by the contact's verification.
select
    m.recipient_site,
    case
        when c.verification in ('valid', 'catch_all') and coalesce(c.verified_at, c.created_at) < %(verified_since)s
            then 'unverified'
        else coalesce(c.verification, '')
    end as verification,
    m.step_number = 1 as is_new,
    count(*)::integer as messages
from outreach.messages as m
left join outreach.contacts as c on m.tenant_id = c.tenant_id and m.contact_id = c.id
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign'
    and m.state not in ('cancelled', 'planned')
group by 1, 2, 3
order by 1, 2, 3
