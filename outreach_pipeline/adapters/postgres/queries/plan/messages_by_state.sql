-- What has become of a date's messages, over all its plans; what a later plan took back counts no more.
select m.state, count(*)::integer as messages
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign'
    and (m.state <> 'cancelled' or coalesce(m.reason, '') <> 'replanned')
group by m.state
order by m.state
