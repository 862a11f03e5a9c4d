select
    l.scope || ' ' || coalesce(t.slug, l.key) as name, l.message_count, l.per_seconds, l.burst, l.in_flight
from outreach.rate_limits as l
left join outreach.tenants as t on l.scope = 'tenant' and t.id::text = l.key
where l.scope <> 'mailbox'
order by l.scope, l.key
