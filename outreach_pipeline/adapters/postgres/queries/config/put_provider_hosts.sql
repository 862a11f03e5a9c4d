insert into outreach.provider_hosts (host, messages_per_connection, idle_seconds, keeps_connections, uses_chunking)
select r.name, r.messages_per_connection, r.idle_seconds, r.keeps_connections, r.uses_chunking
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    name text, messages_per_connection integer, idle_seconds integer, keeps_connections boolean, uses_chunking boolean
)
on conflict (host) do update
    set
        messages_per_connection = excluded.messages_per_connection, idle_seconds = excluded.idle_seconds,
        keeps_connections = excluded.keeps_connections,
        uses_chunking = excluded.uses_chunking
