with lifted as (
    update outreach.mailboxes as b
    set paused_until = null, paused_reason = null, paused_since = %(now)s
    where
        b.tenant_id = %(tenant_id)s and b.address = any(%(addresses)s::text [])
        and b.paused_reason = 'password_refused'
)

update outreach.alerts as a
set resolved_at = %(now)s
from unnest(%(addresses)s::text []) as w (address)
where
    a.tenant_id = %(tenant_id)s and a.resolved_at is null
    and a.cause_key = 'mailbox/' || w.address || '/password_refused'
