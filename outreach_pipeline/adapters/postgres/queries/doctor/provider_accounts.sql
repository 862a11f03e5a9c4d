select name, provider, oauth_kind, state, state_cause, secret_expires_at
from outreach.provider_accounts
order by name
