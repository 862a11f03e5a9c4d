select b.address as mailbox, w.weight_ratio
from outreach.rotation_weights as w
inner join outreach.mailboxes as b on w.tenant_id = b.tenant_id and w.mailbox_id = b.id
where
    w.tenant_id = %(tenant_id)s and w.recipient_site = ''
    and w.computed_at = (select max(n.computed_at) from outreach.rotation_weights as n where n.tenant_id = %(tenant_id)s)
order by b.address
