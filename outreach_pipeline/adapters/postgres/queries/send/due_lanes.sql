select lane, due_count, next_due_at
from outreach.due_send_lanes(%(now)s, make_interval(secs => %(horizon_seconds)s))
