-- How far each mailbox with a warm-up curve has come, as a whole ('') and at each provider's site: days of real sending,
-- without those on which its health was low. Kept as sums, so that no plan reads the messages of all days again.
create table outreach.warmup_progress (
    tenant_id uuid not null,
    mailbox_id bigint not null,
    recipient_site text not null,
    days integer not null check (days >= 0),
    last_on date not null,
    -- False once it has started anew after idling: what it sent before the platform knew it counts no more.
    counts_before boolean not null,
    primary key (tenant_id, mailbox_id, recipient_site),
    foreign key (tenant_id, mailbox_id) references outreach.mailboxes (tenant_id, id)
);
call outreach.protect_tenant_table('outreach.warmup_progress', 'select, insert, update');
