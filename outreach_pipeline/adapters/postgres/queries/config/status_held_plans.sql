-- Plans of today and later whose checks failed: nothing of them goes out.
select p.plan_date, p.held_reason, count(m.id) as messages
from outreach.plans as p
left join outreach.messages as m
    on
        p.tenant_id = m.tenant_id and p.plan_date = m.plan_date
        and m.kind = 'campaign' and m.state in ('planned', 'deferred')
where p.tenant_id = %(tenant_id)s and p.state = 'held' and p.plan_date >= %(today)s
group by p.plan_date, p.held_reason
order by p.plan_date
