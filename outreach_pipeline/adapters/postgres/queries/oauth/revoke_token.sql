update outreach.oauth_tokens
set
    state = 'revoked', state_cause = %(cause)s, state_at = clock_timestamp(),
    retry_at = clock_timestamp() + make_interval(secs => %(pause_seconds)s)
where id = %(token_id)s
