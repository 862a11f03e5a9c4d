select b.address, a.oauth_kind as kind, t.state_cause as cause
from outreach.oauth_tokens as t
inner join outreach.mailboxes as b on t.tenant_id = b.tenant_id and t.mailbox_id = b.id
inner join outreach.provider_accounts as a on t.provider_account_id = a.id and b.provider_account_id = a.id
where
    t.tenant_id = %(tenant_id)s and t.state = 'revoked' and t.source_changed_at = a.oauth_changed_at
    and b.lifecycle <> 'retired' and b.auth <> 'password'
order by b.address
