-- Provider accounts of which all tenants together have more messages between two instants than the account may send in
-- a day, after this plan. Mail that people sent by hand after it was made is none of its faults. Grains as long as all
-- of that count cheaply.
with planned as (
    select
        b.provider_account_id,
        count(*) as messages
    from standing_rows as m
    inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and m.mailbox_id = b.id
    where m.state = 'planned' and m.kind <> 'probe' and b.provider_account_id = any(%(account_ids)s::bigint [])
    group by b.provider_account_id
),

counted as (
    select
        t.provider_account_id,
        sum(t.message_count) as messages
    from outreach.list_account_messages(
        %(account_ids)s::bigint [], %(grains_ms)s::bigint [], %(planned_at)s, %(since)s, %(until)s, %(plan_date)s
    ) as t
    group by t.provider_account_id
),

totals as (
    select
        w.account_id,
        w.cap,
        p.messages + coalesce(c.messages, 0) as messages
    from unnest(%(account_ids)s::bigint [], %(account_caps)s::bigint []) as w (account_id, cap)
    inner join planned as p on w.account_id = p.provider_account_id
    left join counted as c on w.account_id = c.provider_account_id
)

select
    t.account_id,
    t.cap,
    t.messages
from totals as t
where t.messages > t.cap
order by t.account_id
