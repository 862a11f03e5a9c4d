select
    c.slug, c.state,
    count(*) filter (where e.state = 'active') as active_count,
    count(*) filter (where e.state = 'finished') as finished_count,
    count(*) filter (where e.state = 'stopped') as stopped_count
from outreach.campaigns as c
left join outreach.enrollments as e on c.tenant_id = e.tenant_id and c.id = e.campaign_id
where c.tenant_id = %(tenant_id)s
group by c.slug, c.state
order by c.slug
