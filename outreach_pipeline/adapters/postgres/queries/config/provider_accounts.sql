select
    a.id, a.name, a.provider, a.licences, a.messages_per_day, a.oauth_kind, a.oauth_client_id, a.oauth_directory_id,
    a.oauth_token_url, a.oauth_scope, (a.secret_expires_at at time zone 'utc')::date as secret_expires_on,
    a.secret_ciphertext, k.wrapped_key
from outreach.provider_accounts as a
left join outreach.data_keys as k on a.data_key_id = k.id
order by a.name
