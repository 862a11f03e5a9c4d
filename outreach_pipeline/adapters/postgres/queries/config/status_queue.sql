select
    count(*) filter (where due_at <= %(now)s) as due_now,
    count(*) filter (where due_at > %(now)s) as due_later,
    min(due_at) as next_due_at
from outreach.messages
where tenant_id = %(tenant_id)s and state in ('planned', 'deferred')
