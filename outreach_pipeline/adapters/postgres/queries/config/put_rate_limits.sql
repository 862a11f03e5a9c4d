-- Rows that were made from a default follow it: they have the default's numbers from before.
with wanted as (
    select r.scope, coalesce(t.id::text, r.key) as key, r.message_count, r.per_seconds, r.burst, r.in_flight
    from jsonb_to_recordset(%(rows)s::jsonb) as r (
        scope text, key text, message_count integer, per_seconds double precision, burst integer, in_flight integer
    )
    left join outreach.tenants as t on r.scope = 'tenant' and t.slug = r.key
),

followers as (
    update outreach.rate_limits as l
    set message_count = w.message_count, per_seconds = w.per_seconds, burst = w.burst, in_flight = w.in_flight
    from wanted as w
    inner join outreach.rate_limits as d on w.scope = d.scope and d.key = '*'
    where w.key = '*' and l.scope = w.scope and l.key <> '*'
        and not exists (select from wanted as own where own.scope = l.scope and own.key = l.key)
        and (l.message_count, l.per_seconds, l.burst) = (d.message_count, d.per_seconds, d.burst)
        and l.in_flight is not distinct from d.in_flight
)

insert into outreach.rate_limits as l (scope, key, message_count, per_seconds, burst, in_flight)
select w.scope, w.key, w.message_count, w.per_seconds, w.burst, w.in_flight
from wanted as w
on conflict (scope, key) do update
    set message_count = excluded.message_count, per_seconds = excluded.per_seconds, burst = excluded.burst,
        in_flight = excluded.in_flight, was_made_to_slow = false,
        -- Who waited for the old rate does not wait longer than the new one asks.
        theoretical_arrival_at = least(
            l.theoretical_arrival_at,
            clock_timestamp() + make_interval(secs => excluded.per_seconds / excluded.message_count * excluded.burst)
        ),
        next_begin_at = least(
            l.next_begin_at,
            clock_timestamp() + make_interval(secs => excluded.per_seconds / excluded.message_count * excluded.burst)
        )
