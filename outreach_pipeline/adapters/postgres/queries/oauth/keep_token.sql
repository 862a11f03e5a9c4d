update outreach.oauth_tokens
set
    data_key_id = %(data_key_id)s, token_ciphertext = %(token)s, refresh_ciphertext = %(refresh_token)s,
    issued_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => %(lifetime_seconds)s),
    source_changed_at = %(changed_at)s::timestamptz, state = 'active', state_cause = null, retry_at = null
where id = %(token_id)s
