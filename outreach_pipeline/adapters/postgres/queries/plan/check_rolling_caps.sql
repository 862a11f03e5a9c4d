-- Mailboxes that count by the last 24 hours, and sending domains and tenants of such alone, that pass their cap at some
-- instant because of the plan: on its date, or on the day after, of which messages may stand already.
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
    union all
    select
        f.mailbox_id,
        timestamptz 'epoch' + f.at_ms * interval '1 millisecond' as at,
        false as is_planned
    from unnest(%(foreign_ids)s::bigint [], %(foreign_ms)s::bigint []) as f (mailbox_id, at_ms)
),

-- A cap is passed where the message that lies as many places back as the cap is big went out within 24 hours, and the
-- plan has a part in it where one of its own did. Only counting all 24 hours at every message costs more. Whose cap it
-- is goes by a number: of a million messages those sort in half the time of names.
passed as (
    select
        b.scope,
        b.cap,
        s.at,
        lag(s.at, b.cap::integer) over w as cap_before,
        max(s.at) filter (where s.is_planned) over w as last_planned
    from sends as s
    inner join
        unnest(%(mailbox_ids)s::bigint [], %(scopes)s::integer [], %(caps)s::bigint []) as b (mailbox_id, scope, cap)
        on s.mailbox_id = b.mailbox_id
    window w as (partition by b.scope order by s.at rows between unbounded preceding and current row)
)

select
    coalesce(n.name, 'mailbox ' || a.address) || ' has more messages than its cap of ' || p.cap
    || ' in the 24 hours before ' || to_char(min(p.at) at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as finding
from passed as p
inner join unnest(%(names)s::text [], %(owner_ids)s::bigint []) with ordinality as n (name, owner_id, scope)
    on p.scope = n.scope
left join outreach.mailboxes as a on a.tenant_id = %(tenant_id)s and n.owner_id = a.id
-- A place is free again to the millisecond 24 hours later.
where p.cap_before >= p.at - interval '23:59:59.999' and p.last_planned >= p.at - interval '23:59:59.999'
group by n.name, a.address, p.cap
order by finding
