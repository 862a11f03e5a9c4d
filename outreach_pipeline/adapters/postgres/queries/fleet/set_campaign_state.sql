update outreach.campaigns as c
set state = %(state)s, paused_reason = %(reason)s, state_since = %(now)s
where c.tenant_id = %(tenant_id)s and c.slug = %(slug)s and c.state <> 'finished'
