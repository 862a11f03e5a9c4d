select 'contact ' || m.contact_id || ' has ' || count(*) || ' messages' as finding
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign'
    and m.state not in ('cancelled', 'failed')
group by m.contact_id
having count(*) > 1
order by m.contact_id
