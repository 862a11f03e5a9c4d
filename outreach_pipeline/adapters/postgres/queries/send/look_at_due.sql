select
    candidates,
    cells
from outreach.look_at_due(
    %(lane)s::integer, %(mailbox_ids)s::bigint [], %(kind)s::text, %(each)s, %(most)s, %(now)s,
    %(own_tokens)s::bigint []
)
