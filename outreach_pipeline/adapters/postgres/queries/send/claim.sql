select message_id, token
from outreach.claim_messages(
    %(lane)s, %(mailbox_ids)s::bigint [], %(mailboxes)s, %(each)s, %(lease_seconds)s, %(now)s
)
