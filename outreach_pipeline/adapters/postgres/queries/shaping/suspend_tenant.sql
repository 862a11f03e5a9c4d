update outreach.tenants as t
set state = 'paused', paused_reason = %(reason)s
where t.id = %(tenant_id)s and t.state = 'active'
