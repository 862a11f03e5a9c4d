select 'mailbox ' || s.mailbox_id || ' has ' || count(*) || ' messages and a cap of ' || s.capacity as finding
from outreach.send_batches as s
inner join outreach.messages as m
    on s.tenant_id = m.tenant_id and s.mailbox_id = m.mailbox_id and s.plan_date = m.plan_date
where
    s.tenant_id = %(tenant_id)s and s.plan_date = %(plan_date)s and s.mode = 'real'
    and m.state not in ('cancelled', 'failed')
group by s.mailbox_id, s.capacity
-- A cap that fell below what has gone out already is passed by nobody: only a plan that adds to it is wrong.
having count(*) > s.capacity and bool_or(m.state = 'planned')
order by s.mailbox_id
