-- What is planned for the date, by what decides its window: when the first and the last of them start, and how many of
-- them start when their window is over.
select
    m.campaign_id,
    m.zone,
    m.country,
    m.region,
    count(*) as messages,
    count(*) filter (where m.scheduled_at >= m.window_ends_at) as late,
    min(m.scheduled_at) as first_at,
    max(m.scheduled_at) as last_at,
    max(m.window_ends_at) as last_end
from standing_rows as m
where m.kind = 'campaign' and m.state = 'planned'
group by m.campaign_id, m.zone, m.country, m.region
order by m.campaign_id, m.zone, m.country, m.region
