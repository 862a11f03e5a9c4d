-- The newest weights that are not later than now.
select
    w.mailbox_id,
    w.recipient_site,
    w.weight_ratio,
    w.health_ratio
from outreach.rotation_weights as w
where
    w.tenant_id = %(tenant_id)s
    and w.computed_at = (
        select max(n.computed_at) from outreach.rotation_weights as n
        where n.tenant_id = %(tenant_id)s and n.computed_at <= %(now)s
    )
order by w.mailbox_id, w.recipient_site
