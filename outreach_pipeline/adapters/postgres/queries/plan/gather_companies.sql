-- What each recipient company gets on the date already.
create temporary table company_rows on commit drop as
select
    m.company_domain,
    count(*) as messages
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
    and m.state not in ('cancelled', 'planned', 'failed')
group by m.company_domain
