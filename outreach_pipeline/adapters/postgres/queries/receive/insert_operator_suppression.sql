insert into outreach.operator_suppressions (scope, value, reason, created_at)
values (%(scope)s, %(value)s, %(reason)s, %(now)s)
on conflict (scope, value) do nothing
