-- How many mails wait for people, by kind, and how many of them nobody is sure of.
select
    i.kind,
    count(*)::integer as mails,
    (count(*) filter (
        where not coalesce(i.intent_is_sure, false) and (i.kind = 'reply' or i.intent = 'stop')
    ))::integer as unsure
from outreach.inbound_messages as i
where
    i.tenant_id = %(tenant_id)s and i.direction = 'in' and i.state = 'processed' and i.done_at is null
    and not coalesce((i.classified ->> 'is_probe')::boolean, false)
group by i.kind
order by i.kind
