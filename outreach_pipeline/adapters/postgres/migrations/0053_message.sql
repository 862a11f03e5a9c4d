-- What a message carries and how it travels.

-- Attachments -------------------------------------------------------------------------------------------------------------

-- [{"name", "content_type", "sha256", "size_bytes"}] in the order of the file; the bytes are blobs of the tenant.
alter table outreach.campaign_steps add column attachments jsonb not null default '[]';

-- Copies in Sent ----------------------------------------------------------------------------------------------------------

-- A copy that we file ourselves (mailboxes.sent_copy = 'append'): noted as the send begins, filed once it is known as sent.
create table outreach.sent_copies (
    tenant_id uuid not null references outreach.tenants (id),
    message_id bigint not null,
    mailbox_id bigint not null,
    -- The bytes that went out, a blob of the tenant; '' if they could not be kept.
    sha256 text not null,
    -- filing: somebody has searched or appended and not told the end yet.
    state text not null default 'waiting' check (state in ('waiting', 'filing', 'filed', 'given_up')),
    tries integer not null default 0,
    token bigint,
    -- Nobody looks at it before: the lease of who files it, or the pause after a failure.
    retry_at timestamptz not null default '-infinity',
    -- Whether a copy lay there already when we came.
    was_there boolean not null default false,
    filed_at timestamptz,
    cause text,
    primary key (tenant_id, message_id)
);
create index sent_copies_open on outreach.sent_copies (tenant_id, mailbox_id) where state in ('waiting', 'filing');
call outreach.protect_tenant_table('outreach.sent_copies', 'select, insert, update, delete');
