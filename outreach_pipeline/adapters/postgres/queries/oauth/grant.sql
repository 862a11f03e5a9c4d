-- How a mailbox gets its tokens, and what is there of them. What was got before its account's source was changed does
-- not count, but for a refresh token that was given in place of another.
select
    b.address, b.login, b.auth, b.secret_ciphertext as mailbox_ciphertext, bk.wrapped_key as mailbox_key,
    a.id as account_id, a.name as account_name, a.provider, a.oauth_kind as kind, a.oauth_client_id as client_id,
    a.oauth_directory_id as directory_id, a.oauth_token_url as token_url, a.oauth_scope as scope,
    a.secret_ciphertext as account_ciphertext, ak.wrapped_key as account_key, a.state as account_state,
    a.state_cause as account_cause, a.failures, coalesce(a.retry_at > clock_timestamp(), false) as account_waits,
    t.id as token_id, tk.wrapped_key as token_key, t.refresh_ciphertext,
    case when t.source_changed_at = a.oauth_changed_at then t.token_ciphertext end as token_ciphertext,
    a.oauth_changed_at::text as changed_at,
    extract(epoch from t.expires_at - clock_timestamp())::double precision as seconds_left,
    extract(epoch from clock_timestamp() - t.issued_at)::double precision as age_seconds,
    coalesce(t.state = 'revoked' and t.source_changed_at = a.oauth_changed_at, false) as is_revoked,
    t.state_cause as cause,
    coalesce(t.retry_at > clock_timestamp(), false) as waits, clock_timestamp() as asked_at
from outreach.mailboxes as b
left join outreach.provider_accounts as a on b.provider_account_id = a.id
left join outreach.oauth_tokens as t
    on
        a.id = t.provider_account_id
        and t.mailbox_id is not distinct from case when not a.oauth_kind = any(%(shared_kinds)s) then b.id end
left join outreach.data_keys as bk on b.data_key_id = bk.id
left join outreach.data_keys as ak on a.data_key_id = ak.id
left join outreach.data_keys as tk on t.data_key_id = tk.id
where b.tenant_id = %(tenant_id)s and b.id = %(mailbox_id)s
