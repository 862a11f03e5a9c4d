select
    %(tenant_slug)s as tenant,
    b.address as mailbox,
    s.plan_date,
    s.capacity
from outreach.send_batches as s
inner join outreach.mailboxes as b on s.tenant_id = b.tenant_id and s.mailbox_id = b.id
where s.tenant_id = %(tenant_id)s and s.mode = 'real'
order by b.address, s.plan_date
