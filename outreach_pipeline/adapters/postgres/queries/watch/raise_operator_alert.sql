insert into outreach.operator_alerts (cause_key, severity, title, detail, raised_at)
values (%(cause_key)s, %(severity)s, %(title)s, %(detail)s, %(now)s)
on conflict (cause_key) where resolved_at is null do nothing
