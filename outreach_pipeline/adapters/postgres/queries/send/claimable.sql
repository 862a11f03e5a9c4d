select
    message_id,
    mailbox_id,
    company_domain,
    recipient_site,
    host,
    is_host_failing,
    may_try_host,
    is_last
from outreach.claimable_messages(
    %(lane)s::integer, %(mailbox_ids)s::bigint [], %(kind)s::text, %(each)s, %(now)s
)
