select count(*) as follow_ups
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign' and m.step_number > 1
    and m.state <> 'cancelled'
