select s.mailbox_id, b.address, s.capacity, s.already_sent, s.planned, s.cap_terms
from outreach.send_batches as s
inner join outreach.mailboxes as b on s.tenant_id = b.tenant_id and s.mailbox_id = b.id
where s.tenant_id = %(tenant_id)s and s.plan_date = %(plan_date)s
order by s.mailbox_id
