select message_id, token
from outreach.claim_messages(
    %(lane)s, %(mailbox_ids)s::bigint [], %(most)s, %(lease_seconds)s, %(now)s
)
