insert into outreach.alerts (tenant_id, cause_key, severity, title, detail, raised_at)
values (%(tenant_id)s, %(cause_key)s, %(severity)s, %(title)s, %(detail)s, %(now)s)
on conflict (tenant_id, cause_key) where resolved_at is null do nothing
