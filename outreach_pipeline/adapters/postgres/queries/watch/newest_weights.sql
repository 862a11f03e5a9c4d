-- Every mailbox with its newest weight over all sites; NULL before the first computation.
select
    b.address as mailbox,
    w.weight_ratio
from outreach.mailboxes as b
left join outreach.rotation_weights as w
    on
        b.tenant_id = w.tenant_id and b.id = w.mailbox_id and w.recipient_site = ''
        and w.computed_at = (
            select max(n.computed_at) from outreach.rotation_weights as n where n.tenant_id = b.tenant_id
        )
where b.tenant_id = %(tenant_id)s
order by b.address
