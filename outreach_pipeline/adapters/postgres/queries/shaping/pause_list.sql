update outreach.contact_lists as l
set state = 'paused', paused_reason = %(reason)s
where l.tenant_id = %(tenant_id)s and l.id = %(list_id)s and l.state = 'active'
