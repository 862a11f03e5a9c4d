-- Where nobody is due, that is the reason.
select 'nothing is planned though contacts are due, and no reason is given' as finding
from outreach.plans as p
where
    p.tenant_id = %(tenant_id)s and p.plan_date = %(plan_date)s and p.mode = 'real'
    and not exists (
        select from outreach.messages as m
        where m.tenant_id = p.tenant_id and m.plan_date = p.plan_date and m.state <> 'cancelled'
    )
    and coalesce(p.summary -> 'excluded', '{}'::jsonb) = '{}'::jsonb
    and exists (
        select from outreach.enrollments as e
        where e.tenant_id = p.tenant_id and e.state = 'active' and e.due_on <= p.plan_date
    )
