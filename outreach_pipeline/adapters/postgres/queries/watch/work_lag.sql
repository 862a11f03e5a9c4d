select kind, waiting_count, oldest_at
from outreach.work_lag(%(now)s)
