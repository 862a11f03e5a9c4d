update outreach.mailboxes as b
set paused_until = %(until)s, paused_reason = %(reason)s, paused_since = %(now)s
where b.tenant_id = %(tenant_id)s and b.id = any(%(ids)s)
