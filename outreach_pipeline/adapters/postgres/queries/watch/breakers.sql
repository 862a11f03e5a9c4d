select k.host, k.state, k.consecutive_failures
from outreach.breakers as k
where k.state <> 'closed'
order by k.host
