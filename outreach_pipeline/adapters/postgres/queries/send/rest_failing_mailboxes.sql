-- A mailbox whose own errors do not end is taken out of rotation for a while.
update outreach.mailboxes as b
set
    paused_until = %(now)s + interval '1 hour', paused_since = %(now)s,
    paused_reason = 'consecutive_errors', consecutive_errors = 0
from (
    select m.id, coalesce((p.policy ->> 'max_consecutive_errors')::integer, 5) as most
    from outreach.mailboxes as m
    left join outreach.sending_policies as p
        on m.tenant_id = p.tenant_id and (p.id = m.policy_id or (m.policy_id is null and p.name = 'default'))
    where m.tenant_id = %(tenant_id)s and m.id = any(%(mailbox_ids)s)
) as limits
where b.tenant_id = %(tenant_id)s and b.id = limits.id and b.consecutive_errors >= limits.most
returning b.id
