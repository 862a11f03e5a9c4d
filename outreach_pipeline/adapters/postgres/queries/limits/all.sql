-- Every rate, with what is in flight by the database's clock and when the next message may go.
with held as (
    select l.scope, l.key, count(*) as in_flight
    from outreach.leases as l
    where l.expires_at > clock_timestamp()
    group by l.scope, l.key
)

select
    r.scope,
    r.key,
    t.slug as tenant,
    r.message_count,
    r.per_seconds,
    r.slow_ratio,
    r.burst,
    r.in_flight as in_flight_allowed,
    coalesce(h.in_flight, 0) as in_flight,
    greatest(
        r.theoretical_arrival_at
        - make_interval(secs => r.per_seconds / r.message_count / r.slow_ratio * (r.burst - 1)),
        clock_timestamp()
    ) as free_at
from outreach.rate_limits as r
left join outreach.tenants as t on r.scope = 'tenant' and r.key = t.id::text
left join held as h on r.scope = h.scope and r.key = h.key
order by r.scope asc, r.key = '*' desc, r.key asc
