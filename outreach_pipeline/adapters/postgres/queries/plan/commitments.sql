-- When each mailbox's messages went out, or are about to, since a time: whatever the plan may not move. Milliseconds.
-- A test counts from when it begins: until then it may as well never go.
-- One part an index: what is under way, what waits, what is claimed.
select
    c.mailbox_id,
    array_agg((date_part('epoch', c.at) * 1000)::bigint order by c.at) as ours_at
from (
    select
        m.mailbox_id,
        m.sending_at as at
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.sending_at >= %(since)s and m.sending_at < %(until)s
        and m.sending_at is not null
        and m.state in ('sending', 'sent', 'outcome_unknown', 'presumed_sent')
    union all
    select
        m.mailbox_id,
        m.due_at as at
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state in ('planned', 'deferred')
        and m.due_at < %(until)s and m.window_ends_at > %(now)s
        and m.kind <> 'test' and (m.state = 'deferred' or m.kind <> 'campaign' or m.plan_date <> %(plan_date)s)
    union all
    select
        m.mailbox_id,
        m.due_at as at
    from outreach.messages as m
    where
        m.tenant_id = %(tenant_id)s and m.state = 'claimed' and m.kind <> 'test'
        and m.due_at < %(until)s and m.window_ends_at > %(now)s
) as c
group by c.mailbox_id
