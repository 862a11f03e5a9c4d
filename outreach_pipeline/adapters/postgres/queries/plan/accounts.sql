-- The provider accounts of the tenant's mailboxes, and what all tenants in them have taken of the day.
select
    a.id,
    a.name,
    a.provider,
    a.licences,
    a.messages_per_day,
    (
        outreach.count_account_sends(a.id, %(since)s)
        + outreach.count_account_waiting(a.id, %(now)s, %(since)s, %(until)s)
    )::integer as taken
from outreach.provider_accounts as a
where a.id = any(%(account_ids)s::bigint [])
order by a.id
