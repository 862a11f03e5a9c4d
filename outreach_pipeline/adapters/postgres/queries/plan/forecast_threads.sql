-- Sequences under way, by what they need next.
select
    e.campaign_id,
    e.next_step as step_number,
    e.mailbox_id,
    e.due_on,
    count(*)::integer as contacts
from outreach.enrollments as e
inner join outreach.campaigns as p on e.tenant_id = p.tenant_id and e.campaign_id = p.id
where
    e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step > 1 and e.mailbox_id is not null
    and p.state <> 'finished'
group by e.campaign_id, e.next_step, e.mailbox_id, e.due_on
order by e.campaign_id, e.next_step, e.mailbox_id, e.due_on
