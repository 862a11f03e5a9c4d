-- Not if its source was changed while the one before was asked.
update outreach.provider_accounts
set
    state_since = case when state = %(state)s then state_since else clock_timestamp() end,
    state = %(state)s, state_cause = %(cause)s, failures = %(failures)s,
    retry_at = clock_timestamp() + make_interval(secs => %(pause_seconds)s)
where id = %(account_id)s and oauth_changed_at = %(changed_at)s::timestamptz
