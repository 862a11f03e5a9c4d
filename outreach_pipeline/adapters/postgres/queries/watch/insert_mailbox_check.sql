insert into outreach.mailbox_checks (tenant_id, mailbox_id, checked_at, protocol, is_ok, stage, cause, duration_ms)
values (%(tenant_id)s, %(mailbox_id)s, %(now)s, %(protocol)s, %(is_ok)s, %(stage)s, %(cause)s, %(duration_ms)s)
