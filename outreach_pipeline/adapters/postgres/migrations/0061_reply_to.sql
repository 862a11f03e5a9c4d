-- Where people's answers to this mailbox's messages are to go: another mailbox of the tenant, which may receive only. NULL: to
-- itself.
alter table outreach.mailboxes add column reply_to text check (reply_to = lower(reply_to));
create index mailboxes_by_reply_to on outreach.mailboxes (tenant_id, reply_to) where reply_to is not null;
