update outreach.enrollments
set state = 'stopped', stop_reason = 'mailbox_unavailable', stopped_at = %(now)s
where tenant_id = %(tenant_id)s and id = any(%(ids)s::bigint []) and state = 'active'
