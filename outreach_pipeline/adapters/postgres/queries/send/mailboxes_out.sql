select
    t.slug as tenant,
    b.address,
    b.paused_reason,
    b.paused_since,
    b.paused_until,
    b.send_failure,
    b.send_failed_at
from outreach.mailboxes as b
inner join outreach.tenants as t on b.tenant_id = t.id
where
    b.tenant_id = %(tenant_id)s
    and (%(mailbox_ids)s::bigint [] is null or b.id = any(%(mailbox_ids)s::bigint []))
    and b.paused_until > %(now)s and b.paused_reason in ('password_refused', 'consecutive_errors')
    and b.send_failure is not null and b.lifecycle <> 'retired'
order by b.address
