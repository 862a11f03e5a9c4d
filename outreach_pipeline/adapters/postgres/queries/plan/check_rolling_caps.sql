-- Mailboxes that count by the last 24 hours and pass their cap at some instant of the date because of the plan.
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
        and (m.state = 'deferred' or m.kind <> 'campaign' or m.plan_date <> %(plan_date)s)
    union all
    select
        m.mailbox_id,
        m.due_at as at,
        false as is_planned
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state = 'claimed'
        and m.due_at >= %(since)s and m.due_at < %(until)s and m.window_ends_at > %(now)s
),

counted as (
    select
        s.mailbox_id,
        s.is_planned,
        count(*) over (
            partition by s.mailbox_id order by s.at
            -- A place is free again to the millisecond 24 hours later.
            range between interval '23:59:59.999' preceding and current row
        ) as messages
    from sends as s
)

select 'mailbox ' || a.address || ' has ' || max(c.messages) || ' messages in 24 hours and a cap of ' || b.capacity
from counted as c
inner join outreach.send_batches as b
    on b.tenant_id = %(tenant_id)s and b.plan_date = %(plan_date)s and c.mailbox_id = b.mailbox_id
inner join outreach.mailboxes as a on a.tenant_id = %(tenant_id)s and c.mailbox_id = a.id
where c.is_planned and c.mailbox_id = any(%(mailbox_ids)s::bigint []) and c.messages > b.capacity
group by a.address, b.capacity
order by a.address
