select lane, due_count as count
from outreach.due_send_lanes(%(now)s, interval '0')
order by lane
