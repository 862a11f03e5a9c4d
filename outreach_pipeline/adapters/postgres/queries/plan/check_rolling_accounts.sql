-- Provider accounts that count by the last 24 hours and of which all tenants together pass the cap at some instant
-- because of the plan. Mail that people sent by hand after it was made is none of its faults.
with sends as (
    select
        t.provider_account_id,
        timestamptz 'epoch' + t.at_ms * interval '1 millisecond' as at,
        false as is_planned
    from outreach.list_account_messages(
        %(account_ids)s::bigint [], %(grains_ms)s::bigint [], %(planned_at)s, %(since)s, %(until)s, %(plan_date)s
    ) as t
    -- As many rows as messages.
    cross join lateral generate_series(1, t.message_count) as n
    union all
    select
        b.provider_account_id,
        r.scheduled_at as at,
        true as is_planned
    from standing_rows as r
    inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and r.mailbox_id = b.id
    where
        r.state = 'planned' and r.kind <> 'probe' and r.window_ends_at > %(now)s
        and b.provider_account_id = any(%(account_ids)s::bigint [])
),

-- As in check_rolling_caps.sql.
passed as (
    select
        w.account_id,
        w.cap,
        s.at,
        lag(s.at, w.cap::integer) over by_time as cap_before,
        max(s.at) filter (where s.is_planned) over by_time as last_planned
    from sends as s
    inner join unnest(%(account_ids)s::bigint [], %(account_caps)s::bigint []) as w (account_id, cap)
        on s.provider_account_id = w.account_id
    window by_time as (
        partition by w.account_id
        order by s.at
        rows between unbounded preceding and current row
    )
)

select
    'provider account ' || p.account_id || ' has more messages than its cap of ' || p.cap || ' in the 24 hours before '
    || to_char(min(p.at) at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as finding
from passed as p
where p.cap_before >= p.at - interval '23:59:59.999' and p.last_planned >= p.at - interval '23:59:59.999'
group by p.account_id, p.cap
order by p.account_id
