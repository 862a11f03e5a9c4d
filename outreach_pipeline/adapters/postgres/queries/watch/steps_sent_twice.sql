select m.enrollment_id, m.step_number, count(*) as times
from outreach.messages as m
where
    m.tenant_id = %(tenant_id)s and m.kind = 'campaign' and m.state in ('sent', 'presumed_sent')
    and m.sending_at >= %(since)s
group by m.enrollment_id, m.step_number
having count(*) > 1
order by m.enrollment_id
