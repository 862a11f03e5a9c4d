-- Follow-ups due on the date, by the mailbox of their thread.
select
    e.mailbox_id,
    count(*)::integer as follow_ups
from outreach.enrollments as e
where
    e.tenant_id = %(tenant_id)s and e.campaign_id = any(%(campaign_ids)s::bigint [])
    and e.state = 'active' and e.next_step > 1 and e.due_on <= %(plan_date)s and e.mailbox_id is not null
group by e.mailbox_id
order by e.mailbox_id
