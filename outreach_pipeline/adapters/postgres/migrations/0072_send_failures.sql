-- The last of a mailbox's own errors in sending, as `stage: code words of the server`, until it sends again.
alter table outreach.mailboxes
add column send_failure text,
add column send_failed_at timestamptz;
