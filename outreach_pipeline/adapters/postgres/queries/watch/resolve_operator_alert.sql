update outreach.operator_alerts
set resolved_at = %(now)s
where cause_key = %(cause_key)s and resolved_at is null
