select
    message_id,
    token
from outreach.claim_messages(
    %(ids)s::bigint [], %(lease_seconds)s, %(scopes)s::text [], %(keys)s::text [], %(counts)s::integer [],
    %(holders)s::bigint [], %(held_scopes)s::text [], %(held_keys)s::text [], %(tried_hosts)s::text []
)
