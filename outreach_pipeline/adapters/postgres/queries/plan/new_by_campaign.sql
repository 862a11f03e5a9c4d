select
    s.campaign_id,
    count(*) as messages
from standing_rows as s
where s.kind = 'campaign' and s.state = 'planned' and s.step_number = 1
group by s.campaign_id
order by s.campaign_id
