-- Follow-ups that are due and whose mailbox may not send: id, campaign and since when their contact may be written to.
select
    e.id,
    e.campaign_id,
    greatest(e.due_on, c.out_until) - date '1970-01-01' as due_on
from outreach.enrollments as e
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
where
    e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step > 1 and e.due_on < %(plan_date)s
    and coalesce(c.out_until, '-infinity') < %(plan_date)s
    and e.mailbox_id = any(%(mailbox_ids)s::bigint [])
    and e.campaign_id = any(%(campaign_ids)s::bigint [])
order by e.id
