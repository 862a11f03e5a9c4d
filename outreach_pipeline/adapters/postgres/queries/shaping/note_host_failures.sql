-- Failures of a provider's host count in a row, over all its mailboxes; after so many the breaker opens, and each time
-- that the message that tried it failed too, it stays open for twice as long.
insert into outreach.breakers as k (host, state, consecutive_failures, opened_at, retry_at, cause, openings)
select
    h.host,
    case when h.failures >= %(opens_after)s then 'open' else 'closed' end,
    h.failures,
    case when h.failures >= %(opens_after)s then clock_timestamp() end,
    case when h.failures >= %(opens_after)s then clock_timestamp() + make_interval(secs => %(first_pause_seconds)s) end,
    h.cause,
    (h.failures >= %(opens_after)s)::integer
from unnest(%(hosts)s::text [], %(failures)s::integer [], %(causes)s::text []) as h (host, failures, cause)
on conflict (host) do update
    set
        consecutive_failures = k.consecutive_failures + excluded.consecutive_failures,
        cause = excluded.cause,
        state = case
            when k.state = 'open' then 'open'
            when k.state = 'half_open' then 'open'
            when k.consecutive_failures + excluded.consecutive_failures >= %(opens_after)s then 'open'
            else 'closed'
        end,
        opened_at = case
            when k.opened_at is not null then k.opened_at
            when k.consecutive_failures + excluded.consecutive_failures >= %(opens_after)s then clock_timestamp()
        end,
        openings = k.openings + (
            k.state = 'half_open'
            or (
                k.state = 'closed'
                and k.consecutive_failures + excluded.consecutive_failures >= %(opens_after)s
            )
        )::integer,
        retry_at = case
            when k.state = 'open' then k.retry_at
            when k.state = 'half_open'
                then clock_timestamp() + make_interval(
                    secs => least(
                        %(first_pause_seconds)s * power(2, least(k.openings, 20)), %(longest_pause_seconds)s
                    )
                )
            when k.consecutive_failures + excluded.consecutive_failures >= %(opens_after)s
                then clock_timestamp() + make_interval(secs => %(first_pause_seconds)s)
        end
returning k.host, k.state, k.consecutive_failures, k.retry_at, k.cause
