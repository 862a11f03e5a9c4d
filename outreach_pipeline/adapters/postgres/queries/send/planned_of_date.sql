-- When the campaign messages are due that a date's plan has planned: what plan/commitments.sql leaves out.
-- Milliseconds.
select
    m.mailbox_id,
    array_agg((date_part('epoch', m.due_at) * 1000)::bigint order by m.due_at) as planned_at
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.plan_date = %(plan_date)s and m.kind = 'campaign' and m.state = 'planned'
    and m.window_ends_at > %(now)s
group by m.mailbox_id
