select k.host, k.state, k.consecutive_failures, k.opened_at, k.retry_at, k.cause
from outreach.breakers as k
where k.state <> 'closed'
order by k.host
