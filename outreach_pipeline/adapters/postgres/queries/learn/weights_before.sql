-- The newest scores over all sites that were computed before a moment.
select
    mailbox_id,
    weight_ratio
from outreach.rotation_weights
where
    tenant_id = %(tenant_id)s
    and recipient_site = ''
    and computed_at = (
        select max(w.computed_at)
        from outreach.rotation_weights as w
        where w.tenant_id = %(tenant_id)s and w.computed_at < %(now)s
    )
