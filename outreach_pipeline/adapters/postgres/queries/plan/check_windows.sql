select 'message ' || m.id || ' is due at ' || m.scheduled_at || ', its window ends at ' || m.window_ends_at as finding
from outreach.messages as m
inner join outreach.tenants as t on m.tenant_id = t.id
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.state = 'planned'
    and (
        m.scheduled_at >= m.window_ends_at
        or (m.scheduled_at at time zone t.time_zone)::date <> m.plan_date
    )
order by m.id
