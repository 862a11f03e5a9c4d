update outreach.alerts
set resolved_at = %(now)s
where tenant_id = %(tenant_id)s and cause_key = %(cause_key)s and resolved_at is null
