-- What was issued for another login, account or refresh token.
delete from outreach.oauth_tokens as t
using outreach.mailboxes as b
where
    b.tenant_id = %(tenant_id)s and b.address = any(%(addresses)s)
    and t.tenant_id = b.tenant_id and t.mailbox_id = b.id
