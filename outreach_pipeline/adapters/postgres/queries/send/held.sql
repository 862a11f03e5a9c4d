select
    cause,
    message_count
from outreach.held_messages(%(now)s, make_interval(secs => %(horizon_seconds)s))
