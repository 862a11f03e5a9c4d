-- A person has resumed them: whether they send now is seen.
update outreach.alerts as a
set resolved_at = %(now)s
from unnest(%(addresses)s::text []) as w (address)
where
    a.tenant_id = %(tenant_id)s and a.resolved_at is null
    and a.cause_key in (
        'mailbox/' || w.address || '/password_refused', 'mailbox/' || w.address || '/consecutive_errors'
    )
