-- A pause that lasts longer stands, whoever set it.
update outreach.mailboxes as b
set paused_until = %(until)s, paused_reason = %(reason)s
where
    b.tenant_id = %(tenant_id)s and b.id = %(mailbox_id)s and coalesce(b.paused_until, '-infinity') < %(until)s
