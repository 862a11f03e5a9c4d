-- Only what the rule has paused; a person who paused the tenant meanwhile gave another reason.
update outreach.tenants as t
set state = 'active', paused_reason = null
where t.id = %(tenant_id)s and t.state = 'paused' and t.paused_reason = %(reason)s
