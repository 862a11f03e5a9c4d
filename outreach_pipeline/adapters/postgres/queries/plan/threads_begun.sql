-- Threads that the date's plan begins: first steps, and follow-ups whose thread has ended.
select
    s.campaign_id,
    count(*) as threads
from standing_rows as s
where s.kind = 'campaign' and s.state = 'planned' and s.begins_thread
group by s.campaign_id
order by s.campaign_id
