-- Mailboxes that count by the last 24 hours and pass their cap at some instant because of the plan: on its date, or on
-- the day after, of which messages may stand already. What mailboxes share is no cap of one mailbox's 24 hours.
with sends as (
    select
        m.mailbox_id,
        m.sending_at as at,
        false as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.sending_at >= %(since)s and m.sending_at < %(until)s
        and m.sending_at is not null
        and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
    union all
    select
        r.mailbox_id,
        r.scheduled_at as at,
        true as is_planned
    from standing_rows as r
    where r.state = 'planned' and r.kind = 'campaign' and r.window_ends_at > %(now)s
    union all
    select
        m.mailbox_id,
        m.due_at as at,
        false as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred')
        and m.due_at >= %(since)s and m.due_at < %(until)s and m.window_ends_at > %(now)s
        and m.kind <> 'test' and (m.state = 'deferred' or m.kind <> 'campaign' or m.plan_date <> %(plan_date)s)
    union all
    select
        m.mailbox_id,
        m.due_at as at,
        false as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state = 'claimed' and m.kind <> 'test'
        and m.due_at >= %(since)s and m.due_at < %(until)s and m.window_ends_at > %(now)s
),

caps as (
    select
        b.mailbox_id,
        min((t.term ->> 'messages_per_day')::integer) as cap
    from outreach.send_batches as b
    cross join lateral jsonb_array_elements(b.cap_terms) as t (term)
    where
        b.tenant_id = %(tenant_id)s and b.plan_date = %(plan_date)s
        and b.mailbox_id = any(%(mailbox_ids)s::bigint [])
        and t.term ->> 'term' <> all(%(shared_terms)s::text [])
    group by b.mailbox_id
),

-- A cap is passed where the message that lies as many places back as the cap is big went out within 24 hours, and the
-- plan has a part in it where one of its own did. Only counting all 24 hours at every message costs more.
passed as (
    select
        s.mailbox_id,
        b.cap,
        s.at,
        lag(s.at, b.cap) over w as cap_before,
        max(s.at) filter (where s.is_planned) over w as last_planned
    from sends as s
    inner join caps as b on s.mailbox_id = b.mailbox_id
    window w as (partition by s.mailbox_id order by s.at rows between unbounded preceding and current row)
)

select
    'mailbox ' || a.address || ' has more messages than its cap of ' || p.cap || ' in the 24 hours before '
    || to_char(min(p.at) at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as finding
from passed as p
inner join outreach.mailboxes as a on a.tenant_id = %(tenant_id)s and p.mailbox_id = a.id
-- A place is free again to the millisecond 24 hours later.
where p.cap_before >= p.at - interval '23:59:59.999' and p.last_planned >= p.at - interval '23:59:59.999'
group by a.address, p.cap
order by a.address
