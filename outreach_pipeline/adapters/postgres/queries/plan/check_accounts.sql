-- Provider accounts of which all tenants together have more of the day than the account may send, after this plan.
-- Mail that people sent by hand after it was made is none of its faults.
with planned as (
    select
        b.provider_account_id,
        count(*) as messages
    from standing_rows as m
    inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and m.mailbox_id = b.id
    where m.state = 'planned' and b.provider_account_id = any(%(account_ids)s::bigint [])
    group by b.provider_account_id
),

counted as (
    select
        w.account_id,
        w.cap,
        p.messages + coalesce(t.message_count, 0) as messages
    from unnest(%(account_ids)s::bigint [], %(account_caps)s::bigint []) as w (account_id, cap)
    inner join planned as p on w.account_id = p.provider_account_id
    left join outreach.count_account_messages(%(account_ids)s::bigint [], %(planned_at)s, %(since)s, %(until)s) as t
        on w.account_id = t.provider_account_id
)

select 'provider account ' || c.account_id || ' has ' || c.messages || ' messages and a cap of ' || c.cap as finding
from counted as c
where c.messages > c.cap
order by c.account_id
