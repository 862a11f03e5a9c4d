-- What is planned for the date, by what decides its window: when the first and the last of them start, and how many of
-- them start when their window is over.
select
    m.campaign_id,
    coalesce(c.time_zone, '') as zone,
    coalesce(c.country, '') as country,
    coalesce(c.region, '') as region,
    count(*) as messages,
    count(*) filter (where m.scheduled_at >= m.window_ends_at) as late,
    min(m.scheduled_at) as first_at,
    max(m.scheduled_at) as last_at,
    max(m.window_ends_at) as last_end
from standing_rows as m
cross join lateral (
    select
        k.time_zone,
        k.country,
        k.region
    from outreach.contacts as k
    where k.tenant_id = %(tenant_id)s and k.id = m.contact_id
    order by k.id
    limit 1
) as c
where m.kind = 'campaign' and m.state = 'planned'
group by m.campaign_id, c.time_zone, c.country, c.region
order by m.campaign_id, zone, country, region
