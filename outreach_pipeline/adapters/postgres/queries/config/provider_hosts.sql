select h.host as name, h.messages_per_connection, h.idle_seconds, h.keeps_connections, h.uses_chunking
from outreach.provider_hosts as h
order by h.host
