select count(*) from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s
    and m.kind = 'campaign' and m.state = 'planned'
