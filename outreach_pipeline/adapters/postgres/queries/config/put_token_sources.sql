-- A row without a ciphertext keeps its secret, unless that was one of another kind.
update outreach.provider_accounts as a
set
    oauth_kind = r.oauth_kind, oauth_client_id = r.oauth_client_id, oauth_directory_id = r.oauth_directory_id,
    oauth_token_url = r.oauth_token_url, oauth_scope = r.oauth_scope,
    secret_expires_at = r.secret_expires_on::timestamp at time zone 'utc',
    data_key_id = coalesce(r.data_key_id, a.data_key_id),
    secret_ciphertext = case
        when r.ciphertext is not null then decode(r.ciphertext, 'hex')
        when a.oauth_kind = r.oauth_kind then a.secret_ciphertext
    end,
    oauth_changed_at = case when r.is_changed then clock_timestamp() else a.oauth_changed_at end,
    state = case when r.is_changed then 'active' else a.state end,
    state_cause = case when r.is_changed then null else a.state_cause end,
    failures = case when r.is_changed then 0 else a.failures end,
    retry_at = case when r.is_changed then null else a.retry_at end
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    name text, oauth_kind text, oauth_client_id text, oauth_directory_id text, oauth_token_url text, oauth_scope text,
    secret_expires_on date, data_key_id bigint, ciphertext text, is_changed boolean
)
where a.name = r.name
