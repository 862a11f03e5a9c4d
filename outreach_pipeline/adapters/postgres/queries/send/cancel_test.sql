-- A test that has not gone out is no longer to be sent: nobody waits for it.
update outreach.messages
set state = 'cancelled', state_at = clock_timestamp(), reason = 'test_not_sent'
where tenant_id = %(tenant_id)s and id = %(id)s and kind = 'test' and state in ('planned', 'deferred')
