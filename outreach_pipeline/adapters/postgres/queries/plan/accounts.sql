-- The provider accounts of the tenant's mailboxes, and what all tenants in them have taken of the day.
select
    a.id,
    a.name,
    a.provider,
    a.licences,
    a.messages_per_day,
    coalesce(t.message_count, 0)::integer as taken
from outreach.provider_accounts as a
left join outreach.count_account_messages(%(account_ids)s::bigint [], %(now)s, %(since)s, %(until)s) as t
    on a.id = t.provider_account_id
where a.id = any(%(account_ids)s::bigint [])
order by a.id
