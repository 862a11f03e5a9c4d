-- Follow-ups that are to come from each mailbox after the date, by their earliest day.
select
    e.mailbox_id,
    e.due_on::text as due_on,
    count(*)::integer as follow_ups
from outreach.enrollments as e
where
    e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step > 1
    and e.due_on > %(plan_date)s and e.due_on <= %(plan_date)s::date + 60
    and e.mailbox_id is not null
group by e.mailbox_id, e.due_on
order by e.mailbox_id, e.due_on
