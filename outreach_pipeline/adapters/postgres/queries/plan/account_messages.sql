-- When all tenants in provider accounts have sent or will, and how many messages, in grains of so many
-- milliseconds; what the tenant has planned for the date is left out.
select
    t.provider_account_id,
    t.at_ms,
    t.message_count::integer as messages
from outreach.list_account_messages(
    %(account_ids)s::bigint [], %(grains_ms)s::bigint [], %(now)s, %(since)s, %(until)s, %(plan_date)s
) as t
order by t.provider_account_id, t.at_ms
