-- Which provider accounts have, after this plan, more messages from the first to the last instant that counts than
-- their cap of a day: of the others none can pass it in any 24 hours. Grains as long as all of that count cheaply.
with planned as (
    select
        b.provider_account_id,
        count(*) as messages
    from standing_rows as r
    inner join outreach.mailboxes as b on b.tenant_id = %(tenant_id)s and r.mailbox_id = b.id
    where r.state = 'planned' and r.kind <> 'probe' and b.provider_account_id = any(%(account_ids)s::bigint [])
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
)

select w.account_id
from unnest(%(account_ids)s::bigint [], %(account_caps)s::bigint []) as w (account_id, cap)
inner join planned as p on w.account_id = p.provider_account_id
left join counted as c on w.account_id = c.provider_account_id
where p.messages + coalesce(c.messages, 0) > w.cap
order by w.account_id
