-- Of provider accounts: how many mailboxes other tenants have in them, and their messages between two times.
select
    t.provider_account_id,
    t.mailbox_count::integer as mailboxes,
    t.message_count::integer as messages
from outreach.count_account_messages_of_others(%(account_ids)s::bigint [], %(now)s, %(since)s, %(until)s) as t
order by t.provider_account_id
