update outreach.messages as m
set state = 'failed', state_at = clock_timestamp(), reason = 'not_in_sent', unknown_until = null
where m.tenant_id = %(tenant_id)s and m.id = any(%(ids)s) and m.state = 'outcome_unknown'
