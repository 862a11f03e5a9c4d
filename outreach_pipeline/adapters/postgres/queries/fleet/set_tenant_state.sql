update outreach.tenants as t
set state = %(state)s, paused_reason = %(reason)s, state_since = %(now)s
where t.id = %(paused_tenant_id)s
