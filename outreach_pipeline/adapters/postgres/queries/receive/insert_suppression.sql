insert into outreach.suppressions (tenant_id, scope, value, reason, origin, created_at)
values (%(tenant_id)s, %(scope)s, %(value)s, %(reason)s, %(origin)s, %(now)s)
on conflict (tenant_id, scope, value) do nothing
