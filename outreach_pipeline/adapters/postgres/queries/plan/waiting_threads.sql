-- Follow-ups that are due and whose mailbox may not send: id, campaign and since when it is the mailbox that they wait
-- for: their contact was there, and no plan since has given the mailbox a capacity.
select
    e.id,
    e.campaign_id,
    greatest(e.due_on, c.out_until, b.last_on) - date '1970-01-01' as due_on
from outreach.enrollments as e
inner join outreach.contacts as c on e.tenant_id = c.tenant_id and e.contact_id = c.id
left join lateral (
    select max(s.plan_date) as last_on
    from outreach.send_batches as s
    where
        s.tenant_id = e.tenant_id and s.mailbox_id = e.mailbox_id and s.plan_date < %(plan_date)s
        and s.mode = 'real' and s.capacity > 0
) as b on true
where
    e.tenant_id = %(tenant_id)s and e.state = 'active' and e.next_step > 1 and e.due_on < %(plan_date)s
    and coalesce(c.out_until, '-infinity') < %(plan_date)s
    and e.mailbox_id = any(%(mailbox_ids)s::bigint [])
    and e.campaign_id = any(%(campaign_ids)s::bigint [])
order by e.id
