select message_id, token
from outreach.claim_messages(
    %(lane)s::integer, %(mailbox_ids)s::bigint [], %(kind)s::text, %(mailboxes)s, %(each)s, %(lease_seconds)s, %(now)s
)
