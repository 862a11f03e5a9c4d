-- Of what went out in the last weeks and is old enough to be judged: how many ended their sequence.
select
    m.campaign_id,
    m.step_number,
    count(*)::integer as sends,
    count(*) filter (
        where exists (
            select from outreach.events as v
            where
                v.tenant_id = m.tenant_id and v.message_id = m.id
                and not exists (
                    select from outreach.event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
                )
                and (
                    v.kind in ('reply', 'unsubscribe', 'complaint')
                    or (v.kind = 'bounced' and v.bounce_class is distinct from 'soft')
                )
        )
    )::integer as ended
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.kind = 'campaign' and m.state in ('sent', 'presumed_sent')
    and m.plan_date >= %(since)s and m.sending_at <= %(until)s
group by m.campaign_id, m.step_number
order by m.campaign_id, m.step_number
