update outreach.oauth_tokens
set
    state_since = case
        when state = 'revoked' and source_changed_at = %(changed_at)s::timestamptz then state_since
        else clock_timestamp()
    end,
    state = 'revoked', state_cause = %(cause)s, source_changed_at = %(changed_at)s::timestamptz,
    token_ciphertext = case when source_changed_at = %(changed_at)s::timestamptz then token_ciphertext end,
    retry_at = clock_timestamp() + make_interval(secs => %(pause_seconds)s)
where id = %(token_id)s
