-- What a group of messages has come to, and which of those that want to begin may: see outreach.write_group.
select
    is_begin,
    id,
    token,
    state,
    reason,
    wait_seconds
from outreach.write_group(%(tenant_id)s, %(results)s::jsonb, %(begins)s::jsonb, %(now)s)
