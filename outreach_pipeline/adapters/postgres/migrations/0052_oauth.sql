-- Logins by OAuth: the token source of a provider account, its tokens, and how its grants stand.

alter table outreach.mailboxes
drop constraint mailboxes_auth_check,
add constraint mailboxes_auth_check check (auth in ('password', 'xoauth2', 'oauthbearer'));

-- An attempt that got no token has not come to the server.
alter table outreach.send_attempts
drop constraint send_attempts_stage_check,
add constraint send_attempts_stage_check check (
    stage in ('gate', 'token', 'connect', 'tls', 'auth', 'mail', 'rcpt', 'data', 'end-of-data', 'done')
);

alter table outreach.provider_accounts
add column oauth_kind text
check (oauth_kind in ('google_service_account', 'microsoft_client_credentials', 'refresh_token')),
add column oauth_client_id text,
add column oauth_directory_id text,
add column oauth_token_url text,
add column oauth_scope text,
-- When a configuration last changed the source: what was got with another one counts no more.
add column oauth_changed_at timestamptz not null default '-infinity',
-- Of a state that is not active: how often in a row, and from when on the source may be asked again.
add column failures integer not null default 0,
add column retry_at timestamptz;

-- Nothing has written to the table so far. A token without a mailbox is for all mailboxes of the account, and the operator's;
-- the others, with the state of their own grant, are their tenant's.
drop table outreach.oauth_tokens;
create table outreach.oauth_tokens (
    id bigint generated always as identity primary key,
    provider_account_id bigint not null references outreach.provider_accounts (id),
    tenant_id uuid references outreach.tenants (id),
    mailbox_id bigint,
    data_key_id bigint references outreach.data_keys (id),
    token_ciphertext bytea,
    issued_at timestamptz,
    expires_at timestamptz,
    -- The account's oauth_changed_at that the token, or the refusal, was got with.
    source_changed_at timestamptz,
    -- The refresh token that the provider gave in place of the one that was applied.
    refresh_ciphertext bytea,
    state text not null default 'active' check (state in ('active', 'revoked')),
    state_cause text,
    retry_at timestamptz,
    unique nulls not distinct (tenant_id, mailbox_id, provider_account_id),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id) on delete cascade,
    check ((tenant_id is null) = (mailbox_id is null))
);
alter table outreach.oauth_tokens enable row level security;
alter table outreach.oauth_tokens force row level security;
create policy of_the_tenant_or_operator on outreach.oauth_tokens to outreach_app, outreach_owner
using (tenant_id is null or tenant_id = (select outreach.current_tenant()))
with check (tenant_id is null or tenant_id = (select outreach.current_tenant()));
grant select, insert, update, delete on outreach.oauth_tokens to outreach_app;
