select t.id
from outreach.oauth_tokens as t
where
    t.provider_account_id = %(account_id)s
    and t.mailbox_id is not distinct from case when not %(is_shared)s then %(mailbox_id)s::bigint end
for update
