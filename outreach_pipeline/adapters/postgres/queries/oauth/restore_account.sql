update outreach.provider_accounts
set state = 'active', state_cause = null, failures = 0, retry_at = null
where
    id = %(account_id)s and oauth_changed_at = %(changed_at)s::timestamptz and (state <> 'active' or failures > 0)
