select r.message_count, r.per_seconds, r.burst, r.in_flight
from outreach.rate_limits as r
where r.scope = %(scope)s and r.key = %(key)s
