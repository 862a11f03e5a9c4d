select
    m.campaign_id,
    count(*) as messages
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign' and m.state = 'planned'
    and m.step_number = 1
group by m.campaign_id
order by m.campaign_id
