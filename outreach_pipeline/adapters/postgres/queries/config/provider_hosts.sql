select h.host as name, h.messages_per_connection, h.idle_seconds
from outreach.provider_hosts as h
order by h.host
