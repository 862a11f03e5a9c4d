-- The provider accounts of the tenant's mailboxes.
select
    a.id,
    a.name,
    a.provider,
    a.licences,
    a.messages_per_day
from outreach.provider_accounts as a
where a.id = any(%(account_ids)s::bigint [])
order by a.id
