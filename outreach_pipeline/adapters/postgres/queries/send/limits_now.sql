select
    scope,
    key,
    ahead_seconds,
    interval_seconds,
    burst,
    in_flight,
    holders
from outreach.limits_now(%(scopes)s::text [], %(keys)s::text [])
