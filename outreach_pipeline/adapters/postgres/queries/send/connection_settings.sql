-- Which hosts and accounts have limits of connections, and what is set of hosts: few rows, read now and then by runs.
select
    r.scope, r.key, null::integer as messages_per_connection, null::integer as idle_seconds,
    null::boolean as keeps_connections, null::boolean as uses_chunking
from outreach.rate_limits as r
where r.scope in ('host_logins', 'account_logins')
union all
select 'provider_host', h.host, h.messages_per_connection, h.idle_seconds, h.keeps_connections, h.uses_chunking
from outreach.provider_hosts as h
